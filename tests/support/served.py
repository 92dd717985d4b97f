"""The interface of `cowrite serve` in this process, with a model that says what a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import openai
from starlette.types import ASGIApp

from cowrite.core.context import Context
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.engine.protocol import (
    Chunk,
    Converse,
    Done,
    Failed,
    Finished,
    HostMessage,
    Loaded,
    Suggest,
)
from cowrite.serve.openai.api import Api, Served
from cowrite.serve.openai.guard import Guard
from cowrite.serve.openai.queue import RequestQueue

TOKEN = "a-token-of-mine"
Says = Callable[[Suggest | Converse], Iterator[HostMessage]]


def loaded(**more: object) -> Loaded:
    return Loaded("toy", "", 4096, 4096, 6000, 100, 1, 0, 0, 0, False, 0.0, **more)  # type: ignore[arg-type]


def candidate(text: str, stop: StopReason = StopReason.END, logprob: float = -1.0) -> Candidate:
    return Candidate(text, (Token(text, logprob, ((text, logprob),)),), stop)


def done(name: str, *candidates: Candidate) -> Done:
    return Done(name, candidates, 3, 1, Timings(1.0, 2.0, 3.0), seed=7)


def said(*texts: str, chunks: tuple[str, ...] = (), stop: StopReason = StopReason.END) -> Says:
    """A model that says these candidates; the first of them in these chunks."""

    def answer(asked: Suggest | Converse) -> Iterator[HostMessage]:
        name = asked.request_id
        values = [candidate(text, stop) for text in texts]
        for chunk in chunks:
            yield Chunk(name, 0, chunk)
        for number, value in enumerate(values):
            yield Finished(name, number, value)
        yield done(name, *values)

    return answer


def fails(lost: bool = False, after: str = "") -> Says:
    def answer(asked: Suggest | Converse) -> Iterator[HostMessage]:
        if after:
            yield Chunk(asked.request_id, 0, after)
        yield Failed(asked.request_id, "It broke.", lost=lost)

    return answer


class Toy:
    """The application, what was asked of its model, and what was told of failures."""

    def __init__(
        self, says: Says, *, token: str = TOKEN, names: frozenset[str] | None = frozenset({"here"})
    ) -> None:
        self.asked: list[Suggest | Converse] = []
        self.cancelled: list[str] = []
        self.failures: list[Exception] = []
        self._says = says
        self.queue = RequestQueue(self._ask, self.cancelled.append)
        self.served = Served("toy", Params(n=3, max_tokens=48), self.queue, self.context, loaded())
        self.queue.open()
        self.app: ASGIApp = Guard(Api(self.served).app(), token, names, self.failures.append)

    def context(self, before: str, after: str, _window: int) -> Context:
        return Context((), before, after, 0, len(before + after), 0)

    def _ask(self, asked: Suggest | Converse) -> None:
        self.asked.append(asked)
        for message in self._says(asked):
            self.queue.hear(message)

    def http(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        usual = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.AsyncClient(
            transport=transport, base_url="http://here", headers={**usual, **headers}
        )

    def client(self, retries: int = 0) -> openai.AsyncOpenAI:
        return openai.AsyncOpenAI(
            base_url="http://here/v1", api_key=TOKEN, http_client=self.http(), max_retries=retries
        )
