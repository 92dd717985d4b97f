"""A book's chapters: one definition for all that reads a book part by part.

A chapter begins with a line that says so (`CHAPTER IV: A MARKET`, `Chapter One`), or, where there is none, with
a heading of Markdown's highest level that stands more than once.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from cowrite.core.document import Document
from cowrite.core.reading import Reading

LEAST = 600
"""Characters below which a part is no chapter but a title, an epigraph or a line of the contents."""

_NUMBER = (
    r"[IVXLCDM]+|\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif)ty(?:[- ]\w+)?|the \w+"
)
_LINE = re.compile(
    rf"^[ \t]*(?:chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk)[ \t]+(?:{_NUMBER})\b[^\n]{{0,120}}$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a text: its first line, and where it begins and ends (code points)."""

    title: str
    start: int
    end: int


def is_chapter_line(line: str) -> bool:
    """Whether a line says that a chapter begins, as `Chapter Four` does."""
    return _LINE.fullmatch(line) is not None


def chapters(text: str) -> list[Chapter]:
    """The chapters of a text in order, all of it covered; one where it is no book, none where it is empty.

    What stands before the first chapter, and what is too short to be one, belongs to the chapter behind it;
    what is too short at the end, to the one before it.
    """
    if not text:
        return []
    starts = [match.start() for match in _LINE.finditer(text)]
    if len(starts) < 2:
        starts = _headings(text)
    kept = [0]
    for start in sorted(starts):
        if start - kept[-1] >= LEAST:
            kept.append(start)
    if len(kept) > 1 and len(text) - kept[-1] < LEAST:
        kept.pop()
    bounds = zip(kept, [*kept[1:], len(text)], strict=True)
    return [Chapter(_title(text, starts, start, end), start, end) for start, end in bounds]


def _headings(text: str) -> list[int]:
    """Where the highest level of headings begins that stands more than once."""
    if "\n#" not in "\n" + text and not re.search(r"^(?:=+|-+)[ \t]*$", text, re.MULTILINE):
        return []
    document = Document(text)
    found = Reading(document).headings()
    levels = Counter(heading.level for heading in found)
    level = min((level for level, count in levels.items() if count > 1), default=0)
    return [document.line_start(h.line) for h in found if h.level == level] if level else []


def _title(text: str, starts: list[int], start: int, end: int) -> str:
    """The first line of these that a part holds; it may hold none."""
    place = next((one for one in starts if start <= one < end), None)
    if place is None:
        return ""
    line = text[place : place + 200].lstrip().partition("\n")[0]
    return line.strip().lstrip("# ").strip()
