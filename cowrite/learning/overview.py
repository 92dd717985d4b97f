"""What was learned from, what it brought, and what is in use: for `cowrite learn status` and the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.core.promotion import Promotion
from cowrite.core.words import words
from cowrite.errors import unknown
from cowrite.learning.cycle import Need, need_of
from cowrite.learning.library import Library, Work
from cowrite.learning.registry import Registry, Version
from cowrite.learning.renewing import renewed_library
from cowrite.learning.split import Piece, distinct, split
from cowrite.learning.training import missing_extra
from cowrite.paths import Paths, expanded
from cowrite.store import LogReader


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was taken in. words: that are learned from. left_out: characters by the reason's words.

    held_out: words of it that judge. added: by hand; else it is from the log.
    """

    document_id: str
    title: str
    path: str
    when_ms: int
    added: bool
    words: int
    held_out: int
    language: str
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that there is to say. excluded: paths. can_train: whether the extra is installed.

    need: for the model with the SHA-256 that was asked for. in_use: versions by the model's SHA-256.
    """

    texts: tuple[Text, ...]
    excluded: tuple[str, ...]
    need: Need
    due: bool
    can_train: bool
    versions: tuple[Version, ...]
    in_use: dict[str, int]
    promotions: tuple[Promotion, ...]
    troubles: tuple[str, ...]

    def versions_for(self, model_sha256: str) -> list[Version]:
        """The versions for one model, oldest first."""
        return [one for one in self.versions if one.model_sha256 == model_sha256]

    @property
    def words(self) -> int:
        """Words that are learned from, those that judge left out."""
        return sum(text.words - text.held_out for text in self.texts)


def overview(paths: Paths, model_sha256: str) -> Overview:
    """Read all of it. Raises CowriteError."""
    with renewed_library(paths) as (library, _):
        works, excluded = distinct(library.works()), library.excluded()
    registry = Registry(paths.learning / "adapters")
    corpus = split(works)
    need = need_of(corpus, registry, model_sha256)
    models = registry.models()
    used = {model: registry.in_use(model) for model in models}
    promotions: Sequence[Promotion] = ()
    if paths.log_file.exists():
        with LogReader.open(paths.log_file) as log:
            promotions = log.promotions()
    return Overview(
        tuple(_texts(works, corpus.held_out)),
        tuple(sorted(excluded.values())),
        need,
        need.due,
        missing_extra() is None,
        tuple(version for model in models for version in registry.versions(model)),
        {model: one.version.number for model, one in used.items() if one is not None},
        tuple(promotions),
        tuple(dict.fromkeys(registry.troubles)),
    )


def _texts(works: Sequence[Work], held_out: Sequence[Piece]) -> Iterator[Text]:
    held = {piece.document_id: _word_count(piece.text) for piece in held_out}
    for work in works:
        one = work.screened
        yield Text(
            work.document_id,
            work.title,
            work.path,
            work.when_ms,
            work.added,
            _word_count(one.text),
            held.get(work.document_id, 0),
            one.language,
            {reason.value: size for reason, size in one.left_out.items()},
        )


def _word_count(text: str) -> int:
    return sum(1 for _ in words(text))


def find_work(library: Library, wanted: str) -> tuple[str, str]:
    """The id and the path of the text that is called so: by path, file name or id; excluded ones too.

    Raises UsageError with the nearest name.
    """
    known = {work.document_id: work.path for work in library.works()} | library.excluded()
    path = str(expanded(wanted).absolute())
    for document_id, name in known.items():
        if wanted in (document_id, name, Path(name).name) or path == name:
            return document_id, name
    raise unknown(
        "text that was learned from called", wanted, [Path(n).name for n in known.values()]
    )
