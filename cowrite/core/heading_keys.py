"""Headings of Markdown made higher and lower by key. Pure: gives the change to make."""

from __future__ import annotations

from cowrite.core.blocks import BlockKind
from cowrite.core.change import Change, Piece, carried, least
from cowrite.core.document import Document
from cowrite.core.reading import Reading

LOWEST = 6
_NO_HEADING = (
    BlockKind.HEADING,
    BlockKind.CODE,
    BlockKind.FENCE,
    BlockKind.FRONT,
    BlockKind.HTML,
    BlockKind.TABLE,
    BlockKind.RULE,
    BlockKind.DEFINITION,
)
_ABOVE = 2000
"""Lines above a paragraph that are looked through for the heading whose level it gets."""


def shift(document: Document, reading: Reading, low: int, high: int, *, up: bool) -> Change | None:
    """Make the headings from `low` to `high` one level higher or lower.

    A paragraph alone becomes a heading beside the one above it (`up`), or one below it. Above the highest level
    a heading is text again, at the lowest it stays. None where there is nothing to change, as in a table or in
    code.
    """
    first, last = document.line_at(low), document.line_at(high)
    if last > first and high == document.line_start(last):
        last -= 1
    pieces: list[Piece] = []
    for line in range(first, last + 1):
        if reading.line(line).kind is BlockKind.HEADING:
            pieces += _shifted(document, reading, line, -1 if up else 1)
    if not pieces and first == last:
        pieces += _made(document, reading, first, up=up)
    if not pieces:
        return None
    done = tuple(pieces)
    return Change(done, (carried(done, low), carried(done, high)))


def _shifted(document: Document, reading: Reading, line: int, by: int) -> list[Piece]:
    """A heading at another level; with an underline, it loses that, where it is one line."""
    found, text, start = reading.line(line), document.line(line), document.line_start(line)
    level = found.level + by
    if level > LOWEST:
        return []
    under = line + 1 < document.line_count and (reading.line(line + 1).kind is BlockKind.UNDERLINE)
    signs = "#" * level + " " if level else ""
    if under and not found.goes_on:
        end = document.line_end(line)
        piece = (start + found.start, start + found.start, signs)
        return [piece, (end, document.line_end(line + 1), "")]
    mark = found.start - found.level
    if text[mark : found.start] != "#" * found.level:
        return []  # one with an underline that is several lines long
    rest = text[found.start :]
    behind = found.start + len(rest) - len(rest.lstrip(" \t"))
    out = [least(start + mark, text[mark:behind], signs)]
    bare = text.rstrip(" \t")
    closing = len(bare) - len(bare.rstrip("#"))
    if closing and len(bare) - closing > behind and bare[-closing - 1] in " \t":
        body = bare[:-closing].rstrip(" \t")
        out.append((start + len(body), start + len(text), ""))
    return out


def _made(document: Document, reading: Reading, line: int, *, up: bool) -> list[Piece]:
    """A heading of a paragraph's line, at the level of the heading above, or one lower."""
    found = reading.line(line)
    if found.kind in _NO_HEADING or found.kind is BlockKind.UNDERLINE:
        return []
    above = 0
    for other in range(line - 1, max(-1, line - _ABOVE), -1):
        if reading.line(other).kind is BlockKind.HEADING:
            above = reading.line(other).level
            break
    level = min(LOWEST, max(1, above if up else above + 1))
    place = document.line_start(line) + (
        len(document.line(line)) if found.kind is BlockKind.BLANK else found.start
    )
    return [(place, place, "#" * level + " ")]
