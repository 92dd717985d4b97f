"""Standard output for data that may go to a terminal, and progress for people who wait."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from cowrite.core.printable import printable


class _Shown(io.RawIOBase):
    """A terminal's stream: controls in the data are shown as signs, so that none steers it."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raw = bytes(cast("bytes", data))
        self._out.write(printable(raw.decode("utf-8", "replace"), keep="\n\t").encode())
        return len(raw)


def data_stream() -> BinaryIO:
    """Standard output as bytes: as they are for a file or a pipe, made safe for a terminal."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    return cast("BinaryIO", _Shown(out)) if sys.stdout.isatty() else out


@contextlib.contextmanager
def counting(label: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """A count of things done on stderr; None where nobody looks at it.

    quiet: also where the data goes to the same screen.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn(label, markup=False), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
