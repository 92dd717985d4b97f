"""Regions of a draft that are followed through later edits.

A region is `[start, end)` in code points. What is changed inside of it belongs to it; what is written at
its borders does not, unless the writer has just deleted there and writes that anew. A region that is cut
and pasted moves along, and one that undo brings back is back.
"""

from __future__ import annotations

from bisect import insort
from collections import deque

from cowrite.core.edits import Edit, Origin
from cowrite.core.segmentation import word_end

RETYPE_MS = 30_000
"""How long after a deletion at a region's border the writer may be writing it anew."""

_RETURNS = frozenset({Origin.UNDO, Origin.REDO, Origin.PASTE})
_BY_HAND = frozenset({Origin.TYPED, Origin.PASTE, Origin.REPLACE})
_REMEMBERED = 512
_FIRST_IDEOGRAPH = "\u0e00"


class Region:
    """One followed region. Where `behind` is true, start and end are counted from the text's end."""

    __slots__ = (
        "_gone",
        "_head",
        "_inside_word",
        "_retype_until",
        "_words",
        "behind",
        "end",
        "start",
    )

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.behind = False
        self._gone = ""
        self._words = 0
        self._inside_word = False
        self._head = False
        self._retype_until = -1

    def deleted(self, text: str, now: int, *, head: bool) -> None:
        """The writer deleted `text` at a border, so that as much may be written anew there."""
        if now > self._retype_until:
            self._gone, self._words, self._head = "", 0, head
        self._gone = self._gone + text if self._head else text + self._gone
        self._head = head
        # What follows a deletion in the middle of a word goes on with that word.
        self._inside_word = not head and self.start < self.end and not self._gone[0].isspace()
        self._retype_until = now + RETYPE_MS

    def begun_anew(self, now: int) -> bool:
        """Whether text just before the region is written in the place of its deleted beginning."""
        return self._head and now <= self._retype_until

    def forget_deletion(self) -> None:
        """The writer went on elsewhere."""
        self._retype_until = -1

    def absorbs(self, text: str, now: int) -> int:
        """How many characters of `text`, typed at the end, are written in the place of what was deleted.

        What was deleted may come back as it was; where the new text differs from it, as many words as
        were deleted.
        """
        if now > self._retype_until:
            return 0
        for index, character in enumerate(text):
            if self._gone:
                if character == self._gone[0]:
                    self._gone = self._gone[1:]
                    self._inside_word = not character.isspace()
                    continue
                begun = self._inside_word and self._words > 0
                self._words += _words(self._gone) - begun
                self._gone = ""
            if not self._takes(character):
                return index
        self._retype_until = max(self._retype_until, now + RETYPE_MS)
        return len(text)

    def _takes(self, character: str) -> bool:
        """Whether one more character is still within the words that were deleted."""
        if character.isspace():
            if self._inside_word:
                self._words, self._inside_word = self._words - 1, False
            return self._words > 0
        if character >= _FIRST_IDEOGRAPH and word_end(character + "a") == 1:
            self._words, self._inside_word = self._words - 1, False
            return self._words >= 0
        if self._words <= 0:
            return False
        self._inside_word = True
        return True


_Hole = tuple[Region, int, int]
"""A region that lost something to an edit, and its start and end before that, from the edit's start."""


def _words(text: str) -> int:
    """How many words or pieces of words are in `text`."""
    count, at = 0, 0
    while at < len(text):
        following = word_end(text, at)
        count += not text[at:following].isspace()
        at = following
    return count


class Regions:
    """All regions of one draft, shifted by its edits in constant time near the edit before.

    Three groups, like a gap buffer: `_left` ends before the last edit and is sorted by end; `_right`
    begins behind it, is counted from the end of the text (where an edit before it changes nothing) and is
    sorted from the last to the first; `_here` is near the edit.
    """

    __slots__ = ("_dug", "_here", "_left", "_length", "_retyping", "_right")

    def __init__(self, length: int) -> None:
        self._left: list[Region] = []
        self._here: list[Region] = []
        self._right: list[Region] = []
        self._length = length
        self._dug: deque[tuple[Edit, list[_Hole]]] = deque(maxlen=_REMEMBERED)
        self._retyping: list[Region] = []

    def __len__(self) -> int:
        return len(self._left) + len(self._here) + len(self._right)

    def bounds(self, region: Region) -> tuple[int, int]:
        """Where a region begins and ends, from the start of the text."""
        if region.behind:
            return self._length - region.start, self._length - region.end
        return region.start, region.end

    @property
    def here(self) -> list[Region]:
        """The regions near the last edit."""
        return self._here

    def add(self, region: Region) -> None:
        """Follow a region, near the last edit."""
        self._gather(region.start, region.end)
        self._here.append(region)

    def apply(self, edit: Edit, now: int, own: Region | None = None) -> None:
        """Shift by an edit at `now` milliseconds. `own`: the region that the inserted text goes on."""
        low, gone, fresh = edit.start, len(edit.deleted), len(edit.inserted)
        high = low + gone
        self._look_at(low, high)
        self._length += fresh - gone
        retyping: list[Region] = []
        holes: list[_Hole] = []
        by_hand = edit.suggestion_id is None and edit.origin in _BY_HAND
        for region in self._here:
            if gone and region.start < high and region.end > low:
                holes.append((region, region.start - low, region.end - low))
            if _shift(region, edit, now, by_hand=by_hand):
                retyping.append(region)
            if region is own:
                region.end = max(region.end, low + fresh)
        for region in self._retyping:
            if region not in retyping:
                region.forget_deletion()
        self._retyping = retyping
        if fresh and self._dug and edit.origin in _RETURNS:
            self._bring_back(edit)
        if holes:
            self._dug.append((edit, holes))

    def around(self, low: int, high: int) -> list[Region]:
        """The regions that hold, border on or lie in the text from `low` to `high`."""
        self._look_at(low, high)
        return self._here

    def _look_at(self, low: int, high: int) -> None:
        """Have the regions that touch the text from `low` to `high` in `_here`, and no others."""
        left, right = self._left, self._right
        if (
            (left and left[-1].end >= low)
            or (right and self._length - right[-1].start <= high)
            or any(region.end < low or region.start > high for region in self._here)
        ):
            self._gather(low, high)

    def _bring_back(self, edit: Edit) -> None:
        """Where an undo or a paste puts back what was deleted, the regions in it are back too.

        Undo takes back the newest change first, so that a region is then what it was before that change. A
        paste moves a region only if all of it had been cut.
        """
        paste = edit.origin is Origin.PASTE
        for index in range(len(self._dug) - 1, -1, -1):
            old, holes = self._dug[index]
            if old.deleted == edit.inserted and (
                paste or (old.start == edit.start and old.inserted == edit.deleted)
            ):
                break
        else:
            return
        if not paste:
            del self._dug[index]
        for region, first, last in holes:
            whole = first >= 0 and last <= len(old.deleted)
            if paste and not (whole and region.start == region.end):
                continue
            self._take_out(region)
            region.start, region.end = edit.start + first, edit.start + last
            region.behind = False
            self._here.append(region)

    def _take_out(self, region: Region) -> None:
        for group in (self._here, self._left, self._right):
            for index, other in enumerate(group):
                if other is region:
                    del group[index]
                    return

    def _gather(self, low: int, high: int) -> None:
        """Put the regions that touch the text from `low` to `high` into `_here`, and the others away."""
        left, right, length = self._left, self._right, self._length
        here = self._here
        while left and left[-1].end >= low:
            here.append(left.pop())
        while right and length - right[-1].start <= high:
            region = right.pop()
            region.start, region.end = length - region.start, length - region.end
            region.behind = False
            here.append(region)
        before = [region for region in here if region.end < low]
        behind = [region for region in here if region.start > high]
        if before or behind:
            self._here = [region for region in here if region.end >= low and region.start <= high]
            for region in sorted(before, key=_end):
                insort(left, region, key=_end)
            for region in behind:
                region.start, region.end = length - region.start, length - region.end
                region.behind = True
                insort(right, region, key=_start)


def _shift(region: Region, edit: Edit, now: int, *, by_hand: bool) -> bool:
    """Shift one region near an edit; true where the writer may go on writing it anew."""
    low, gone, fresh = edit.start, len(edit.deleted), len(edit.inserted)
    high = low + gone
    start, end = region.start, region.end
    if low >= end:
        taken = region.absorbs(edit.inserted, now) if low == end and by_hand and fresh else 0
        region.end += taken
        return 0 < taken == fresh
    if high <= start:
        if low == start and by_hand and region.begun_anew(now):
            region.end += fresh
            return True
        region.start, region.end = start + fresh - gone, end + fresh - gone
        return False
    if low < start:
        left_over = max(0, end - high)
        region.start = low + fresh if left_over else low
        region.end = region.start + left_over
        return False
    cut = edit.deleted[: end - low]
    left_over = end - low - len(cut)
    region.end = low
    if left_over:
        region.end = low + fresh + left_over
        if by_hand and low == start:
            region.deleted(cut, now, head=True)
            return True
        return False
    if by_hand:
        region.deleted(cut, now, head=False)
        taken = region.absorbs(edit.inserted, now)
    else:
        taken = fresh if high == end and edit.suggestion_id is None else 0
    region.end += taken
    return by_hand and taken == fresh


def _end(region: Region) -> int:
    return region.end


def _start(region: Region) -> int:
    return region.start
