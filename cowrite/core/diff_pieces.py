"""The pieces of a diff in the order of the text, each found by its place and settled in little time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from cowrite.core.diff import Change, Piece


@dataclass(frozen=True, slots=True)
class Decided:
    """before: how many pieces stand before the hunk that was decided on, head: how many end with it. fresh: how
    many code points of the new text it was."""

    before: int
    head: int
    fresh: int


class DiffPieces:
    """A passage as the draft has it now (what stays, what would go), with what would come.

    A diff of 2,000 words has some thousand pieces, and taking all of it settles each hunk by itself: places
    are remembered from the beginning up to the last change, so that going from the end looks at none twice.
    """

    __slots__ = ("_pieces", "_places", "_told")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = [piece for piece in pieces if piece[1]]
        self._places: list[int] = []
        """Where each of the first pieces begins in the passage, in code points."""
        self._told: tuple[Piece, ...] | None = None

    @property
    def told(self) -> tuple[Piece, ...]:
        """The pieces; the same tuple until they change."""
        if self._told is None:
            self._told = tuple(self._pieces)
        return self._told

    @property
    def passage(self) -> str:
        """The passage as the draft has it now."""
        return self.passage_behind(0)

    @property
    def size(self) -> int:
        """Its length, in code points."""
        return sum(len(text) for kind, text in self._pieces if kind is not Change.NEW)

    def passage_behind(self, head: int) -> str:
        """What of the passage stands behind so many pieces."""
        return "".join(text for kind, text in self._pieces[head:] if kind is not Change.NEW)

    def read(self, head: int) -> int:
        """How many code points of the new text so many pieces stand for."""
        return sum(len(text) for kind, text in self._pieces[:head] if kind is not Change.GONE)

    def copy(self) -> DiffPieces:
        """The same, to be changed by itself."""
        return DiffPieces(self._pieces)

    def settle(self, at: int, gone: str, new: str | None) -> Decided | None:
        """Make the hunk at a place of the passage plain text; None where it is not there.

        gone: what it would take away. new: what it brings, which is taken; None to refuse it.
        """
        first = self._find(at)
        if first is None:
            return None
        stop, old, fresh = first, "", ""
        while stop < len(self._pieces) and self._pieces[stop][0] is not Change.SAME:
            kind, text = self._pieces[stop]
            old, fresh = (old + text, fresh) if kind is Change.GONE else (old, fresh + text)
            stop += 1
        if old != gone or (new is not None and fresh != new):
            return None
        kept = old if new is None else fresh
        plain: list[Piece] = [(Change.SAME, kept)] if kept else []
        self._pieces[first:stop] = plain
        del self._places[first + 1 :]
        self._told = None
        return Decided(first, first + len(plain), len(fresh))

    def _find(self, at: int) -> int | None:
        """The index of the first piece there that does not stay."""
        places, pieces = self._places, self._pieces
        place = places[-1] if places else 0
        if not places and pieces:
            places.append(0)
        while len(places) < len(pieces) and place <= at:
            kind, text = pieces[len(places) - 1]
            place += len(text) if kind is not Change.NEW else 0
            places.append(place)
        index = bisect_left(places, at)
        while index < len(places) and places[index] == at:
            if pieces[index][0] is not Change.SAME:
                return index
            index += 1
        return None
