"""What was found, chapter by chapter, each match in its line; a hundred thousand are as quick as ten."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cowrite.core.printable import printable


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter's name, its text, and the places in it that were found."""

    name: str
    text: str
    places: tuple[tuple[int, int], ...]
    trouble: str = ""


Row = tuple[int, int]
"""A section's number, and the number of a place in it; -1 for the section's own row."""

Replacing = Callable[[Row], str | None]
"""What would come in a place; None where nothing is to be shown."""

_SIGNS = 60
"""Characters of the text beside a match that are looked at: more has no room."""


class HitList(ScrollView, can_focus=True):
    """Rows of sections and their places, of which each can be left out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "step(-1)", "Up"),
        ("down", "step(1)", "Down"),
        ("pageup", "page(-1)", "Page up"),
        ("pagedown", "page(1)", "Page down"),
        ("home", "end(-1)", "First"),
        ("end", "end(1)", "Last"),
        ("space", "leave_out", "Leave out"),
        ("enter", "choose", "Go there"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hits--section",
        "hits--beside",
        "hits--gone",
        "hits--new",
        "hits--out",
        "hits--here",
        "hits--trouble",
    }
    DEFAULT_CSS = """
    HitList { height: 1fr; background: $surface; scrollbar-size-vertical: 1; }
    HitList .hits--section { color: $text-accent; text-style: bold; }
    HitList .hits--beside { color: $foreground 70%; }
    HitList .hits--gone { color: $text-error; text-style: bold; }
    HitList .hits--new { color: $text-success; text-style: underline; }
    HitList .hits--out { color: $foreground 40%; text-style: strike; }
    HitList .hits--here { background: $primary 30%; }
    HitList .hits--trouble { color: $text-warning; }
    HitList:ansi .hits--gone { text-style: reverse; }
    HitList:ansi .hits--here { text-style: bold; }
    """

    class Chosen(Message):
        """The writer wants to go to a place, or to a section's first."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Changed(Message):
        """Other places are left out."""

    def __init__(self, replacing: Replacing) -> None:
        super().__init__()
        self._replacing = replacing
        self._sections: list[Section] = []
        self._starts: list[int] = []
        """The row with which each section begins."""
        self._rows = 0
        self._here = 0
        self.left_out: set[Row] = set()

    def clear(self) -> None:
        """Nothing was found yet."""
        self._sections, self._starts, self._rows, self._here = [], [], 0, 0
        self.left_out = set()
        self._grown()
        self.scroll_to(y=0, animate=False)

    def add(self, sections: Iterable[Section]) -> None:
        """More was found."""
        for one in sections:
            self._starts.append(self._rows)
            self._sections.append(one)
            self._rows += 1 + len(one.places)
        self._grown()

    def _grown(self) -> None:
        self.virtual_size = Size(0, self._rows)
        self.refresh()

    @property
    def wanted(self) -> int:
        """How many places are not left out."""
        return self._rows - len(self._sections) - len(self.left_out)

    def row_at(self, number: int) -> Row:
        """What stands in a row."""
        section = bisect_right(self._starts, number) - 1
        return section, number - self._starts[section] - 1

    # Drawing

    def render_line(self, y: int) -> Strip:
        """A row of what is in view."""
        number, width = y + self.scroll_offset.y, self.size.width
        base = self.rich_style
        if number >= self._rows:
            return Strip.blank(width, base)
        section, place = self.row_at(number)
        if number == self._here and self.has_focus:
            base += self.get_component_rich_style("hits--here")
        parts = (
            self._head(self._sections[section], section)
            if place < 0
            else self._hit(self._sections[section], (section, place), width)
        )
        segments = [
            Segment(text, base + self.get_component_rich_style(name, partial=True))
            for text, name in parts
        ]
        return Strip(segments).extend_cell_length(width, base).crop(0, width)

    def _head(self, section: Section, number: int) -> list[tuple[str, str]]:
        if section.trouble:
            return [
                (printable(section.name), "hits--section"),
                ("  " + printable(section.trouble), "hits--trouble"),
            ]
        count, out = len(section.places), sum(1 for row in self.left_out if row[0] == number)
        said = f"  {count - out:,} of {count:,}" if out else f"  {count:,}"
        return [(printable(section.name), "hits--section"), (said, "hits--beside")]

    def _hit(self, section: Section, row: Row, width: int) -> list[tuple[str, str]]:
        start, end = section.places[row[1]]
        text, out = section.text, row in self.left_out
        low = max(start - _SIGNS, text.rfind("\n", 0, start) + 1)
        line_end = text.find("\n", end)
        high = min(end + _SIGNS, len(text) if line_end < 0 else line_end)
        before = _tail(printable(text[low:start].rstrip("\r")), max(8, width // 3 - 4))
        old = printable(text[start : min(end, start + _SIGNS)])
        after = printable(text[end:high].rstrip("\r"))
        new = None if out else self._replacing(row)
        parts = [("   " if out else " • ", "hits--beside"), (before, "hits--beside")]
        parts.append((old, "hits--out" if out else "hits--gone"))
        if new is not None:
            parts += [("→", "hits--beside"), (printable(new[:_SIGNS]), "hits--new")]
        return [*parts, (after, "hits--out" if out and not after.strip() else "hits--beside")]

    # Going and leaving out

    def _go(self, number: int) -> None:
        self._here = min(max(0, number), max(0, self._rows - 1))
        self.scroll_to_region(Region(0, self._here, 1, 1), animate=False)
        self.refresh()

    def on_focus(self) -> None:
        """The row that is meant is told."""
        self.refresh()

    def on_blur(self) -> None:
        """It is not any more."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the row; in the one where one is, leave it out."""
        number = event.y + self.scroll_offset.y
        if number == self._here:
            self.action_leave_out()
        elif number < self._rows:
            self._go(number)

    def action_step(self, step: int) -> None:
        """One row up or down."""
        self._go(self._here + step)

    def action_page(self, step: int) -> None:
        """A page up or down."""
        self._go(self._here + step * max(1, self.size.height - 1))

    def action_end(self, step: int) -> None:
        """To the first or the last row."""
        self._go(0 if step < 0 else self._rows)

    def action_leave_out(self) -> None:
        """Leave the match out, or take it in again; of a chapter's row, all of them."""
        if not self._rows:
            return
        section, place = self.row_at(self._here)
        rows = {(section, n) for n in range(len(self._sections[section].places))}
        if place >= 0:
            rows = {(section, place)}
        if rows <= self.left_out:
            self.left_out -= rows
        else:
            self.left_out |= rows
        self._go(self._here + (1 if place >= 0 else 0))
        self.post_message(self.Changed())

    def action_choose(self) -> None:
        """Go to the match in its draft."""
        if self._rows:
            self.post_message(self.Chosen(self.row_at(self._here)))


def _tail(text: str, width: int) -> str:
    """The end of a text, in exactly so many cells."""
    size = cell_len(text)
    if size <= width:
        return " " * (width - size) + text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return "…" + set_cell_size(text, width - 1)
