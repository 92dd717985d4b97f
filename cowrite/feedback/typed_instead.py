"""What the writer typed in the place of a suggestion that was refused: 30 seconds of it, or the sentence."""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin
from cowrite.core.segmentation import FULL_STOPS, TERMINATORS, sentence_end

WATCH_MS = 30_000

_MAY_END = frozenset(FULL_STOPS + TERMINATORS + "\r\n")


class TypedInstead:
    """Watches one place of the draft from a refusal on. `text` is what was typed there, once it is known."""

    __slots__ = ("_end", "_may_end", "_most", "_start", "_until", "text")

    def __init__(self, place: int, now: int, most: int | None = None) -> None:
        """most: characters that are looked at; None for all."""
        self._most = most
        self._start = place
        self._end = place
        self._until = now + WATCH_MS
        self._may_end = False
        self.text: str | None = None

    def before(self, edit: Edit, now: int, document: Document) -> bool:
        """Take an edit in, before the document does; true where the watch is over."""
        low, high = edit.start, edit.start + len(edit.deleted)
        typed = edit.origin is Origin.TYPED and edit.suggestion_id is None
        inside = self._start <= low and high <= self._end and edit.origin is not Origin.SUGGESTION
        if now > self._until or not inside or (low == self._end and not typed):
            self.finish(document)
            return True
        self._end += len(edit.inserted) - len(edit.deleted)
        self._may_end = self._may_end or not _MAY_END.isdisjoint(edit.inserted)
        return False

    def after(self, document: Document) -> bool:
        """Look at what the edit made; true where a sentence has ended, or enough, and the watch is over."""
        enough = self._most is not None and self._end - self._start >= self._most
        if not self._may_end and not enough:
            return False
        text = document.slice(self._start, self._end)
        end = sentence_end(text) if self._may_end else None
        if end is None and not enough:
            return False
        self.text = text[:end]
        return True

    def finish(self, document: Document) -> None:
        """No more is watched."""
        self.text = document.slice(self._start, self._end)
