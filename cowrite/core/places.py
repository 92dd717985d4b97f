"""What kind of place of a draft it is where a suggestion would go. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from cowrite.core.words import goes_on

NEAR = 1000
"""Characters before a place that say what it is: a paragraph of them, at most."""


class Place(StrEnum):
    """The kind of a place. The first that fits is said: a heading's middle is a heading."""

    HEADING = "heading"
    LIST = "list"
    """In an item of a list."""
    WORD = "mid-word"
    DIALOGUE = "dialogue"
    """Inside of a quotation."""
    PARAGRAPH = "paragraph start"
    SENTENCE = "sentence start"
    MIDDLE = "mid-sentence"


_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
_SENTENCE = re.compile(
    r"(?:[.!?\u2026]['\")\]\u2019\u201d\u00bb\u201c]*\s+|[\u3002\uff01\uff1f]['\"\u300d\u300f\u201d]*\s*)"
    r"['\"(\u2018\u201c\u201e\u00ab\u300c]*$"
)
_PAIRS = {"\u201c": "\u201d", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u300c": "\u300d"}
_SPEAKS = re.compile(r"\s*[\u2014\u2013]\s")
"""A line that begins with a dash, as dialogue does in many languages."""


def in_heading(line: str) -> bool:
    """Whether a line that begins so is a heading of Markdown (`# Title`)."""
    return _HEADING.match(line) is not None


def place_of(before: str, text: str = "") -> Place:
    """The kind of place behind `before`, of which the last `NEAR` characters count.

    text: what would be put there, without which no place is in the middle of a word.
    """
    before = before[-NEAR:]
    line = before[before.rfind("\n") + 1 :]
    if in_heading(line):
        return Place.HEADING
    if _ITEM.match(line):
        return Place.LIST
    if text and goes_on(before, text):
        return Place.WORD
    if not line.strip():
        return Place.PARAGRAPH
    if _is_quoted(line):
        return Place.DIALOGUE
    return Place.SENTENCE if _SENTENCE.search(line) else Place.MIDDLE


def _is_quoted(line: str) -> bool:
    """Whether a line has begun a quotation and not ended it."""
    if line.count('"') % 2 == 1 or _SPEAKS.match(line):
        return True
    closing = ""
    for character in line:
        if closing and character in closing:
            closing = ""
        elif not closing:
            closing = _PAIRS.get(character, "")
    return bool(closing)
