"""A real terminal for tests: a program in a pty, what is on its screen, and keys as a terminal sends them."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte
from forks import can_fork, fork_server
from shown import Shown

from cowrite.tui.terminal.modes import ESCAPE_PATIENCE

KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f", "delete": "\x1b[3~",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "shift+tab": "\x1b[Z", "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C",
    "ctrl+right": "\x1b[1;5C", "ctrl+left": "\x1b[1;5D", "ctrl+end": "\x1b[1;5F",
    "ctrl+up": "\x1b[1;5A", "ctrl+down": "\x1b[1;5B", "alt+up": "\x1b[1;3A", "alt+down": "\x1b[1;3B",
    "ctrl+home": "\x1b[1;5H", "ctrl+shift+left": "\x1b[1;6D", "ctrl+space": "\x00",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~",
    "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
    "f11": "\x1b[23~", "f12": "\x1b[24~",
}  # fmt: skip
"""What xterm sends; ctrl+LETTER and alt+CHARACTER are made."""

ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"


def sequence(key: str) -> str:
    """What a terminal sends for a key, by Textual's name for it."""
    if key in KEYS or len(key) == 1:
        return KEYS.get(key, key)
    if key.startswith("ctrl+") and len(key) == 6:
        return chr(ord(key[-1]) & 0x1F)
    if key.startswith("alt+"):
        return "\x1b" + key[4:]
    raise KeyError(key)


class Terminal:
    """A program in a pty of `columns` x `rows`. `sent` is all that it wrote. Close it, or use `with`.

    background: the answer to the question for the background's colour, such as `rgb:ffff/ffff/ffff`.
    forked: the command is this Python and a script of the tests, which may run in a fork (see `forks`).
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 100,
        rows: int = 30,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        background: str | None = None,
        forked: bool = False,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.shown = Shown(columns, rows)
        self._background = background
        self.code: int | None = None
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLORFGBG")}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        environment |= dict(env or {})
        self._forks = fork_server() if forked and can_fork(env or {}) else None
        if self._forks is not None:
            self._fd, terminal = os.openpty()
            _set_size(terminal, columns, rows)
            where = cwd or Path.cwd()
            self.pid = self._forks.start(command[1:], environment, where, [terminal] * 3)
            os.close(terminal)
            return
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                _set_size(0, columns, rows)
                if cwd is not None:
                    os.chdir(cwd)
                os.execvpe(command[0], list(command), environment)
            finally:
                os._exit(127)
        _set_size(self._fd, columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What the program wrote

    def read(self, timeout: float = 0.0) -> bytes:
        """Take in what is there now, or comes within `timeout` seconds."""
        try:
            ready, _, _ = select.select([self._fd], [], [], timeout)
            data = os.read(self._fd, 1 << 16) if ready else b""
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EBADF):
                raise
            return b""
        self.shown.feed(data)
        if b"\x1b]11;?" in data and self._background is not None:
            os.write(self._fd, f"\x1b]11;{self._background}\x1b\\".encode())
        return data

    @property
    def sent(self) -> bytearray:
        """All that it wrote."""
        return self.shown.sent

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the spaces at their ends."""
        return self.shown.lines

    @property
    def text(self) -> str:
        """The screen as one text."""
        return self.shown.text

    @property
    def prose(self) -> str:
        """The screen's words with one space between them, as if nothing were wrapped."""
        return self.shown.prose

    def style_at(self, column: int, row: int) -> pyte.screens.Char:
        """The cell there, with its colours."""
        return self.shown.cell(column, row)

    def wait(self, wanted: str | Callable[[], object], timeout: float = 20.0) -> None:
        """Read until the screen's words hold `wanted`, or it is true. AssertionError shows the screen."""
        deadline = time.monotonic() + timeout
        while not (self.shown.holds(wanted) if isinstance(wanted, str) else wanted()):
            left = deadline - time.monotonic()
            assert left > 0, f"waited in vain for {wanted!r}; on the screen:\n{self.text}"
            self.read(min(left, 0.05))

    def settle(self, still: float = 0.25, timeout: float = 10.0) -> None:
        """Read until nothing was written for `still` seconds."""
        deadline = time.monotonic() + timeout
        while self.read(still) and time.monotonic() < deadline:
            pass

    # What the writer does

    def write(self, text: str | bytes) -> None:
        """Send text as it is, in pieces that a pty takes."""
        data = text.encode() if isinstance(text, str) else text
        while data:
            done = os.write(self._fd, data[:512])
            data = data[done:]
            self.read(0.0)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, slowly enough that a lone escape is one."""
        for key in keys:
            self.write(sequence(key))
            if key == "escape":
                self.read_for(1.25 * ESCAPE_PATIENCE)
            else:
                self.read(0.02)

    def read_for(self, seconds: float) -> None:
        """Read for so long, however early something is written."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def type(self, text: str) -> None:
        """Type letter by letter."""
        for character in text:
            self.write(character)
            self.read(0.005)

    def paste(self, text: str) -> None:
        """A bracketed paste."""
        self.write(f"\x1b[200~{text}\x1b[201~")

    def click(self, column: int, row: int) -> None:
        """Press and release the left button."""
        place = f"{column + 1};{row + 1}"
        self.write(f"\x1b[<0;{place}M\x1b[<0;{place}m")

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self.columns, self.rows = columns, rows
        self.shown.resize(columns, rows)
        _set_size(self._fd, columns, rows)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGWINCH)

    # Its end

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self._fd)
        self._fd = -1

    def ended(self, timeout: float = 15.0) -> int:
        """The exit code, once it has ended by itself: minus the signal's number where one ended it."""
        deadline = time.monotonic() + timeout
        while self.code is None:
            if self._fd >= 0:
                self.read(0.02)
            status = self._status()
            if status is not None:
                self.code = os.waitstatus_to_exitcode(status)
                while self._fd >= 0 and self.read(0.05):
                    pass
                break
            assert time.monotonic() < deadline, f"still running:\n{self.text}"
            time.sleep(0.01)
        assert self.code is not None
        return self.code

    def _status(self, *, wait: bool = False) -> int | None:
        """What the program has ended with, None while it runs."""
        if self._forks is not None:
            return self._forks.ended(self.pid, 1.0 if wait else 0.0)
        pid, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
        return status if pid else None

    def close(self) -> None:
        """End the program whatever it does, and free the pty."""
        if self.code is None:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, signal.SIGKILL)
                while self._status(wait=True) is None:
                    pass
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
