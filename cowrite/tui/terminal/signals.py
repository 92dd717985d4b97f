"""Ends that the writer did not choose: signals, and a terminal that was closed.

Textual runs no handler of its own for these and would leave the terminal in the alternate screen. The
drafts' journals are closed first, then the screen is given back. Should the program hang while doing
that, a second thread ends it: the journal is on disk by then, and opening the draft offers what was lost.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType

from cowrite.tui.terminal import modes

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
PATIENCE = 4.0
"""Seconds that an orderly end may take."""

_RESTORE = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)


class TerminalState:
    """The terminal's modes as they were before the program changed them."""

    def __init__(self) -> None:
        self._attributes: list[object] | None = None
        with contextlib.suppress(termios.error, OSError, ValueError):
            self._attributes = termios.tcgetattr(sys.__stdin__.fileno())  # type: ignore[union-attr]

    def restore(self) -> None:
        """Give the screen back, without the help of anything that may hang."""
        if self._attributes is None:
            return
        with contextlib.suppress(termios.error, OSError, ValueError):
            fd = sys.__stderr__.fileno()  # type: ignore[union-attr]
            os.set_blocking(fd, False)
            os.write(fd, (modes.given_back(os.environ) + _RESTORE).encode())
            os.set_blocking(fd, True)
        with contextlib.suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._attributes)  # type: ignore[union-attr,arg-type]


class Ending:
    """Calls `end(signal number)` on the UI's thread, and sees to it that the program really ends.

    call_soon: gets a function onto the UI's thread, from a signal handler.
    """

    def __init__(
        self,
        end: Callable[[int], None],
        call_soon: Callable[[Callable[[], None]], object],
        terminal: TerminalState,
    ) -> None:
        self._end = end
        self._call_soon = call_soon
        self._terminal = terminal
        self._asked = False

    def install(self) -> None:
        """Take the signals over. Only the main thread may do that; elsewhere nothing happens."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in ENDING_SIGNALS:
            signal.signal(number, self._received)

    def _received(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.begin(number)

    def begin(self, number: int) -> None:
        """End as if the signal `number` had come. The first one counts."""
        if self._asked:
            return
        self._asked = True
        watchdog = threading.Timer(PATIENCE, self.leave, (number,))
        watchdog.daemon = True
        watchdog.start()
        self._call_soon(lambda: self._end(number))

    def leave(self, number: int) -> None:
        """End at once, with what a shell expects after a signal."""
        self._terminal.restore()
        os._exit(128 + number)
