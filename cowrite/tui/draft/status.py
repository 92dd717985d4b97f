"""What the status line says of a draft: the facts, and for a moment a note in the place of its counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.screen import Screen
from textual.timer import Timer

from cowrite.tui.widgets.status import Pieces, StatusFacts, StatusLine

FLASH, LEGEND = 2.0, 6.0
"""Seconds that a note stays, and a legend that is compared with the page."""


class DraftStatus:
    """Keeps the line up to date. facts: how things are now, but for the note and the model's progress."""

    def __init__(self, screen: Screen[None], facts: Callable[[], StatusFacts]) -> None:
        self._screen, self._facts = screen, facts
        self._note: str | Pieces = ""
        self._flashing: Timer | None = None
        self._progress: float | None = None
        self.line = StatusLine(StatusFacts(""))

    def renew(self) -> None:
        """Bring the line up to date."""
        self.line.facts = replace(self._facts(), note=self._note, progress=self._progress)

    def flash(self, note: str | Pieces) -> None:
        """Say something in the place of the counts, for a moment; a legend for long enough to compare."""
        if self._flashing is not None:
            self._flashing.stop()  # or the note before would take this one with it
        self._note = note
        self.renew()
        seconds = FLASH if isinstance(note, str) else LEGEND
        self._flashing = self._screen.set_timer(seconds, self.clear)

    def clear(self) -> None:
        """Take the note away."""
        self._note = ""
        self.renew()

    def take_back(self, note: str) -> None:
        """Take a note away that is no longer true, if it is still there."""
        if self._note == note:
            self.clear()

    def show_progress(self, share: float | None) -> None:
        """How far the model is being made ready, 0 to 1; None when it is over."""
        self._progress = share
        self.renew()
