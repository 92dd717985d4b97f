"""How the window ends when nobody told it to: signals, a closed terminal, a failure of cowrite itself."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from textual import on
from textual.driver import Driver

from cowrite.tui.engine_link import EngineLink
from cowrite.tui.terminal.messages import InputFailed, TerminalGone
from cowrite.tui.terminal.signals import Ending
from cowrite.tui.window.base import WindowBase


class EndingSide(WindowBase):
    """Closes the journals before anything else ends."""

    link: EngineLink
    _ending: Ending | None = None

    def take_signals(self) -> None:
        """From now on signals end the window in order."""
        self._ending = Ending(self._end_by_signal, self._from_anywhere, self.terminal_before)
        self._ending.install()

    @on(TerminalGone)
    def _terminal_gone(self) -> None:
        if self._ending is not None:
            self._ending.begin(signal.SIGHUP)

    @on(InputFailed)
    def _input_failed(self, message: InputFailed) -> None:
        """A key failed: the draft is as it was, and the writer is told where the report is."""
        where = f"A report without your text is in {message.report}." if message.report else ""
        self.tell("Something that the terminal sent was left out.", where, "warning")

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        """Back from the shell, the alternate screen is empty: paint all of it."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def _from_anywhere(self, call: Callable[[], None]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(call)

    def _end_by_signal(self, number: int) -> None:
        """Close the journals; then leave, gently where there is a terminal to give back."""
        self.close_sessions("hangup" if number == signal.SIGHUP else "terminated")
        if number == signal.SIGHUP and self._ending is not None:
            self.link.close()
            if self.store is not None:
                self.store.close()
            self._ending.leave(number)
        self.exit(return_code=128 + number)

    def close_sessions(self, how: str) -> None:
        """End all sessions, for good: every event so far is on the disk after it."""
        for draft in self.drafts:
            draft.session.close(how)

    def suspend_now(self) -> None:
        """Go to the shell, until `fg`."""
        self.action_suspend_process()

    def _handle_exception(self, error: Exception) -> None:
        """An exception that nobody caught: a report without the draft's text, and out."""
        known: BaseException | None = self._exception
        if known is None:
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self._crash(error)

    def panic(self, *renderables: object) -> None:
        """Textual's way to end with a message, such as when its input thread fails; ours is the report."""
        del renderables
        error: BaseException | None = self._exception
        self._crash(error or sys.exc_info()[1] or RuntimeError())

    def _crash(self, error: BaseException) -> None:
        if not self.crashed:
            from cowrite.crash_report import write_report

            self.crashed = True
            self.crash_report = write_report(error, self.paths.crash_folder)
            self.close_sessions("crash")
        self._close_messages_no_wait()
