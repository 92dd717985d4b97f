"""Where a motion leads: pure functions of a document and an offset."""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.segmentation import sentence_end
from cowrite.core.words import words
from cowrite.tui.editor.graphemes import boundary_after, boundary_before, snapped

_FAR = 4000
"""The most characters that are searched for a word or a sentence in a very long paragraph."""

_HARD = range(50, 101)
"""The lengths of lines that look as if they were broken by hand within a paragraph."""


def left(document: Document, offset: int) -> int:
    """One grapheme back; a line's ending is one."""
    line, column = document.locate(offset)
    if column == 0:
        return document.line_end(line - 1) if line else 0
    return document.line_start(line) + boundary_before(document.line(line), column)


def right(document: Document, offset: int) -> int:
    """One grapheme on; a line's ending is one."""
    line, column = document.locate(offset)
    text = document.line(line)
    if column >= len(text):
        return document.line_start(line + 1) if line + 1 < document.line_count else len(document)
    return document.line_start(line) + boundary_after(text, column)


def on_boundary(document: Document, offset: int) -> int:
    """`offset`, moved to the start of the grapheme or line ending that it lies in."""
    line, column = document.locate(offset)
    return document.line_start(line) + snapped(document.line(line), column)


def _not_within(document: Document, offset: int) -> int:
    """`offset`, moved to the end of the grapheme that it lies in the middle of."""
    start = on_boundary(document, offset)
    return offset if start == offset else right(document, start)


def word_left(document: Document, offset: int) -> int:
    """The start of the word before; the end of the line above from a line's start."""
    line, column = document.locate(offset)
    if column == 0:
        return left(document, offset)
    text = document.line(line)
    low = max(0, column - _FAR)
    start = low
    for start, _ in words(text, low, column):  # noqa: B007 - the last one is wanted
        pass
    return document.line_start(line) + snapped(text, start)


def word_right(document: Document, offset: int) -> int:
    """The end of the word behind; the start of the next line from a line's end."""
    line, column = document.locate(offset)
    text = document.line(line)
    if column >= len(text):
        return right(document, offset)
    far = min(len(text), column + _FAR)
    _, end = next(words(text, column, far), (far, far))
    return _not_within(document, document.line_start(line) + end)


def word_around(document: Document, offset: int) -> tuple[int, int]:
    """The word at an offset, or the run of spaces or signs there, within its line; whole graphemes."""
    start, end = _word_around(document, offset)
    return on_boundary(document, start), _not_within(document, end)


def _word_around(document: Document, offset: int) -> tuple[int, int]:
    line, column = document.locate(offset)
    text = document.line(line)
    base = document.line_start(line)
    low, high = max(0, column - _FAR), min(len(text), column + _FAR)
    edge = low
    for start, end in words(text, low, high):
        if start <= column < end:
            return base + start, base + end
        if start > column:
            return base + edge, base + start
        edge = end
    return base + edge, base + high


def _is_blank(document: Document, line: int) -> bool:
    text = document.line(line)
    return not text or text.isspace()


def _goes_on(document: Document, line: int) -> bool:
    """Whether the line below belongs to the same paragraph: this one was broken by hand."""
    if line + 1 >= document.line_count or len(document.line(line)) not in _HARD:
        return False
    below = document.line(line + 1)
    return bool(below.strip()) and below.lstrip()[:1] not in "#>-*+|`~"


def paragraph_around(document: Document, line: int) -> tuple[int, int]:
    """The first and last line of the paragraph that a line is in, lines broken by hand taken together."""
    first = last = line
    if _is_blank(document, line):
        return line, line
    while first > 0 and not _is_blank(document, first - 1) and _goes_on(document, first - 1):
        first -= 1
    while _goes_on(document, last):
        last += 1
    return first, last


def paragraph_up(document: Document, offset: int) -> int:
    """The paragraph's start, or the one's before from there."""
    line = document.line_at(offset)
    start = document.line_start(paragraph_around(document, line)[0])
    if start < offset and not _is_blank(document, line):
        return start
    line = document.line_at(start) - 1
    while line > 0 and _is_blank(document, line):
        line -= 1
    return document.line_start(paragraph_around(document, line)[0]) if line >= 0 else 0


def paragraph_down(document: Document, offset: int) -> int:
    """The start of the next paragraph, or the draft's end."""
    line = paragraph_around(document, document.line_at(offset))[1] + 1
    while line < document.line_count and _is_blank(document, line):
        line += 1
    return document.line_start(line) if line < document.line_count else len(document)


def sentences(document: Document, offset: int) -> tuple[int, int, int]:
    """Around an offset: the sentence's start, its end, and the start of the one behind it."""
    first, last = paragraph_around(document, document.line_at(offset))
    base = max(document.line_start(first), offset - _FAR)
    limit = min(document.line_end(last), offset + _FAR)
    text = document.slice(base, limit)
    flat = text.replace("\r", " ").replace("\n", " ")
    here = offset - base
    start = 0
    while True:
        end = sentence_end(flat, start, final=True)
        end = len(flat) if end is None else end
        following = end
        while following < len(flat) and flat[following].isspace():
            following += 1
        if here < following or following >= len(flat):
            return base + start, base + end, base + following
        start = following


def sentence_left(document: Document, offset: int) -> int:
    """The sentence's start, or the one's before from there."""
    start, _, _ = sentences(document, offset)
    if start < offset:
        return on_boundary(document, start)
    before = left(document, offset)
    near = document.slice(max(0, before - _FAR), before)
    before = max(0, before - (len(near) - len(near.rstrip())) - 1)
    return on_boundary(document, sentences(document, before)[0])


def sentence_right(document: Document, offset: int) -> int:
    """The start of the next sentence; from a paragraph's last one, the start of the next paragraph."""
    _, _, following = sentences(document, offset)
    line = paragraph_around(document, document.line_at(offset))[1]
    if following > offset and following < document.line_end(line):
        return _not_within(document, following)
    return paragraph_down(document, offset)
