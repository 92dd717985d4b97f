"""The server's life: its socket, its model, and how both end."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import uvicorn

from cowrite.config import Settings
from cowrite.core.context import Context
from cowrite.core.document import Document
from cowrite.crash_report import write_report
from cowrite.engine.client import EngineClient
from cowrite.engine.protocol import (
    Done,
    EngineState,
    Failed,
    HostMessage,
    Loaded,
    RunAhead,
    StateChanged,
)
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.serve.openai.api import Api, Served
from cowrite.serve.openai.guard import Guard
from cowrite.serve.openai.queue import AT_ONCE, Job, RequestQueue
from cowrite.serve.openai.record import Record
from cowrite.session.asking_once import context_once
from cowrite.session.found_model import FoundModel
from cowrite.session.options import request_options

Say = Callable[[str], None]
"""Tells whoever started the server a sentence; control codes are the callee's to take out."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises CowriteError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _not_had(host, port, error) from error
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(128)
    except OSError as error:
        found.close()
        raise _not_had(host, port, error) from error
    return found


def _not_had(host: str, port: int, error: Exception) -> CowriteError:
    why = getattr(error, "strerror", None) or error
    said = f"Port {port} of {host} can't be had: {why}."
    return CowriteError(said, "Choose another with --port; 0 takes a free one.")


def is_loopback(at: socket.socket) -> bool:
    """Whether only this machine can reach the socket."""
    return ipaddress.ip_address(at.getsockname()[0].partition("%")[0]).is_loopback


class Serving:
    """One run of the server. The model's process starts with it and ends with it.

    record: where requests are logged, None where they are not.
    """

    def __init__(
        self,
        found: FoundModel,
        settings: Settings,
        paths: Paths,
        say: Say,
        record: Record | None = None,
    ) -> None:
        self._settings, self._paths, self._say, self._record = settings, paths, say, record
        self._loop: asyncio.AbstractEventLoop | None = None
        options = replace(
            found.options, nice=0, run_ahead=RunAhead.OFF, kv_folder=None, together=AT_ONCE
        )
        self._client = EngineClient(found.file, options, self._heard, paths.engine_log)
        self._queue = RequestQueue(self._client.ask_beside, self._client.cancel, self._ended)
        usual = request_options(settings).params_with(found.advice)
        self._served = Served(found.file.name, usual, self._queue, self._context)

    def run(self, at: socket.socket, host: str, token: str) -> None:
        """Serve until a signal comes. Raises KeyboardInterrupt for SIGINT; returns for SIGTERM.

        token: empty where none is asked for.
        """
        here = {"localhost", host.lower(), socket.gethostname().lower()}
        names = frozenset(here) if is_loopback(at) else None
        app = Guard(Api(self._served).app(self._life), token, names, self._failed)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server, caught = uvicorn.Server(config), list[int]()

        def end(number: int, _frame: object) -> None:
            """Before uvicorn takes the signals, and again when it has ended: it raises them anew then."""
            caught.append(number)
            server.should_exit = True

        before = {number: signal.signal(number, end) for number in _SIGNALS}
        try:
            server.run([at])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            at.close()
        if signal.SIGINT in caught:
            raise KeyboardInterrupt

    @contextlib.asynccontextmanager
    async def _life(self, _app: object) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self._client.start()
        try:
            yield
        finally:
            await asyncio.to_thread(self._client.close)
            if self._record is not None:
                self._record.close()

    def _context(self, before: str, after: str, window: int) -> Context:
        size = self._settings.model.context or window
        document = Document(before + after)
        asked = context_once(document, len(before), self._settings, self._paths, None, size)
        return asked.context

    def _heard(self, message: HostMessage) -> None:
        """On the client's thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended before the process
                self._loop.call_soon_threadsafe(self._hear, message)

    def _hear(self, message: HostMessage) -> None:
        served = self._served
        match message:
            case Loaded():
                served.loaded, served.trouble = message, ""
                if self._record is not None:
                    self._record.loaded(message)
                self._queue.open()
            case StateChanged(state=EngineState.LOADING | EngineState.RESTARTING):
                if message.state is EngineState.RESTARTING:
                    self._say(f"The model's process is started again: {message.reason}")
                served.loaded = None
                self._queue.close()
            case StateChanged(state=EngineState.NO_MODEL):
                served.loaded, served.trouble = None, f"There is no model: {message.reason}"
                self._say(served.trouble)
                self._queue.give_up(Failed(None, served.trouble, fatal=True))
            case _:
                self._queue.hear(message)

    def _ended(self, job: Job, message: Done | Failed) -> None:
        if self._record is not None:
            self._record.answered(job.client, job.message, message)

    def _failed(self, error: Exception) -> None:
        report = write_report(error, self._paths.crash_folder)
        where = "" if report is None else f" The report, without any text, is {report}"
        self._say(f"cowrite failed at a request.{where}")
