"""Why a suggestion was refused, or is not what it should be: said with one key, never asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.accepted_spans import span_at
from cowrite.core.events import Body, Closed, Reasoned, Shown
from cowrite.core.outcome import Closing, Why
from cowrite.session.buffer import Buffer
from cowrite.session.session_log import SessionLog
from cowrite.session.suggestions import Suggestions

_REFUSED = frozenset({Closing.REJECTED, Closing.TYPED, Closing.REGENERATED})


class About(StrEnum):
    """What is spoken of."""

    GHOST = "this suggestion"
    REFUSED = "what was refused"
    SPAN = "this passage"


@dataclass(frozen=True, slots=True)
class Subject:
    """The suggestion that a reason would be about. candidate: None where it is not known which."""

    about: About
    suggestion_id: str
    candidate: int | None = None


class Reasons:
    """Follows the session's log, and knows what was refused last."""

    def __init__(self, buffer: Buffer, log: SessionLog, suggestions: Suggestions) -> None:
        self._buffer, self._log, self._suggestions = buffer, log, suggestions
        self._seen = ""
        """The suggestion that came on screen last."""
        self._refused: Subject | None = None
        self._at = (-1, -1)
        """The draft's version and the cursor when it was refused."""
        log.follow(self._saw)

    def _saw(self, body: Body) -> None:
        if isinstance(body, Shown):
            self._seen = body.suggestion_id
        elif isinstance(body, Closed) and body.suggestion_id == self._seen:
            refused = body.closing in _REFUSED
            found = Subject(About.REFUSED, body.suggestion_id, body.candidate)
            self._refused = found if refused else None
            self._at = self._here()

    def _here(self) -> tuple[int, int]:
        return self._buffer.document.version, self._buffer.cursor

    @property
    def has_refused(self) -> bool:
        """Whether something was refused, and nothing taken since."""
        return self._refused is not None

    def subject(self) -> Subject | None:
        """What a reason would be about here: the ghost; what was refused just now; the accepted span at the
        cursor; or else what was refused last. None where there is none of them."""
        current = self._suggestions.current
        if current is not None and self._suggestions.ghost:
            return Subject(About.GHOST, current.suggestion_id, current.index)
        if self._refused is not None and self._at == self._here():
            return self._refused
        span = span_at(self._buffer.provenance, self._buffer.cursor)
        return Subject(About.SPAN, span.suggestion_id) if span is not None else self._refused

    def say(self, subject: Subject, reason: Why) -> None:
        """Journal a reason; a ghost that it is about is refused with it."""
        current = self._suggestions.current
        shown = current is not None and current.suggestion_id == subject.suggestion_id
        if subject.about is About.GHOST and shown:
            self._suggestions.reject()
        self._log.append(Reasoned(subject.suggestion_id, reason, subject.candidate))
