"""The player's bar: how far the session is, how fast it goes, and where its events lie."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cowrite.core.printable import printable
from cowrite.logbook.replay.playtime import clock
from cowrite.tui.widgets.status import shortened

_LEAST_BAR = 8

Piece = tuple[str, str]
"""A text and its style."""


@dataclass(frozen=True, slots=True)
class ProgressFacts:
    """share, stops: 0 to 1, how much was played and where requests, decisions and saves are."""

    name: str
    passed_ms: int
    length_ms: int
    share: float
    playing: bool
    speed: float
    skip_idle: bool
    stops: tuple[float, ...] = ()


def compose_bar(facts: ProgressFacts, width: int) -> tuple[list[Piece], int, int]:
    """The line's pieces for `width` cells, and the cell and length of the bar in it (length 0: no room).

    The name goes first where it is narrow, then what is said of idle time, then the bar.
    """
    state = "playing" if facts.playing else "paused "
    whole = clock(facts.length_ms)
    left = f" {state}  {clock(facts.passed_ms).rjust(len(whole))} / {whole}  "
    speed = f"  {facts.speed:g}×".ljust(6)
    idle = "  idle skipped" if facts.skip_idle else "  real time"
    room = width - cell_len(left) - cell_len(speed) - 1
    if room - len(idle) < _LEAST_BAR:
        idle = ""
    room -= len(idle)
    name = "  " + shortened(printable(facts.name), 24)
    if room - cell_len(name) < 2 * _LEAST_BAR:
        name = ""
    size = room - cell_len(name)
    if size < _LEAST_BAR:
        return [(shortened(left.rstrip(), max(1, width)), "$foreground")], 0, 0
    pieces = [
        (left, "$foreground"),
        *_bar(facts, size),
        (speed, "$foreground"),
        (idle, "$foreground 60%"),
        (name, "$foreground 60%"),
    ]
    return pieces, cell_len(left), size


def _bar(facts: ProgressFacts, size: int) -> list[Piece]:
    done = round(min(max(facts.share, 0.0), 1.0) * size)
    stops = {min(size - 1, int(stop * size)) for stop in facts.stops}
    if len(stops) > size // 2:  # everywhere is nowhere
        stops = set()
    pieces: list[Piece] = []
    for cell in range(size):
        text, style = ("┿" if cell in stops else "━"), "$text-primary"
        if cell >= done:
            text, style = ("┼" if cell in stops else "─"), "$foreground 40%"
        if pieces and pieces[-1][1] == style:
            pieces[-1] = (pieces[-1][0] + text, style)
        else:
            pieces.append((text, style))
    return pieces


class ProgressLine(Widget):
    """Shows `facts`; a click on the bar goes there."""

    DEFAULT_CSS = """
    ProgressLine { height: 1; background: $surface; color: $foreground; }
    """

    class Pointed(Message):
        """A place of the bar was clicked: a share of the playing time."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def __init__(self, facts: ProgressFacts) -> None:
        super().__init__(id="progress")
        self._facts = facts

    @property
    def facts(self) -> ProgressFacts:
        return self._facts

    @facts.setter
    def facts(self, facts: ProgressFacts) -> None:
        if facts == self._facts:
            return
        width = self.size.width
        same = compose_bar(facts, width) == compose_bar(self._facts, width)
        self._facts = facts
        if not same:  # a frame changes it less than a cell, as a rule
            self.refresh()

    def render(self) -> Content:
        return Content.assemble(*compose_bar(self._facts, self.size.width)[0])

    def on_click(self, event: events.Click) -> None:
        """Go to what was clicked."""
        _, start, size = compose_bar(self._facts, self.size.width)
        if size and start <= event.x < start + size:
            self.post_message(self.Pointed((event.x - start) / max(1, size - 1)))
