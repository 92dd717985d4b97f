"""What the input thread tells the interface, beside keys and the mouse."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.message import Message


class TerminalBackground(Message):
    """The terminal said how bright its background is: 0 (black) to 1 (white)."""

    def __init__(self, luminance: float) -> None:
        super().__init__()
        self.luminance = luminance


class TerminalGone(Message):
    """The terminal was closed: nothing can be read from it any more."""


class InputFailed(Message):
    """Something that the terminal sent could not be dealt with, and was left out. report: the crash report."""

    def __init__(self, report: Path | None) -> None:
        super().__init__()
        self.report = report


class Paste(events.Paste):
    """A paste, or (goes_on) more of the one before, which came slowly. Handled by `on_paste`, as any paste."""

    def __init__(self, text: str, *, goes_on: bool) -> None:
        super().__init__(text)
        self.goes_on = goes_on
