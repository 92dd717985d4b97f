"""The server's life: its socket, its model, and how both end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import uvicorn

from cowrite.config import Settings
from cowrite.core.context import Context
from cowrite.core.document import Document
from cowrite.engine.client import EngineClient
from cowrite.engine.protocol import EngineState, HostMessage, Loaded, RunAhead, StateChanged
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.serve.app import Api, Served
from cowrite.serve.desk import AT_ONCE, Desk
from cowrite.session.asking_once import context_once
from cowrite.session.found_model import FoundModel
from cowrite.session.options import request_options


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises CowriteError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(128)
    except OSError as error:
        said = f"Port {port} of {host} can't be had: {error.strerror or error}."
        raise CowriteError(said, "Choose another with --port; 0 takes a free one.") from error
    return found


def run(
    at: socket.socket, host: str, token: str, found: FoundModel, settings: Settings, paths: Paths
) -> None:
    """Serve until a signal comes. Raises KeyboardInterrupt for SIGINT; returns for SIGTERM."""
    off = RunAhead.OFF
    options = replace(found.options, nice=0, run_ahead=off, kv_folder=None, together=AT_ONCE)
    loop: asyncio.AbstractEventLoop | None = None

    def heard(message: HostMessage) -> None:
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended before the process
                loop.call_soon_threadsafe(hear, message)

    client = EngineClient(found.file, options, heard, paths.engine_log)
    desk = Desk(client.ask_beside, client.cancel)

    def context(before: str, after: str, window: int) -> Context:
        size = settings.model.context or window
        document = Document(before + after)
        return context_once(document, len(before), settings, paths, None, size).context

    usual = request_options(settings).params_with(found.advice)
    served = Served(found.file.name, usual, desk, context)

    def hear(message: HostMessage) -> None:
        if isinstance(message, Loaded):
            served.loaded, served.trouble = message, ""
        elif isinstance(message, StateChanged) and message.state is EngineState.NO_MODEL:
            served.loaded, served.trouble = None, f"There is no model: {message.reason}"
        desk.hear(message)

    @contextlib.asynccontextmanager
    async def life(_app: object) -> AsyncIterator[None]:
        nonlocal loop
        loop = asyncio.get_running_loop()
        client.start()
        try:
            yield
        finally:
            await asyncio.to_thread(client.close)

    names = frozenset({"localhost", host.lower(), socket.gethostname().lower()})
    config = uvicorn.Config(
        Api(served, token, names).app(life),
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    # uvicorn raises the signal anew once it has ended: SIGTERM is a good end here.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        uvicorn.Server(config).run([at])
    finally:
        signal.signal(signal.SIGTERM, before)
        at.close()
