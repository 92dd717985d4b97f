"""Textual's input line, made safe to show: a control code in it would reach the terminal."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.widgets import Input

from cowrite.core.printable import printable
from cowrite.tui.editor.editor import typed


class SafeInput(Input):
    """One line, whose control codes are shown as signs; a paste loses them, and its line breaks.

    Textual calls the handlers of the class below after these, unless they prevent it.
    """

    @property
    def _value(self) -> Text:
        """What is drawn of the value: as many characters, all of them harmless."""
        return Text(printable(self.value), no_wrap=True, overflow="ignore", end="")

    def on_mount(self) -> None:
        """Nothing blinks for a writer who wants no motion."""
        self.cursor_blink = self.app.animation_level != "none"

    async def _on_key(self, event: events.Key) -> None:
        """Write what the editor would write; what the line's own keys are bound to is done here and now.

        Textual would do that when the key has come back to the app, behind letters that were typed after it.
        """
        text = typed(event)
        if await self._is_bound(event.key):
            event.stop()
        elif text is not None and not event.is_printable:
            self._write(text)
            event.stop()
        elif text is not None:
            return
        event.prevent_default()

    async def _is_bound(self, key: str) -> bool:
        """Do what a key is bound to in this line; false where that is nothing, or can't be done."""
        for binding in self._bindings.key_to_bindings.get(key, ()):
            if await self.app.run_action(binding.action, self):
                return True
        return False

    def _write(self, text: str) -> None:
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        event.text = printable(" ".join(event.text.split("\n")).strip("\r"))
