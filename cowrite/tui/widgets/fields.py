"""Textual's input line, with pastes made safe to show: a control code in one would reach the terminal."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from cowrite.core.printable import printable


class SafeInput(Input):
    """One line. A paste loses its line breaks and its control codes.

    Textual calls the handlers of the class below after these, unless they prevent it.
    """

    def _on_key(self, event: events.Key) -> None:  # type: ignore[override]
        """Keys with alt or ctrl are for bindings, never text, whatever character they carry."""
        if event.key.startswith(("alt+", "ctrl+")):
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        event.text = printable(" ".join(event.text.split("\n")).strip("\r"))
