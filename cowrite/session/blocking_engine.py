"""An engine for commands: start it, wait for it, and turn what went wrong into errors."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from cowrite.core.context import Context
from cowrite.core.shown import Stretch, pieces
from cowrite.core.suggestion import Fit, Params
from cowrite.core.task import Task
from cowrite.engine.client import EngineClient, EngineState
from cowrite.engine.ladder import known_way
from cowrite.engine.protocol import (
    Done,
    Failed,
    Heartbeat,
    HostMessage,
    Loaded,
    Ordered,
    StateChanged,
    Suggest,
    Way,
)
from cowrite.engine.weigh import Weigh, Weighed
from cowrite.errors import EngineError
from cowrite.session.found_model import FoundModel


class BlockingEngine:
    """An engine that is asked one thing at a time, by a program that has nothing else to do."""

    def __init__(self, found: FoundModel, log_path: Path) -> None:
        self._messages: queue.SimpleQueue[HostMessage] = queue.SimpleQueue()
        self._fits: dict[str, Fit] = {}
        """Of requests that have not ended: how their candidates go before what follows."""
        self._count = 0
        self._remote = bool(found.remote)
        self._client = EngineClient(found.file, found.options, self._messages.put, log_path)
        self.load_ms = 0.0
        self.model_name = found.file.name
        """Of a server, what it says itself once it is known."""
        self.trouble: Failed | None = None
        """Why a server could not be reached while it was loaded; each request tries it anew."""

    def close(self) -> None:
        """End its process."""
        self._client.close()

    def load(self) -> Loaded:
        """Start the engine and wait until it can be asked. Raises EngineError."""
        began = time.perf_counter()
        self._client.start()
        while True:
            message = self._messages.get()
            if isinstance(message, Loaded):
                self.load_ms = (time.perf_counter() - began) * 1000
                if self._remote:
                    self.model_name = message.name
                return message
            _raise_if_gone(message)
            if isinstance(message, Failed):
                self.trouble = message

    def ask(
        self,
        context: Context,
        params: Params,
        on_message: Callable[[HostMessage], None] = lambda _message: None,
    ) -> Done:
        """One request; `on_message` sees what comes before its end. Raises EngineError."""
        identity = self._next()
        self._client.suggest(identity, context, params)
        return self._until_done(identity, on_message)

    def begin_beside(self, context: Context, params: Params) -> str:
        """Ask beside whatever else was asked so, and do not wait. What it returns names the request."""
        identity = self._next()
        self._client.ask_beside(Suggest(identity, context, params, beside=True))
        return identity

    def next_answer(self, names: Container[str]) -> tuple[str, Done | EngineError]:
        """Wait for the next of these that ends, and how. Raises EngineError where the model is gone."""
        while True:
            message = self._messages.get()
            self._note_order(message)
            if isinstance(message, Done | Failed) and message.request_id is not None:
                if message.request_id not in names:
                    continue
                if isinstance(message, Failed):
                    return message.request_id, EngineError(message.message, message.hint)
                return message.request_id, self._in_order(message)
            _raise_if_gone(message)

    def instruct(
        self,
        task: Task,
        params: Params,
        on_message: Callable[[HostMessage], None] = lambda _message: None,
    ) -> Done:
        """One task, likewise. Raises EngineError."""
        identity = self._next()
        self._client.instruct(identity, task, params)
        return self._until_done(identity, on_message)

    def _next(self) -> str:
        self._count += 1
        return f"ask-{self._count}"

    def _until_done(self, identity: str, on_message: Callable[[HostMessage], None]) -> Done:
        while True:
            message = self._messages.get()
            self._note_order(message)
            if isinstance(message, Done) and message.request_id == identity:
                return self._in_order(message)
            if isinstance(message, Failed) and message.request_id == identity:
                raise EngineError(message.message, message.hint)
            _raise_if_gone(message)
            if not isinstance(message, Heartbeat):
                on_message(message)

    def _note_order(self, message: HostMessage) -> None:
        if isinstance(message, Ordered):
            self._fits[message.request_id] = message.fit

    def _in_order(self, done: Done) -> Done:
        """The answer with the candidates first that go best before what follows, where that was judged."""
        fit = self._fits.pop(done.request_id, None)
        if fit is None:
            return done
        return msgspec.structs.replace(done, candidates=fit.best_first(done.candidates))

    def weigh(
        self,
        context: Context,
        params: Params,
        text: str = "",
        *,
        focus: tuple[int, int] | None = None,
        attention: bool = False,
    ) -> tuple[Weighed, list[Stretch]]:
        """What weighed for a continuation `text` (empty: how many tokens there are), sentence by sentence.

        Raises EngineError.
        """
        seen = self._weigh(Weigh("", context, params, ())).context
        found = pieces(seen)
        places = tuple((piece.start, piece.end) for piece in found)
        return self._weigh(Weigh("", seen, params, places, text, focus, attention)), found

    def said(self, task: Task, params: Params) -> Weighed:
        """What is sent for a task. Raises EngineError."""
        return self._weigh(Weigh("", Context((), "", ""), params, (), task=task))

    def _weigh(self, message: Weigh) -> Weighed:
        self._count += 1
        identity = f"weigh-{self._count}"
        self._client.weigh(msgspec.structs.replace(message, request_id=identity))
        while True:
            answer = self._messages.get()
            if isinstance(answer, Weighed) and answer.request_id == identity:
                return answer
            if isinstance(answer, Failed) and answer.request_id == identity:
                raise EngineError(answer.message, answer.hint)
            _raise_if_gone(answer)


def _raise_if_gone(message: HostMessage) -> None:
    if isinstance(message, Failed) and message.fatal:
        raise EngineError(message.message, message.hint)
    if isinstance(message, StateChanged) and message.state is EngineState.NO_MODEL:
        raise EngineError("The model process does not run.", message.reason)


def way_here(found: FoundModel, log_path: Path) -> Way:
    """How this machine's processor evaluates the model: as it is known, else found out by starting it once.

    For what loads the library into its own process, which a wrong way would end. Raises EngineError.
    """
    found = replace(found, options=replace(found.options, gpu=False))
    known = known_way(found.file, found.options)
    if known is not None:
        return known[0]
    with blocking_engine(found, log_path) as engine:
        return engine.load().way


@contextmanager
def blocking_engine(found: FoundModel, log_path: Path) -> Iterator[BlockingEngine]:
    """An engine whose process is ended at the end, come what may."""
    engine = BlockingEngine(found, log_path)
    try:
        yield engine
    finally:
        engine.close()
