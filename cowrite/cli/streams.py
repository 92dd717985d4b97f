"""The program's standard streams: data for people, files and pipes, and progress for people who wait.

Python ends a program that writes a letter which the locale has no byte for, and complains of pipes whose
reader is gone when all is over. Here data is UTF-8 wherever no terminal shows it; a terminal gets what it
can show; a reader that had enough ends the program without a word; and notes that nobody can get are no
failure.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import select
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, TextIO, cast

from cowrite.core.given import text_given
from cowrite.core.printable import printable
from cowrite.errors import CowriteError, DraftError, UsageError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_BUFFER = 1 << 16


class ReaderGone(Exception):  # noqa: N818 - not an error: the reader of our output had enough
    """The program that read our output has ended."""


class _Stream(io.RawIOBase):
    """A file descriptor to write to; what comes after its first failure goes nowhere."""

    def __init__(self, fd: int, name: str, failed: Callable[[OSError], None]) -> None:
        super().__init__()
        self.name = name
        self._fd, self._failed, self._over = fd, failed, False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def isatty(self) -> bool:
        return os.isatty(self._fd)

    def write(self, data: object) -> int:
        raw = memoryview(cast("bytes", data))
        while not self._over:
            try:
                return os.write(self._fd, raw)
            except BlockingIOError:  # a pipe that another program has made so
                select.select([], [self._fd], [])
            except OSError as error:
                self._over = True
                self._failed(error)
        return len(raw)


def prepare() -> None:
    """Make standard output and standard error ours. Streams that a test has put there stay as they are."""
    closed = _occupy_closed()
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        failed = _never_open if 1 in closed else _tell_output
        sys.stdout = _text(_Stream(1, "<stdout>", failed), sys.stdout)
    if sys.stderr is None or sys.stderr is sys.__stderr__:
        sys.stderr = _text(_Stream(2, "<stderr>", lambda _error: None), sys.stderr)


def _occupy_closed() -> set[int]:
    """Hold the numbers of streams that the caller has closed: the next file opened would get one.

    Nothing can be written to what holds them, so that data is missed as it would have been.
    """
    closed = set()
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            closed.add(fd)
            os.open(os.devnull, os.O_RDONLY)  # gets the lowest free number: this one
    return closed


def _text(raw: _Stream, old: TextIO | None) -> TextIO:
    """A text stream: UTF-8, or what the terminal has, and `?` for what that can't show."""
    terminal = raw.isatty()
    if old is not None:
        with contextlib.suppress(OSError):
            old.flush()
    encoding = old.encoding if terminal and old is not None else "utf-8"
    if encoding == "ascii":  # a locale that was never set, and no terminal of today
        encoding = "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(raw, _BUFFER),
        encoding=encoding,
        errors="replace",
        line_buffering=terminal or raw.fileno() == 2,
    )


def _tell_output(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise ReaderGone from error
    raise output_failed(error) from error


def _never_open(error: OSError) -> None:
    raise CowriteError(
        "The output can't be written: standard output is closed.", "Send it to a file or a pipe."
    ) from error


def output_failed(error: OSError) -> CowriteError:
    """The error for data that can't be written to standard output."""
    hint = "Free some space." if error.errno in NO_ROOM else ""
    return CowriteError(f"The output can't be written: {error.strerror or error}.", hint)


def drop_output() -> None:
    """Let the interpreter flush into nothing when it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def has_terminal() -> bool:
    """Whether there is a terminal to read keys from and, by standard error, to draw on."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # None where the caller has closed them
    return all(stream is not None and stream.isatty() for stream in streams)


def read_input(what: str) -> bytes:
    """All of standard input. Raises UsageError where nothing is sent there, DraftError for too much of it.

    what: what to name instead, for a terminal where nobody has typed: `cowrite convert FILE`.
    """
    from cowrite.files import MAX_BYTES

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("There is nothing on standard input.", what)
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:  # a folder, say
        raise DraftError(f"Standard input can't be read: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise DraftError(
            f"Standard input is longer than {MAX_BYTES >> 20} MB.", "Send a part of it."
        )
    return data


def text_argument(option: str, text: str) -> str:
    """A text that an option of the call gives. Raises UsageError where it is none."""
    try:
        return text_given(text)
    except UnicodeError:
        raise UsageError(
            f"What {option} gives is not text in UTF-8.",
            "Put it in a file, and convert that: cowrite convert FILE",
        ) from None


class _Shown(io.RawIOBase):
    """A terminal's stream: controls in the data are shown as signs, so that none steers it."""

    def __init__(self, out: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._out, self._encoding = out, encoding

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raw = bytes(cast("bytes", data))
        shown = printable(raw.decode("utf-8", "replace"), keep="\n\t")
        self._out.write(shown.encode(self._encoding, "replace"))
        return len(raw)


def data_stream() -> BinaryIO:
    """Standard output as bytes of UTF-8: as they are for a file or a pipe, made safe for a terminal."""
    sys.stdout.flush()
    out = sys.stdout.buffer
    if sys.stdout.isatty():
        return cast("BinaryIO", _Shown(out, sys.stdout.encoding))
    return out


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
