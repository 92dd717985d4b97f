"""Offsets in code points and in UTF-16 units, the ones that browsers count."""

from __future__ import annotations

from cowrite.core.document import Document


def wide(text: str) -> int:
    """How many characters of the text take two UTF-16 units."""
    return 0 if text.isascii() else sum(character > "\uffff" for character in text)


class Units:
    """Converts offsets of one document, near the offset before in constant time.

    code_points: convert nothing.
    """

    def __init__(self, document: Document, *, code_points: bool = False) -> None:
        self.code_points = code_points
        self._document = document
        self._place = 0
        self._wide = 0

    def at(self, offset: int) -> int:
        """The offset (code points) in units."""
        if self.code_points:
            return offset
        self._go(offset)
        return offset + self._wide

    def code_point(self, units: int) -> int | None:
        """The offset in code points of an offset in units; None inside of a character or behind the end."""
        if self.code_points:
            return units if 0 <= units <= len(self._document) else None
        size = len(self._document)
        if not 0 <= units <= self.at(size):
            return None
        low, high = max(0, units - self._wide), min(units, size)
        while low < high:
            middle = (low + high) // 2
            if self.at(middle) < units:
                low = middle + 1
            else:
                high = middle
        return low if self.at(low) == units else None

    def hold(self, start: int) -> None:
        """To be called before the text behind `start` is changed: what is counted up to there holds."""
        if not self.code_points:
            self._go(start)

    def _go(self, offset: int) -> None:
        document, place = self._document, self._place
        if offset >= place:
            self._wide += wide(document.slice(place, offset))
        else:
            self._wide -= wide(document.slice(offset, place))
        self._place = offset
