"""Edit before accepting: the ghost in a pane of its own, where the writer may change any of it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static, TextArea

from cowrite.core.printable import printable


class _Text(TextArea):
    """Textual's text area, with what comes from outside made safe to show.

    Textual calls the text area's own handlers after these, unless they prevent it.
    """

    def on_mount(self) -> None:
        self.show_vertical_scrollbar = True
        self.cursor_blink = self.app.animation_level != "none"

    async def _on_key(self, event: events.Key) -> None:
        """Enter accepts; the pane is told, and no line break is written."""
        if event.key in ("enter", "tab", "ctrl+j", "shift+enter"):
            event.stop()
            event.prevent_default()
            if event.key in ("ctrl+j", "shift+enter"):
                self.insert("\n")
            else:
                self.post_message(GhostPane.Accepted(self.text))

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = printable(event.text, keep="\n\t")


class GhostPane(Vertical):
    """Holds the ghost's text until it is accepted or given up."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "close", "Back")]
    DEFAULT_CSS = """
    GhostPane { height: auto; max-height: 60%; background: $surface; border-top: solid $border; padding: 0 1; }
    GhostPane .about { color: $foreground 60%; height: 1; }
    GhostPane TextArea {
        height: auto; min-height: 1; max-height: 12; border: none; padding: 0;
        background: $surface; scrollbar-size: 1 1;
    }
    GhostPane TextArea:focus { border: none; }
    """

    class Accepted(Message):
        """Take this text in the ghost's place."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """Back to the draft; the ghost stays as it was."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = printable(text, keep="\n\t")

    def compose(self) -> ComposeResult:
        yield Static(
            "Change the suggestion before it goes in",
            classes="about",
            markup=False,
        )
        yield _Text(self._text, soft_wrap=True, compact=True, highlight_cursor_line=False)

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        self.screen.set_focus(area)

    def action_close(self) -> None:
        self.post_message(self.Closed())
