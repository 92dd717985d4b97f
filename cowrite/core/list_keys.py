"""What Enter, Tab and Shift+Tab do in lists and quotations of Markdown. Pure: they give the change to make."""

from __future__ import annotations

from dataclasses import replace

from cowrite.core.blocks import BlockKind
from cowrite.core.change import Change, Piece, carried, least
from cowrite.core.document import Document
from cowrite.core.list_rows import Row, below, kin, renumber, row_of, rows_around
from cowrite.core.reading import Reading

_ALONE = (BlockKind.FRONT, BlockKind.TABLE)


def new_line(document: Document, reading: Reading, start: int, end: int) -> Change | None:
    """The new line that takes the place of the text from `start` to `end`: the next item, or more of the
    quotation; at an empty one, its end. None where it is a line like any other, as in a table.
    """
    line, column = document.locate(start)
    row = row_of(document, reading, line)
    if reading.line(line).kind in _ALONE or not (row.marker or row.quotes):
        return None
    signs = len(row.signs)
    text = document.line(line)
    if column < signs and not (column == len(text) == len(row.signs.rstrip())):
        return None
    if start == end and not text[signs:].strip():
        return _end(document, reading, row)
    last = document.line_at(end)
    after = document.slice(end, document.line_end(last))
    end += len(after) - len(after.lstrip(" \t"))
    if not row.marker:
        return _put(start, end, document.newline + row.quotes + row.indent)
    were = rows_around(document, reading, line, last)
    place = next(at for at, one in enumerate(were) if one.line == line)
    gap = row.gap or " "
    task = "[ ] " if row.task else ""
    fresh = replace(row, line=None, gap=gap, task=task, blank=False, goes_on=False)
    rows = [replace(one) for one in (*were[: place + 1], *were[place + 1 + last - line :])]
    rows.insert(place + 1, fresh)
    renumber(rows, were, place + 1)
    return _put(start, end, document.newline + fresh.signs, _pieces(document, were, rows))


def _put(start: int, end: int, text: str, behind: tuple[Piece, ...] = ()) -> Change:
    place = start + len(text)
    return Change(((start, end, text), *behind), (place, place))


def _end(document: Document, reading: Reading, row: Row) -> Change:
    """An empty item goes one level up; from the first level, and for a quotation, a blank line ends it."""
    assert row.line is not None
    if row.marker:
        here = document.line_end(row.line)
        outer = outdent(document, reading, here, here)
        if outer is not None and outer.pieces:
            return outer
        rest = row.quotes
    else:
        rest = row.quotes[: row.quotes.rstrip().rfind(">")]
    above = row_of(document, reading, row.line - 1) if row.line else None
    parted = above is None or above.blank
    text = rest if parted else rest.rstrip() + document.newline + rest
    start = document.line_start(row.line)
    return _put(start, document.line_end(row.line), text)


def indent(
    document: Document, reading: Reading, low: int, high: int, *, tabs: bool = False
) -> Change | None:
    """Put the items from `low` to `high` under the one before them. None where there are none.

    tabs: indent by a tab and not by spaces. Without one before, nothing changes.
    """
    found = _items(document, reading, low, high)
    if found is None:
        return None
    were, first, last = found
    above = kin(were)[first].before
    if above is None:
        return Change((), (low, high))
    rows = [replace(row) for row in were]
    child = next((row for row in rows[above + 1 : first] if row.marker), None)
    head = rows[above]
    if child is not None and child.at >= head.content:
        target = child.indent
    elif tabs:
        target = head.indent + "\t"
    else:
        target = head.indent + " " * (head.content - head.at)
    return _moved(document, were, rows, (first, last), target, (low, high))


def outdent(document: Document, reading: Reading, low: int, high: int) -> Change | None:
    """Bring the items from `low` to `high` one level up. None where there are none."""
    found = _items(document, reading, low, high)
    if found is None:
        return None
    were, first, last = found
    parent = kin(were)[first].parent
    target = "" if parent is None else were[parent].indent
    if target == were[first].indent:
        return Change((), (low, high))
    rows = [replace(row) for row in were]
    return _moved(document, were, rows, (first, last), target, (low, high))


def _items(
    document: Document, reading: Reading, low: int, high: int
) -> tuple[list[Row], int, int] | None:
    """The list around a selection that begins in an item, and the places of its first and last row."""
    first, last = document.line_at(low), document.line_at(high)
    if last > first and high == document.line_start(last):
        last -= 1
    if not row_of(document, reading, first).marker:
        return None
    rows = rows_around(document, reading, first, last)
    place = next(at for at, row in enumerate(rows) if row.line == first)
    return rows, place, place + last - first


def _moved(
    document: Document,
    were: list[Row],
    rows: list[Row],
    span: tuple[int, int],
    target: str,
    selection: tuple[int, int],
) -> Change:
    """Rows of a span, with what is within the last, with `target` as the first one's indentation."""
    first, last = span
    end = max(below(rows, place) for place in range(first, last + 1) if rows[place].marker)
    was = rows[first].indent
    delta = len(target.expandtabs(4)) - rows[first].at
    for row in rows[first : max(end, last + 1)]:
        if row.blank:
            continue
        if row.indent.startswith(was):
            row.indent = target + row.indent[len(was) :]
        else:
            row.indent = " " * max(0, row.at + delta)
    renumber(rows, were, first)
    pieces = _pieces(document, were, rows)
    low, high = selection
    return Change(pieces, (carried(pieces, low), carried(pieces, high)))


def _pieces(document: Document, were: list[Row], rows: list[Row]) -> tuple[Piece, ...]:
    """What makes the rows as they shall be of those that are in the draft."""
    old = {row.line: row for row in were}
    out: list[Piece] = []
    for row in rows:
        before = old.get(row.line)
        if row.line is None or before is None or before == row:
            continue
        start = document.line_start(row.line) + len(before.quotes)
        out.append(least(start, before.indent + before.marker, row.indent + row.marker))
    return tuple(out)
