"""A draft read as Markdown, kept in step with its edits: what each line is, and what is what in it.

Lines are read when somebody asks for them, up to the one that is asked for. After an edit they are read again
from the change on until one leaves open what it left open before; what lies behind is still right.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from cowrite.core.blocks import START, BlockKind, Line, State, step
from cowrite.core.document import Document
from cowrite.core.front_matter import front_matter
from cowrite.core.inline import LONGEST, Span, Spans, inline
from cowrite.core.recent import Recent

_MOST_LINES = 100
"""Lines, up and down, in which a paragraph begins and ends that is read as a whole."""

_UNDERLINED = 24
"""Lines that a heading with an underline may have."""

_KEPT = 1 << 16
"""Characters of paragraphs whose spans are kept: some screens full."""

_WHOLE = {
    **dict.fromkeys((BlockKind.CODE, BlockKind.FENCE), "code"),
    **dict.fromkeys(
        (BlockKind.FRONT, BlockKind.RULE, BlockKind.UNDERLINE, BlockKind.DEFINITION), "mark"
    ),
}
"""Kinds of lines that are one span."""


class Heading(NamedTuple):
    """A heading: the number of its first line, its level (1 to 6) and its text."""

    line: int
    level: int
    title: str


class Reading:
    """Reads `document`, whose changes it must be told."""

    def __init__(self, document: Document) -> None:
        self._document = document
        count = document.line_count
        self._lines: list[Line | None] = [None] * count
        self._after: list[State] = [START] * count
        """What each line leaves open, where it was read."""
        self._low = self._high = self._end = 0
        """Right are the lines before `_low`. Those from there to `_high` are to be read; those on to `_end`
        follow from one another, and from `_entry` before them. Without such a gap all three are one."""
        self._entry = START
        self._front = front_matter(document.line, count)
        self._paragraphs: Recent[tuple[Spans, ...]] = Recent(_KEPT)
        self.steps = 0
        """How many lines were read so far: what it has cost."""

    # Keeping up

    def changed(self, first: int, before: int, after: int) -> int:
        """Lines [first, first + before) became [first, first + after).

        Returns the first line that may be something else now: a fence can make front matter of those above.
        """
        if first < self._end:
            self._open_gap(first, first + before, after - before)
        self._lines[first : first + before] = [None] * after
        self._after[first : first + before] = [START] * after
        front = front_matter(self._document.line, self._document.line_count)
        if front != self._front:
            self._front = front
            self._low = self._high = self._end = 0
            return 0
        return first

    def _open_gap(self, first: int, last: int, moved: int) -> None:
        """Lines from `first` to `last` (as they were counted) are others; those behind moved by so many."""
        last += 1  # the line below may be a table by what is above it now
        low = min(self._low, first)
        if last >= self._end:
            self._low = self._high = self._end = low
            return
        if self._low == self._high or last > self._high:
            self._entry = self._after[last - 1]
            self._high = last
        self._low, self._high, self._end = low, self._high + moved, self._end + moved

    def _read(self, index: int) -> None:
        """Read on so far that this line is right."""
        while self._low <= index:
            if self._low == self._high:
                self._high = self._end = self._low + 1
            self._read_line(self._low)
            self._low += 1
            if self._low == self._high < self._end:
                self._join()

    def _join(self) -> None:
        """Take the lines behind the gap as they were read before, where they still follow from it."""
        if self._after[self._low - 1] == self._entry:
            self._low = self._high = self._end
        else:
            self._entry = self._after[self._high]
            self._high += 1

    def _before(self, index: int) -> State:
        return self._after[index - 1] if index > self._front else START

    def _read_line(self, index: int) -> None:
        self.steps += 1
        if index < self._front:
            self._lines[index], self._after[index] = Line(BlockKind.FRONT), START
            return
        document = self._document

        def above() -> str:
            over = self._lines[index - 1] if index else None
            return document.line(index - 1)[over.start :] if over is not None else ""

        found = step(self._before(index), document.line(index), above)
        self._lines[index], self._after[index] = found

    # What a line is

    def _as_read(self, index: int) -> Line:
        """The line as those above let it be read."""
        if index >= self._low:
            self._read(index)
        line = self._lines[index]
        assert line is not None
        return line

    def read(self, index: int) -> tuple[Line, int]:
        """The line as those above let it be read, and how many lines are right by now.

        Where these are more than were asked for, those behind are what they were before the last change.
        """
        return self._as_read(index), self._low

    def line(self, index: int) -> Line:
        """What a line is, also by those below it: a heading's text, a table's first row."""
        line = self._as_read(index)
        if line.kind is not BlockKind.PARAGRAPH:
            return line
        for below in range(index + 1, min(index + _UNDERLINED, self._document.line_count)):
            other = self._as_read(below)
            if other.kind is BlockKind.UNDERLINE:
                return line._replace(kind=BlockKind.HEADING, level=other.level)
            if other.kind is BlockKind.TABLE and below == index + 1:
                return line._replace(kind=BlockKind.TABLE)
            if not other.goes_on:
                break
        return line

    def headings(self) -> list[Heading]:
        """All headings, in order."""
        return list(self.each_heading())

    def each_heading(self) -> Iterator[Heading]:
        """All headings, in order, read as they are asked for."""
        for index in range(self._document.line_count):
            line = self._as_read(index)
            if line.kind is BlockKind.HEADING:
                title = self._document.line(index)[line.start :].strip()
                yield Heading(index, line.level, _without_closing(title))
            elif line.kind is BlockKind.UNDERLINE:
                first = index - 1
                while first and self._as_read(first).goes_on:
                    first -= 1
                texts = [self._content(above).strip() for above in range(first, index)]
                yield Heading(first, line.level, " ".join(texts))

    def _content(self, index: int) -> str:
        return self._document.line(index)[self._as_read(index).start :]

    def _goes_on(self, index: int) -> bool:
        """Whether the line below belongs to the same paragraph."""
        return index + 1 < self._document.line_count and self._as_read(index + 1).goes_on

    # What is what in a line

    def spans(self, index: int, low: int = 0, high: int | None = None) -> Spans:
        """The spans of a line, as columns; of a very long one only those between two columns."""
        line, text = self.line(index), self._document.line(index)
        high = len(text) if high is None else min(high, len(text))
        if not text:
            return ()
        whole = _WHOLE.get(line.kind)
        if whole is not None:
            return (*_signs(line, len(text)), (line.start, len(text), whole))
        out = list(_signs(line, len(text)))
        if line.kind is BlockKind.HEADING and not any(kind == "heading" for _, _, kind in out):
            out.append((line.start, len(text), "heading"))
        if low > 0 or high < len(text):
            part = text[low:high]
            begin = max(0, line.start - low)
            markup = line.kind is not BlockKind.HTML
            found = inline(part, begin, opened="" if low else line.opened, markup=markup)
            return (*out, *((start + low, end + low, kind) for start, end, kind in found))
        return (*out, *self._inline(index, line, text))

    def _inline(self, index: int, line: Line, text: str) -> Spans:
        if line.kind is BlockKind.HTML:
            return inline(text, line.start, opened=line.opened, markup=False, whole=False)
        first, last = (
            (index, index) if line.kind is not BlockKind.PARAGRAPH else self._paragraph(index)
        )
        if first == last:
            about = (line.start, line.opened, not line.goes_on and not self._goes_on(index))
            return self._paragraphs.get(text, lambda: (_alone(text, *about),), with_=about)[0]
        contents = [self._content(one) for one in range(first, last + 1)]
        joined = "\n".join(contents)
        each = self._paragraphs.get(joined, lambda: _by_line(inline(joined), contents))
        start = line.start
        return tuple((low + start, high + start, kind) for low, high, kind in each[index - first])

    def _paragraph(self, index: int) -> tuple[int, int]:
        """The first and last line of the paragraph that a line is in; the line alone where that is long."""
        document = self._document
        first = last = index
        least = max(0, index - _MOST_LINES)
        while first > least and self._as_read(first).goes_on:
            first -= 1
        most = min(document.line_count - 1, index + _MOST_LINES)
        while last < most and self._as_read(last + 1).goes_on:
            last += 1
        size = document.line_end(last) - document.line_start(first)
        whole = size <= LONGEST and last < index + _MOST_LINES and not self._as_read(first).goes_on
        return (first, last) if whole else (index, index)


def _alone(text: str, start: int, opened: str, whole: bool) -> Spans:
    return inline(text, start, opened=opened, whole=whole)


def _signs(line: Line, size: int) -> list[Span]:
    """The spans of what stands before a line's content, and of the quotation that it is in."""
    out: list[Span] = []
    for start, end, kind in line.marks:
        if kind == "quote":
            out += [(0, size, "quote")] if not out else []
            out.append((start, end, "mark"))
        else:
            out.append((start, end, kind))
    return out


def _without_closing(title: str) -> str:
    """A heading's text without the signs that may close it."""
    bare = title.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else title


def _by_line(spans: Spans, lines: list[str]) -> tuple[Spans, ...]:
    """The spans of joined lines as those of each, cut where a line ends."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    out: list[list[Span]] = [[] for _ in lines]
    for low, high, kind in spans:
        at = bisect_right(starts, low) - 1
        while at < len(lines) and starts[at] < high:
            start, end = max(low - starts[at], 0), min(high - starts[at], len(lines[at]))
            if start < end:
                out[at].append((start, end, kind))
            at += 1
    return tuple(map(tuple, out))
