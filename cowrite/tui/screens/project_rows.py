"""What the project's screen shows, as text: rows of chapters and scenes, and the calendar of words. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from cowrite.core.dates import minute
from cowrite.core.printable import printable
from cowrite.core.provenance import Author
from cowrite.core.scenes import Scene
from cowrite.core.wording import counted
from cowrite.logbook.chapter_rows import ChapterRow, ChapterTable, first_day

_QUIET = "$foreground 60%"
_SAID = (
    (Author.WRITER, "you"),
    (Author.MODEL, "model"),
    (Author.PASTE, "pasted"),
    (Author.FILE, "file"),
)


_WHEN = 16
"""Cells of a moment."""
_GAP = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of what stands behind a title. shares: how many authors are named. sharing: their column."""

    words: int = 0
    status: int = 0
    changed: int = 0
    shares: int = 0
    sharing: int = 0

    @property
    def cells(self) -> int:
        """Of all of them, with the gaps before each."""
        shown = (self.words, self.status, self.changed, self.sharing)
        return sum(width + _GAP for width in shown if width)

    @classmethod
    def of(cls, rows: Sequence[ChapterRow], width: int) -> Columns:
        """The most columns with which titles have room in rows of `width` cells.

        The second author goes first, then the last change, then the first author, then the status.
        """
        words = max((len(_words(row)) for row in rows), default=0)
        status = min(_STATUS, max((cell_len(printable(row.status)) for row in rows), default=0))
        longest = max((cell_len(printable(row.title)) for row in rows), default=0) + _NUMBER
        wanted = min(longest, max(_TITLE, width * 2 // 5))
        out = cls(words, status)
        for when, most in ((_WHEN, 2), (_WHEN, 1), (0, 1), (0, 0)):
            sharing = max((len(shares(row, most)) for row in rows), default=0)
            out = cls(words, status, when, most, sharing)
            if width - out.cells >= wanted:
                return out
        return out if width - out.cells >= _TITLE else cls(words)


_NUMBER = 5
"""Cells of a chapter's number and the gap behind it."""
_TITLE = 24
"""Cells that a title has at least, with its number."""
_STATUS = 10
"""Cells of a status at most."""


def chapter_line(number: int, row: ChapterRow, width: int, columns: Columns) -> Content:
    """A chapter in a row of `width` cells: number, title, words of its goal, status, change, shares."""
    label = f"{number:>3}  {row.path.name if row.trouble else row.title}"
    if row.trouble:
        behind = Content.styled(printable(row.trouble), "$text-warning").truncate(width // 2)
        return _line(label, behind, width)
    cells = (
        (f"{_words(row):>{columns.words}}", columns.words),
        (printable(row.status), columns.status),
        (minute(row.changed_ms) if row.changed_ms else "", columns.changed),
        (shares(row, columns.shares), columns.sharing),
    )
    return _line(label, _cells(cells), width)


def scene_line(scene: Scene, width: int, columns: Columns) -> Content:
    """A scene, below its chapter."""
    blank = columns.cells - columns.words - _GAP
    behind = _cells(((f"{scene.words:>{columns.words},}", columns.words), (" ", blank - _GAP)))
    return _line(f"       {scene.title}", behind, width, quiet=True)


def _cells(cells: Iterable[tuple[str, int]]) -> Content:
    """Texts in columns that are so wide; those without width are left out."""
    shown = [
        Content(text).truncate(width, ellipsis=True, pad=True).plain
        for text, width in cells
        if width > 0
    ]
    return Content.styled((" " * _GAP).join(shown), _QUIET)


def _line(label: str, behind: Content, width: int, *, quiet: bool = False) -> Content:
    room = max(8, width - behind.cell_length - _GAP)
    content = Content(printable(label)) if not quiet else Content.styled(printable(label), _QUIET)
    return content.truncate(room, ellipsis=True, pad=True).append(" " * _GAP).append(behind)


def _words(row: ChapterRow) -> str:
    goal = row.goal
    return f"{row.outline.words:,}" + (f"/{goal:,}" if goal else "")


def shares(row: ChapterRow, most: int = 2) -> str:
    """Who wrote how much of a chapter, the most first: `you 82%, model 18%`."""
    total = sum(row.shares.values())
    if not total:
        return ""
    found = sorted(
        ((row.shares.get(author, 0), word) for author, word in _SAID), key=lambda one: -one[0]
    )
    return ", ".join(f"{word} {count / total:.0%}" for count, word in found[:most] if count)


def summed(table: ChapterTable, width: int) -> str:
    """The whole book in a line of `width` cells.

    Where only some chapters have a goal, it says what those have of theirs, if there is room.
    """
    rows = table.rows
    words, aimed = sum(row.outline.words for row in rows), [row for row in rows if row.goal]
    goal = sum(row.goal for row in aimed)
    of = f" of {goal:,}" if goal and len(aimed) == len(rows) else ""
    today = f", {table.days.get(table.today, 0):,} today" if table.days else ""
    some = sum(row.outline.words for row in aimed)
    goals = f", goals {some:,}/{goal:,}" if goal and not of else ""
    said = f"{counted(len(rows), 'chapter')}, {words:,}{of} words{today}"
    return said + goals if len(said + goals) <= width else said


def calendar(table: ChapterTable, weeks: int) -> Iterator[str]:
    """The words that were typed on each day of the last weeks, a week a line, this one last."""
    yield "Typed " + "".join(
        f"{name:>7}" for name in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    )
    begin = first_day(table.today)
    last = begin + datetime.timedelta(days=7 * (((table.today - begin).days // 7) + 1))
    monday = max(begin, last - datetime.timedelta(days=7 * weeks))
    while monday < last:
        days = [monday + datetime.timedelta(days=number) for number in range(7)]
        yield f"{monday:%d %b}" + "".join(f"{_day(table, day):>7}" for day in days)
        monday += datetime.timedelta(days=7)


def _day(table: ChapterTable, day: datetime.date) -> str:
    if day > table.today:
        return ""
    return f"{table.days[day]:,}" if table.days.get(day) else "·"
