"""The window that plays a session. It reads nothing but what it is given, and writes nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from cowrite.config import Settings
from cowrite.core.events import SessionInfo
from cowrite.logbook.replay.player import Player
from cowrite.paths import Paths
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import look_of
from cowrite.tui.replay.screen import ReplayScreen
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.window.base import WindowBase
from cowrite.tui.window.colours import SIGNS_CSS

if TYPE_CHECKING:
    from textual.driver import Driver


class ReplayApp(WindowBase, inherit_bindings=False):
    """A player in a window of its own, with the writer's theme and column."""

    TITLE = "cowrite"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    CSS = (
        """
    Toast { background: $panel; color: $foreground; max-width: 60; padding: 0 1; }
    """
        + SIGNS_CSS
    )

    def __init__(
        self,
        player: Player,
        session: SessionInfo,
        *,
        settings: Settings,
        paths: Paths,
        driver_class: type[Driver] | None = CowriteDriver,
    ) -> None:
        super().__init__(settings=settings, paths=paths, driver_class=driver_class)
        look = replace(look_of(settings), origins=True, typewriter=False, focus="off")
        self._playing = ReplayScreen(player, session, look, Keymap(settings.keys))

    def get_default_screen(self) -> Screen[None]:
        """The player itself."""
        return self._playing

    def on_mount(self) -> None:
        """Take the signals: there is nothing to save, but a terminal to give back."""
        self.shutdown.take_signals()


def run(player: Player, session: SessionInfo, *, settings: Settings, paths: Paths) -> int:
    """Play until the viewer leaves; returns the exit code."""
    app = ReplayApp(player, session, settings=settings, paths=paths)
    app.run(mouse=settings.ui.mouse)
    if app.crashed:
        where = f" A report without any text is in {app.crash_report}." if app.crash_report else ""
        print(f"The player has failed and ended.{where}", file=sys.stderr)  # noqa: T201
        return 1
    return app.return_code or 0
