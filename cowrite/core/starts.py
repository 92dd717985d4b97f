"""Where the pieces of a text start, kept while pieces change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate


class Starts:
    """Prefix sums of lengths, the total behind the last one, so `len(starts)` is one more than the pieces.

    The starts behind `_pivot` are `_shift` short of the truth. Who writes changes pieces near one another,
    so the pivot rarely moves far, and a change costs as much among 20,000 pieces as among 20.
    """

    __slots__ = ("_pivot", "_shift", "_starts")

    def __init__(self, lengths: Iterable[int]) -> None:
        self._starts = list(accumulate(lengths, initial=0))
        self._pivot = len(self._starts) - 1
        self._shift = 0

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> int:
        """Where the piece with this index (0 or more) starts; the total for the one behind the last."""
        return self._starts[index] + (self._shift if index > self._pivot else 0)

    def find(self, offset: int) -> int:
        """The last piece that starts at `offset` or before it; the one behind the last from the total on."""
        behind = self._pivot + 1
        if behind < len(self._starts) and offset >= self._starts[behind] + self._shift:
            return bisect_right(self._starts, offset - self._shift, lo=behind) - 1
        return bisect_right(self._starts, offset, hi=min(behind, len(self._starts))) - 1

    def replace(self, first: int, last: int, lengths: Sequence[int]) -> None:
        """The pieces [first, last) give way to pieces of these lengths."""
        self._move_pivot(last)
        starts = self._starts
        fresh = list(accumulate(lengths, initial=starts[first]))
        self._shift += fresh[-1] - starts[last]
        starts[first : last + 1] = fresh
        self._pivot = first + len(fresh) - 1

    def _move_pivot(self, pivot: int) -> None:
        """Make the starts true up to and with `pivot`, and pending behind it."""
        starts, shift = self._starts, self._shift
        if shift:
            for index in range(self._pivot + 1, pivot + 1):
                starts[index] += shift
            for index in range(pivot + 1, self._pivot + 1):
                starts[index] -= shift
        self._pivot = pivot
