"""A change of a draft that is worked out before it is made: what is put where, and what is selected then."""

from __future__ import annotations

from typing import NamedTuple

Piece = tuple[int, int, str]
"""`(start, end, text)`: the text takes the place of the draft from `start` to `end`, in code points."""


class Change(NamedTuple):
    """Pieces in the order of the draft as it is now, none over another, and the selection behind them."""

    pieces: tuple[Piece, ...]
    selection: tuple[int, int]


def carried(pieces: tuple[Piece, ...], place: int) -> int:
    """Where a place of the draft is when the pieces are in it; behind what is put right there."""
    moved = 0
    for start, end, text in pieces:
        if end <= place:
            moved += len(text) - (end - start)
        elif start < place:
            return start + moved + len(text)
    return place + moved


def least(start: int, old: str, new: str) -> Piece:
    """The piece that makes `new` of `old`, without what both begin and end with."""
    low = 0
    most = min(len(old), len(new))
    while low < most and old[low] == new[low]:
        low += 1
    same = 0
    while same < most - low and old[-1 - same] == new[-1 - same]:
        same += 1
    return start + low, start + len(old) - same, new[low : len(new) - same]
