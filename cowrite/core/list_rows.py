"""Lines of a list as rows whose signs can be changed: which item is within which, and what number it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.reading import Reading

_SIGNS = re.compile(
    r"((?: {0,3}>[ \t]?)*)([ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+|$)(\[[ xX]\](?:[ \t]+|$))?)?"
)
_NO_ITEM = (
    BlockKind.CODE,
    BlockKind.FENCE,
    BlockKind.FRONT,
    BlockKind.TABLE,
    BlockKind.RULE,
    BlockKind.UNDERLINE,
)
_WIDEST = 4
"""Columns behind a marker that still belong to it; with more, the text is a block of code (CommonMark 5.2)."""
_MOST = 999_999_999
"""The greatest number that an item can have (CommonMark 5.2)."""


@dataclass(slots=True)
class Row:
    """A line of a list. line: its number in the draft, None for one that isn't there yet. goes_on: it belongs
    to the paragraph that the line above is in."""

    line: int | None
    quotes: str
    indent: str
    marker: str
    gap: str
    task: str
    blank: bool
    goes_on: bool = False

    @property
    def number(self) -> int | None:
        """The number of the item, None for one without."""
        return int(self.marker[:-1]) if self.marker[:-1] else None

    @property
    def signs(self) -> str:
        """All that stands before the text."""
        return self.quotes + self.indent + self.marker + self.gap + self.task

    @property
    def at(self) -> int:
        """The column that its marker, or its text, begins at; tabs end at every fourth."""
        return len(self.indent.expandtabs(4))

    @property
    def content(self) -> int:
        """The column from which on a line belongs to the item."""
        wide = len((self.indent + self.marker + self.gap).expandtabs(4)) - self.at
        over = wide - len(self.marker)
        return self.at + len(self.marker) + (over if 1 <= over <= _WIDEST else 1)


def row_of(document: Document, reading: Reading, line: int) -> Row:
    """A line of the draft as a row; without a marker where what looks like one is none, as in code."""
    text = document.line(line)
    found = reading.line(line)
    match = _SIGNS.match(text)
    assert match is not None  # it matches nothing at all too
    quotes, indent, marker, gap, task = (part or "" for part in match.groups())
    kinds = [kind for _, _, kind in found.marks]
    if "quote" not in kinds:
        indent, quotes = quotes + indent, ""
        if quotes != indent and ">" in indent:  # what looks like a quotation is code
            indent = marker = gap = task = ""
    waits = marker and indent and gap and _waits(document, reading, line, text[match.end() :])
    if ("list" not in kinds or found.kind in _NO_ITEM) and not waits:
        marker = gap = task = ""
    blank = not marker and not text[len(quotes) :].strip()
    return Row(line, quotes, indent, marker, gap, task, blank, found.goes_on)


def _waits(document: Document, reading: Reading, line: int, text: str) -> bool:
    """Whether a line that is a marker alone will be an item when there is text behind it.

    Below the text of the item that it is put under, it is that one's underline until then (CommonMark 5.2).
    """
    found = reading.line(line)
    below_text = found.kind is BlockKind.UNDERLINE or found.goes_on
    return (
        below_text
        and not text.strip()
        and line > 0
        and bool(row_of(document, reading, line - 1).marker)
    )


def rows_around(
    document: Document, reading: Reading, first: int, last: int, *, up: int = 300, down: int = 2000
) -> list[Row]:
    """The rows of the list that lines from `first` to `last` are in, so many lines up and down at most."""
    here = [row_of(document, reading, line) for line in range(first, last + 1)]
    depth = here[0].quotes.count(">")
    above: list[Row] = []
    for line in range(first - 1, max(-1, first - 1 - up), -1):
        row = row_of(document, reading, line)
        if not _belongs(row, depth):
            break
        above.append(row)
    below: list[Row] = []
    for line in range(last + 1, min(document.line_count, last + 1 + down)):
        row = row_of(document, reading, line)
        if not _belongs(row, depth):
            break
        below.append(row)
    return [*reversed(above), *here, *below]


def _belongs(row: Row, depth: int) -> bool:
    """Whether a row can be of the list whose rows are in so many quotations."""
    if row.blank or row.goes_on:
        return True
    return row.quotes.count(">") == depth and bool(row.marker or row.indent)


class Kin(NamedTuple):
    """The item that a row is in, and the one before it at the same level, by their places; None for none."""

    parent: int | None
    before: int | None


def kin(rows: Sequence[Row]) -> list[Kin]:
    """Of each row, what it is in and what is before it."""
    out: list[Kin] = []
    open_items: list[int] = []
    for place, row in enumerate(rows):
        if row.blank or (row.goes_on and not row.marker):
            out.append(Kin(open_items[-1] if open_items else None, None))
            continue
        before = None
        while open_items and row.at < rows[open_items[-1]].content:
            before = open_items.pop()
        out.append(Kin(open_items[-1] if open_items else None, before if row.marker else None))
        if row.marker:
            open_items.append(place)
    return out


def below(rows: Sequence[Row], place: int) -> int:
    """The place behind the last row of the item at `place`, with all that is within it."""
    content, end = rows[place].content, place + 1
    for at in range(place + 1, len(rows)):
        row = rows[at]
        if row.blank:
            continue
        if row.at < content and (row.marker or not row.goes_on):
            break
        end = at + 1
    return end


def renumber(rows: list[Row], were: Sequence[Row], moved: int) -> None:
    """Let numbers go on where they did before a row was moved or put in between; changes `rows`.

    were: the rows as they are in the draft. moved: the place in `rows` of the one whose number is anybody's.
    Numbers that were out of order stay; where all are the same, they stay so.
    """
    old = {row.line: place for place, row in enumerate(were)}
    old_kin, new_kin = kin(were), kin(rows)
    for place, row in enumerate(rows):
        number = row.number
        if number is None:
            continue
        now = _of_list(rows, new_kin[place].before, row)
        wanted = number
        if place == moved:
            if now is not None:
                wanted = (rows[now].number or 0) + (not _all_same(rows, new_kin, now, moved))
            elif row.line is not None:
                wanted = 1
        else:
            previous = _of_list(were, old_kin[old[row.line]].before, row)
            if previous is not None:
                step = number - (were[previous].number or 0)
                if step in (0, 1):
                    wanted = 1 if now is None else (rows[now].number or 0) + step
        if wanted != number and wanted <= _MOST:
            _give(rows, place, wanted)


def _all_same(rows: Sequence[Row], family: Sequence[Kin], place: int, moved: int) -> bool:
    """Whether an item has the number of the one before it, or as the first one of what was the second."""
    before = _of_list(rows, family[place].before, rows[place])
    if before is not None:
        return rows[before].number == rows[place].number
    for at in range(place + 1, len(rows)):
        if at != moved and rows[at].marker and family[at].parent == family[place].parent:
            return rows[at].number == rows[place].number
    return False


def _of_list(rows: Sequence[Row], place: int | None, row: Row) -> int | None:
    """The place, where an item stands there whose numbers a row's can follow."""
    if place is None or rows[place].number is None:
        return None
    return place if rows[place].marker[-1] == row.marker[-1] else None


def _give(rows: list[Row], place: int, number: int) -> None:
    """Give an item a number; what is within it moves along where the number is wider or narrower now."""
    end, row = below(rows, place), rows[place]
    marker = f"{number}{row.marker[-1]}"
    wider = len(marker) - len(row.marker)
    row.marker = marker
    for other in rows[place + 1 : end] if wider else ():
        if other.blank:
            continue
        if wider > 0:
            other.indent += " " * wider
        elif other.indent.endswith(" " * -wider):
            other.indent = other.indent[:wider]
