"""Who wrote each character of the draft, as runs of one source.

A *run* is `(length, Source)`. The list of runs always covers the whole text; neighbours differ.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class Author(StrEnum):
    """Who a character is from."""

    WRITER = "writer"
    MODEL = "model"
    PASTE = "paste"
    FILE = "file"
    """It was in the file before cowrite saw it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a run of characters came from. `suggestion_id` names the request for the model's text."""

    author: Author
    suggestion_id: str | None = None


WRITER = Source(Author.WRITER)
PASTE = Source(Author.PASTE)
FILE = Source(Author.FILE)

Run = tuple[int, Source]
Runs = tuple[Run, ...]


def one_run(length: int, source: Source) -> Runs:
    """The runs of a text of one source; none for an empty text."""
    return ((length, source),) if length else ()


def joined(runs: Iterable[Run]) -> list[Run]:
    """Runs with neighbours of the same source made one, and empty ones left out."""
    out: list[Run] = []
    for length, source in runs:
        if not length:
            continue
        if out and out[-1][1] == source:
            out[-1] = (out[-1][0] + length, source)
        else:
            out.append((length, source))
    return out


class Provenance:
    """The runs of a whole draft, changed along with it."""

    __slots__ = ("_runs", "_starts")

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self._runs = joined(runs)
        self._starts: list[int] | None = None

    def __len__(self) -> int:
        return sum(length for length, _ in self._runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def _index(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *accumulate(length for length, _ in self._runs)]
        return self._starts

    def slice(self, start: int, end: int) -> Runs:
        """The runs of the characters from `start` to `end`."""
        if start >= end:
            return ()
        starts = self._index()
        out: list[Run] = []
        index = max(0, bisect_right(starts, start) - 1)
        while index < len(self._runs) and starts[index] < end:
            length, source = self._runs[index]
            low, high = max(start, starts[index]), min(end, starts[index] + length)
            if high > low:
                out.append((high - low, source))
            index += 1
        return tuple(out)

    def replace(self, start: int, end: int, inserted: Iterable[Run]) -> Runs:
        """Put `inserted` in the place of the runs from `start` to `end`; returns the deleted runs."""
        deleted = self.slice(start, end)
        starts = self._index()
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, end) - 1)
        head = self._runs[first : first + 1]
        tail = self._runs[last : last + 1]
        left = [(start - starts[first], head[0][1])] if head else []
        right = [(starts[last] + tail[0][0] - end, tail[0][1])] if tail else []
        low, high = max(0, first - 1), min(len(self._runs), last + 2)
        self._runs[low:high] = joined(
            [*self._runs[low:first], *left, *inserted, *right, *self._runs[last + 1 : high]]
        )
        self._starts = None
        return deleted

    def shares(self) -> dict[Author, int]:
        """Characters by author."""
        out = dict.fromkeys(Author, 0)
        for length, source in self._runs:
            out[source.author] += length
        return out
