"""What every group of actions on a draft's screen builds on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.screen import Screen

from cowrite.config import Settings
from cowrite.session.draft import DraftSession
from cowrite.tui.commands.actions import Keymap
from cowrite.tui.editor.editor import Editor
from cowrite.tui.look_of import look_of

if TYPE_CHECKING:
    from cowrite.tui.services import Window
    from cowrite.tui.widgets.status import Pieces


class DraftBase(Screen[None]):
    """A screen with a session and its editor on it."""

    def __init__(self, session: DraftSession, settings: Settings, keymap: Keymap) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self.keymap = keymap
        self.editor = Editor(session, keymap=keymap, look=look_of(settings))

    def compose(self) -> ComposeResult:
        yield self.editor

    @property
    def window(self) -> Window:
        """The app, as a draft knows it."""
        return cast("Window", self.app)

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast."""
        self.window.tell(message, hint, severity)

    def flash(self, note: str | Pieces) -> None:
        """Say something in the status line for a moment; a legend, in pieces, for a longer one."""
        raise NotImplementedError

    def say_keys(self, keys: list[tuple[str, str]] | None) -> None:
        """Let the footer say these keys, of a pane that has the focus; None for the draft's own."""
        raise NotImplementedError

    def renew_status(self) -> None:
        """Bring the status line up to date."""
        raise NotImplementedError
