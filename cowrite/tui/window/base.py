"""What the window that writes and the one that plays share: settings, theme, toasts, an orderly end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import App
from textual.driver import Driver

from cowrite.config import Settings
from cowrite.paths import Paths
from cowrite.tui.terminal.clipboard import fits
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.terminal.messages import InputFailed, TerminalBackground, TerminalGone
from cowrite.tui.window import themes
from cowrite.tui.window.appearance import Appearance
from cowrite.tui.window.settings import SettingsHub
from cowrite.tui.window.shutdown import Shutdown
from cowrite.tui.window.toasts import Toasts

if TYPE_CHECKING:
    from pathlib import Path


class WindowBase(App[None], inherit_bindings=False):
    """An app whose parts see to its looks and its end; what Textual asks of an app itself goes on to them."""

    def __init__(
        self,
        *,
        settings: Settings,
        paths: Paths,
        driver_class: type[Driver] | None = CowriteDriver,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.paths = paths
        self.hub = SettingsHub(settings, paths)
        self.appearance = Appearance(self, self.hub)
        self.shutdown = Shutdown(self, paths.crash_folder, self.close_sessions, self.let_go)
        self.toasts = Toasts(self)

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables, so that all of its text can be read."""
        self.theme_variables = themes.legible(super().get_css_variables())
        return self.theme_variables

    @property
    def settings(self) -> Settings:
        """As they are now."""
        return self.hub.now

    @property
    def themed(self) -> bool:
        """Whether the terminal can show a theme's colours."""
        return self.appearance.themed

    def close_sessions(self, how: str) -> None:
        """End what is written, for good. `how` says why."""

    def let_go(self) -> None:
        """End the processes and close the files that an end without order would leave."""

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast. Nothing in it is markup or control code."""
        self.toasts.say(message, hint, severity)

    async def on_event(self, event: events.Event) -> None:
        """A key takes away what was said before it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.toasts.key()
        await super().on_event(event)

    def preview_theme(self, name: str | None) -> None:
        """Show a theme without choosing it; None: the chosen one again."""
        self.appearance.preview(name)

    def copy_to_clipboard(self, text: str) -> None:
        """Keep a text to be pasted, and offer it to the terminal where that is likely to take it."""
        if fits(text):
            super().copy_to_clipboard(text)
        else:
            self._clipboard = text

    def suspend_now(self) -> None:
        """Go to the shell, until `fg`."""
        self.action_suspend_process()

    # The terminal

    @on(TerminalBackground)
    def _terminal_background(self, message: TerminalBackground) -> None:
        self.appearance.terminal_background(message.luminance)

    @on(TerminalGone)
    def _terminal_gone(self) -> None:
        self.shutdown.terminal_gone()

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

    # Failures of cowrite itself

    @property
    def crashed(self) -> bool:
        """Whether it failed and ended."""
        return self.shutdown.crashed

    @property
    def crash_report(self) -> Path | None:
        """Where it is said why, where that could be written."""
        return self.shutdown.crash_report

    def _handle_exception(self, error: Exception) -> None:
        """An exception that nobody caught: a report without the draft's text, and out."""
        known: BaseException | None = self._exception
        if known is None:
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        self.shutdown.crash(error)

    def panic(self, *renderables: object) -> None:
        """Textual's way to end with a message, such as when its input thread fails; ours is the report."""
        del renderables
        error: BaseException | None = self._exception
        self.shutdown.crash(error or sys.exc_info()[1] or RuntimeError())
