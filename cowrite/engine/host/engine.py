"""The engine in its process: one request at a time, and work ahead of it, in small steps.

`step` does at most one evaluation, so that whoever calls it can look at the mail in between; an evaluation
that has become pointless is ended by `interrupt` from another thread.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cowrite.core.context import Context
from cowrite.core.seeds import ASKED_AGAIN
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.engine.backend import Backend, BackendError, Decoded
from cowrite.engine.generation.batch import CandidateBatch, Event
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.kv_cache import KvCache, common_length
from cowrite.engine.generation.prompt import Prompt, Tokenizer, build_prompt
from cowrite.engine.generation.sampling import Scratch
from cowrite.engine.host.plain import PlainAnswers
from cowrite.engine.host.prefetch import Answer, Prefetch
from cowrite.engine.host.saved_caches import SavedCaches
from cowrite.engine.host.weighed import weighed
from cowrite.engine.protocol import (
    Chunk,
    Done,
    Failed,
    Finished,
    HostMessage,
    RunAhead,
    Started,
    Suggest,
)
from cowrite.engine.weigh import Weigh

_RESERVE = 256
"""Tokens of the context that the prompt leaves to candidates and what runs ahead, at least."""


@dataclass(slots=True)
class _Request:
    message: Suggest
    received: float
    prompt: Prompt | None = None
    writing: CandidateBatch | None = None
    cached: int = 0
    prefilled: float | None = None
    first: float | None = None
    waiting: list[Event] = field(default_factory=list)
    plain: bool = False


class Engine:
    """Answers requests on one backend; `send` gets each message as soon as it is known."""

    def __init__(
        self,
        backend: Backend,
        index: Callable[[], PieceIndex],
        send: Callable[[HostMessage], None],
        *,
        run_ahead: RunAhead = RunAhead.GENTLE,
        healing: bool = True,
        states: SavedCaches | None = None,
    ) -> None:
        self._backend = backend
        self._index = index
        self._send = send
        self._healing = healing
        self._states = states
        self._tokenizer = Tokenizer(backend)
        self._scratch = Scratch(backend.facts.vocabulary)
        self._request: _Request | None = None
        self._warm: Prompt | None = None
        self._last: Prompt | None = None
        self._answered: tuple[int, ...] = ()
        self.kv = KvCache(backend)
        self.prefetch = Prefetch(run_ahead)
        self._plain = PlainAnswers(backend, self.kv)

    # What is to be done

    @property
    def writing(self) -> bool:
        """Whether a request is being answered."""
        return self._request is not None

    @property
    def warming(self) -> bool:
        return self._warm is not None

    @property
    def idle(self) -> bool:
        return self._request is None and self._warm is None and self.prefetch.current is None

    def suggest(self, message: Suggest, received: float) -> None:
        """Answer this from now on; what ran before is cancelled. `received` is time.perf_counter's."""
        if self._request is not None:
            self._cancel(self._request)
        self._warm = None
        self._request = _Request(message, received)

    def warm(self, context: Context) -> None:
        """Evaluate this text when nothing else is to be done."""
        if self.prefetch.budget is RunAhead.OFF:
            return
        if self.prefetch.keeps(context):
            self.prefetch.promote(context)
            return
        self.prefetch.promote(context)
        self._warm = self._prompt(context, 1, 0)

    def weigh(self, message: Weigh, received: float) -> None:
        """Say what weighed, at once. Raises nothing: what can't be said is told as `Failed`."""
        prompt = self._prompt(message.context, message.params.n, message.params.max_tokens)
        try:
            self._send(weighed(message, prompt, self._backend, self.kv, received))
        except BackendError as error:
            why = f"What weighed can't be told: {error}."
            self._send(Failed(message.request_id, why, "Try again when the model rests."))

    def cancel(self, request_id: str | None) -> None:
        """End the running request (if it is this one) with what it has written; None ends all work."""
        request = self._request
        if request is not None and request_id in (None, request.message.request_id):
            self._cancel(request)
        if request_id is None:
            self._warm = None
            self.prefetch.forget()

    def _cancel(self, request: _Request) -> None:
        events = request.writing.stop(StopReason.CANCELLED) if request.writing is not None else []
        self._pass_on(request, events)
        self._done(request, planned=False)

    def configure(self, run_ahead: RunAhead) -> None:
        self.prefetch.budget = run_ahead
        if run_ahead is RunAhead.OFF:
            self._warm = None
            self.prefetch.forget()

    def step(self) -> None:
        """One evaluation of what is most urgent."""
        if self._request is not None:
            try:
                self._answer(self._request)
            except BackendError as error:
                self._fail(self._request, str(error))
        elif self._warm is not None:
            if self.kv.ready(self._warm) or self._advance(self._warm) is Decoded.FULL:
                self._warm = None
        elif (answer := self.prefetch.current) is not None:
            self._go_ahead(answer)

    def keep(self) -> None:
        """Put the state of the text seen last on disk."""
        if self._states is None or self._last is None:
            return
        length = common_length(self.kv.tokens, self._last.tokens)
        if length:
            self.kv.drop_branches()
            self._states.save(*self.kv.save(length))

    # A request

    def _answer(self, request: _Request) -> None:
        message = request.message
        if request.prompt is None:
            self._open(request)
            return
        writing = request.writing
        if writing is None:
            if not self.kv.ready(request.prompt):
                if self._advance(request.prompt) is Decoded.FULL:
                    self._fail(request, "The text does not fit into the model's context.")
                return
            request.prefilled = time.perf_counter()
            writing = request.writing = self._begin(request.prompt, message.params)
        elif request.waiting:
            events, request.waiting = request.waiting, []
            self._pass_on(request, events)
            if writing.done:
                self._done(request, planned=True)
            return
        self._pass_on(request, writing.step())
        seconds = time.perf_counter() - (request.prefilled or request.received)
        if not writing.done and 0 < message.params.deadline_ms <= seconds * 1000:
            self._pass_on(request, writing.stop(StopReason.DEADLINE))
        if writing.done:
            self._done(request, planned=True)

    def _open(self, request: _Request) -> None:
        """Say what is known of the prompt already; take over an answer that was written ahead.

        Branches of earlier requests go: a step reads all cells up to the last that is used, theirs too.
        """
        message = request.message
        if message.plain:
            self.prefetch.forget()
            request.plain = self._plain.begin()
        answer = self.prefetch.take(message.context, message.params)
        if answer is not None and answer.writing is not None:
            request.prompt = self._last = answer.writing.prompt
            request.writing, request.waiting = answer.writing, answer.events
            request.cached = len(request.prompt.tokens)
            request.prefilled = time.perf_counter()
            self.kv.drop_branches(keep=answer.writing.sequences)
        else:
            self.prefetch.forget()
            request.prompt = self._prompt(
                message.context,
                message.params.n,
                message.params.max_tokens,
                note=not request.plain,
            )
            request.cached = self.kv.settle(request.prompt)
            self.kv.drop_branches()
        self._send(Started(message.request_id, len(request.prompt.tokens), request.cached))

    def _begin(self, prompt: Prompt, params: Params) -> CandidateBatch:
        seed = params.seed
        if seed is None:
            seed = secrets.randbelow(ASKED_AGAIN)
            if prompt.tokens == self._answered:
                seed += ASKED_AGAIN
        return CandidateBatch(
            self._backend, self.kv, prompt, params, seed, self._index(), self._scratch
        )

    def _pass_on(self, request: _Request, events: list[Event]) -> None:
        identity = request.message.request_id
        for number, value in events:
            if isinstance(value, Candidate):
                self._send(Finished(identity, number, value))
                continue
            if request.first is None:
                request.first = time.perf_counter()
            self._send(Chunk(identity, number, value))

    def _done(self, request: _Request, *, planned: bool) -> None:
        self._over(request)
        message, writing = request.message, request.writing
        candidates = writing.candidates if writing is not None else ()
        began = request.received
        timings = Timings(
            prefill=((request.prefilled or time.perf_counter()) - began) * 1000,
            first=None if request.first is None else (request.first - began) * 1000,
            total=(time.perf_counter() - began) * 1000,
        )
        size = len(request.prompt.tokens) if request.prompt is not None else 0
        seed = writing.seed if writing is not None else 0
        self._send(Done(message.request_id, candidates, size, request.cached, timings, seed))
        if planned and not request.plain:
            self._answered = request.prompt.tokens if request.prompt is not None else ()
            self.prefetch.plan(message.context, message.params, candidates)

    def _over(self, request: _Request) -> None:
        """It is answered; the next one finds the adapter on."""
        self._request = None
        if request.plain:
            self._plain.end()

    def _fail(self, request: _Request, reason: str) -> None:
        self._over(request)
        self._send(Failed(request.message.request_id, reason, "Ask again, or with less text."))

    # Prefetch of requests

    def _go_ahead(self, answer: Answer) -> None:
        try:
            if answer.writing is None:
                prompt = self._prompt(
                    answer.context, answer.params.n, answer.params.max_tokens, note=False
                )
                if not self.kv.ready(prompt):
                    if self._advance(prompt) is Decoded.FULL:
                        self.prefetch.forget()
                    return
                answer.writing = self._begin(prompt, answer.params)
            answer.events += answer.writing.step()
            if answer.done:
                self.prefetch.finish()
        except BackendError:
            self.prefetch.forget()

    # The prompt

    def _prompt(self, context: Context, n: int, max_tokens: int, *, note: bool = True) -> Prompt:
        facts = self._backend.facts
        writing = min(n, 4) * min(max_tokens, facts.context // 2)
        room = facts.context - max(_RESERVE, min(2 * writing + 64, facts.context // 2))
        prompt = build_prompt(context, self._tokenizer, self._backend, room, healing=self._healing)
        if note:
            self._last = prompt
            self._recall(prompt)
        return prompt

    def _recall(self, prompt: Prompt) -> None:
        """With nothing evaluated yet, begin with what an earlier session left on disk."""
        if self._states is None or self.kv.tokens:
            return
        found = self._states.load(prompt.tokens)
        if found is not None and common_length(found[0], prompt.tokens) > 32:
            self.kv.restore(*found)

    def _advance(self, prompt: Prompt) -> Decoded:
        return self.kv.advance(prompt)
