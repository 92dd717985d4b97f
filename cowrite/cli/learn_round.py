"""`cowrite learn` without a command: one round, with its progress, alone or beside an open window."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from cowrite.cli.output import as_json, note, progress
from cowrite.config import Settings, load
from cowrite.core.printable import printable
from cowrite.errors import CowriteError
from cowrite.learning.beside import GO, PAUSE, STOP, Ended, Going, encode
from cowrite.paths import Paths
from cowrite.session.found_model import FoundModel, find_model

if TYPE_CHECKING:
    from cowrite.learning.training import Breaks

Tell = Callable[[Going], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did. texts: how many were new or changed. order, adapter: sentences. version: the new
    adapter's, 0 for none; promoted: whether it is in use."""

    texts: int
    order: str
    adapter: str
    version: int = 0
    promoted: bool = False
    due: bool = False


def found_model(paths: Paths, model: str | None) -> FoundModel:
    """The model that is meant, as it came. Raises ModelError."""
    settings = load(paths, None, flags={"model.name": model})
    with progress("Preparing the model") as advance:
        return find_model(settings, paths, model, advance, learned=False)


def run(paths: Paths, model: str | None, *, now: bool, minutes: float, json: bool) -> None:
    """One round for a person. Raises CowriteError."""
    settings = load(paths, None, flags={"model.name": model})
    found = found_model(paths, model)
    with _bar() as tell:
        done = one_round(paths, settings, found, _Control(), now=now, minutes=minutes, tell=tell)
    if json:
        as_json(asdict(done))
        return
    note(f"{done.texts:,} texts are new or changed.")
    note(f"Order of candidates: {done.order}")
    note(f"Adapter: {done.adapter}")


def run_beside(paths: Paths, model: str | None, *, now: bool) -> None:
    """One round beside an open window: lines of JSON on stdout, words on stdin."""
    out = sys.stdout.buffer

    def say(told: Going | Ended) -> None:
        with contextlib.suppress(OSError):
            out.write(encode(told))
            out.flush()

    control = _Control()
    threading.Thread(target=control.listen, daemon=True).start()
    with contextlib.suppress(OSError):
        os.nice(10)
    try:
        settings = load(paths, None, flags={"model.name": model})
        found = found_model(paths, model)
        ask = not now and settings.learn.when == "ask"
        done = one_round(
            paths, settings, found, control, now=now, minutes=0, tell=say, look_only=ask
        )
    except CowriteError as error:
        say(Ended(error.message, failed=True, hint=error.hint))
        return
    hint = "Alt+J, then n, trains on them." if ask and done.due else ""
    say(Ended(done.adapter, changed=done.promoted, hint=hint))


class _Control:
    """Ends a round and lets it rest; `listen` takes the words for it from stdin."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._breaks: Breaks | None = None

    @property
    def breaks(self) -> Breaks:
        """What lets a training rest. Made when it is needed: it brings all of training along."""
        if self._breaks is None:
            from cowrite.learning.training import Breaks

            self._breaks = Breaks()
        return self._breaks

    def listen(self) -> None:
        """Do what is said until nobody is there any more: that ends the round."""
        for line in sys.stdin:
            match line.strip():
                case word if word == PAUSE:
                    self.breaks.pause()
                case word if word == GO:
                    self.breaks.go()
                case word if word == STOP:
                    break
        self.stop.set()


def one_round(
    paths: Paths,
    settings: Settings,
    found: FoundModel,
    control: _Control,
    *,
    now: bool,
    minutes: float,
    tell: Tell,
    look_only: bool = False,
) -> Done:
    """Bring everything up to date, and train an adapter where that is due. Raises CowriteError."""
    from cowrite.learning.choices import renew_order
    from cowrite.learning.cycle import need_of, only_one, train_and_judge
    from cowrite.learning.registry import Registry
    from cowrite.learning.renewing import renew_passages, renewed_library
    from cowrite.learning.split import distinct, split
    from cowrite.learning.training import missing_extra

    model = found.file
    with only_one(paths):
        tell(Going("reading what is new"))
        with renewed_library(paths) as (library, texts):
            works = distinct(library.works())
            renew_passages(paths, works)
            order = renew_order(paths).says
            need = need_of(split(works), Registry(paths.learning / "adapters"), model.sha256)
            missing = missing_extra()
            if look_only or not (now or need.due) or (missing is not None and not now):
                extra = f" {missing.message} {missing.hint}" if missing is not None else ""
                return Done(texts, order, need.sentence + extra, due=need.due and not missing)
            if missing is not None:
                raise missing
            if model.adapter is not None:
                raise CowriteError(
                    "This model has an adapter of its own; nothing is trained on it."
                )
            from cowrite.learning.steps import RealSteps
            from cowrite.session.blocking_engine import way_here

            steps = RealSteps(
                model,
                paths,
                minutes=minutes,
                way=way_here(found, paths.engine_log),
                threads=settings.engine.threads,
                tell=tell,
                stop=control.stop,
                breaks=control.breaks,
            )
            version = train_and_judge(model, library, paths, steps)
    said = f"Version {version.number}, of {version.tokens:,} tokens. {version.reason}"
    return Done(texts, order, said, version.number, version.promoted)


@contextlib.contextmanager
def _bar() -> Iterator[Tell]:
    """A progress bar on stderr, with what is done and the time left; nothing where that is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _going: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("beginning", total=None, left="")

        def tell(going: Going) -> None:
            left = f"{going.seconds_left / 60:.1f} min left" if going.seconds_left else ""
            total = 1.0 if going.share >= 0 else None
            share = max(0.0, going.share)
            description = printable(going.stage)
            bar.update(task, description=description, total=total, completed=share, left=left)

        yield tell
