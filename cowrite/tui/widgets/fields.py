"""Textual's input line, made safe to show: a control code in it would reach the terminal."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.widgets import Input

from cowrite.core.printable import printable


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

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        """Keys with alt or ctrl are for bindings, never text, whatever character they carry."""
        if event.key.startswith(("alt+", "ctrl+")):
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.text = printable(" ".join(event.text.split("\n")).strip("\r"))
