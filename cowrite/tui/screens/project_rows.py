"""What the project's screen shows, as text: rows of chapters and scenes, and the calendar of words. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from textual.content import Content

from cowrite.core.dates import minute
from cowrite.core.printable import printable
from cowrite.core.provenance import Author
from cowrite.core.scenes import Scene
from cowrite.core.wording import counted
from cowrite.logbook.chapter_rows import ChapterRow, ChapterTable, first_day

WIDE = 84
"""Cells of a row in which everything has room; below, the last change is left out, then the shares."""
_MIDDLE = 64

_QUIET = "$foreground 60%"
_SAID = (
    (Author.WRITER, "you"),
    (Author.MODEL, "model"),
    (Author.PASTE, "pasted"),
    (Author.FILE, "file"),
)


def chapter_line(number: int, row: ChapterRow, width: int) -> Content:
    """A chapter in a row of `width` cells: number, title, words of its goal, status, change, shares."""
    if row.trouble:
        behind = Content.styled(printable(row.trouble), "$text-warning")
        return _line(f"{number:>3}  {row.path.name}", behind.truncate(width // 2), width)
    parts = [f"{_words(row):>14}", f"{_cut(row.outline.status, 10):<10}"]
    if width >= WIDE:
        parts.append(minute(row.changed_ms) if row.changed_ms else " " * 16)
    if width >= _MIDDLE:
        parts.append(
            f"{shares(row, most=2 if width >= WIDE else 1):<22}"[: 22 if width >= WIDE else 11]
        )
    behind = Content.styled("  ".join(parts), _QUIET)
    return _line(f"{number:>3}  {row.title}", behind, width)


def scene_line(scene: Scene, width: int) -> Content:
    """A scene, below its chapter."""
    after = WIDE_BEHIND if width >= WIDE else MIDDLE_BEHIND if width >= _MIDDLE else 12
    behind = Content.styled(f"{scene.words:>14,}" + " " * after, _QUIET)
    return _line(f"       {scene.title}", behind, width, quiet=True)


WIDE_BEHIND, MIDDLE_BEHIND = 12 + 18 + 24, 12 + 13
"""Cells behind the words of a row."""


def _line(label: str, behind: Content, width: int, *, quiet: bool = False) -> Content:
    room = max(8, width - behind.cell_length - 2)
    content = Content(printable(label)) if not quiet else Content.styled(printable(label), _QUIET)
    return content.truncate(room, ellipsis=True, pad=True).append("  ").append(behind)


def _cut(text: str, most: int) -> Content | str:
    shown = printable(text)
    return Content(shown).truncate(most, ellipsis=True, pad=True).plain


def _words(row: ChapterRow) -> str:
    goal = row.outline.goal
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


def summed(table: ChapterTable) -> str:
    """The whole book in a line."""
    rows = table.rows
    words, goal = sum(row.outline.words for row in rows), sum(row.outline.goal for row in rows)
    of = f" of {goal:,}" if goal else ""
    today = table.days.get(table.today, 0)
    said = f", {counted(today, 'word')} typed today" if table.days else ""
    return f"{counted(len(rows), 'chapter')}, {words:,}{of} words{said}"


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
