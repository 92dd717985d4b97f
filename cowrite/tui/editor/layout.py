"""The draft as rows of cells: which paragraph and row an offset is on, and back.

A *paragraph* here is a line of the document. Paragraphs are wrapped when somebody looks at them; the
heights of the others are guessed from their length, and put right by `work` while nobody types. The *ghost*,
and the new words of a rewrite, are laid out as if they stood in their paragraphs, but they are in the layout
alone, never in the document.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cowrite.core.document import Document
from cowrite.tui.editor.graphemes import boundary_before
from cowrite.tui.editor.heights import Heights
from cowrite.tui.editor.insertions import Insert, Insertions
from cowrite.tui.editor.wrap import cell_at, index_at, rewrap, wrap

_LONG = 2000
"""From so many characters on, a paragraph is worth being wrapped around the change alone."""

_SLICE = 64
"""Paragraphs between two looks at the clock."""


class Place(NamedTuple):
    """A cell of the layout: `row` counts within the paragraph, `cell` within the row."""

    paragraph: int
    row: int
    cell: int


@dataclass(frozen=True, slots=True)
class Ghost:
    """A text that is shown at `column` of a paragraph without being in it."""

    paragraph: int
    column: int
    text: str


_Wrapped = tuple[str, tuple[int, ...]]
"""What is shown and where its rows begin. Plain tuples: the garbage collector soon stops to look at them,
of which a long draft has tens of thousands."""


class Layout:
    """Rows of a document at a width. Offsets are code points of the document, columns of a paragraph.

    What is *shown* of a paragraph is its text with the ghost and new words in it; indexes into that are
    called so.
    """

    def __init__(self, document: Document, width: int, tab: int = 4) -> None:
        self.document = document
        self.width = max(1, width)
        self.tab = tab
        self.ghost: Ghost | None = None
        self._fresh: Mapping[int, tuple[Insert, ...]] = {}
        """The new words of a rewrite, by paragraph."""
        self._inserted: dict[int, Insertions] = {}
        """All that is shown and not there, by paragraph."""
        self._start_over()

    def _start_over(self) -> None:
        count = self.document.line_count
        self._wrapped: list[_Wrapped | None] = [None] * count
        self.heights = Heights([self._guess(index) for index in range(count)])
        self._next = 0

    def _guess(self, paragraph: int) -> int:
        document = self.document
        after = (
            document.line_start(paragraph + 1)
            if paragraph + 1 < document.line_count
            else len(document) + 1
        )
        return (after - document.line_start(paragraph)) // self.width + 1

    # What changes

    def resize(self, width: int) -> None:
        """Lay out for another width."""
        if width != self.width:
            self.width = max(1, width)
            self._start_over()

    def renew_all(self) -> None:
        """Lay everything out again: the tab stops are others."""
        self._start_over()

    def changed(self, first: int, before: int, after: int) -> None:
        """Paragraphs [first, first + before) became [first, first + after). Takes the ghost away, and the
        new words in these paragraphs."""
        ghost, self.ghost = self.ghost, None
        self._fresh = {
            index if index < first else index + after - before: texts
            for index, texts in self._fresh.items()
            if not first <= index < first + before
        }
        self._gather()
        if before == after == 1:
            self._renew(first)
        else:
            self._wrapped[first : first + before] = [None] * after
            guesses = [self._guess(first + index) for index in range(after)]
            self.heights.replace(first, before, guesses)
            if first < self._next:
                self._next = min(self._next, first)
        if ghost is not None and not first <= ghost.paragraph < first + before:
            moved = after - before if ghost.paragraph >= first + before else 0
            self._renew(ghost.paragraph + moved)

    def set_ghost(self, ghost: Ghost | None) -> None:
        """Show another ghost, or none."""
        if ghost != self.ghost:
            self.ghost = ghost
            self._insert_anew()

    def set_fresh(self, fresh: Mapping[int, tuple[Insert, ...]]) -> None:
        """Show these new words of a rewrite, by paragraph."""
        if fresh != self._fresh:
            self._fresh = fresh
            self._insert_anew()

    def _insert_anew(self) -> None:
        """Lay those paragraphs out again in which something else is shown now."""
        before = self._inserted
        self._gather()
        for index in before.keys() | self._inserted.keys():
            if before.get(index) != self._inserted.get(index):
                self._renew(index)

    def _gather(self) -> None:
        ghost, found = self.ghost, {index: list(texts) for index, texts in self._fresh.items()}
        if ghost is not None:
            found.setdefault(ghost.paragraph, []).append((ghost.column, ghost.text))
            found[ghost.paragraph].sort(key=lambda one: one[0])
        self._inserted = {index: Insertions(texts) for index, texts in found.items()}

    def inserted(self, paragraph: int) -> Insertions | None:
        """What is shown in a paragraph without being in it; None for nothing."""
        return self._inserted.get(paragraph)

    def _renew(self, paragraph: int) -> None:
        old = self._wrapped[paragraph]
        if old is None:
            return
        text = self.shown(paragraph)
        before, rows = old
        if max(len(text), len(before)) > _LONG:
            starts = rewrap(before, rows, text, self.width, self.tab)
        else:
            starts = wrap(text, self.width, self.tab)
        self._wrapped[paragraph] = (text, tuple(starts))
        self.heights.set(paragraph, len(starts))

    def work(self, seconds: float, pressing: Callable[[], bool] = lambda: False) -> bool:
        """Wrap paragraphs that nobody has looked at for at most `seconds`; true while some are left.

        pressing: whether there is something better to do now.
        """
        until = time.perf_counter() + seconds
        count = len(self._wrapped)
        while self._next < count:
            for index in range(self._next, min(self._next + _SLICE, count)):
                if self._wrapped[index] is None:
                    self._wrap(index)
            self._next = min(self._next + _SLICE, count)
            if time.perf_counter() > until or pressing():
                break
        return self._next < count

    # What is there

    @property
    def count(self) -> int:
        """How many paragraphs there are."""
        return len(self._wrapped)

    def shown(self, paragraph: int) -> str:
        """The text of a paragraph with what is shown in it."""
        text = self.document.line(paragraph)
        inserted = self._inserted.get(paragraph)
        return text if inserted is None else inserted.shown(text)

    def _wrap(self, paragraph: int) -> _Wrapped:
        text = self.shown(paragraph)
        starts = tuple(wrap(text, self.width, self.tab))
        self._wrapped[paragraph] = (text, starts)
        self.heights.set(paragraph, len(starts))
        return text, starts

    def wrapped(self, paragraph: int) -> tuple[str, tuple[int, ...]]:
        """What is shown of a paragraph, and the indexes at which its rows begin."""
        return self._wrapped[paragraph] or self._wrap(paragraph)

    def rows(self, paragraph: int) -> int:
        """How many rows a paragraph takes."""
        return len(self.wrapped(paragraph)[1])

    def row_span(self, paragraph: int, row: int) -> tuple[str, int, int]:
        """What is shown of a paragraph, and where the row begins and ends in it."""
        text, starts = self.wrapped(paragraph)
        end = starts[row + 1] if row + 1 < len(starts) else len(text)
        return text, starts[row], end

    # Columns, indexes, offsets, places

    def shown_index(self, paragraph: int, column: int, *, behind: bool = False) -> int:
        """The index in what is shown of a column; at the ghost's column, before it or `behind` it."""
        inserted = self._inserted.get(paragraph)
        return column if inserted is None else inserted.index(column, behind=behind)

    def column(self, paragraph: int, index: int) -> int:
        """The column of an index in what is shown; on the ghost, the ghost's column."""
        inserted = self._inserted.get(paragraph)
        return index if inserted is None else inserted.column(index)

    def place(self, offset: int) -> Place:
        """Where an offset of the document is shown."""
        paragraph, column = self.document.locate(offset)
        index = self.shown_index(paragraph, column)
        text, starts = self.wrapped(paragraph)
        row = bisect_right(starts, index) - 1
        return Place(paragraph, row, cell_at(text, starts[row], index, self.tab))

    def offset(self, paragraph: int, row: int, cell: int) -> int:
        """The offset of the grapheme at a cell; right of the row's text, its end.

        The end of a row that is not its paragraph's last is the place before its last character: the one
        behind it is the next row's start.
        """
        text, start, end = self.row_span(paragraph, row)
        index = index_at(text, start, end, cell, self.tab)
        if index == end and row + 1 < self.rows(paragraph):
            index = max(start, boundary_before(text, end))
        return self.document.offset(paragraph, self.column(paragraph, index))

    def step(self, paragraph: int, row: int, by: int) -> tuple[int, int]:
        """The row `by` rows further on (or back), clamped to the text."""
        row += by
        while row < 0 and paragraph > 0:
            paragraph -= 1
            row += self.rows(paragraph)
        while row >= (rows := self.rows(paragraph)) and paragraph + 1 < self.count:
            row -= rows
            paragraph += 1
        return paragraph, max(0, min(row, self.rows(paragraph) - 1))

    def distance(self, paragraph: int, row: int, offset_place: Place, most: int) -> int:
        """Rows from a row to a place, negative upwards; clamped to `most` each way."""
        far = offset_place
        if (far.paragraph, far.row) >= (paragraph, row):
            return self._down(paragraph, row, far.paragraph, far.row, most)
        return -self._down(far.paragraph, far.row, paragraph, row, most)

    def _down(self, paragraph: int, row: int, to_paragraph: int, to_row: int, most: int) -> int:
        rows = -row
        while paragraph < to_paragraph:
            rows += self.rows(paragraph)
            if rows > most:
                return most
            paragraph += 1
        return min(most, rows + to_row)
