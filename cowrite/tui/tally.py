"""How many words a draft has, kept up line by line so that a long draft costs no more than a short one."""

from __future__ import annotations

import math
import time

from cowrite.core.document import Document
from cowrite.core.segmentation import word_count

_SLICE = 64
"""Lines between two looks at the clock."""

WORDS_PER_MINUTE = 230
"""A common silent reading speed for prose."""


class Tally:
    """The word counts of the draft's lines.

    A draft is counted for the first time bit by bit (`count`), so that a long one does not hold up its
    first paint or the first keys. Until it is through, `words` counts what is left at once.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._counts: list[int] = []
        self._total = 0

    @property
    def complete(self) -> bool:
        """Whether every line has been counted."""
        return len(self._counts) == self._document.line_count

    @property
    def words(self) -> int:
        self.count(math.inf)
        return self._total

    def count(self, seconds: float) -> bool:
        """Count on for about so long; returns `complete`."""
        until = time.monotonic() + seconds
        while not self.complete:
            first = len(self._counts)
            last = min(first + _SLICE, self._document.line_count)
            fresh = [word_count(self._document.line(index)) for index in range(first, last)]
            self._counts += fresh
            self._total += sum(fresh)
            if time.monotonic() >= until:
                break
        return self.complete

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        counted = len(self._counts)
        if first + before > counted:  # what lies behind isn't counted yet: count it again from here
            self._total -= sum(self._counts[first:])
            del self._counts[first:]
            return
        fresh = [word_count(self._document.line(index)) for index in range(first, first + after)]
        self._total += sum(fresh) - sum(self._counts[first : first + before])
        self._counts[first : first + before] = fresh


def reading_minutes(words: int) -> int:
    """How long the draft takes to read, in whole minutes, at least one where there are words."""
    return -(-words // WORDS_PER_MINUTE)
