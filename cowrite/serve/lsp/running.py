"""Runs the language server on pipes, until the editor says so or is gone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pygls.io_ import run_async

from cowrite.config import Settings, load
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.serve.lsp.mirrored_drafts import MirroredDrafts
from cowrite.serve.lsp.server import InlineServer
from cowrite.session.engine_news import EngineNews
from cowrite.session.engine_service import EngineService
from cowrite.session.found_model import FoundModel
from cowrite.store import Store

_LINE = 1 << 16
"""Bytes of a header's line, at most."""

_ENDS = {signal.SIGTERM: "terminated", signal.SIGHUP: "hangup"}
"""Signals that end the server, and how its sessions end then."""


def run(
    *,
    paths: Paths,
    flags: dict[str, object] | None = None,
    model: str | None = None,
    engine: FoundModel | None = None,
) -> int:
    """Serve the editor on stdin and stdout; returns the exit code: 0 where it has said that this is the end.

    flags: settings for this once. model: a name or a path that goes before the settings' one. engine: a
    model and options that are used as they are, for tests. Raises CowriteError where the settings are wrong.
    """
    settings = load(paths, flags=flags)
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)  # it would quote the draft
    store, trouble = _open_store(paths)
    try:
        serving = _Serving(
            lambda draft: load(paths, draft, flags=flags), settings, paths, store, model, engine
        )
        if trouble is None and store is not None and store.notice:
            trouble = CowriteError(store.notice)
        return asyncio.run(serving.serve(sys.stdin.buffer, _own_stdout(), trouble))
    finally:
        if store is not None:
            store.close()


def _open_store(paths: Paths) -> tuple[Store | None, CowriteError | None]:
    """The log, or None and why: a log that can't be opened costs the log, not the server."""
    try:
        return Store.open(paths.log_file), None
    except CowriteError as error:
        return None, error


def _own_stdout() -> BinaryIO:
    """Stdout for the protocol alone: what anything else prints goes to stderr."""
    sys.stdout.flush()
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


class _Pipe:
    """Stdout as pygls writes it. An editor that is gone is noticed by what it doesn't say any more."""

    def __init__(self, stdout: BinaryIO) -> None:
        self._stdout = stdout

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stdout.write(data)
            self._stdout.flush()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._stdout.close()


class _Serving:
    """One run of the server: the engine and the drafts, between the first message and the last."""

    def __init__(
        self,
        settings_of: Callable[[Path | None], Settings],
        settings: Settings,
        paths: Paths,
        store: Store | None,
        model: str | None,
        engine: FoundModel | None,
    ) -> None:
        self._settings_of, self._paths, self._store = settings_of, paths, store
        self._settings, self._model, self._given = settings, model, engine
        self._how = "hangup"

    async def serve(self, stdin: BinaryIO, stdout: BinaryIO, trouble: CowriteError | None) -> int:
        """Answer until the end."""
        loop = asyncio.get_running_loop()

        def post(news: EngineNews) -> None:
            with contextlib.suppress(RuntimeError):  # the end has come before the news
                loop.call_soon_threadsafe(engine.take, news)

        engine = EngineService(
            lambda: self._settings, self._paths, self._model, post=post, given=self._given
        )
        server = InlineServer(self._paths)
        drafts = MirroredDrafts(self._settings_of, self._paths, self._store, engine, server)
        server.serve(drafts)
        server.protocol.set_writer(_Pipe(stdout))
        engine.follow(drafts)
        engine.start()
        if trouble is not None:
            server.tell(trouble.message, trouble.hint, "warning")
        clock = asyncio.create_task(drafts.tick())
        try:
            await self._until_the_end(server, _reading(stdin, loop))
        finally:
            clock.cancel()
            drafts.close_all("quit" if server.protocol.was_shut_down else self._how)
            await asyncio.to_thread(engine.close)
        return 0 if server.protocol.was_shut_down else 1

    async def _until_the_end(self, server: InlineServer, reader: asyncio.StreamReader) -> None:
        """Handle messages until the editor says that it is the end, or is gone, or a signal comes."""
        loop = asyncio.get_running_loop()
        messages = asyncio.ensure_future(
            run_async(
                stop_event=server.protocol.stopped,
                reader=reader,
                protocol=server.protocol,
                error_handler=server.report_server_error,
            )
        )

        def end(how: str) -> None:
            self._how = how
            messages.cancel()

        for number, how in _ENDS.items():
            loop.add_signal_handler(number, end, how)
        loop.add_signal_handler(signal.SIGINT, lambda: None)  # the terminal's, for the editor
        with contextlib.suppress(asyncio.CancelledError, EOFError, ValueError):
            await messages


def _reading(stdin: BinaryIO, loop: asyncio.AbstractEventLoop) -> asyncio.StreamReader:
    """What comes in. A thread reads it, since stdin may be a file; nobody waits for its end."""
    reader = asyncio.StreamReader(limit=_LINE)

    def feed() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            try:
                while data := os.read(stdin.fileno(), _LINE):
                    loop.call_soon_threadsafe(reader.feed_data, data)
            except OSError:
                pass
            loop.call_soon_threadsafe(reader.feed_eof)

    threading.Thread(target=feed, name="stdin", daemon=True).start()
    return reader
