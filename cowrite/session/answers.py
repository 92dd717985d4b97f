"""What the engine answers: chunks become the ghost, and everything generated is journaled and remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cowrite.core.events import EngineLoaded, Generated
from cowrite.core.ghost import Suggestion
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, Fit, Timings, Token
from cowrite.engine.protocol import Chunk, Done, Failed, Finished, HostMessage, Ordered
from cowrite.session.ordering import Ordering
from cowrite.session.ports import EnginePort, Listener
from cowrite.session.session_log import SessionLog
from cowrite.session.suggestions import Suggestions

REMEMBERED = 32
"""Requests whose candidates are kept in memory with their tokens: some hundred kilobytes each at most."""


@dataclass(slots=True)
class Pending:
    """A request that the engine hasn't answered in full. Times are the clock's, in seconds."""

    asked_at: float
    lead: tuple[Token, ...] = ()
    """What was chosen by hand and comes before what the engine writes."""
    first_at: float | None = None
    told: bool = False
    """It answers an instruction: it stands in a diff or a pane, and is no ghost."""
    ended: dict[int, Candidate] = field(default_factory=dict)
    fit: Fit | None = None
    """How the candidates go before what follows, where that was judged."""

    def heard(self, now: float) -> None:
        """Text has come: the first of it counts."""
        if self.first_at is None:
            self.first_at = now

    def led(self, candidate: Candidate) -> Candidate:
        """The candidate with what was chosen by hand before it."""
        if not self.lead:
            return candidate
        said = "".join(token.text for token in self.lead)
        return Candidate(said + candidate.text, (*self.lead, *candidate.tokens), candidate.stop)

    def first_ms(self) -> float | None:
        """Milliseconds from the request to the first text, None where none came."""
        return None if self.first_at is None else self.total_ms(self.first_at)

    def total_ms(self, now: float) -> float:
        """Milliseconds from the request until `now`."""
        return round((now - self.asked_at) * 1000, 1)


class Answers:
    """Takes the engine's messages for one draft, also those to requests that the writer has left."""

    def __init__(
        self,
        suggestions: Suggestions,
        ordering: Ordering,
        log: SessionLog,
        listener: Listener,
        engine: EnginePort,
        clock: Callable[[], float],
    ) -> None:
        self._suggestions, self._ordering = suggestions, ordering
        self._log, self._listener = log, listener
        self._engine = engine
        self._loaded: EngineLoaded | None = None
        self._clock = clock
        self._pending: dict[str, Pending] = {}
        self._remembered: dict[str, tuple[Candidate, ...]] = {}
        self._told: set[str] = set()

    def expect(self, request_id: str, lead: tuple[Token, ...] = (), *, told: bool = False) -> None:
        """The engine is being asked. lead: tokens that come before what it writes. told: by an instruction."""
        self._pending[request_id] = Pending(self._clock(), lead, told=told)

    def give(self, request_id: str, candidates: tuple[Candidate, ...]) -> None:
        """Answer a request with what is known already."""
        self._keep(Generated(request_id, candidates, Timings()))

    def remembered(self, suggestion_id: str) -> tuple[Candidate, ...] | None:
        """The candidates of one of this session's last requests, with their tokens; None of others."""
        return self._remembered.get(suggestion_id)

    def were_ghosts(self, suggestion_id: str) -> tuple[Candidate, ...]:
        """The same where they can stand as ghosts: nothing of those that answered an instruction."""
        return () if suggestion_id in self._told else self._remembered.get(suggestion_id, ())

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine. Called on the UI thread."""
        match message:
            case Chunk():
                self._receive_chunk(message)
            case Finished():
                self._receive_finished(message)
            case Ordered():
                self._receive_order(message)
            case Done():
                self._receive_done(message)
            case Failed(request_id=None):
                self._listener.notice(message.message, message.hint, "warning")
            case Failed():
                self._receive_failed(message)
            case _:
                pass

    def _current(self, request_id: str) -> Suggestion | None:
        current = self._suggestions.current
        return current if current is not None and current.suggestion_id == request_id else None

    def _receive_chunk(self, message: Chunk) -> None:
        if (pending := self._pending.get(message.request_id)) is not None:
            pending.heard(self._clock())
        if (suggestion := self._current(message.request_id)) is not None:
            suggestion.grow(message.candidate, message.text)
            if message.candidate == suggestion.index:
                self._suggestions.note_ghost()
            self._listener.ghosted()

    def _receive_finished(self, message: Finished) -> None:
        candidate = message.candidate_value
        if (pending := self._pending.get(message.request_id)) is not None:
            candidate = pending.ended[message.candidate] = pending.led(candidate)
        if (suggestion := self._current(message.request_id)) is not None:
            suggestion.ended(message.candidate, candidate)
            self._suggestions.note_ghost()
            self._listener.ghosted()

    def _receive_order(self, message: Ordered) -> None:
        """Where nothing can be seen yet, all is there in a moment: then the best is shown, not the first."""
        if (pending := self._pending.get(message.request_id)) is not None:
            pending.fit = message.fit
        if self._current(message.request_id) is not None:
            self._suggestions.wait_for_order()

    def _receive_done(self, message: Done) -> None:
        pending = self._pending.pop(message.request_id, None)
        if pending is None:
            return
        self._note_engine()
        if pending.told:
            self._told.add(message.request_id)
        self._keep(
            Generated(
                message.request_id,
                tuple(pending.led(candidate) for candidate in message.candidates),
                message.timings,
                message.prompt_tokens,
                message.cached_tokens,
                pending.first_ms(),
                pending.total_ms(self._clock()),
            )
        )
        if self._current(message.request_id) is not None:
            self._ordering.arrange(pending.fit)
            self._suggestions.show_answer()

    def _note_engine(self) -> None:
        """Journal how the model is evaluated, where that is not what was journaled last."""
        loaded = self._engine.status.loaded
        if loaded is not None and loaded != self._loaded:
            self._loaded = loaded
            self._log.append(loaded)

    def _receive_failed(self, message: Failed) -> None:
        pending = self._pending.pop(message.request_id or "", None)
        if pending is None:
            return
        ended = tuple(pending.ended[index] for index in sorted(pending.ended))
        first, total = pending.first_ms(), pending.total_ms(self._clock())
        self._log.append(
            Generated(
                message.request_id or "",
                ended,
                Timings(),
                first_ms=first,
                total_ms=total,
                error=message.message,
            )
        )
        if self._current(message.request_id or "") is not None:
            self._suggestions.close(Closing.FAILED)
            self._listener.notice(message.message, message.hint, "warning")

    def _keep(self, made: Generated) -> None:
        """Journal what was generated, and keep the last of it with its tokens."""
        self._remembered[made.suggestion_id] = made.candidates
        while len(self._remembered) > REMEMBERED:
            oldest = next(iter(self._remembered))
            del self._remembered[oldest]
            self._told.discard(oldest)
        self._log.append(made)
