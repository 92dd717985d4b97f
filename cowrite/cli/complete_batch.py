"""`cowrite complete --batch`: many prompts of a file, several of them answered at once."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from cowrite.cli import output
from cowrite.cli.batch_files import (
    BadRowError,
    BatchRow,
    Id,
    answered,
    answers_file,
    lines_of,
    read_row,
    same_file,
)
from cowrite.cli.candidate_rows import candidate_rows
from cowrite.cli.streams import output_failed
from cowrite.cli.wishes import Wishes
from cowrite.config import Settings, load
from cowrite.core.context import Context
from cowrite.core.document import Document
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Done, RunAhead
from cowrite.errors import CowriteError, DraftError, EngineError, UsageError
from cowrite.paths import Paths, user_paths
from cowrite.session.asking_many import ask_many
from cowrite.session.asking_once import context_once
from cowrite.session.blocking_engine import blocking_engine
from cowrite.session.found_model import find_engine

MOST_AT_ONCE = 32


@dataclass(slots=True)
class _Batch:
    """What is to be answered, and what was told of it. wishes: those of the command line, for all rows."""

    wishes: Wishes
    settings: Settings
    paths: Paths
    advice: dict[str, int | float]
    window: int
    done: set[Id]
    bad: int = 0
    skipped: int = 0
    seen: set[Id] = field(default_factory=set)

    def asks(
        self, source: BinaryIO, advance: Callable[[int], None]
    ) -> Iterator[tuple[BatchRow, Context, Params]]:
        """The rows that are still to be answered. Those that are wrong are told."""
        for line, data in lines_of(source):
            advance(line)
            try:
                row = read_row(line, data, self.wishes)
                if row.id in self.seen:
                    raise BadRowError(f"Its id {row.id!r} was that of an earlier row.")
                self.seen.add(row.id)
                params = row.wishes.params(self.settings, self.advice, dashes=False)
                if row.id in self.done:
                    self.skipped += 1
                    continue
                yield row, self._context(row), params
            except BadRowError as error:
                self.tell(line, str(error))
            except UsageError as error:
                self.tell(line, " ".join(part for part in (error.message, error.hint) if part))

    def _context(self, row: BatchRow) -> Context:
        document = Document(row.prompt + row.after)
        place = len(row.prompt)
        return context_once(document, place, self.settings, self.paths, None, self.window).context

    def tell(self, line: int, reason: str) -> None:
        """Say what is wrong with a row."""
        self.bad += 1
        output.note(f"cowrite: line {line}: {reason}")


def complete_batch(
    source: str, target: str | None, wishes: Wishes, model: str | None, at_once: int
) -> None:
    """Answer all rows of a file, and write a row for each, in their order. Raises CowriteError."""
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise UsageError(f"--at-once must be 1 to {MOST_AT_ONCE}, not {at_once}.")
    if target is not None and same_file(Path(source), Path(target)):
        raise UsageError("The answers can't go into the file that asks.", "Name another with -o.")
    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    wishes.params(settings)
    with _opened(source) as rows, _target(target) as write:
        done = answered(Path(target)) if target is not None else set()
        with output.progress("Preparing the model") as advance:
            found = find_engine(settings, paths, model, advance)
        if found.trouble:
            output.note(f"cowrite: {found.trouble}")
        options = replace(
            found.options, nice=0, run_ahead=RunAhead.OFF, kv_folder=None, together=at_once
        )
        with blocking_engine(replace(found, options=options), paths.engine_log) as engine:
            window = settings.model.context or engine.load().window_chars
            batch = _Batch(wishes, settings, paths, dict(found.advice), window, done)
            with output.counting("Answering", _size(source)) as count:
                for row, answer in ask_many(engine, batch.asks(rows, count), at_once):
                    if isinstance(answer, EngineError):
                        batch.tell(row.line, answer.message)
                    else:
                        write(_line(row, answer))
    if batch.skipped:
        output.note(f"cowrite: {batch.skipped} rows had been answered before.")
    if batch.bad:
        raise CowriteError(f"{batch.bad} rows could not be answered.", "See the lines above.")


def _line(row: BatchRow, done: Done) -> bytes:
    told = {
        "id": row.id,
        "candidates": candidate_rows(done.candidates, row.wishes.logprobs),
        "seed": done.seed,
    }
    return msgspec.json.encode(told) + b"\n"


@contextlib.contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    """The file of rows, or standard input. Raises DraftError."""
    if source == "-":
        yield sys.stdin.buffer
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Path(source).open("rb"))
        except OSError as error:
            raise DraftError(f"{source} can't be read: {error.strerror}.") from error
        yield file


def _size(source: str) -> int:
    """The lines of a file; 0 where they can't be known before."""
    if source == "-" or not sys.stderr.isatty():
        return 0
    with Path(source).open("rb") as file:
        return sum(1 for _ in file)


@contextlib.contextmanager
def _target(target: str | None) -> Iterator[Callable[[bytes], None]]:
    """Where the answers go, each at once and whole. Raises CowriteError where they can't."""
    if target is None:

        def say(line: bytes) -> None:
            sys.stdout.write(line.decode())
            sys.stdout.flush()

        yield say
        return
    with answers_file(Path(target)) as file:

        def write(line: bytes) -> None:
            try:
                while line:
                    line = line[file.write(line) :]
            except OSError as error:
                raise output_failed(error) from error

        yield write
