"""Whether a place of a draft is prose, where typed signs become typographic, and what its paragraph says."""

from __future__ import annotations

import re

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.inline import LONGEST
from cowrite.core.reading import Reading

_PROSE = frozenset((BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.BLANK))
_QUIET = frozenset(("code", "address", "html", "comment"))
"""Spans within which signs stay as they are typed; a `url` goes on while no space ends it."""

_MOST = 2000
"""Characters before a place that are looked at."""
_FRONT_LINES = 100

_UNFINISHED = re.compile(
    r"\]\([^()\n]*$|<[A-Za-z/!][^<>]*$|<!--(?:(?!-->)[\s\S])*$|^\s*\[[^\]^][^\]]*\]:|(?<!`)`+(?=[^\s`])[^`\n]*$"
)
"""What is being written and will be no prose: a link's address, a tag, a comment, a link by reference, code."""

_ADDRESS = re.compile(r"[A-Za-z0-9+.\-]://|\bwww\.|\w@")
"""What makes an address of the signs around it, up to the spaces."""
_LONGEST_ADDRESS = 500


def prose_before(document: Document, reading: Reading, offset: int, typed: str) -> str | None:
    """The paragraph up to `offset`, or None where what is typed there is no prose.

    What is code in it, and the like, is filled with `x`.
    """
    index, column = document.locate(offset)
    text = document.line(index)
    if _in_front_matter(document, index) or reading.line(index).kind not in _PROSE:
        return None
    if text.lstrip(" >\t").startswith("|"):
        return None  # a table's first row is a paragraph until its second one
    low = max(0, column - _MOST)
    high = len(text) if len(text) <= LONGEST else min(len(text), column + _MOST)
    before = list(text[low:column])
    for start, end, kind in reading.spans(index, low if high < len(text) or low else 0, high):
        if kind not in _QUIET:
            continue
        if start < column < end:
            return None
        for place in range(max(start, low), min(end, column)):
            before[place - low] = "x"
    line = "".join(before)
    if _UNFINISHED.search(line) or (typed not in "\"'" and _in_address(line)):
        return None
    return _lines_above(document, reading, index, _MOST - len(line)) + line


def _in_address(line: str) -> bool:
    """Whether an address goes on at the line's end."""
    end = line[-_LONGEST_ADDRESS:]
    token = end.rsplit(None, 1)[-1] if end.strip() and not end[-1].isspace() else ""
    return _ADDRESS.search(token) is not None


def _lines_above(document: Document, reading: Reading, index: int, room: int) -> str:
    """The lines of the paragraph above its line with this index, as far as there is room for them."""
    out: list[str] = []
    while index and reading.line(index).goes_on:
        index -= 1
        text = document.line(index)
        room -= len(text) + 1
        if room < 0:
            break
        out.append(text + "\n")
    return "".join(reversed(out))


def _in_front_matter(document: Document, index: int) -> bool:
    """Whether a line is in front matter that is being written: nothing ends it yet, no blank line is in it."""
    if not 0 < index < _FRONT_LINES or document.line(0).rstrip() not in ("---", "+++"):
        return False
    return all(document.line(above).strip() for above in range(1, index))
