"""A rewrite's life, from its instruction to its end: what a session's events make of it.

The live session and the replay read it here, as they read a ghost's life in `core.ghost`.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.document import Document
from cowrite.core.events import (
    DIFF,
    Body,
    Closed,
    Edited,
    Ended,
    Generated,
    Instructed,
    Opened,
    Refused,
    Shown,
)
from cowrite.core.instruction import Rewrite
from cowrite.core.suggestion import Candidate
from cowrite.core.task import TaskKind


class Rewrites:
    """The rewrite that stands in the draft at each moment of a session: applies events one by one.

    document: gives the draft as it is now. texts: the candidates of an instruction that are known before it
    is given, as in a replay.
    """

    __slots__ = ("_document", "_texts", "current")

    def __init__(
        self,
        document: Callable[[], Document],
        texts: Callable[[str], tuple[str, ...] | None] = lambda _: None,
    ) -> None:
        self._document, self._texts = document, texts
        self.current: Rewrite | None = None

    def apply(self, body: Body) -> None:
        """Do what the event did to the rewrite; most kinds do nothing."""
        match body:
            case Edited(edit):
                if self.current is not None:
                    self.current.edited(edit)
            case Instructed() if body.kind is not TaskKind.ASK:
                self.current = self._begun(body)
            case Shown(where=where) if where == DIFF:
                if (current := self._known(body.suggestion_id)) is not None:
                    current.shown(body.candidate)
            case Generated():
                current = self._known(body.suggestion_id)
                if current is not None and body.error is None:
                    current.answered(body.candidates)
            case Refused():
                if (current := self._known(body.suggestion_id)) is not None:
                    current.refuse(body.start, body.end)
            case Closed():
                if (current := self._known(body.suggestion_id)) is not None:
                    current.closing = body.closing
                    self.current = None
            case Opened() | Ended():
                self.current = None
            case _:
                pass

    def copy(self) -> Rewrites:
        """The same moment, to go on from by itself."""
        fresh = Rewrites(self._document, self._texts)
        fresh.current = None if self.current is None else self.current.copy()
        return fresh

    def _known(self, suggestion_id: str) -> Rewrite | None:
        current = self.current
        return current if current is not None and current.suggestion_id == suggestion_id else None

    def _begun(self, body: Instructed) -> Rewrite:
        document = self._document()
        end = min(body.end, len(document))
        rewrite = Rewrite(
            body.suggestion_id,
            body.kind,
            body.instruction,
            body.start,
            document.slice(body.start, end),
            [""] * body.params.n,
            document.newline,
            " " if _touches(document, body) else "",
            body.preset,
        )
        if (known := self._texts(body.suggestion_id)) is not None:
            rewrite.answered(tuple(map(Candidate, known)))
        return rewrite


def _touches(document: Document, body: Instructed) -> bool:
    """Whether what is written there would touch a word before it."""
    before = document.slice(max(0, body.start - 1), body.start)
    return body.kind is TaskKind.WRITE and bool(before) and not before.isspace()
