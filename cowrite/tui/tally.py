"""How many words a draft has, kept up line by line so that a long draft costs no more than a short one."""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.segmentation import word_count

WORDS_PER_MINUTE = 230
"""A common silent reading speed for prose."""


class Tally:
    """The word counts of the draft's lines.

    Counting a draft for the first time is left until somebody asks, so that it does not delay the first
    paint.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._counts: list[int] | None = None
        self._total = 0

    @property
    def words(self) -> int:
        if self._counts is None:
            self._counts = [
                word_count(self._document.line(i)) for i in range(self._document.line_count)
            ]
            self._total = sum(self._counts)
        return self._total

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        if self._counts is None:
            return
        fresh = [word_count(self._document.line(index)) for index in range(first, first + after)]
        self._total += sum(fresh) - sum(self._counts[first : first + before])
        self._counts[first : first + before] = fresh


def reading_minutes(words: int) -> int:
    """How long the draft takes to read, in whole minutes, at least one where there are words."""
    return -(-words // WORDS_PER_MINUTE)
