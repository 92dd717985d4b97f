"""What a writer sees as one character, and how many cells it takes.

A *grapheme* is an extended grapheme cluster (UAX #29): a letter with its accents, a flag, a family of emoji.
Every control character is one grapheme of one cell, since it is shown as a sign (`core.printable`).

Most drafts never need the tables of `wcwidth`, so they are loaded with the first text that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cowrite.core.printable import printable

_NOT_SIMPLE = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0386\u0388-\u038a\u038e-\u03a1\u03a3-\u0482"
    "\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20b5]"
)

_NOT_WIDE = re.compile(
    "[^\u3001-\u3029\u3031-\u303c\u3041-\u3096\u309d-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]"
)


_LONGEST = 512
"""Code points that one grapheme may have. Real ones have some ten; a thousand accents are several."""


def is_simple(text: str) -> bool:
    """Whether each code point of `text` is a grapheme of one cell: so with most western prose."""
    return (text.isascii() and text.isprintable()) or _NOT_SIMPLE.search(text) is None


def is_wide(text: str) -> bool:
    """Whether each code point of `text` is a grapheme of two cells: so with most Chinese and Japanese."""
    return _NOT_WIDE.search(text) is None


def graphemes(text: str, start: int = 0, end: int | None = None) -> Iterator[str]:
    """The graphemes of `text[start:end]`."""
    from wcwidth import iter_graphemes

    stop = len(text) if end is None else end
    found: Iterator[str] = iter_graphemes(text, start, stop)
    return found


@lru_cache(maxsize=8192)
def cells(grapheme: str) -> int:
    """The cells of one grapheme that is not a tab."""
    if is_simple(grapheme):
        return len(grapheme)
    from wcwidth import wcswidth

    return max(0, wcswidth(printable(grapheme)))


def text_cells(text: str) -> int:
    """The cells of a text without tabs."""
    if is_simple(text):
        return len(text)
    return 2 * len(text) if is_wide(text) else sum(map(cells, graphemes(text)))


def boundary_after(text: str, index: int) -> int:
    """Where the grapheme that begins at `index` ends; the text's length at its end."""
    size = len(text)
    if index + 1 >= size:
        return size
    if is_simple(text[index : index + 2]):
        return index + 1
    return index + len(next(graphemes(text, index, min(size, index + _LONGEST))))


def boundary_before(text: str, index: int) -> int:
    """Where the grapheme that ends at `index` begins; 0 at the text's start."""
    if index <= 1:
        return 0
    if is_simple(text[index - 1]):
        return index - 1
    return _boundary_before(text, index)


def _boundary_before(text: str, index: int) -> int:
    from wcwidth import grapheme_boundary_before

    low = max(0, index - _LONGEST)
    found: int = grapheme_boundary_before(text[low : index + 1], index - low)
    return low + found


def snapped(text: str, index: int) -> int:
    """`index`, moved to the start of the grapheme that it lies in."""
    if index <= 0 or index >= len(text) or is_simple(text[index]):
        return max(0, min(index, len(text)))
    return _boundary_before(text, index + 1)
