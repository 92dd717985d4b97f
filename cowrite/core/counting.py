"""The words of a draft, kept up line by line so that a long draft costs no more than a short one.

What doesn't count is what no reader gets to see: front matter and comments.
"""

from __future__ import annotations

import math
import time

from cowrite.core.blocks import BlockKind, Line
from cowrite.core.diff import difference
from cowrite.core.document import Document
from cowrite.core.inline import COMMENT, inline
from cowrite.core.reading import Reading
from cowrite.core.segmentation import word_count

_SLICE = 64
"""Lines between two looks at the clock."""

_LONG = 4000
"""Characters from which on a line is counted again around a change alone."""

_PIECE = 32_000
"""Characters of a very long line that are counted at a time."""

_BORDERS = " \t\u3000"
_FAR = 4000
"""Characters from a change to the white space around it that are counted anew with it."""


def draft_word_count(text: str) -> int:
    """The words of a whole draft."""
    return WordCounter(Document(text)).words


def _hides(text: str, line: Line) -> bool:
    """Whether something of a line doesn't count."""
    if line.kind in (BlockKind.CODE, BlockKind.FENCE):
        return False
    return line.kind is BlockKind.FRONT or bool(line.opened) or "<!" in text or "<?" in text


def _visible(text: str, line: Line) -> str:
    """The line without what doesn't count."""
    if line.kind is BlockKind.FRONT:
        return ""
    if len(text) > _LONG:
        return _without_comments(text, line.opened)
    markup = line.kind is not BlockKind.HTML
    spans = inline(text, line.start, opened=line.opened, markup=markup, whole=False)
    place, out = 0, []
    for start, end, kind in spans:
        if kind == "comment" and end > place:
            out.append(text[place:start])
            place = end
    return " ".join([*out, text[place:]])


def _without_comments(text: str, opened: str) -> str:
    """The text without its comments, wherever they stand: what else it holds would take too long to read."""
    if opened:
        text = text.partition(opened)[2]
    return COMMENT.sub(" ", text)


class WordCounter:
    """The word counts of the lines of `document`, whose changes it must be told.

    A draft is counted for the first time bit by bit (`count`), so that a long one does not hold up its first
    paint or the first keys; and again where an edit lets a comment begin or end that goes on for long.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reading = Reading(document)
        self._whole: list[int] = []
        """The words of each line, as far as they are counted, with what doesn't count."""
        self._counts: list[int] = []
        """Those that count."""
        self._texts: list[str | None] = []
        """The text of each line that is long, as it was counted."""
        self._total = 0
        self._right = 0
        """How many lines are counted as what they are now."""
        self._until = 0
        """Up to where they were, before the change behind which they may be something else."""
        self._piece = (0, 0)
        """Of the next line to be counted: how far it is, and the words so far."""
        self.known = 0
        """The draft's words when they were last known."""

    @property
    def complete(self) -> bool:
        """Whether every line has been counted."""
        return len(self._counts) == self._document.line_count == self._right

    @property
    def words(self) -> int:
        """The draft's words; what isn't counted yet is counted now."""
        self.count(math.inf)
        return self._total

    def count(self, seconds: float) -> bool:
        """Count on for about so long; returns `complete`."""
        until = time.monotonic() + seconds
        while not self.complete:
            for _ in range(_SLICE):
                if self._right < len(self._counts):
                    self._look_again()
                elif self._right < self._document.line_count and not self._count_line():
                    break
            if time.monotonic() >= until:
                break
        if self.complete:
            self.known = self._total
        return self.complete

    def _count_line(self) -> bool:
        """Count the next line, or of a very long one the next piece; false where that isn't all of it."""
        text = self._document.line(self._right)
        start, words = self._piece
        end = len(text)
        if end - start > _PIECE:
            end = start + _PIECE
            space = text.rfind(" ", start + 1, end)
            end = space if space > 0 else end
        words += word_count(text[start:end] if end - start < len(text) else text)
        if end < len(text):
            self._piece = (end, words)
            return False
        self._piece = (0, 0)
        self._whole.append(words)
        self._texts.append(text if len(text) > _LONG else None)
        self._counts.append(0)
        self._look_again()
        return True

    def _look_again(self) -> None:
        """What counts of the next line by what it is now, and on to where lines are what they were."""
        index = self._right
        line, known = self._reading.read(index)
        text = self._document.line(index)
        words = word_count(_visible(text, line)) if _hides(text, line) else self._whole[index]
        self._total += words - self._counts[index]
        self._counts[index] = words
        self._right = max(index + 1, min(known, self._until))

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        touched = self._reading.changed(first, before, after)
        done, last = len(self._counts), first + before
        if first >= done or last > done:
            self._piece = (0, 0)
            self._total -= sum(self._counts[first:])
            for kept in (self._counts, self._whole, self._texts):
                del kept[first:]
            self._right = min(self._right, touched)
            self._until = self._right
            return
        old = self._texts[first] if before == after == 1 else None
        fresh = [self._document.line(index) for index in range(first, first + after)]
        if old is not None:
            whole = [self._whole[first] + _difference(old, fresh[0])]
        else:
            whole = [word_count(text) for text in fresh]
        self._total -= sum(self._counts[first:last])
        self._whole[first:last] = whole
        self._counts[first:last] = [0] * after
        self._texts[first:last] = [text if len(text) > _LONG else None for text in fresh]
        self._until = max(self._right, self._until) + after - before
        self._right = min(self._right, touched)


def _difference(old: str, new: str) -> int:
    """How many words more the new text of a line has than the old one, counted around the change alone."""
    start, end, fresh = difference(old, new)
    low = max(0, start - _FAR)
    low = max(low, max(new.rfind(sign, low, start) for sign in _BORDERS))
    high = min(len(new), fresh + _FAR)
    for sign in _BORDERS:
        found = new.find(sign, fresh, high)
        high = found if found >= 0 else high
    behind = high - fresh
    return word_count(new[low : fresh + behind]) - word_count(old[low : end + behind])
