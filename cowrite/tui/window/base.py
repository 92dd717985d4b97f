"""What the sides of the window share."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from cowrite.config import Settings
from cowrite.core.printable import printable
from cowrite.paths import Paths
from cowrite.store import Store
from cowrite.tui.commands.actions import Keymap
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.terminal.signals import TerminalState
from cowrite.tui.window.window_engine import WindowEngine

if TYPE_CHECKING:
    from textual.driver import Driver


_ONCE = 4.0
"""Seconds in which the same toast is not said again."""


class WindowBase(App[None], inherit_bindings=False):
    """One window: its settings, its log, its drafts."""

    def __init__(
        self,
        *,
        settings: Settings,
        paths: Paths,
        store: Store | None,
        driver_class: type[Driver] | None = CowriteDriver,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.terminal_before = TerminalState()
        """The terminal's modes before Textual makes it raw: what a sudden end gives back."""
        self.settings, self.paths, self.store = settings, paths, store
        self.keymap = Keymap(settings.keys)
        self.drafts: list[DraftScreen] = []
        """The open ones, in the order of opening."""
        self.engine = WindowEngine()
        self.crash_report: Path | None = None
        self.crashed = False
        self._told: dict[str, float] = {}

    @property
    def draft(self) -> DraftScreen | None:
        """The draft on the screen, also below a dialog."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, DraftScreen):
                return screen
        return None

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast. Nothing in it is markup or control code."""
        level = severity if severity in ("information", "warning", "error") else "warning"
        text = "\n".join(printable(part) for part in (message, hint) if part)
        now = time.monotonic()
        if now - self._told.get(text, -_ONCE) < _ONCE:
            return
        self._told = {**{t: at for t, at in self._told.items() if now - at < _ONCE}, text: now}
        self.notify(text, severity=level, markup=False)  # type: ignore[arg-type]
