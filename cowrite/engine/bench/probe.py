"""cowrite's engine under the benchmark's stopwatch."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.bench.baselines import Answered
from cowrite.engine.client import EngineClient, EngineOptions, EngineState, ModelFile
from cowrite.engine.protocol import (
    Chunk,
    Done,
    Failed,
    Heartbeat,
    HostMessage,
    Loaded,
    StateChanged,
)
from cowrite.errors import EngineError

WORD_SECONDS = 0.2
"""Time between two typed words: sixty words a minute would be five times as much."""

REST_SECONDS = 0.25
"""Longer than the engine needs to become idle."""


@dataclass(slots=True)
class Probe:
    """An engine with a stopwatch on its messages."""

    model: ModelFile
    options: EngineOptions
    log_path: Path
    loaded: Loaded | None = None
    _count: int = 0
    _first: float | None = None
    _done: Done | None = None
    _failed: str | None = None
    _event: threading.Event = field(default_factory=threading.Event)
    _first_event: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.client = EngineClient(self.model, self.options, self._take, self.log_path)

    client: EngineClient = field(init=False)

    def _take(self, message: HostMessage) -> None:
        match message:
            case Loaded():
                self.loaded = message
                self._event.set()
            case Chunk():
                if self._first is None:
                    self._first = time.perf_counter()
                    self._first_event.set()
            case Done():
                self._done = message
                self._first_event.set()
                self._event.set()
            case Failed():
                self._fail(f"{message.message} {message.hint}".strip())
            case StateChanged(state=EngineState.NO_MODEL):
                self._fail(message.reason)
            case Heartbeat() | _:
                pass

    def _fail(self, reason: str) -> None:
        self._failed = reason
        self._first_event.set()
        self._event.set()

    def start(self) -> Loaded:
        self._event.clear()
        self.client.start()
        self._await(self._event)
        assert self.loaded is not None
        return self.loaded

    def ask(self, before: str, params: Params) -> tuple[Answered, Done]:
        """One request, from the call to the messages."""
        began = self.begin(before, params)
        self._await(self._event)
        ended = time.perf_counter()
        assert self._done is not None
        return Answered((self._first or ended) - began, ended - began), self._done

    def begin(self, before: str, params: Params) -> float:
        """Send a request; returns when."""
        self._count += 1
        self._first, self._done = None, None
        self._event.clear()
        self._first_event.clear()
        began = time.perf_counter()
        self.client.suggest(f"bench-{self._count}", Context((), before, ""), params)
        return began

    def cancel_after(self, seconds: float) -> float:
        """Cancel the running request `seconds` later; returns the time from that to its end."""
        time.sleep(seconds)
        began = time.perf_counter()
        self.client.cancel()
        self._await(self._event)
        return time.perf_counter() - began

    def rest(self) -> None:
        """Have the engine give up what it does ahead, so that a baseline has the machine to itself."""
        self.client.cancel()
        time.sleep(REST_SECONDS)

    def wait_first(self) -> None:
        self._await(self._first_event)

    def type_on(self, before: str, words: list[str]) -> str:
        """Type words one after the other, the engine looking on; returns the text then."""
        for word in words:
            before += word
            self.client.warm(Context((), before, ""))
            time.sleep(WORD_SECONDS)
        return before

    def resident(self) -> int:
        """Bytes of the engine's process in memory; 0 where the system does not say."""
        try:
            with open(f"/proc/{self.client.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * 4096
        except (OSError, ValueError, IndexError):
            return 0

    def _await(self, event: threading.Event) -> None:
        if not event.wait(300):
            raise EngineError("The engine did not answer for five minutes.")
        if self._failed is not None:
            raise EngineError("The engine failed during the benchmark.", self._failed)
