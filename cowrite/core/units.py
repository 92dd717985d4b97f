"""Columns of a line in other programs' units: what UTF-8, UTF-16 and UTF-32 make of its code points."""

from __future__ import annotations

from enum import StrEnum


class Units(StrEnum):
    """What another program counts a line's columns in; the values are the language server protocol's."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


_CODEC = {Units.UTF8: "utf-8", Units.UTF16: "utf-16-le"}
_WIDTH = {Units.UTF8: 1, Units.UTF16: 2}
"""Bytes of one unit."""


def width(text: str, units: Units) -> int:
    """How many units a text is long."""
    if units is Units.UTF32 or text.isascii():
        return len(text)
    return len(text.encode(_CODEC[units], "surrogatepass")) // _WIDTH[units]


def code_points(line: str, column: int, units: Units) -> int:
    """How many code points of the line are before a column in units; at most all of them.

    A column in the middle of a character is before it.
    """
    column = max(column, 0)
    if units is Units.UTF32 or line.isascii():
        return min(column, len(line))
    head = line[:column]  # a code point is a unit at least
    if head.isascii():
        return len(head)
    data = head.encode(_CODEC[units], "surrogatepass")[: column * _WIDTH[units]]
    return len(data.decode(_CODEC[units], "ignore"))


def whole_characters(text: str) -> str:
    """The text with U+FFFD for each half of a character, of the same width in UTF-16.

    Programs that count in UTF-16 can send halves; no log or model takes one.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
