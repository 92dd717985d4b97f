"""One round of learning: what is new is read, trained on, judged, and comes into use if the gate says so.

Nothing of a round is in use before its end, and a round that is cut off (by a kill, a full disk, the writer)
leaves what was in use as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import filelock

from cowrite.core.wording import counted
from cowrite.engine.protocol import ModelFile
from cowrite.errors import CowriteError
from cowrite.learning.library import Library, Work
from cowrite.learning.promoting import log_promotion
from cowrite.learning.registry import BASE, Registry, Version, overwrite
from cowrite.learning.split import (
    LEAST_HELD_OUT,
    LEAST_NEW,
    Corpus,
    Piece,
    characters,
    distinct,
    mark_of,
    split,
)
from cowrite.paths import Paths, private_folder

DUE = 40_000
"""New characters from which on a training is due by itself: some ten thousand tokens, a week of writing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate said: whether the adapter comes into use, a sentence why, and figures by name."""

    promote: bool
    reason: str
    figures: dict[str, float]


@dataclass(frozen=True, slots=True)
class TrainedAdapter:
    """An adapter that was trained. seen: for each document, how many of its paragraphs, in their order."""

    path: Path
    sha256: str
    tokens: int
    seconds: float
    seen: dict[str, int]


class Steps(Protocol):
    """What is long about a round: its training and its judging."""

    def train(
        self, fresh: Sequence[Piece], earlier: Sequence[Piece], start: Path | None
    ) -> TrainedAdapter:
        """Train on `fresh`, each once, from the adapter `start` on. Raises CowriteError."""

    def judge(self, held_out: Sequence[Piece], before: Path | None, after: Path) -> Judged:
        """Compare two adapters on text that neither has seen. Raises CowriteError."""


@dataclass(frozen=True, slots=True)
class Need:
    """How much there is to learn from, in characters, and whether that is enough.

    fresh: what the adapter in use has not seen. untried: what no adapter has, those that did not pass either.
    """

    fresh: int
    held_out: int
    untried: int

    @property
    def enough(self) -> bool:
        """Whether training is worth its time and can be judged."""
        return self.fresh >= LEAST_NEW and 2 * self.held_out >= LEAST_HELD_OUT

    @property
    def due(self) -> bool:
        """Whether it should be done by itself."""
        return self.enough and self.untried >= DUE

    @property
    def sentence(self) -> str:
        """How much is there and how much is wanted."""
        said = f"There are {counted(self.fresh, 'new character')} to learn from"
        if self.enough:
            return f"{said}."
        return f"{said}, and at least {LEAST_NEW:,} are wanted."


@contextmanager
def only_one(paths: Paths) -> Iterator[None]:
    """No other process learns meanwhile. Raises CowriteError where one does."""
    private_folder(paths.learning)
    lock = filelock.FileLock(paths.learning / "learning.lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise CowriteError(
            "Another cowrite is learning.", "Wait for it, or stop it there."
        ) from error
    except OSError as error:
        raise CowriteError(
            f"The folder {paths.learning} can't be locked: {error.strerror or error}.",
            "Put it on a disk of this machine: COWRITE_HOME says where.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def corpus_of(works: Sequence[Work]) -> Corpus:
    """The texts of a library as they are learned from."""
    return split(distinct(works))


def need_of(corpus: Corpus, registry: Registry, model_sha256: str) -> Need:
    """How much of a corpus a model's adapter has not seen."""
    used = registry.in_use(model_sha256)
    seen = used.version.seen if used is not None else frozenset[str]()
    tried = seen.union(*(version.seen for version in registry.versions(model_sha256)))
    return Need(
        characters(corpus.unseen(seen)),
        characters(corpus.held_out),
        characters(corpus.unseen(tried)),
    )


def train_and_judge(
    model: ModelFile,
    library: Library,
    paths: Paths,
    steps: Steps,
    now: Callable[[], float] = time.time,
) -> Version:
    """Train an adapter on what is new, judge it, and use it where the gate says so.

    Raises CowriteError, also where there is too little text. To be called within `only_one`.
    """
    registry = Registry(paths.learning / "adapters")
    corpus = corpus_of(library.works())
    need = need_of(corpus, registry, model.sha256)
    if not need.enough:
        raise CowriteError(
            need.sentence, "Write on, or take earlier works in: cowrite learn add PATH"
        )
    used = registry.in_use(model.sha256)
    seen = used.version.seen if used is not None else frozenset[str]()
    fresh, earlier = corpus.unseen(seen), corpus.already(seen)
    before = used.path if used is not None else None
    trained = steps.train(fresh, earlier, before)
    judged = steps.judge(corpus.held_out, before, trained.path)
    learned = [
        one for piece in fresh for one in piece.paragraphs[: trained.seen.get(piece.document_id, 0)]
    ]
    version = Version(
        number=registry.next_number(model.sha256),
        model_name=model.name,
        model_sha256=model.sha256,
        made_ms=int(now() * 1000),
        parent=used.version.number if used is not None else BASE,
        documents={
            **(used.version.documents if used is not None else {}),
            **{piece.document_id: piece.title for piece in fresh},
        },
        seen=seen | frozenset(map(mark_of, learned)),
        tokens=trained.tokens + (used.version.tokens if used is not None else 0),
        seconds=trained.seconds,
        sha256=trained.sha256,
        figures=judged.figures,
        reason=judged.reason,
        promoted=judged.promote,
    )
    registry.add(version, trained.path)
    if version.promoted:
        change_use(paths, model.sha256, version.number, "gate", judged.reason, judged.figures)
    return version


def change_use(
    paths: Paths,
    model_sha256: str,
    number: int,
    why: str,
    reason: str = "",
    figures: dict[str, float] | None = None,
) -> int:
    """Use another version of an adapter, and log that; returns the one before. Raises CowriteError."""
    before = Registry(paths.learning / "adapters").use(model_sha256, number)
    log_promotion(
        paths, "adapter", (before, number), why, model=model_sha256, reason=reason, figures=figures
    )
    return before


def roll_back(paths: Paths, model_sha256: str, number: int | None = None) -> tuple[int, int]:
    """Go back to a version, by default the one before; returns the old and the new one."""
    registry = Registry(paths.learning / "adapters")
    wanted = registry.before(model_sha256) if number is None else number
    return change_use(paths, model_sha256, wanted, "rollback"), wanted


def forget(paths: Paths, library: Library, document_id: str | None) -> list[Version]:
    """Delete what was learned from a document (None: everything), and the adapters that saw it."""
    registry = Registry(paths.learning / "adapters")
    before = {model: registry.in_use(model) for model in registry.models()}
    gone = registry.forget(document_id)
    for unfinished in (paths.learning / "work").glob("*"):
        # A training that was cut off may have seen the text, and its weights say nothing of that.
        overwrite(unfinished)
    if document_id is None:
        library.clear()
    else:
        library.remove(document_id)
    for model, used in before.items():
        after = registry.in_use(model)
        if used is not None and (after is None or after.path != used.path):
            number = after.version.number if after is not None else BASE
            change = (used.version.number, number)
            log_promotion(paths, "adapter", change, "forgotten", model=model)
    return gone
