"""What a feature of the draft's screen is: something that a writer can do, with its state, in one object.

The screen composes, sizes and focuses; what its keys do is in features. A new one is a class in a module of
its own, a line in `features.FEATURES`, and a line in the table of actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.screen import Screen
from textual.widget import Widget

from cowrite.engine.protocol import HostMessage
from cowrite.session.draft import DraftSession
from cowrite.tui.draft.status import DraftStatus
from cowrite.tui.editor.editor import Editor
from cowrite.tui.parts import Done
from cowrite.tui.services import Window
from cowrite.tui.widgets.footer import KeyFooter

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

    @property
    def is_reading(self) -> bool:
        """Whether a dialog that it was asked for is still to come."""
        return False

    # What the screen tells; nothing has to be done about any of it

    def mounted(self) -> None:
        """The screen is there: clocks can be set."""

    def shown(self) -> None:
        """The draft has been painted for the first time."""

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) of the draft became [first, first + after)."""

    def moved(self) -> None:
        """The selection is another one."""

    def ghosted(self) -> None:
        """The suggestion appeared, grew, was cycled, taken or closed."""

    def engine_said(self, message: HostMessage) -> None:
        """A request goes on, perhaps one of this feature's own."""

    def focused(self, widget: Widget) -> None:
        """A widget of the screen got the focus."""

    def blurred(self, widget: Widget) -> None:
        """A widget of the screen lost the focus."""

    def settings_changed(self, key: str) -> None:
        """The window's settings are other ones, in `key`."""
