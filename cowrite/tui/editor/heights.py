"""How many rows each paragraph takes, summed, for a text of many thousand paragraphs.

The numbers lie in blocks of some hundred with the sum of each block kept, so that a change, an inserted
paragraph, and the way from a row to its paragraph all touch one block and a short list of sums.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_BLOCK = 256


class Heights:
    """A list of row counts with fast sums."""

    __slots__ = ("_blocks", "_sums", "total")

    def __init__(self, heights: Sequence[int]) -> None:
        self._blocks = [
            list(heights[at : at + _BLOCK]) for at in range(0, len(heights), _BLOCK)
        ] or [[]]
        self._sums = [sum(block) for block in self._blocks]
        self.total = sum(self._sums)

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    def _find(self, index: int) -> tuple[int, int]:
        """Block and place in it of an index; the end of the last block behind the last one."""
        for number, block in enumerate(self._blocks):
            if index < len(block):
                return number, index
            index -= len(block)
        return len(self._blocks) - 1, len(self._blocks[-1])

    def set(self, index: int, height: int) -> int:
        """Change one height; returns by how much."""
        number, place = self._find(index)
        change = height - self._blocks[number][place]
        if change:
            self._blocks[number][place] = height
            self._sums[number] += change
            self.total += change
        return change

    def replace(self, first: int, before: int, heights: Sequence[int]) -> None:
        """Put `heights` in the place of the `before` ones that begin at `first`."""
        if before == len(heights) == 1:
            self.set(first, heights[0])
            return
        while before:
            number, place = self._find(first)
            block = self._blocks[number]
            gone = block[place : place + before]
            del block[place : place + before]
            before -= len(gone)
            self._sums[number] -= sum(gone)
            self.total -= sum(gone)
            if not block and len(self._blocks) > 1:
                del self._blocks[number], self._sums[number]
        number, place = self._find(first)
        block = self._blocks[number]
        block[place:place] = heights
        fresh = [block[at : at + _BLOCK] for at in range(0, len(block), _BLOCK)]
        if len(block) > 2 * _BLOCK:
            self._blocks[number : number + 1] = fresh
            self._sums[number : number + 1] = map(sum, fresh)
        else:
            self._sums[number] += sum(heights)
        self.total += sum(heights)

    def before(self, index: int) -> int:
        """The rows of all paragraphs before `index`."""
        number, place = self._find(index)
        return sum(self._sums[:number]) + sum(self._blocks[number][:place])

    def locate(self, row: int) -> tuple[int, int]:
        """The paragraph that the row is in, and the row in it; clamped to the text."""
        row = max(0, min(row, self.total - 1))
        paragraph = 0
        for number, rows in enumerate(self._sums):
            if row < rows:
                ends = list(accumulate(self._blocks[number]))
                place = bisect_right(ends, row)
                return paragraph + place, row - (ends[place - 1] if place else 0)
            row -= rows
            paragraph += len(self._blocks[number])
        return max(0, paragraph - 1), 0
