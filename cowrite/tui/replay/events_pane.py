"""The events around now, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from cowrite.core.printable import printable
from cowrite.logbook.replay.playtime import clock
from cowrite.logbook.replay.timeline import EntryKind, TimelineEntry

_COLOURS = {
    EntryKind.ASKED: "$text-secondary",
    EntryKind.TOOK: "$text-success",
    EntryKind.REFUSED: "$text-warning",
    EntryKind.SAVED: "$text-primary",
}
_LONGEST = 200
"""Characters of a quoted text that are looked at."""


def line(entry: TimelineEntry, width: int, clock_width: int) -> tuple[str, str, str]:
    """The entry's time, what happened, and its words, as far as `width` cells hold them."""
    time = clock(entry.at_ms).rjust(clock_width)
    said = _begun(printable(entry.said), max(1, width - clock_width - 1))
    room = width - clock_width - 2 - cell_len(said)
    words = " ".join(entry.quoted[:_LONGEST].split())
    quoted = _begun(printable(words), room) if words and room > 3 else ""
    return time, said, quoted


def _begun(text: str, width: int) -> str:
    """The beginning of a text in at most `width` cells."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


class EventsPane(Widget):
    """Keeps what happened last a little below the middle, with what comes below it, dimmed."""

    DEFAULT_CSS = """
    EventsPane { width: 38; height: 1fr; background: $surface; color: $foreground; padding: 1 1 0 1; }
    EventsPane.-wide { width: 46; }
    """

    def __init__(self, entries: Sequence[TimelineEntry]) -> None:
        super().__init__(id="events")
        self._entries = entries
        self._current = -1

    def show(self, entries: Sequence[TimelineEntry], current: int) -> None:
        """Show the entries around the one with index `current`; -1 for the time before the first."""
        if current != self._current or entries is not self._entries:
            self._entries, self._current = entries, current
            self.refresh()

    def rows(self, height: int) -> range:
        """The indexes of the entries that `height` rows show."""
        first = min(self._current - (2 * height) // 3, len(self._entries) - height)
        first = max(0, first)
        return range(first, min(len(self._entries), first + height))

    def render(self) -> Content:
        width, height = self.content_size
        rows = self.rows(height)
        if not rows:
            return Content("")
        clock_width = max(len(clock(self._entries[index].at_ms)) for index in rows)
        parts: list[tuple[str, str]] = []
        for index in rows:
            parts += self._styled(index, width, clock_width)
        return Content.assemble(*parts)

    def _styled(self, index: int, width: int, clock_width: int) -> list[tuple[str, str]]:
        entry = self._entries[index]
        time, said, quoted = line(entry, width, clock_width)
        quoted = f" {quoted}" if quoted else ""
        if index > self._current:
            return [(f"{time} {said}{quoted}\n", "$foreground 32%")]
        now = index == self._current
        colour = _COLOURS.get(entry.kind, "$foreground")
        return [
            (time, "$foreground" if now else "$foreground 45%"),
            (f" {said}", f"bold {colour}" if now else colour),
            (f"{quoted}\n", "$foreground" if now else "$foreground 60%"),
        ]
