"""A draft's prose without its markup, a paragraph at a time, each with where it stands in the draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.blocks import BlockKind, Line
from cowrite.core.document import Document
from cowrite.core.reading import Reading


class Kind(StrEnum):
    """What a block of a draft is."""

    PROSE = "prose"
    HEADING = "heading"
    QUOTATION = "quotation"
    CODE = "code"
    OTHER = "other"
    """Tables, HTML, addresses of links, front matter."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its text as a reader sees it, and [start, end) in the draft, code points."""

    kind: Kind
    text: str
    start: int
    end: int


_KINDS = {
    BlockKind.PARAGRAPH: Kind.PROSE,
    BlockKind.HEADING: Kind.HEADING,
    BlockKind.CODE: Kind.CODE,
    BlockKind.FENCE: Kind.CODE,
}
_BETWEEN = frozenset({BlockKind.BLANK, BlockKind.RULE, BlockKind.UNDERLINE})
_NO_TEXT = frozenset({"delimiter", "escape", "mark", "address", "html", "comment"})
"""Spans that are signs of markup, as `core.inline` names them."""

_VERSE = 50
"""Lines that are all shorter than this are verses, or a list: their ends are kept."""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a draft, in order. Blank lines and rules divide them, and are none."""
    document = Document(text)
    reading = Reading(document)
    lines: list[str] = []
    kind, start, end = Kind.OTHER, 0, 0
    for index in range(document.line_count):
        line = reading.line(index)
        found = None if line.kind in _BETWEEN else _kind(line, document.line(index))
        if lines and (found is not kind or _begins(line)):
            yield Block(kind, _joined(kind, lines), start, end)
            lines = []
        if found is None:
            continue
        if not lines:
            kind, start = found, document.line_start(index)
        end = document.line_start(index) + len(document.line(index))
        lines.append(_without_signs(reading, document, index))
    if lines:
        yield Block(kind, _joined(kind, lines), start, end)


def _begins(line: Line) -> bool:
    """Whether a line of text is the first of its block."""
    return line.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING) and not line.goes_on


def _kind(line: Line, text: str) -> Kind:
    kind = _KINDS.get(line.kind, Kind.OTHER)
    if kind is Kind.PROSE and any(">" in text[start:end] for start, end, *_ in line.marks):
        return Kind.QUOTATION
    return kind


def _without_signs(reading: Reading, document: Document, index: int) -> str:
    """A line as a reader sees it: no signs of emphasis, lists, headings or links, no comments."""
    line, text = reading.line(index), document.line(index)
    if _KINDS.get(line.kind) is Kind.CODE:
        return text
    out, place = [], line.start
    for start, end, kind in sorted(reading.spans(index)):
        if kind in _NO_TEXT and end > place:
            out.append(text[place : max(place, start)])
            place = end
    return "".join([*out, text[place:]]).strip()


def _joined(kind: Kind, lines: list[str]) -> str:
    """A paragraph's lines as one: a line's end within it is a space, but in verses."""
    kept = [line for line in lines if line]
    verse = len(kept) > 1 and max(map(len, kept[:-1])) < _VERSE
    return ("\n" if kind is Kind.CODE or verse else " ").join(kept)
