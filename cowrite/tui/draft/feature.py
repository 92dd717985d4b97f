"""What a feature of the draft's screen is: something that a writer can do, with its state, in one object.

The screen composes, sizes and focuses; what its keys do is in features. A new one is a class in a module of
its own, a line in `screen.FEATURES`, and a line in the table of actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.screen import Screen

from cowrite.config import Settings
from cowrite.session.draft import DraftSession
from cowrite.tui.commands.actions import Keymap
from cowrite.tui.draft.status import DraftStatus
from cowrite.tui.editor.editor import Editor
from cowrite.tui.look_of import look_of
from cowrite.tui.parts import Done
from cowrite.tui.services import Window
from cowrite.tui.widgets.footer import KeyFooter
from cowrite.tui.widgets.status import Pieces, StatusFacts

Actions = Mapping[str, Callable[[], Done]]
"""What does each of the table's actions, by its id."""


@dataclass(frozen=True, slots=True)
class Host:
    """What a feature works on: the draft's session, and the screen with what is always on it."""

    screen: Screen[None]
    """Mounts panes, sets timers, gives the focus."""
    session: DraftSession
    editor: Editor
    status: DraftStatus
    footer: KeyFooter
    window: Window


class Feature:
    """Something that a writer can do with a draft. It owns its state, and knows no other feature.

    What its panes and threads tell (`parts.PartMessage`) it answers in `on_…` methods, as a widget would.
    """

    def __init__(self, host: Host) -> None:
        self.screen, self.session, self.editor = host.screen, host.session, host.editor
        self.status, self.footer, self.window = host.status, host.footer, host.window

    def actions(self) -> Actions:
        """The table's actions that it does. Asked for once, so that a missing one shows at the start."""
        return {}

    # What the screen tells; nothing has to be done about any of it

    def shown(self) -> None:
        """The draft has been painted for the first time."""

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) of the draft became [first, first + after)."""

    def moved(self) -> None:
        """The selection is another one."""

    def ghosted(self) -> None:
        """The suggestion appeared, grew, was cycled, taken or closed."""

    def settings_changed(self, key: str) -> None:
        """The window's settings are other ones, in `key`."""


class DraftBase(Screen[None]):
    """What the groups of actions that are no features yet build on."""

    def __init__(self, session: DraftSession, window: Window) -> None:
        super().__init__()
        self.session, self.window = session, window
        self.editor = Editor(session, keymap=window.keymap, look=look_of(window.settings))
        self.footer = KeyFooter(window.keymap)
        self.status_line = DraftStatus(self, self.facts)

    @property
    def settings(self) -> Settings:
        """The window's."""
        return self.window.settings

    @property
    def keymap(self) -> Keymap:
        """The window's."""
        return self.window.keymap

    def facts(self) -> StatusFacts:
        """What the status line says."""
        raise NotImplementedError

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast."""
        self.window.tell(message, hint, severity)

    def flash(self, note: str | Pieces) -> None:
        """Say something in the status line for a moment; a legend, in pieces, for a longer one."""
        self.status_line.flash(note)

    def say_keys(self, keys: list[tuple[str, str]] | None) -> None:
        """Let the footer say these keys, of a pane that has the focus; None for the draft's own."""
        self.footer.pane = keys

    def renew_status(self) -> None:
        """Bring the status line up to date."""
        self.status_line.renew()
