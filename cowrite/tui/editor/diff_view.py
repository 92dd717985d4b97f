"""A rewrite as the page shows it: which words are struck, which are shown without being in the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cowrite.core.diff import Change, Piece
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
    pieces: tuple[Piece, ...] | None = None
    key: tuple[int, int, bool] | None = None
    """Of which pieces, place and version of the draft it is."""


NOTHING = DiffView()


def diff_view(
    document: Document, rewrite: Rewrite, cursor: int, before: DiffView = NOTHING
) -> DiffView:
    """What the page shows of a rewrite while the cursor is there. Offsets are code points of the draft.

    before: what was shown, of which as much as can be is kept.
    """
    here, here_fresh = _Spans(document), None
    if rewrite.covers(cursor) and (index := rewrite.hunk_at(cursor)) >= 0:
        hunk = rewrite.hunks[index]
        here.add(rewrite.start + hunk.at, rewrite.start + hunk.end)
        if hunk.new:
            here_fresh = document.locate(rewrite.start + hunk.end)
    whole = _whole(document, rewrite, before)
    return replace(whole, here=here.by_paragraph(), here_fresh=here_fresh)


def _whole(document: Document, rewrite: Rewrite, before: DiffView) -> DiffView:
    """All but what is at the cursor; the same as before where nothing else has changed."""
    pieces = rewrite.pieces
    key = (rewrite.start, document.version, rewrite.written)
    if before.pieces is pieces and before.key == key:
        return before
    gone, fresh = _Spans(document), _Texts(document)
    place = rewrite.start
    for kind, text in pieces:
        if kind is Change.NEW:
            fresh.add(place, text)
            continue
        if kind is Change.GONE:
            gone.add(place, place + len(text))
        place += len(text)
    lost = _Spans(document)
    for start, end in rewrite.lost:
        lost.add(rewrite.start + start, rewrite.start + end)
    ends = document.locate(place)
    return DiffView(
        fresh.by_paragraph(),
        gone.by_paragraph(),
        lost.by_paragraph(),
        end=ends,
        pieces=pieces,
        key=key,
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
