"""Which lines of a draft are other ones: told once for edits beside one another that are made together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cowrite.core.document import Document
from cowrite.session.ports import Listener

_NEAR = 2
"""Lines from one change to the next that are told together: there is an empty one between two paragraphs."""


class LineChanges:
    """Tells a listener, which reads the document's lines when it is told.

    A page lays out a paragraph each time it is told of it. What one key does to it in five hundred places is
    one change of it.
    """

    def __init__(self, document: Document, listener: Listener) -> None:
        self._document, self._listener = document, listener
        self._together = False
        self._kept: tuple[int, int, int] | None = None
        """The first line, and how many lines were and are there, of what was not told yet."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Edits made meanwhile are told at the end, or before one that is elsewhere."""
        self._together = True
        try:
            yield
        finally:
            self._together = False
            self._tell()

    def coming(self, start: int, end: int) -> None:
        """An edit of the text from `start` to `end` comes next; called while the document is as before."""
        if self._kept is not None:
            first, _, after = self._kept
            low, high = self._document.line_at(start), self._document.line_at(end)
            if high + _NEAR < first or first + after - 1 + _NEAR < low:
                self._tell()

    def made(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        if self._kept is not None:
            kept, was, now = self._kept
            low, high = min(kept, first), max(kept + now, first + before)
            first, before, after = low, high - low + was - now, high - low + after - before
        self._kept = first, before, after
        if not self._together:
            self._tell()

    def _tell(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            self._listener.changed(*kept)
