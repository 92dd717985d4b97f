"""The editor: a page that listens to the keyboard.

It draws a session's draft and calls the session's methods; it holds no text of its own. The session's
listener is the editor, or somebody who passes `changed`, `moved` and `ghosted` on to it.
"""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.timer import Timer

from cowrite.session.draft import DraftSession
from cowrite.tui.commands.action import Action, Home, When
from cowrite.tui.commands.actions import BY_ID
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor import painting
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.pointing import PointingPage
from cowrite.tui.terminal.keyreports import is_text
from cowrite.tui.terminal.messages import Paste

_BLINK = 0.53


class Editor(PointingPage, inherit_bindings=False):
    """A prose editor over a `session`, with a `keymap` that may be changed at any time."""

    class StatusChanged(Message):
        """The engine's state, the draft's name or its dirty mark is another one."""

    class Told(Message):
        """The session has something to tell the writer."""

        def __init__(self, message: str, hint: str, severity: str) -> None:
            super().__init__()
            self.message, self.hint, self.severity = message, hint, severity

    def __init__(
        self,
        session: DraftSession,
        *,
        keymap: Keymap | None = None,
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(session, look=look, name=name, id=id, classes=classes)
        self.keymap = keymap or Keymap()
        self._blinker: Timer | None = None

    # Listener: `changed`, `moved` and `ghosted` are the page's

    def status(self) -> None:
        """The engine's state, the draft's name or its dirty mark is another one."""
        self.post_message(self.StatusChanged())

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something."""
        self.post_message(self.Told(message, hint, severity))

    # Keys

    def find_action(self, key: str) -> Action | None:
        """What a key does now.

        A suggestion that was asked for and has no text yet holds the ghost's keys, so that an early tab does
        not end up in the draft.
        """
        session = self.session
        pending = session.suggestion is not None
        ghost = bool(session.ghost) or (pending and not session.requests.options.auto)
        diff = session.instructions.is_at(session.cursor)
        action = self.keymap.find(key, ghost=ghost, diff=diff)
        if action is None and pending:
            action = self.keymap.find(key, ghost=True)
            return action if action is not None and action.id == "reject" else None
        return action

    async def _on_key(self, event: events.Key) -> None:
        action = self.find_action(event.key)
        if action is None:
            text = typed(event)
            if text is None:
                return
            self._begin_key(event)
            self.write(text)
        elif action.home is Home.EDITOR:
            self._begin_key(event)
            self.run(action)
        else:
            return
        self._end_key()

    def _begin_key(self, event: events.Event) -> None:
        event.stop()
        event.prevent_default()
        self._hold()

    def _end_key(self) -> None:
        """Show what a key did at once, unless more keys wait."""
        self._restart_blink()
        if self._let_go():
            self.settle()
            painting.now(self)
            self._tell_terminal_cursor()

    def run(self, action: Action | str) -> None:
        """Carry out one of the editor's own actions, as from a palette."""
        found = BY_ID[action] if isinstance(action, str) else action
        if found.when is When.GHOST and self.session.suggestion is None:
            return
        if found.when is When.DIFF and self.session.rewrite is None:
            return
        getattr(self, found.method)()

    def _on_paste(self, event: events.Paste) -> None:
        self._begin_key(event)
        if event.text:
            self.session.paste(event.text, goes_on=isinstance(event, Paste) and event.goes_on)
        self._end_key()

    def _tell_terminal_cursor(self) -> None:
        """Let input methods open their windows where the writer writes."""
        cell = self.cursor_cell()
        if cell is not None:
            self.app.cursor_position = cell

    # Blinking

    def on_mount(self) -> None:
        """Begin to blink where that is wanted. (Textual calls the page's `on_mount` by itself.)"""
        self._restart_blink()

    def set_look(self, look: Look) -> None:
        """Show the draft in another way."""
        super().set_look(look)
        self._restart_blink()

    def _restart_blink(self) -> None:
        self._show_cursor(True)
        if self.look.blink and self.is_mounted:
            if self._blinker is None:
                self._blinker = self.set_interval(_BLINK, self._blink)
            else:
                self._blinker.reset()
        elif self._blinker is not None:
            self._blinker.stop()
            self._blinker = None

    def _blink(self) -> None:
        self._show_cursor(not self._cursor_on or not self.has_focus)


_COMMANDS = ("ctrl+", "alt+", "super+", "meta+", "hyper+")


def typed(event: events.Key) -> str | None:
    """The text of a key that is to be written, None for a key that isn't.

    Spaces of every kind, joiners and marks that input methods send on their own are text too; control
    characters never are, and a key with Ctrl or Alt is a command.
    """
    character = event.character
    if character is None or event.key.startswith(_COMMANDS):
        return None
    return character if is_text(character) else None
