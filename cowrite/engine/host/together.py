"""Requests that are answered beside one another: all their candidates in one batch a step.

A product of all weights with eight rows takes hardly longer than with one, so eight requests together are
answered in little more time than one. Each has a sequence that holds its prompt, a home, since the prefix reads
the next one's meanwhile; what they have in common at their beginning is read once.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from cowrite.core.suggestion import StopReason
from cowrite.engine.backend import Backend, BackendError, Decoded
from cowrite.engine.generation.chat import TooLongError
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.stepping import Batch, Event, evaluate
from cowrite.engine.host.opening import Opener
from cowrite.engine.host.request import Request, Send

WAVE = 4
"""The most candidates of one request that are written at once, as `generation.batch` has it."""

SPARE = 64
"""Tokens that a request may need besides its prompt and its candidates: for judging them by what follows."""


@dataclass(slots=True)
class _Running:
    """A request that is being written, the sequence that holds its prompt, and the most cells it may need."""

    request: Request
    writing: Batch
    home: int
    cells: int

    @property
    def rows(self) -> int:
        return _rows(self.request)


class Together:
    """Answers requests in the order in which they came, so many at once as there is room for.

    One that is too long to stand beside those that run waits for its turn, and the others wait behind it.
    """

    def __init__(self, backend: Backend, kv: KvCache, send: Send, opener: Opener) -> None:
        self._backend, self._kv, self._send, self._opener = backend, kv, send, opener
        self._waiting: deque[Request] = deque()
        self._running: list[_Running] = []
        self._has_read = False

    @property
    def busy(self) -> bool:
        """Whether anything is to be answered."""
        return bool(self._waiting or self._running)

    def ask(self, request: Request) -> None:
        """Answer this too, when its turn comes."""
        self._waiting.append(request)

    def cancel(self, request_id: str | None) -> None:
        """End this request with what was written of it; all of them where it is None."""
        for request in [r for r in self._waiting if request_id in (None, r.message.request_id)]:
            self._waiting.remove(request)
            request.tell_done(self._send)
        for one in [r for r in self._running if request_id in (None, r.request.message.request_id)]:
            self._tell(one, one.writing.stop(StopReason.CANCELLED))

    def step(self) -> None:
        """One evaluation: a piece of the next prompt, or a token more of all that is written; in turns."""
        reads = bool(self._waiting) and not (self._has_read and self._running)
        self._has_read = reads and self._read(self._waiting[0])
        if not self._has_read and self._running:
            self._write()

    # Reading

    def _read(self, request: Request) -> bool:
        """Go on with the next request's prompt; false where it has to wait for room."""
        if not self._has_room(request, 0):
            return False
        self._hold(None)
        try:
            if request.prompt is None:
                request.prompt = self._opener.open(request, alone=not self._running)
            prompt = request.prompt
            if prompt is None or not self._has_room(request, self._cells(request, prompt)):
                return False
            if self._kv.ready(prompt):
                self._begin(request, prompt)
            elif self._kv.advance(prompt) is Decoded.FULL:
                self._refuse(request, "The text does not fit into the model's context.")
        except TooLongError:
            self._refuse(request, "The text is too long for the model.")
        except BackendError as error:
            self._refuse(request, str(error))
        return True

    def _refuse(self, request: Request, reason: str) -> None:
        self._waiting.remove(request)
        self._opener.fail(request, reason)

    def _has_room(self, request: Request, cells: int) -> bool:
        """Whether the rows of a batch, the sequences, and the context can take it beside those that run."""
        if not self._running:
            return True
        facts = self._backend.facts
        rows = _rows(request) + sum(one.rows for one in self._running)
        homes = len(self._running) + 1
        used = cells + sum(one.cells for one in self._running)
        fits = rows + homes < facts.sequences and rows <= facts.rows
        return fits and used <= facts.context

    def _cells(self, request: Request, prompt: Prompt) -> int:
        limit = min(request.message.params.max_tokens, self._backend.facts.context // 2)
        return len(prompt.tokens) + _rows(request) * limit + SPARE

    def _begin(self, request: Request, prompt: Prompt) -> None:
        request.prefilled = time.perf_counter()
        home = self._kv.claim(1)[0]
        self._kv.fork(home, len(prompt.tokens))
        self._hold(None, home)
        request.writing = self._opener.begin(request, prompt, home)
        self._waiting.popleft()
        cells = self._cells(request, prompt)
        self._running.append(_Running(request, request.writing, home, cells))

    # Writing

    def _write(self) -> None:
        for one in [r for r in self._running if not r.writing.attempts]:
            self._hold(one)
            try:
                self._tell(one, one.writing.step())
            except BackendError as error:
                self._drop(one, str(error))
        running = [one for one in self._running if one.writing.attempts]
        attempts = [attempt for one in running for attempt in one.writing.attempts]
        if not attempts:
            return
        self._hold(None)
        try:
            result = evaluate(self._backend, self._kv, attempts)
        except BackendError as error:
            for one in running:
                self._drop(one, str(error))
            return
        if result is Decoded.FULL:
            running = running[-1:]
        first = 0
        for one in running:
            count = len(one.writing.attempts)
            self._hold(one)
            self._tell(one, one.writing.took(result, first))
            first += count

    def _hold(self, mine: _Running | None, *more: int) -> None:
        """Keep what all have written, but for one that looks after its own; its prompt is kept too."""
        held = {one.home for one in self._running}
        others = [one for one in self._running if one is not mine]
        self._kv.hold(held.union(more, *(one.writing.in_use for one in others)))

    def _tell(self, one: _Running, events: list[Event]) -> None:
        request, params = one.request, one.request.message.params
        request.tell(events, self._send)
        if not one.writing.done and 0 < params.deadline_ms <= request.seconds * 1000:
            request.tell(one.writing.stop(StopReason.DEADLINE), self._send)
        if one.writing.done:
            request.tell_done(self._send)
            self._leave(one)

    def _drop(self, one: _Running, reason: str) -> None:
        self._opener.fail(one.request, reason)
        self._leave(one)

    def _leave(self, one: _Running) -> None:
        """Give its sequences back: a step reads all cells up to the last that is used."""
        self._running.remove(one)
        self._hold(None)
        self._kv.drop_branches()


def _rows(request: Request) -> int:
    """The most rows that it may have in a batch. Where something follows, more are written than asked for."""
    params = request.message.params
    return WAVE if params.n > 1 else 1
