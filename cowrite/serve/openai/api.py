"""The paths that are served, and how a request is answered: whole, or as a stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Chunk, Converse, Done, Failed, Finished, Loaded, Suggest
from cowrite.serve.openai.asking import Asking, read
from cowrite.serve.openai.queue import Job, RequestQueue
from cowrite.serve.openai.refusing import RefusedError, json_answer, refusal
from cowrite.serve.openai.telling import Teller

MOST_BODY = 2 * 1024 * 1024
"""Bytes of a request."""

LEFT = 499
"""The status of an answer that nobody waits for any more; nobody reads it either."""


@dataclass(slots=True)
class Served:
    """The model that answers. loaded: None while it is not ready; trouble: why it never will be.

    context: what the model is shown of a text with these before and after; it may read files.
    """

    name: str
    usual: Params
    queue: RequestQueue
    context: Callable[[str, str, int], Context]
    loaded: Loaded | None = None
    trouble: str = ""

    def ready(self) -> Loaded:
        """The model as it is loaded. Raises RefusedError where it is not."""
        if self.loaded is not None:
            return self.loaded
        if self.trouble:
            raise RefusedError(503, self.trouble, None, "no_model")
        raise RefusedError(503, "The model is being loaded.", None, "loading", again=True)


class Api:
    """The interface."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def app(self, lifespan: Any = None) -> Starlette:
        """The application."""
        routes = [
            Route("/v1/models", self._models, methods=["GET"]),
            Route("/v1/models/{name:path}", self._model, methods=["GET"]),
            Route("/v1/completions", self._completions, methods=["POST"]),
            Route("/v1/chat/completions", self._chat, methods=["POST"]),
        ]
        handlers: Any = {
            HTTPException: _not_found,
            RefusedError: _refused,
            Exception: _broken,
        }
        return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)

    @property
    def _card(self) -> dict[str, Any]:
        return {"id": self._served.name, "object": "model", "created": 0, "owned_by": "cowrite"}

    async def _models(self, _request: Request) -> Response:
        return json_answer({"object": "list", "data": [self._card]})

    async def _model(self, request: Request) -> Response:
        if request.path_params["name"] != self._served.name:
            said = f"There is no such model here; it is {self._served.name!r}."
            raise RefusedError(404, said, "model", "model_not_found")
        return json_answer(self._card)

    async def _completions(self, request: Request) -> Response:
        return await self._answer(request, chat=False)

    async def _chat(self, request: Request) -> Response:
        return await self._answer(request, chat=True)

    async def _answer(self, request: Request, *, chat: bool) -> Response:
        served = self._served
        body = await _body(request)
        asking = read(body, served.usual, served.name, chat=chat)
        loaded = served.ready()
        if chat and not loaded.converses:
            said = f"{served.name} was not trained to converse; use /v1/completions."
            raise RefusedError(400, said, "model", "no_chat")
        messages = await self._messages(asking, loaded.window_chars)
        jobs = served.queue.put(messages, asking.user or _program(request))
        teller = Teller(served.name, chat, asking.logprobs)
        if asking.stream:
            return await self._streamed(request, jobs, asking, teller)
        return await self._whole(request, jobs, asking, teller)

    async def _messages(self, asking: Asking, window: int) -> list[Suggest | Converse]:
        if asking.turns:
            return [Converse("", asking.turns, asking.params, asking.ends)]
        make, after, params = self._served.context, asking.after, asking.params
        contexts = [await asyncio.to_thread(make, text, after, window) for text in asking.prompts]
        return [Suggest("", one, params, beside=True, ends=asking.ends) for one in contexts]

    async def _whole(
        self, request: Request, jobs: list[Job], asking: Asking, teller: Teller
    ) -> Response:
        ended = asyncio.create_task(_all_done(jobs))
        try:
            if not await _before_it_left(request, ended):
                return Response(status_code=LEFT)
            return json_answer(teller.whole(ended.result(), asking.params.n))
        finally:
            ended.cancel()
            self._served.queue.leave(jobs)

    async def _streamed(
        self, request: Request, jobs: list[Job], asking: Asking, teller: Teller
    ) -> Response:
        """A stream, once there is something to send: what fails before is told by its status."""
        events = self._events(jobs, asking, teller)
        first = asyncio.ensure_future(anext(events))
        if not await _before_it_left(request, first):
            first.cancel()
            self._served.queue.leave(jobs)
            return Response(status_code=LEFT)
        return StreamingResponse(_stream(first.result(), events), media_type="text/event-stream")

    async def _events(
        self, jobs: list[Job], asking: Asking, teller: Teller
    ) -> AsyncGenerator[dict[str, Any]]:
        dones: list[Done] = []
        try:
            for number, job in enumerate(jobs):
                first = number * asking.params.n
                async for told in _pieces(job, teller, first, live=not asking.after):
                    if isinstance(told, Done):
                        dones.append(told)
                    else:
                        yield told
            if asking.usage:
                yield teller.figures(dones)
        finally:
            self._served.queue.leave(jobs)


async def _stream(
    first: dict[str, Any], more: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[bytes]:
    """The events as they are sent. What fails now can be told by an event alone."""
    yield _event(first)
    try:
        async for told in more:
            yield _event(told)
        yield b"data: [DONE]\n\n"
    except RefusedError as refused:
        yield _event(refused.body)


async def _pieces(
    job: Job, teller: Teller, first: int, *, live: bool
) -> AsyncIterator[dict[str, Any] | Done]:
    """A job's pieces, and its `Done`. live: send the first candidate as it is written.

    The others may be written anew once they were begun, and with text that follows all may be cut and put
    in order, so those come whole.
    """
    sent: dict[int, str] = {}
    while True:
        message = await job.said.get()
        if isinstance(message, Failed):
            raise _failed(message)
        if isinstance(message, Chunk) and live and message.candidate == 0:
            yield teller.piece(first, message.text, first=0 not in sent)
            sent[0] = sent.get(0, "") + message.text
        elif isinstance(message, Finished) and live and message.candidate:
            sent[message.candidate] = text = message.candidate_value.text
            yield teller.piece(first + message.candidate, text, first=True)
        elif isinstance(message, Done):
            for index, candidate in enumerate(message.candidates):
                said = sent.get(index, "")
                rest = candidate.text[len(said) :] if candidate.text.startswith(said) else ""
                if rest:
                    yield teller.piece(first + index, rest, first=index not in sent)
                yield teller.end(first + index, candidate)
            yield message
            return


async def _all_done(jobs: list[Job]) -> list[Done]:
    """A coroutine, since a bare `gather` that is cancelled writes a traceback to stderr."""
    return await asyncio.gather(*(_done(job) for job in jobs))


async def _done(job: Job) -> Done:
    while True:
        message = await job.said.get()
        if isinstance(message, Done):
            return message
        if isinstance(message, Failed):
            raise _failed(message)


def _failed(message: Failed) -> RefusedError:
    said = f"{message.message} {message.hint}".strip()
    if message.lost:
        return RefusedError(503, said, None, "engine", again=True)
    return RefusedError(503 if message.fatal else 500, said, None, "engine")


async def _before_it_left(request: Request, work: asyncio.Future[Any]) -> bool:
    """Wait for the work, which may have failed; false where the client went before."""
    gone = asyncio.create_task(_left(request))
    try:
        both: set[asyncio.Future[Any]] = {gone, work}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        return work.done()
    finally:
        gone.cancel()


async def _left(request: Request) -> None:
    """Wait until the client goes."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes:
    """Raises RefusedError where it is too large, as soon as that is known."""
    wrong = RefusedError(413, f"A body has at most {MOST_BODY:,} bytes.", None, "too_large")
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > MOST_BODY:
        raise wrong
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise wrong
    return bytes(body)


def _program(request: Request) -> str:
    """Which client asks, where the request does not say it: its address, and what it calls itself."""
    address = request.client.host if request.client else ""
    return f"{address} {request.headers.get('user-agent', '')}"


def _event(told: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return refusal(error)


async def _broken(_request: Request, _error: Exception) -> Response:
    """What is not ours to refuse: `Guard` tells it to who runs the server."""
    return refusal(RefusedError(500, "cowrite failed at this request.", None, "internal"))


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = f"{request.method} {request.url.path} is not served here."
    return refusal(RefusedError(error.status_code, said), dict(error.headers or {}))
