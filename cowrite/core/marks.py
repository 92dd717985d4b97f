"""How it is shown who wrote what: whole words, of one author each, or the model's changed by the writer.

The log knows each character's author. A reader wants words: a mark on the space between two words of the
writer's, or on half a word, says nothing. Command line, page and editor show these marks.
"""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum

from cowrite.core.provenance import Author, Run, Runs, joined
from cowrite.core.segmentation import is_ideograph


class Mark(StrEnum):
    """Who wrote a stretch of text, as it is shown."""

    WRITER = "writer"
    MODEL = "model"
    CHANGED = "changed"
    """The model's, and changed by the writer."""
    PASTE = "paste"
    FILE = "file"


Marked = tuple[int, Mark]
"""So many characters, and their mark."""

_LONGEST_WORD = 200
"""Letters that are looked at on each side of a border."""


def marks(text: str, runs: Runs) -> list[Marked]:
    """The marks of a text, in order; neighbours differ. runs: who wrote it; they cover it."""
    shown = _with_words(text, runs)
    found: list[Marked] = []
    for index, (length, source) in enumerate(shown):
        changed = _is_between(shown, index) or _is_split(shown, index)
        found.append((length, Mark.CHANGED if changed else Mark(source.author.value)))
    return _in_words(text, found)


def _with_words(text: str, runs: Runs) -> list[Run]:
    """The runs, but signs and white space without a word are of whoever wrote what is before them.

    White space before the writer's own is the writer's, and what is before everything of who comes next.
    """
    out: list[Run] = []
    at = 0
    for index, (length, source) in enumerate(runs):
        piece = text[at : at + length]
        at += length
        if source.author is not Author.WRITER and not _has_word(piece):
            behind = runs[index + 1][1] if index + 1 < len(runs) else None
            own = behind is not None and behind.author is Author.WRITER and piece.isspace()
            source = (behind if own or not out else out[-1][1]) or source
        out.append((length, source))
    return joined(out)


def _has_word(piece: str) -> bool:
    """Whether there is more in it than white space and signs."""
    return any(not char.isspace() and unicodedata.category(char)[0] != "P" for char in piece)


def _is_between(runs: Sequence[Run], index: int) -> bool:
    """Whether the writer's own words stand between two runs of one suggestion."""
    if not 0 < index < len(runs) - 1 or runs[index][1].author is not Author.WRITER:
        return False
    before, after = runs[index - 1][1], runs[index + 1][1]
    return before.author is Author.MODEL and before == after


def _is_split(runs: Sequence[Run], index: int) -> bool:
    """Whether a run of the model's has such a change beside it."""
    if runs[index][1].author is not Author.MODEL:
        return False
    return _is_between(runs, index + 1) or _is_between(runs, index - 1)


# Words that a border goes through


def _in_words(text: str, found: list[Marked]) -> list[Marked]:
    """The marks with each word under one."""
    ends = list(itertools.accumulate(length for length, _ in found))

    def between(start: int, end: int) -> Iterator[Marked]:
        for index in range(bisect_right(ends, start), len(ends)):
            low, high = ends[index] - found[index][0], ends[index]
            if low >= end:
                return
            yield min(high, end) - max(low, start), found[index][1]

    out: list[Marked] = []
    at = 0
    for border in ends:
        start, end = _word_around(text, border)
        if border < at or start == end:
            continue
        start = max(at, start)
        for length, mark in between(at, start):
            _add(out, length, mark)
        _add(out, end - start, _of_word(list(between(start, end))))
        at = end
    for length, mark in between(at, ends[-1] if ends else 0):
        _add(out, length, mark)
    return out


def _add(out: list[Marked], length: int, mark: Mark) -> None:
    if not length:
        return
    if out and out[-1][1] is mark:
        out[-1] = (out[-1][0] + length, mark)
    else:
        out.append((length, mark))


def _word_around(text: str, border: int) -> tuple[int, int]:
    """The word that a border goes through; nothing where it goes through none."""
    if not 0 < border < len(text) or not _joins(text, border):
        return border, border
    start, end = border, border
    while start > 0 and border - start < _LONGEST_WORD and _joins(text, start):
        start -= 1
    while end < len(text) and end - border < _LONGEST_WORD and _joins(text, end):
        end += 1
    return start, end


def _joins(text: str, at: int) -> bool:
    """Whether the characters around a place are of one word."""
    if not 0 < at < len(text):
        return False
    before, behind = text[at - 1], text[at]
    if is_ideograph(before) or is_ideograph(behind):
        return unicodedata.combining(behind) != 0
    if _is_letter(before) and _is_letter(behind):
        return True
    if behind in "'’" and at + 1 < len(text):
        return _is_letter(before) and _is_letter(text[at + 1])
    return before in "'’" and at > 1 and _is_letter(text[at - 2]) and _is_letter(behind)


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _of_word(parts: list[Marked]) -> Mark:
    """The mark of a word of several authors.

    One that the model has finished is of who wrote most of it, as is one without the model. Another one has
    been the model's and was changed.
    """
    marks_in_it = [mark for _, mark in parts]
    if Mark.CHANGED in marks_in_it or Mark.MODEL in marks_in_it[:-1]:
        return Mark.CHANGED
    letters: dict[Mark, int] = {}
    for length, mark in parts:
        letters[mark] = letters.get(mark, 0) + length
    # Of two with as many letters, the later one.
    return max(reversed(letters), key=lambda mark: letters[mark])
