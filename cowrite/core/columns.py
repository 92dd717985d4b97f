"""Columns of a line with tabs, as CommonMark counts them (2.2: tab stops at every fourth)."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[ \t]*")
WIDE = 64
"""Columns of white space that nothing asks to tell from more."""


class Cursor:
    """A place in a line, in characters and in columns, with tab stops at every fourth."""

    __slots__ = ("column", "place", "rest", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = self.column = self.rest = 0
        """rest: columns of the tab at `place` that were taken already."""

    def indent(self) -> tuple[int, int]:
        """The columns of white space from here, `WIDE` for more, and where it ends in the text."""
        text, place, column = self.text, self.place, self.column
        match = _SPACE.match(text, place)
        end = match.end() if match else place
        if end - place > WIDE:
            return WIDE, end
        for sign in text[place:end]:
            column += 4 - column % 4 if sign == "\t" else 1
        return column - self.column, end

    def take(self, columns: int) -> None:
        """Go on over white space by so many columns, into a tab if need be."""
        text = self.text
        while columns > 0 and self.place < len(text) and text[self.place] in " \t":
            wide = 4 - self.column % 4 if text[self.place] == "\t" else 1
            if wide > columns:
                self.column += columns
                return
            self.column += wide
            columns -= wide
            self.place += 1

    def jump(self, place: int) -> None:
        """Go on to `place`, over white space and signs."""
        if place - self.place > WIDE:
            self.column, self.place = self.column + WIDE, place
        while self.place < place:
            tab = self.text[self.place] == "\t"
            self.column += 4 - self.column % 4 if tab else 1
            self.place += 1
