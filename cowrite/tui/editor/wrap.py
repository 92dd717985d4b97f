"""Where the rows of a paragraph begin: soft wrap for prose in any script.

Rows break behind spaces, which hang over the edge, behind dashes inside of a word, and between the
characters of scripts that are written without spaces, where closing punctuation may not begin a row nor
opening punctuation end one (kinsoku). A word that is wider than the row is broken between graphemes.

A row's end depends on nothing but the text from its start on. That is what makes `rewrap` possible: an
edit in a long paragraph changes the rows around it until a row begins where one had begun before. What
nobody writes is kept from costing: a row has an end where spaces, or signs without a width, have none, and
where a word's thousands of rows would all move by a letter, one row far behind the edit is a short one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from cowrite.core.diff import difference
from cowrite.tui.editor.graphemes import cells, graphemes, is_simple, is_wide

SPACES = " \t"
_DASHES = "-\u2010\u2013\u2014"
_LAST_DASH = re.compile(f".*(?<=\\w)[{_DASHES}]", re.DOTALL)
_NO_START = frozenset(
    ")]}>,.!?:;%\u2019\u201d\u00bb\u203a\u2026\u2025\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015"
    "\u3017\u3019\u301b\u301f\u30fb\u30fc\u3005\u303b\u309d\u309e\u30fd\u30fe\u30a0\u301c\uff5e\uff09"
    "\uff3d\uff5d\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff05\uff61\uff63\uff64\uff65\uff70\u2103\u2030"
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e\u3095\u3096"
    "\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6"
)
_NO_END = frozenset(
    "([{<\u2018\u201c\u00ab\u2039\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\u301d"
    "\uff08\uff3b\uff5b\uff62\uff04\uffe5\uffe1"
)
_IDEOGRAPHIC = (
    "[\u2e80-\u2fdf\u3000-\u312f\u31c0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003ffff]"
)


_HANGING = re.compile(" *")
_MOST_MOVED = 10_000
"""Code points that are wrapped anew behind an edit, though no row of them begins where one began before."""


def _row_most(start: int, width: int) -> int:
    """Where a row that begins at `start` ends at the latest: spaces hang over its edge, and signs without a
    width take no cell of it, but not a megabyte of them."""
    return start + 16 * width + 1024


def wrap(text: str, width: int, tab: int = 4) -> list[int]:
    """The offsets in `text` at which its rows begin, 0 first. A `\\n` ends a row wherever it stands.

    width: cells of a row, at least 1. tab: cells between tab stops.
    """
    starts = [0]
    _extend(starts, text, 0, width, tab)
    return starts


def _extend(starts: list[int], text: str, start: int, width: int, tab: int) -> None:
    """Append the starts of the rows behind the one at `start`."""
    size = len(text)
    while True:
        end = row_end(text, start, width, tab)
        if end > size or (end == size and not text.endswith("\n", start)):
            return
        starts.append(end)
        start = end
        if start == size:
            return


def rewrap(old: str, starts: Sequence[int], text: str, width: int, tab: int = 4) -> list[int]:
    """What `wrap(text)` gives, found from the rows that `old` had: only those around the change are new."""
    head, _, behind = difference(old, text)
    change = len(text) - len(old)
    fresh = list(starts[: max(1, bisect_right(starts, head) - 2)])
    start = fresh[-1]
    size = len(text)
    while True:
        end = row_end(text, start, width, tab)
        if end > size or (end == size and not text.endswith("\n", start)):
            return fresh
        if end > behind:
            found = bisect_left(starts, end - change)
            if found < len(starts) and starts[found] == end - change:
                fresh.extend(row + change for row in starts[found:])
                return fresh
            if end > behind + _MOST_MOVED:
                found = bisect_right(starts, start - change)
                fresh.extend(row + change for row in starts[found:])
                return fresh
        fresh.append(end)
        start = end
        if start == size:
            return fresh


def row_end(text: str, start: int, width: int, tab: int = 4) -> int:
    """Where the row that begins at `start` ends: the spaces that hang and its `\\n` are its own."""
    limit = start + width
    window = text[start : limit + 2]
    if not is_simple(window):
        if is_wide(window[: width // 2 + 2]):
            return _wide_row_end(text, start, width)
        return _row_end(text, start, width, tab)
    size = len(text)
    if size <= limit:
        return size
    cut = limit if text[limit] == " " else text.rfind(" ", start, limit)
    dash = _last_dash(text, start, limit) if cut < limit else -1
    if dash > cut:
        return dash + 1
    if cut < start:
        return limit
    match = _HANGING.match(text, cut, _row_most(start, width))
    cut = match.end() if match is not None else cut
    if cut < size and not is_simple(text[cut]):
        return _row_end(text, start, width, tab)  # an accent on the last space, or a line break
    return cut


def _last_dash(text: str, start: int, limit: int) -> int:
    """The last dash in the row behind which it may break, or -1."""
    while limit > start + 1:
        match = _LAST_DASH.match(text, start, limit)
        if match is None:
            return -1
        dash = match.end() - 1
        if dash > start and _may_follow_dash(text[dash + 1]):
            return dash
        limit = dash
    return -1


def _may_follow_dash(character: str) -> bool:
    return not character.isspace() and character not in _DASHES and character not in _NO_START


def _wide_row_end(text: str, start: int, width: int) -> int:
    """`row_end` for a row of nothing but characters of two cells, as most rows of Chinese or Japanese are."""
    limit = start + max(1, width // 2)
    if limit >= len(text):
        return len(text)
    for place in range(limit, start, -1):
        if _breaks(text, start, place, text[place - 1], text[place]):
            return place
    return limit


def _row_end(text: str, start: int, width: int, tab: int) -> int:
    """`row_end` for a text of any script, grapheme by grapheme."""
    used = 0
    best = -1
    place = start
    before = ""
    most = _row_most(start, width)
    for grapheme in graphemes(text, start, min(most, len(text))):
        if grapheme[-1] == "\n":
            return place + len(grapheme)
        if before and _breaks(text, start, place, before, grapheme):
            best = place
        if grapheme in SPACES:
            used += tab - used % tab if grapheme == "\t" else 1
        else:
            taken = cells(grapheme)
            if used + taken > width and place > start:
                return best if best > start else place
            used += taken
        place += len(grapheme)
        before = grapheme
    return min(most, len(text))


def _breaks(text: str, start: int, place: int, before: str, after: str) -> bool:
    """Whether a row may end between the graphemes `before` and `after`, which meet at `place`."""
    if after in SPACES:
        return False
    if before in SPACES or before == "\u200b":
        return True
    if before in _DASHES:
        dash = place - 1
        inside = dash > start and (text[dash - 1].isalnum() or text[dash - 1] == "_")
        return inside and _may_follow_dash(after[0])
    if after[0] in _NO_START or before[-1] in _NO_END or after[0] in _DASHES:
        return False
    if "\u00a0" in (before, after) or "\u2060" in (before, after):
        return False
    return _is_ideographic(before[0]) or _is_ideographic(after[0])


@lru_cache(maxsize=8192)
def _is_ideographic(character: str) -> bool:
    """Whether a row may break on either side of a character."""
    return re.match(_IDEOGRAPHIC, character) is not None


def cell_at(text: str, start: int, index: int, tab: int = 4) -> int:
    """The cells between the row's start and `index`."""
    piece = text[start:index]
    if is_simple(piece):
        return len(piece)
    used = 0
    for grapheme in graphemes(piece):
        if grapheme == "\t":
            used += tab - used % tab
        elif grapheme != "\n":
            used += cells(grapheme)
    return used


def index_at(text: str, start: int, end: int, cell: int, tab: int = 4) -> int:
    """The index of the grapheme of `text[start:end]` on which `cell` lies; `end` behind the last one."""
    if is_simple(text[start:end]):
        return min(end, start + max(0, cell))
    used = 0
    place = start
    for grapheme in graphemes(text, start, end):
        used += tab - used % tab if grapheme == "\t" else cells(grapheme)
        if used > cell or grapheme == "\n":
            return place
        place += len(grapheme)
    return end
