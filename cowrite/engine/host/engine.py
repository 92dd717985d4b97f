"""The engine in its process: one request at a time, and work ahead of it, in small steps.

`step` does at most one evaluation, so that whoever calls it can look at the mail in between; an evaluation
that has become pointless is ended by `interrupt` from another thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from cowrite.core.chat_format import ChatFormat
from cowrite.core.context import Context
from cowrite.core.suggestion import Params, StopReason
from cowrite.core.task import Task
from cowrite.engine.backend import Backend, BackendError, Decoded
from cowrite.engine.generation.chat import TooLongError
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.stepping import Batch
from cowrite.engine.host.batches import Batches
from cowrite.engine.host.opening import Opener
from cowrite.engine.host.plain import PlainAnswers
from cowrite.engine.host.prefetch import Answer, Prefetch
from cowrite.engine.host.prompts import Prompts
from cowrite.engine.host.request import Request
from cowrite.engine.host.saved_caches import SavedCaches
from cowrite.engine.host.shelf import CacheShelf, Use
from cowrite.engine.host.together import Together
from cowrite.engine.host.weighed import told
from cowrite.engine.protocol import (
    Asked,
    Failed,
    HostMessage,
    Instruct,
    RunAhead,
    Started,
    Suggest,
    is_beside,
)
from cowrite.engine.weigh import Weigh


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
        chat: ChatFormat | None = None,
        kv: KvCache | None = None,
    ) -> None:
        """kv: the keeper of the backend's cache, where engines take turns on one backend."""
        self._backend = backend
        self._send = send
        self._request: Request | None = None
        self._warm: tuple[Use, Prompt] | None = None
        self._answered: tuple[int, ...] = ()
        self.kv = KvCache(backend) if kv is None else kv
        self.prefetch = Prefetch(run_ahead)
        self._prompts = Prompts(backend, self.kv, states, healing=healing, chat=chat)
        self._batches = Batches(backend, self.kv, index)
        self._plain = PlainAnswers(backend, self.kv)
        self._shelf = CacheShelf(backend, self.kv)
        opener = Opener(self.kv, self._prompts, self._batches, self._shelf, self.prefetch, send)
        self._together = Together(backend, self.kv, send, opener)

    # What is to be done

    @property
    def writing(self) -> bool:
        """Whether a request is being answered."""
        return self._request is not None or self._together.busy

    @property
    def warming(self) -> bool:
        return self._warm is not None

    @property
    def idle(self) -> bool:
        return not self.writing and self._warm is None and self.prefetch.current is None

    def ask(self, message: Asked, received: float) -> None:
        """Answer this from now on. What ran before is cancelled, but by what is answered beside others.

        received: time.perf_counter's.
        """
        self._warm = None
        if is_beside(message):
            self._together.ask(Request(message, received))
            return
        if self._request is not None:
            self._cancel(self._request)
        self._together.cancel(None)
        self._request = Request(message, received)

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Evaluate this text when nothing else is to be done, then answer the request with these params."""
        if self.prefetch.budget is RunAhead.OFF:
            return
        for answer in self.prefetch.promote(context):
            for sequence in answer.sequences:
                self.kv.release(sequence)
        if self.prefetch.keeps(context, params):
            return
        if params is not None:
            self.prefetch.want(context, params)
        self._warm = Use.DRAFT, self._prompts.draft(context, 1, 0)

    def prepare(self, task: Task) -> None:
        """Evaluate what is known of a task when nothing else is to be done."""
        if self.prefetch.budget is not RunAhead.OFF:
            with suppress(TooLongError):
                self._warm = Use.TASK, self._prompts.known(task)

    def weigh(self, message: Weigh, received: float) -> None:
        """Say what weighed, at once; not while a request is answered."""
        busy = self.writing
        if not busy and message.task is None:
            self._turn_to(Use.DRAFT)
        self._send(told(message, self._prompts, self._backend, self.kv, received, busy=busy))

    def cancel(self, request_id: str | None) -> None:
        """End this request, if it is there still, with what it has written; None ends all work."""
        self._together.cancel(request_id)
        request = self._request
        if request is not None and request_id in (None, request.message.request_id):
            self._cancel(request)
        if request_id is None:
            self._warm = None
            self.prefetch.forget()

    def _cancel(self, request: Request) -> None:
        events = request.writing.stop(StopReason.CANCELLED) if request.writing is not None else []
        request.tell(events, self._send)
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
        elif self._together.busy:
            self._together.step()
        elif self._warm is not None:
            self._go_on_warming(*self._warm)
        elif (answer := self.prefetch.current) is not None:
            self._go_ahead(answer)

    def _go_on_warming(self, use: Use, prompt: Prompt) -> None:
        self._turn_to(use)
        if self.kv.ready(prompt) or self.kv.advance(prompt) is Decoded.FULL:
            self._warm = None

    def _turn_to(self, use: Use) -> None:
        """Have the prefix hold the draft, or what tasks are about; what was written ahead goes."""
        if use is not self._shelf.use:
            self.prefetch.forget()
            self._shelf.turn_to(use)

    def keep(self) -> None:
        """Put the state of the text seen last on disk."""
        self._turn_to(Use.DRAFT)
        self._prompts.keep()

    # A request

    def _answer(self, request: Request) -> None:
        message = request.message
        if request.prompt is None:
            try:
                self._open(request)
            except TooLongError:
                self._fail(request, "The passage is too long for the model.", "Take a shorter one.")
            return
        writing = request.writing
        if writing is None:
            if not self.kv.ready(request.prompt):
                if self.kv.advance(request.prompt) is Decoded.FULL:
                    self._fail(request, "The text does not fit into the model's context.")
                return
            request.prefilled = time.perf_counter()
            writing = request.writing = self._begin(request, request.prompt)
        elif request.waiting:
            events, request.waiting = request.waiting, []
            request.tell_order(self._send)
            request.tell(events, self._send)
            if writing.done:
                self._done(request, planned=True)
            return
        request.tell(writing.step(), self._send)
        if not writing.done and 0 < message.params.deadline_ms <= request.seconds * 1000:
            request.tell(writing.stop(StopReason.DEADLINE), self._send)
        if writing.done:
            self._done(request, planned=True)

    def _open(self, request: Request) -> None:
        """Say what is known of the prompt already; take over an answer that was written ahead.

        Branches of earlier requests go: a step reads all cells up to the last that is used, theirs too.
        """
        if isinstance(request.message, Instruct):
            self._turn_to(Use.TASK)
            request.prompt, request.script = self._prompts.task(
                request.message.task, request.message.params
            )
            request.cached = self.kv.settle(request.prompt)
            self.kv.drop_branches()
        else:
            assert isinstance(request.message, Suggest)
            self._turn_to(Use.DRAFT)
            self._open_place(request, request.message)
        prompt = request.prompt
        size = len(prompt.tokens) if prompt is not None else 0
        self._send(Started(request.message.request_id, size, request.cached))

    def _open_place(self, request: Request, message: Suggest) -> None:
        if message.plain:
            self.prefetch.forget()
            request.plain = self._plain.begin()
        answer = self.prefetch.take(message.context, message.params)
        if answer is not None and answer.writing is not None:
            request.prompt = answer.writing.prompt
            self._prompts.note(request.prompt)
            request.writing, request.waiting = answer.writing, answer.events
            request.cached = len(request.prompt.tokens)
            request.prefilled = time.perf_counter()
            self.kv.drop_branches(keep=answer.writing.sequences)
        else:
            self.prefetch.forget()
            n, most = message.params.n, message.params.max_tokens
            note = not request.plain
            request.prompt = self._prompts.draft(message.context, n, most, note=note)
            request.cached = self.kv.settle(request.prompt)
            self.kv.drop_branches()

    def _begin(self, request: Request, prompt: Prompt) -> Batch:
        message, script = request.message, request.script
        again = prompt.tokens == self._answered
        if isinstance(message, Instruct) and script is not None:
            return self._batches.answers(prompt, message.params, message.task, script, again=again)
        return self._batches.candidates(prompt, message.params, again=again)

    def _done(self, request: Request, *, planned: bool) -> None:
        self._over(request)
        message, candidates = request.message, request.tell_done(self._send)
        if not planned or request.plain:
            return
        self._answered = request.prompt.tokens if request.prompt is not None else ()
        if isinstance(message, Suggest):
            self.prefetch.plan(message.context, message.params, candidates)

    def _over(self, request: Request) -> None:
        """It is answered; the next one finds the adapter on."""
        self._request = None
        if request.plain:
            self._plain.end()

    def _fail(
        self, request: Request, reason: str, hint: str = "Ask again, or with less text."
    ) -> None:
        self._over(request)
        self._send(Failed(request.message.request_id, reason, hint))

    # Prefetch of requests

    def _go_ahead(self, answer: Answer) -> None:
        try:
            if answer.writing is None:
                n, most = answer.params.n, answer.params.max_tokens
                prompt = self._prompts.draft(answer.context, n, most, note=False)
                if not self.kv.ready(prompt):
                    if self.kv.advance(prompt) is Decoded.FULL:
                        self.prefetch.forget()
                    return
                again = prompt.tokens == self._answered
                answer.writing = self._batches.candidates(prompt, answer.params, again=again)
            answer.events += answer.writing.step()
            if answer.done:
                self.prefetch.finish()
        except BackendError:
            self.prefetch.forget()
