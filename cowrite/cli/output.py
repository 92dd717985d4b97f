"""What commands print: data to stdout, the rest to stderr, and no control code from any text."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import typer

from cowrite.core.printable import printable
from cowrite.plain_json import encoded


def data(text: str) -> None:
    """A line of data for stdout."""
    typer.echo(printable(text, keep="\n\t"))


def note(text: str) -> None:
    """A line for the reader on stderr."""
    typer.echo(printable(text, keep="\n"), err=True)


def as_json(value: object) -> None:
    """One JSON object on stdout, indented; controls in texts are escaped by JSON, C1 and bidi too."""
    raw = msgspec.json.format(encoded(value), indent=2).decode("utf-8")
    typer.echo("".join(_escaped(character) for character in raw))


def _escaped(character: str) -> str:
    """JSON leaves C1 controls and bidi overrides as they are; a terminal would obey them."""
    if character == "\n" or printable(character) == character:
        return character
    return f"\\u{ord(character):04x}"


def columns(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> None:
    """Rows as aligned columns on stdout."""
    from wcwidth import wcswidth

    table = [[printable(cell) for cell in row] for row in ([header] if header else [])]
    table += [[printable(cell) for cell in row] for row in rows]
    widths = [max(wcswidth(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        cells = [c + " " * (w - wcswidth(c)) for c, w in zip(row, widths, strict=True)]
        typer.echo("  ".join(cells).rstrip())


def size(count: int) -> str:
    """Bytes for people: `253 MB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


@contextlib.contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr that says how many of `total` (0: not known) are done, likewise."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(printable(label), total=total or None)
        yield lambda done: bar.update(task, completed=done)


@contextlib.contextmanager
def progress_lines(label: str) -> Iterator[Callable[[int, int], None]]:
    """The same for what takes minutes: where stderr is no terminal, a line for every twentieth or ten seconds,
    and at most one a second."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with progress(label) as advance:
            yield advance
        return
    told, when = -1.0, 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told, when
        share, now = done / max(1, total), time.monotonic()
        if now - when >= 1.0 and (share - told >= 0.05 or now - when >= 10.0):
            told, when = share, now
            note(f"{label}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB ({share:.0%})")

    yield tell


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr while a model is joined or checked; nothing where that is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = None

    def advance(done: int, total: int) -> None:
        nonlocal task
        if task is None:  # begins with the first bytes, so that a known model shows no bar
            bar.start()
            task = bar.add_task(printable(label), total=total)
        bar.update(task, completed=done)

    try:
        yield advance
    finally:
        bar.stop()
