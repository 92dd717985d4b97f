"""Texts that are shown in a paragraph without being in it, and how its columns and what is shown match."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

Insert = tuple[int, str]
"""`(column, text)`: the text is shown before the character at the column."""


class Insertions:
    """The texts that are shown in one paragraph, in the order of their columns.

    A *column* counts what is in the paragraph, an *index* what is shown of it.
    """

    __slots__ = ("_behind", "_columns", "_texts")

    def __init__(self, inserts: Iterable[Insert]) -> None:
        found = list(inserts)
        self._columns = [column for column, _ in found]
        self._texts = [text for _, text in found]
        self._behind = [0, *accumulate(map(len, self._texts))]
        """How many characters are shown more, behind so many of the texts."""

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Insertions)
            and self._columns == other._columns
            and self._texts == other._texts
        )

    __hash__ = None  # type: ignore[assignment]

    def shown(self, text: str) -> str:
        """The paragraph's text with them in it."""
        out: list[str] = []
        place = 0
        for column, inserted in zip(self._columns, self._texts, strict=True):
            out += (text[place:column], inserted)
            place = column
        out.append(text[place:])
        return "".join(out)

    def index(self, column: int, *, behind: bool = False) -> int:
        """The index of a column; where texts are shown there, before or `behind` them."""
        find = bisect_right if behind else bisect_left
        return column + self._behind[find(self._columns, column)]

    def column(self, index: int) -> int:
        """The column of an index; on a text that is shown, where it is shown."""
        low, high = 0, len(self._columns)
        while low < high:  # the texts that begin before the index
            middle = (low + high) // 2
            if self._columns[middle] + self._behind[middle] < index:
                low = middle + 1
            else:
                high = middle
        if not low:
            return index
        return max(self._columns[low - 1], index - self._behind[low])

    def spans(self) -> Iterator[tuple[int, int]]:
        """The indexes at which each of the texts begins and ends."""
        for column, (before, text) in zip(
            self._columns, zip(self._behind, self._texts, strict=False), strict=True
        ):
            yield column + before, column + before + len(text)

    def apart(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The columns from `start` to `end` as indexes, in pieces without the texts that are shown."""
        first = bisect_right(self._columns, start)
        last = bisect_left(self._columns, end)
        place = start
        for number in range(first, last):
            if self._columns[number] > place:
                yield place + self._behind[number], self._columns[number] + self._behind[number]
            place = self._columns[number]
        if end > place:
            yield place + self._behind[last], end + self._behind[last]
