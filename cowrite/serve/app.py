"""The paths that are served, and who may use them."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ipaddress
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Chunk, Converse, Done, Failed, Finished, Loaded, Suggest
from cowrite.serve.asked import Asking, RefusedError, read
from cowrite.serve.desk import Desk, Job
from cowrite.serve.told import Teller

MOST_BODY = 2 * 1024 * 1024


@dataclass(slots=True)
class Served:
    """The model that answers. loaded: None while it is not ready; trouble: why it never will be.

    context: what the model is shown of a text with these before and after; it may read files.
    """

    name: str
    usual: Params
    desk: Desk
    context: Callable[[str, str, int], Context]
    loaded: Loaded | None = None
    trouble: str = ""


class Api:
    """The interface. token: empty where none is asked for. names: of this machine, in `Host` headers."""

    def __init__(self, served: Served, token: str, names: frozenset[str]) -> None:
        self._served, self._token, self._names = served, token, names

    def app(self, lifespan: Any = None) -> Starlette:
        """The application."""
        routes = [
            Route("/v1/models", self._guarded(self._models), methods=["GET"]),
            Route("/v1/completions", self._guarded(self._completions), methods=["POST"]),
            Route("/v1/chat/completions", self._guarded(self._chat), methods=["POST"]),
        ]
        handlers: Any = {HTTPException: _not_found}
        return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)

    def _guarded(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def checked(request: Request) -> Response:
            try:
                self._let_in(request)
                return await answer(request)
            except RefusedError as refused:
                return _refusal(refused)

        return checked

    def _let_in(self, request: Request) -> None:
        """Raises RefusedError for a page of another site, and without the token."""
        if not is_here(request.headers.get("host", ""), self._names):
            raise RefusedError(403, "This server has another name.", None, "wrong_host")
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token.encode())
        if self._token and not (same and kind.lower() == "bearer"):
            raise RefusedError(401, "The token is missing or wrong.", None, "invalid_api_key")

    async def _models(self, _request: Request) -> Response:
        card = {"id": self._served.name, "object": "model", "created": 0, "owned_by": "cowrite"}
        return JSONResponse({"object": "list", "data": [card]})

    async def _completions(self, request: Request) -> Response:
        return await self._answer(request, chat=False)

    async def _chat(self, request: Request) -> Response:
        return await self._answer(request, chat=True)

    async def _answer(self, request: Request, *, chat: bool) -> Response:
        served = self._served
        body = await _body(request)
        if served.loaded is None:
            raise RefusedError(503, served.trouble or "The model is being loaded.", None, "loading")
        asking = read(body, served.usual, served.name, chat=chat)
        if chat and not served.loaded.converses:
            said = f"{served.name} was not trained to converse; use /v1/completions."
            raise RefusedError(400, said, "model", "no_chat")
        agent = request.headers.get("user-agent", "")
        address = request.client.host if request.client else ""
        messages = await self._messages(asking, served.loaded.window_chars)
        jobs = served.desk.put(messages, asking.user or f"{address} {agent}")
        teller = Teller(served.name, chat, asking.logprobs)
        if asking.stream:
            pieces = self._stream(jobs, asking, teller)
            return StreamingResponse(pieces, media_type="text/event-stream")
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
        gone = asyncio.create_task(_left(request))
        ended = asyncio.ensure_future(asyncio.gather(*(_done(job) for job in jobs)))
        try:
            both: set[asyncio.Future[Any]] = {gone, ended}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                return Response(status_code=499)
            return JSONResponse(teller.whole(list(ended.result()), asking.params.n))
        finally:
            gone.cancel()
            ended.cancel()
            self._served.desk.leave(jobs)

    async def _stream(
        self, jobs: list[Job], asking: Asking, teller: Teller
    ) -> AsyncIterator[bytes]:
        dones: list[Done] = []
        try:
            for number, job in enumerate(jobs):
                first = number * asking.params.n
                async for told in _pieces(job, teller, first, live=not asking.after):
                    if isinstance(told, Done):
                        dones.append(told)
                    else:
                        yield _event(told)
            if asking.usage:
                yield _event(teller.figures(dones))
        except RefusedError as refused:
            yield _event(refused.body)
        finally:
            self._served.desk.leave(jobs)
        yield b"data: [DONE]\n\n"


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


async def _done(job: Job) -> Done:
    while True:
        message = await job.said.get()
        if isinstance(message, Done):
            return message
        if isinstance(message, Failed):
            raise _failed(message)


def _failed(message: Failed) -> RefusedError:
    return RefusedError(500, f"{message.message} {message.hint}".strip(), None, "engine")


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
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise wrong
    return body


def is_here(host: str, names: frozenset[str]) -> bool:
    """Whether a `Host` header names this machine: an address, or one of its names. A page of another site
    that had its own name point here would send that name.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name.strip("[]"))
        return True
    return name.lower() in names


def _event(told: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


def _refusal(refused: RefusedError) -> Response:
    headers = {"Retry-After": "2"} if refused.status in (429, 503) else {}
    return JSONResponse(refused.body, status_code=refused.status, headers=headers)


async def _not_found(request: Request, error: HTTPException) -> Response:
    said = f"{request.method} {request.url.path} is not served here."
    refused = RefusedError(error.status_code, said)
    return JSONResponse(refused.body, status_code=error.status_code, headers=error.headers)
