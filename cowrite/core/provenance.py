"""Who wrote each character of the draft, as runs of one source.

A *run* is `(length, Source)`. The list of runs always covers the whole text; neighbours differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.starts import Starts


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
        self._starts = Starts(length for length, _ in self._runs)

    def __len__(self) -> int:
        return self._starts[len(self._runs)]

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def slice(self, start: int, end: int) -> Runs:
        """The runs of the characters from `start` to `end`."""
        if start >= end:
            return ()
        starts = self._starts
        out: list[Run] = []
        index = max(0, starts.find(start))
        while index < len(self._runs) and (begin := starts[index]) < end:
            length, source = self._runs[index]
            low, high = max(start, begin), min(end, begin + length)
            if high > low:
                out.append((high - low, source))
            index += 1
        return tuple(out)

    def replace(self, start: int, end: int, inserted: Iterable[Run]) -> Runs:
        """Put `inserted` in the place of the runs from `start` to `end`; returns the deleted runs."""
        deleted = self.slice(start, end)
        runs, starts = self._runs, self._starts
        first = max(0, starts.find(start))
        last = max(first, starts.find(end))
        left = [(start - starts[first], runs[first][1])] if first < len(runs) else []
        right = [(starts[last] + runs[last][0] - end, runs[last][1])] if last < len(runs) else []
        low, high = max(0, first - 1), min(len(runs), last + 2)
        fresh = joined([*runs[low:first], *left, *inserted, *right, *runs[last + 1 : high]])
        starts.replace(low, high, [length for length, _ in fresh])
        runs[low:high] = fresh
        return deleted

    def shares(self) -> dict[Author, int]:
        """Characters by author."""
        out = dict.fromkeys(Author, 0)
        for length, source in self._runs:
            out[source.author] += length
        return out
