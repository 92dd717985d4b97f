"""A rewrite as the page shows it: which words are struck, which are shown without being in the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cowrite.core.diff import Change
from cowrite.core.document import Document
from cowrite.core.instruction import Rewrite
from cowrite.tui.editor.insertions import Insert

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DiffView:
    """By paragraph: `fresh`, the new words; `gone`, the columns of those that would go; `lost`, the columns of
    names and numbers among these that the new text has not. `here` are the columns of the hunk at the cursor
    and `here_fresh` the paragraph and column at which its new words are. `end`: the paragraph and column at
    which the passage ends.
    """

    fresh: Mapping[int, tuple[Insert, ...]] = field(default_factory=dict)
    gone: Mapping[int, Ranges] = field(default_factory=dict)
    lost: Mapping[int, Ranges] = field(default_factory=dict)
    here: Mapping[int, Ranges] = field(default_factory=dict)
    here_fresh: tuple[int, int] | None = None
    end: tuple[int, int] = (0, 0)


NOTHING = DiffView()


def diff_view(document: Document, rewrite: Rewrite, cursor: int) -> DiffView:
    """What the page shows of a rewrite while the cursor is there. Offsets are code points of the draft."""
    gone, fresh = _Spans(document), _Texts(document)
    place = rewrite.start
    for kind, text in rewrite.pieces:
        if kind is Change.NEW:
            fresh.add(place, text)
            continue
        if kind is Change.GONE:
            gone.add(place, place + len(text))
        place += len(text)
    lost, here = _Spans(document), _Spans(document)
    for start, end in rewrite.lost:
        lost.add(rewrite.start + start, rewrite.start + end)
    here_fresh = None
    if rewrite.covers(cursor) and (index := rewrite.hunk_at(cursor)) >= 0:
        hunk = rewrite.hunks[index]
        here.add(rewrite.start + hunk.at, rewrite.start + hunk.end)
        if hunk.new:
            here_fresh = document.locate(rewrite.start + hunk.end)
    ends = document.locate(place)
    return DiffView(
        fresh.by_paragraph(),
        gone.by_paragraph(),
        lost.by_paragraph(),
        here.by_paragraph(),
        here_fresh,
        ends,
    )


class _Spans:
    """Ranges of the draft, gathered by paragraph as columns."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[int, list[tuple[int, int]]] = {}

    def add(self, start: int, end: int) -> None:
        document = self._document
        for paragraph in range(document.line_at(start), document.line_at(end) + 1):
            base = document.line_start(paragraph)
            low, high = max(0, start - base), min(end - base, len(document.line(paragraph)))
            if low < high:
                self._found.setdefault(paragraph, []).append((low, high))

    def by_paragraph(self) -> dict[int, Ranges]:
        return {paragraph: tuple(found) for paragraph, found in self._found.items()}


class _Texts:
    """Texts that are shown in the draft, gathered by paragraph. Line ends are `\\n` there."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._found: dict[int, list[Insert]] = {}

    def add(self, at: int, text: str) -> None:
        paragraph, column = self._document.locate(at)
        shown = text.replace("\r\n", "\n").replace("\r", "\n")
        self._found.setdefault(paragraph, []).append((column, shown))

    def by_paragraph(self) -> dict[int, tuple[Insert, ...]]:
        return {paragraph: tuple(found) for paragraph, found in self._found.items()}
