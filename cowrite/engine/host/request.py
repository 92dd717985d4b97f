"""A request that is being answered: what is known of it, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cowrite.core.suggestion import Candidate, Timings
from cowrite.engine.generation.chat import Script
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.stepping import Batch, Event
from cowrite.engine.protocol import Anew, Asked, Chunk, Done, Finished, HostMessage, Ordered

Send = Callable[[HostMessage], None]


@dataclass(slots=True)
class Request:
    """received, prefilled, first: when it came, its prompt was evaluated and its first text told, of
    time.perf_counter. waiting: what was written ahead of it and is still to be told. plain: without an adapter.
    """

    message: Asked
    received: float
    prompt: Prompt | None = None
    script: Script | None = None
    """Of a task: what its prompt says."""
    writing: Batch | None = None
    cached: int = 0
    prefilled: float | None = None
    first: float | None = None
    waiting: list[Event] = field(default_factory=list)
    plain: bool = False
    _ordered: bool = False

    @property
    def seconds(self) -> float:
        """How long it has been written at."""
        return time.perf_counter() - (self.prefilled or self.received)

    def tell(self, events: Sequence[Event], send: Send) -> None:
        """Say what was written."""
        identity = self.message.request_id
        for number, value in events:
            if isinstance(value, Candidate):
                send(Finished(identity, number, value))
                continue
            if value is None:
                send(Anew(identity, number))
                continue
            if self.first is None:
                self.first = time.perf_counter()
            send(Chunk(identity, number, value))

    def tell_order(self, send: Send) -> None:
        """Say once in which order the candidates are, as soon as that is known."""
        fit = self.writing.fit if self.writing is not None else None
        if fit is not None and not self._ordered:
            self._ordered = True
            send(Ordered(self.message.request_id, fit))

    def tell_done(self, send: Send) -> tuple[Candidate, ...]:
        """Say that it is over, and what has come of it."""
        self.tell_order(send)
        writing, began, now = self.writing, self.received, time.perf_counter()
        candidates = writing.candidates if writing is not None else ()
        timings = Timings(
            prefill=((self.prefilled or now) - began) * 1000,
            first=None if self.first is None else (self.first - began) * 1000,
            total=(now - began) * 1000,
        )
        size = len(self.prompt.tokens) if self.prompt is not None else 0
        seed = writing.seed if writing is not None else 0
        send(Done(self.message.request_id, candidates, size, self.cached, timings, seed))
        return candidates
