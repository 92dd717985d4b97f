"""Edit before accepting: the ghost in a pane of its own, where the writer may change any of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from cowrite.core.printable import printable
from cowrite.tui.editor.editor import typed
from cowrite.tui.parts import PartMessage

ABOUT = "Change the suggestion before it goes in"
GROWING = "Still being written; what you type stops the model"
_NEW_LINE = ("ctrl+j", "shift+enter", "ctrl+enter", "ctrl+shift+enter")
STOPPED = "The model has stopped; change the suggestion before it goes in"


class _Text(TextArea):
    """Textual's text area, with what comes from outside made safe to show.

    Textual calls the text area's own handlers after these, unless they prevent it.
    """

    def on_mount(self) -> None:
        self.show_vertical_scrollbar = True
        self.cursor_blink = self.app.animation_level != "none"

    over = False
    """Whether the text was accepted: keys that wait here still are for the draft."""

    async def _on_key(self, event: events.Key) -> None:
        """Enter accepts, and no line break is written.

        What other keys are bound to is done here and now: Textual would do it when the key has come back to
        the app, behind letters that were typed after it.
        """
        bound = self._bindings.key_to_bindings.get(event.key)
        if event.key in _NEW_LINE and not self.over:
            self.insert("\n")
        elif self.over or event.key in ("enter", "tab"):
            pane = self.parent
            assert isinstance(pane, GhostPane)
            pane.take(None if self.over else self.text, event)
            self.over = True
        elif bound:
            await self.run_action(bound[0].action)
        elif typed(event) is not None and not event.is_printable:
            self.insert(event.character or "")
        else:
            return
        event.stop()
        event.prevent_default()

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

    class Touched(PartMessage):
        """The writer changed the text while the model was writing it."""

    class Closed(PartMessage):
        """Back to the draft; the ghost stays as it was."""

    def __init__(
        self,
        text: str,
        accept: Callable[[str], None],
        behind: Callable[[events.Key], object],
        *,
        growing: bool = False,
    ) -> None:
        """accept: takes the text in the ghost's place. behind: takes keys that came after that."""
        super().__init__()
        self._accept, self._behind = accept, behind
        self._text = printable(text, keep="\n\t")
        self._growing = growing
        self._touched = False
        self._about = Static(GROWING if growing else ABOUT, classes="about", markup=False)

    def compose(self) -> ComposeResult:
        yield self._about
        yield _Text(self._text, soft_wrap=True, compact=True, highlight_cursor_line=False)

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        self.screen.set_focus(area)

    def take(self, text: str | None, key: events.Key) -> None:
        """Accept the text; None: that was done, and `key` is for the draft."""
        if text is not None:
            self._accept(text)
        else:
            self._behind(events.Key(key.key, key.character))

    def grow(self, text: str, *, growing: bool) -> None:
        """The model has written on: take that over, unless the writer has changed something by now."""
        if not self._growing or not self.is_mounted:
            return
        area = self.query_one(TextArea)
        self._look(area)
        if not self._touched:
            fresh = printable(text, keep="\n\t")
            before, self._text = self._text, fresh
            if fresh.startswith(before):
                area.insert(fresh[len(before) :], area.document.end)
            else:
                area.load_text(fresh)
                area.move_cursor(area.document.end)
        self._growing = growing and not self._touched
        self._about.update(GROWING if self._growing else ABOUT)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._look(event.text_area)

    def _look(self, area: TextArea) -> None:
        """See whether the text is still the model's."""
        if self._growing and not self._touched and area.text != self._text:
            self._touched, self._growing = True, False
            self._about.update(STOPPED)
            self.post_message(self.Touched())

    def action_close(self) -> None:
        self.post_message(self.Closed())
