"""How a row of the draft looks: its text in runs of one style each.

A run's style is the names of the layers that lie over it, lowest first; the editor has a component class
for each. Text that leaves here is safe for a terminal: control characters are signs, tabs are spaces.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from cowrite.core.printable import printable
from cowrite.tui.editor.graphemes import boundary_after, cells, graphemes, is_simple, snapped

Layer = tuple[int, int, str]
"""`(start, end, name)`: indexes in what is shown of a paragraph."""

Names = tuple[str, ...]
Runs = tuple[tuple[str, Names], ...]

CURSOR = "cursor"
SELECTION = "selection"
MARKER = "marker"


class Row(NamedTuple):
    """One row as it is to be painted, `width` cells wide so far. Equal rows look equal."""

    runs: Runs
    width: int


BLANK = Row((), 0)


def row(
    text: str,
    start: int,
    end: int,
    layers: list[Layer],
    width: int,
    tab: int,
    cursor: int = -1,
    *,
    selected_end: bool = False,
) -> Row:
    """The row `text[start:end]` with the layers that touch it.

    width: cells; what hangs over is left out. cursor: its index, or -1 where it is not in this row.
    selected_end: whether the line break behind the row is selected.
    """
    touching = [layer for layer in layers if layer[0] < end and layer[1] > start]
    if not is_simple(text[start:end]):
        touching = [_whole(text, layer) for layer in touching]
        cursor = snapped(text, cursor) if cursor >= 0 else cursor
    if cursor >= 0:
        high = _cursor_end(text, cursor, end)
        touching.append((cursor, high, CURSOR))
    runs: list[tuple[str, Names]] = []
    if not touching:
        shown, used = _fit(text[start:end], 0, width, tab)
        if shown:
            runs.append((shown, ()))
        return _ended(runs, used, selected_end=selected_end)
    edges = {start, end}
    for low, high, _ in touching:
        edges.add(max(start, low))
        edges.add(min(end, high))
    cuts = sorted(edges)
    used = 0
    seen = False
    for low, high in pairwise(cuts):
        names = tuple(name for first, last, name in touching if first <= low and last >= high)
        shown, used = _fit(text[low:high], used, width, tab)
        if shown:
            seen = seen or low == cursor
            runs.append((shown, names))
    if cursor >= 0 and not seen:
        runs.append((" ", (CURSOR,)))
        used += 1
    return _ended(runs, used, selected_end=selected_end and cursor < end)


def _whole(text: str, layer: Layer) -> Layer:
    """The layer over whole graphemes: a part of one, drawn on its own, would take other cells."""
    start, end, name = layer
    last = snapped(text, end)
    return snapped(text, start), end if last == end else boundary_after(text, last), name


def _ended(runs: list[tuple[str, Names]], used: int, *, selected_end: bool) -> Row:
    if selected_end:
        runs.append((" ", (SELECTION,)))
        used += 1
    return Row(tuple(runs), used)


def _cursor_end(text: str, cursor: int, end: int) -> int:
    """The end of what the cursor covers: its grapheme, and on past those without a width."""
    high = cursor
    while high < end:
        low, high = high, boundary_after(text, high)
        if text[low:high] == "\t" or cells(text[low:high]):
            break
    return min(high, end)


def _fit(piece: str, used: int, width: int, tab: int) -> tuple[str, int]:
    """What of `piece` is shown from cell `used` on, and the cell behind it."""
    if is_simple(piece):
        shown = piece[: max(0, width - used)]
        return shown, used + len(shown)
    out: list[str] = []
    for grapheme in graphemes(piece):
        if grapheme == "\n":
            break
        taken = tab - used % tab if grapheme == "\t" else cells(grapheme)
        if used + taken > width:
            taken = width - used if grapheme == "\t" else 0
            out.append(" " * taken)
            used += taken
            break
        out.append(" " * taken if grapheme == "\t" else printable(grapheme))
        used += taken
    return "".join(out), used


def with_marker(plain: Row, marker: str, room: int) -> Row:
    """The row with `marker` behind its text, where it fits into `room` cells."""
    if not marker or plain.width + 1 + len(marker) > room:
        return plain
    runs = (*plain.runs, (" ", ()), (marker, (MARKER,)))
    return Row(runs, plain.width + 1 + len(marker))
