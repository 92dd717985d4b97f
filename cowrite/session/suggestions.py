"""What the engine answers: chunks become the ghost, and everything generated is journaled.

A ghost begins where the writer asks, grows as the engine streams, and ends in exactly one way
(`core.outcome.Closing`). It is never in the document, the file or the undo history before it is taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cowrite.core.events import GHOST, PANE, Closed, EngineChanged, Generated, Shown
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Runs
from cowrite.core.suggestion import Candidate, Suggestion, Timings, Token, one_kind_of_line
from cowrite.engine.protocol import (
    Chunk,
    Done,
    EngineState,
    Failed,
    Finished,
    HostMessage,
    Started,
)
from cowrite.session.asking import Asking
from cowrite.session.buffer import Editing
from cowrite.session.ports import EnginePort, Listener, Log, NoEngine

REMEMBERED = 32
"""Requests whose candidates are kept in memory with their tokens: some hundred kilobytes each at most."""


@dataclass(slots=True)
class Pending:
    """A request that the engine hasn't answered in full. Times are the clock's."""

    asked_at: float
    first_at: float | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    finished: dict[int, Candidate] = field(default_factory=dict)
    lead: tuple[Token, ...] = ()
    """What was chosen by hand and comes before what the engine writes."""


class Answering(Editing):
    """A draft with a ghost in it. `suggestion` is the one on screen, or None; `finished` holds its
    candidates that have ended, by index."""

    def __init__(
        self,
        text: str,
        runs: Runs,
        log: Log,
        *,
        engine: EnginePort | None = None,
        asking: Asking | None = None,
        listener: Listener | None = None,
        read_only: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(text, runs, log, listener=listener, read_only=read_only)
        self.asking = asking or Asking()
        self.engine: EnginePort = engine or NoEngine()
        self._engine_was = (self.engine.status.state, self.engine.status.reason)
        self.suggestion: Suggestion | None = None
        self.finished: dict[int, Candidate] = {}
        """The candidates of `suggestion` that have ended, by index."""
        self.generated: dict[str, tuple[Candidate, ...]] = {}
        """The candidates of the last requests of this session, by the suggestion's id."""
        self._auto = False
        self._asked: tuple[int, int] | None = None
        self._pending: dict[str, Pending] = {}
        self._in_pane: set[int] = set()
        """The candidates of `suggestion` that the candidates pane shows."""
        self._on_screen: set[tuple[int, str]] = set()
        """Those that the log has as being on screen, and where."""
        self._clock = clock
        self._active_at = clock()
        self._warmed: tuple[int, int] | None = None
        self._auto_asked: tuple[int, int] | None = None

    @property
    def ghost(self) -> str:
        """The text that is shown at the cursor and isn't in the draft; empty where there is none."""
        suggestion = self.suggestion
        if suggestion is None or self._held_back(suggestion):
            return ""
        return suggestion.ghost

    @property
    def writing(self) -> bool:
        """Whether the engine is still writing the suggestion on screen."""
        return self.suggestion is not None and not self.suggestion.done

    def _held_back(self, suggestion: Suggestion) -> bool:
        """Whether a ghost that nobody asked for has yet to show that it is likely enough."""
        if not self._auto:
            return False
        ended = self.finished.get(suggestion.index)
        likely = ended.mean_logprob if ended is not None else None
        return likely is None or likely < self.asking.auto_threshold

    # What the engine says

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine. Called on the UI thread."""
        match message:
            case Started():
                if (pending := self._pending.get(message.request_id)) is not None:
                    pending.prompt_tokens = message.prompt_tokens
                    pending.cached_tokens = message.cached_tokens
            case Chunk():
                self._receive_chunk(message)
            case Finished():
                self._receive_finished(message)
            case Done():
                self._receive_done(message)
            case Failed():
                self._receive_failed(message)
            case _:
                pass

    def engine_changed(self) -> None:
        """The engine's status is another one."""
        status = self.engine.status
        if (status.state, status.reason) != self._engine_was:
            self._engine_was = (status.state, status.reason)
            if status.state not in (EngineState.READY, EngineState.WRITING):
                self.log(EngineChanged(str(status.state), status.reason))
        if status.state in (EngineState.LOADING, EngineState.RESTARTING):
            self._warmed = None
        self.listener.status()

    def _current(self, request_id: str) -> Suggestion | None:
        suggestion = self.suggestion
        if suggestion is not None and suggestion.suggestion_id == request_id:
            return suggestion
        return None

    def _receive_chunk(self, message: Chunk) -> None:
        pending = self._pending.get(message.request_id)
        if pending is not None and pending.first_at is None:
            pending.first_at = self._clock()
        suggestion = self._current(message.request_id)
        if suggestion is None or not 0 <= message.candidate < len(suggestion.texts):
            return
        suggestion.texts[message.candidate] += one_kind_of_line(message.text)
        if message.candidate == suggestion.index:
            self._note_shown()
        self.listener.ghosted()

    def _receive_finished(self, message: Finished) -> None:
        pending = self._pending.get(message.request_id)
        candidate = _led(pending, message.candidate_value)
        if pending is not None:
            pending.finished[message.candidate] = candidate
        suggestion = self._current(message.request_id)
        if suggestion is None or not 0 <= message.candidate < len(suggestion.texts):
            return
        self.finished[message.candidate] = candidate
        suggestion.finished.add(message.candidate)
        suggestion.texts[message.candidate] = one_kind_of_line(candidate.text)
        self._note_shown()
        self.listener.ghosted()

    def _receive_done(self, message: Done) -> None:
        pending = self._pending.pop(message.request_id, None)
        if pending is None:
            return
        candidates = tuple(_led(pending, candidate) for candidate in message.candidates)
        self._remember(message.request_id, candidates)
        self.log(
            Generated(
                message.request_id,
                candidates,
                message.timings,
                message.prompt_tokens,
                message.cached_tokens,
                first_ms=_ms(pending.asked_at, pending.first_at),
                total_ms=_ms(pending.asked_at, self._clock()),
            )
        )
        suggestion = self._current(message.request_id)
        if suggestion is not None:
            self._settle_texts(suggestion, candidates)

    def _settle_texts(self, suggestion: Suggestion, candidates: tuple[Candidate, ...]) -> None:
        """Put the final texts in the place of what was streamed; show another where the one shown fell."""
        for index, candidate in enumerate(candidates[: len(suggestion.texts)]):
            suggestion.texts[index] = one_kind_of_line(candidate.text)
            self.finished[index] = candidate
        suggestion.done = True
        choices = suggestion.choices
        if suggestion.index not in choices and choices:
            suggestion.index = choices[0]
        if not suggestion.ghost:
            if suggestion.taken:
                self._close(Closing.TAKEN)
            else:
                self._close(Closing.FAILED)
                if not self._auto:
                    self.listener.notice(
                        "The model has nothing to say here", "Ask again, or write on."
                    )
            return
        self._note_shown()
        self.listener.ghosted()
        self.listener.status()

    def _receive_failed(self, message: Failed) -> None:
        if message.request_id is None:
            self.listener.notice(message.message, message.hint, "warning")
            return
        pending = self._pending.pop(message.request_id, None)
        if pending is None:
            return
        ended = tuple(pending.finished[index] for index in sorted(pending.finished))
        self.log(
            Generated(
                message.request_id,
                ended,
                Timings(),
                first_ms=_ms(pending.asked_at, pending.first_at),
                total_ms=_ms(pending.asked_at, self._clock()),
                error=message.message,
            )
        )
        if self._current(message.request_id) is not None:
            self._close(Closing.FAILED)
            self.listener.notice(message.message, message.hint, "warning")

    def _remember(self, suggestion_id: str, candidates: tuple[Candidate, ...]) -> None:
        """Keep what was generated last, with its tokens; all of it is in the journal."""
        self.generated[suggestion_id] = candidates
        while len(self.generated) > REMEMBERED:
            del self.generated[next(iter(self.generated))]

    # Closing

    def did_show(self, index: int, where: str = GHOST) -> None:
        """A candidate is on screen: journaled once each time that it comes there.

        The ghost stands alone; what the pane shows is there beside it.
        """
        suggestion = self.suggestion
        if suggestion is None or (index, where) in self._on_screen:
            return
        if where == GHOST:
            self._on_screen.clear()
        else:
            self._in_pane.add(index)
        self._on_screen.add((index, where))
        self.log(Shown(suggestion.suggestion_id, index, where))
        if where == GHOST:
            for other in sorted(self._in_pane):
                self.did_show(other, PANE)

    def did_close_pane(self) -> None:
        """The candidates pane shows nothing any more."""
        if self._in_pane:
            self._in_pane.clear()
            self._on_screen.clear()
            self._note_shown()

    def _note_shown(self) -> None:
        """Journal that the current candidate stands in the draft's place."""
        if self.suggestion is not None and self.ghost:
            self.did_show(self.suggestion.index)

    def _cancel(self, suggestion: Suggestion) -> None:
        """Stop the engine's work on a suggestion that is still being written."""
        if not suggestion.done:
            self.engine.cancel(suggestion.suggestion_id)

    def _close(self, closing: Closing) -> None:
        """Take the suggestion off the screen for good."""
        suggestion = self.suggestion
        if suggestion is None:
            return
        self.suggestion = None
        self._in_pane.clear()
        self._on_screen.clear()
        durable = closing in (Closing.TAKEN, Closing.REJECTED)
        self.log(Closed(suggestion.suggestion_id, closing, suggestion.index), durable=durable)
        self.listener.ghosted()
        self.listener.status()


def _led(pending: Pending | None, candidate: Candidate) -> Candidate:
    """The candidate with what was chosen by hand before it."""
    lead = pending.lead if pending is not None else ()
    if not lead:
        return candidate
    said = "".join(token.text for token in lead)
    return Candidate(said + candidate.text, (*lead, *candidate.tokens), candidate.stop)


def _ms(start: float, end: float | None) -> float | None:
    return None if end is None else round((end - start) * 1000, 1)
