"""How the window ends when nobody told it to: signals, a closed terminal, a failure of cowrite itself."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from textual.app import App

from cowrite.tui.terminal.signals import Ending, TerminalState


class Shutdown:
    """Owns the signals and the crash's report. Closes the journals before anything else ends.

    close_sessions: ends what is written, for good; gets why. let_go: ends the model's process and the log,
    where the program itself is not ended in order.
    """

    def __init__(
        self,
        app: App[None],
        crash_folder: Path,
        close_sessions: Callable[[str], None],
        let_go: Callable[[], None],
    ) -> None:
        self._app, self._crash_folder = app, crash_folder
        self._close_sessions, self._let_go = close_sessions, let_go
        self._terminal = TerminalState()
        """The terminal's modes before Textual makes it raw: what a sudden end gives back."""
        self._ending: Ending | None = None
        self.crashed = False
        self.crash_report: Path | None = None

    def take_signals(self) -> None:
        """From now on signals end the window in order."""
        self._ending = Ending(self._end_by_signal, self._from_anywhere, self._terminal)
        self._ending.install()

    def terminal_gone(self) -> None:
        """The terminal was closed: the same as its signal."""
        if self._ending is not None:
            self._ending.begin(signal.SIGHUP)

    def _from_anywhere(self, call: Callable[[], None]) -> None:
        loop = self._app._loop
        if loop is not None and not loop.is_closed():  # else the window has ended in order
            loop.call_soon_threadsafe(call)

    def _end_by_signal(self, number: int) -> None:
        """Close the journals; then leave, gently where there is a terminal to give back."""
        self._close_sessions("hangup" if number == signal.SIGHUP else "terminated")
        if number == signal.SIGHUP and self._ending is not None:
            self._let_go()
            self._ending.leave(number)
        self._app.exit(return_code=128 + number)

    def crash(self, error: BaseException) -> None:
        """cowrite failed: a report without the draft's text, and out."""
        if not self.crashed:
            from cowrite.crash_report import write_report

            self.crashed = True
            self.crash_report = write_report(error, self._crash_folder)
            self._close_sessions("crash")
        self._app._close_messages_no_wait()
