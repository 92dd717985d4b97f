"""The model process: `python -m cowrite.engine.host`, messages on its standard input and output.

The reader's thread takes the mail and ends evaluations that it makes pointless; the main thread evaluates.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from cowrite.core.window import Context
from cowrite.engine.backend import Backend
from cowrite.engine.engine import Engine
from cowrite.engine.healing import PieceIndex
from cowrite.engine.machine import (
    calibrated_threads,
    context_size,
    free_memory,
    give_back_memory,
    resident_memory,
)
from cowrite.engine.protocol import (
    Alive,
    Cancel,
    ClientMessage,
    Configure,
    Failed,
    HostMessage,
    Load,
    Loaded,
    Quit,
    RunAhead,
    Suggest,
    Warm,
    decode_client,
    encode,
    request_of,
)
from cowrite.engine.states import StateFolder
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import private_folder

if TYPE_CHECKING:
    from cowrite.engine.llama.model import LlamaModel

_QUIET = 0.05
"""Seconds without a key before the text typed so far is evaluated, when gentle."""

_ALIVE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class _Mail:
    message: ClientMessage
    received: float


class Host:
    """The process's mail and its main loop."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._mail: queue.SimpleQueue[_Mail] = queue.SimpleQueue()
        self._engine: Engine | None = None
        self._interrupt: Callable[[], None] = _nothing
        self._resume: Callable[[], None] = _nothing
        self._working_for: Context | None = None
        self._last_alive = 0.0
        self._warm_at = 0.0
        self._was_idle = True

    def send(self, message: HostMessage) -> None:
        """Write one message; a parent that is gone ends the process."""
        try:
            self._sink.write(encode(message))
            self._sink.flush()
        except (BrokenPipeError, ValueError):
            os._exit(0)

    # The reader's thread

    def read(self) -> None:
        for line in self._source:
            now = time.perf_counter()
            try:
                message = decode_client(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                self.send(
                    Failed(request_of(line), "The model process was asked nonsense.", str(error))
                )
                continue
            self._mail.put(_Mail(message, now))
            if self._urgent(message):
                self._interrupt()
            if isinstance(message, Quit):
                return
        os._exit(0)

    def _urgent(self, message: ClientMessage) -> bool:
        """Whether what is evaluated now need not be finished for this message's sake."""
        if isinstance(message, Warm | Suggest):
            current = self._working_for
            useful = current is not None and message.context.before.startswith(current.before)
            writing = self._engine is not None and self._engine.writing
            return (
                writing and isinstance(message, Suggest)
                if useful
                else not writing or isinstance(message, Suggest)
            )
        return isinstance(message, Cancel | Quit | Configure)

    # The main thread

    def run(self) -> None:
        first = self._mail.get().message
        if not isinstance(first, Load):
            return
        self._load(first)
        while True:
            self._resume()
            mail = self._next()
            if mail is not None:
                if not self._handle(mail):
                    return
                continue
            self._step()

    def _next(self) -> _Mail | None:
        """The next message; None when it is time to go on with the work."""
        engine = self._engine
        assert engine is not None
        try:
            if engine.writing:
                return self._mail.get_nowait()
            if engine.idle:
                self._tell_idle()
                return self._mail.get()
            rest = self._warm_at - time.perf_counter()
            return self._mail.get(timeout=rest) if rest > 0 else self._mail.get_nowait()
        except queue.Empty:
            return None

    def _tell_idle(self) -> None:
        engine = self._engine
        assert engine is not None
        if not self._was_idle:
            self._was_idle = True
            self.send(Alive(prepared=engine.trunk.evaluated, idle=True))

    def _handle(self, mail: _Mail) -> bool:
        """Take one message; false when it is the last."""
        engine, message = self._engine, mail.message
        assert engine is not None
        match message:
            case Suggest():
                self._working_for = message.context
                engine.suggest(message, mail.received)
            case Warm():
                if self._mail.empty():
                    self._working_for = message.context
                    engine.warm(message.context)
                    gentle = engine.ahead.budget is RunAhead.GENTLE
                    self._warm_at = time.perf_counter() + (_QUIET if gentle else 0.0)
            case Cancel():
                engine.cancel(message.request_id)
            case Configure():
                engine.configure(message.run_ahead)
            case Quit():
                engine.cancel(None)
                self._resume()
                engine.keep()
                return False
            case _:
                pass
        return True

    def _step(self) -> None:
        engine = self._engine
        assert engine is not None
        self._was_idle = False
        began = time.perf_counter()
        resting = (
            not engine.writing and not engine.warming and engine.ahead.budget is RunAhead.GENTLE
        )
        engine.step()
        now = time.perf_counter()
        if resting:
            self._warm_at = now + (now - began)
        if now - self._last_alive > _ALIVE_EVERY:
            self._last_alive = now
            self.send(Alive(prepared=engine.trunk.evaluated))

    # Loading

    def _load(self, message: Load) -> None:
        began = time.perf_counter()
        try:
            self._engine = self._build(message, began)
        except CowriteError as error:
            self.send(Failed(None, error.message, error.hint, fatal=True))
            sys.exit(1)

    def _build(self, message: Load, began: float) -> Engine:
        from cowrite.engine.llama.library import version
        from cowrite.engine.llama.model import LlamaModel, LoadError

        model, options = message.model, message.options
        with suppress(OSError):
            os.nice(options.nice)
        try:
            size = model.path.stat().st_size
        except OSError as error:
            raise ModelError(
                f"The model file {model.path} can't be read: {error.strerror}.",
                "Choose another with `cowrite models use NAME`.",
            ) from error
        context_size(options.context, 0, 1, size, free_memory())
        try:
            llama = LlamaModel(model.path, progress=self._tell_alive)
            token_bytes = llama.kv_token_bytes
            context = context_size(
                options.context, llama.trained_context, token_bytes, size, free_memory()
            )
            llama.open(context, options.threads or 1)
            if model.adapter is not None:
                llama.set_adapter(model.adapter)
        except LoadError as error:
            raise ModelError(
                f"The model '{model.name}' can't be loaded: {error}.",
                "Check it with `cowrite models verify`, or choose another with `cowrite models use NAME`.",
            ) from error
        self._interrupt, self._resume = llama.interrupt, llama.resume
        names = f"{model.sha256 or model.path}/{_digest(model.adapter)}/{version()}"
        threads = options.threads or _calibrate(llama, options.cache_folder, names)
        llama.set_threads(threads)
        states = (
            StateFolder(options.kv_folder, names, options.kv_bytes) if options.kv_folder else None
        )
        index = _Index(llama, options.cache_folder, model.sha256)
        if options.healing:
            index()
        give_back_memory()
        engine = Engine(
            llama,
            index,
            self.send,
            run_ahead=options.run_ahead,
            healing=options.healing,
            states=states,
        )
        self.send(
            Loaded(
                name=model.name,
                description=llama.description,
                context=context,
                trained_context=llama.trained_context,
                window_chars=max(1000, (context - 1024) * 3),
                vocabulary=llama.facts.vocabulary,
                threads=threads,
                model_bytes=size,
                kv_token_bytes=token_bytes,
                rss_bytes=resident_memory(),
                fim=llama.facts.fim is not None,
                load_ms=(time.perf_counter() - began) * 1000,
                adapter=str(model.adapter) if model.adapter else None,
            )
        )
        return engine

    def _tell_alive(self) -> None:
        now = time.perf_counter()
        if now - self._last_alive > _ALIVE_EVERY:
            self._last_alive = now
            self.send(Alive())


def _nothing() -> None:
    """What stands for interrupting while no model is loaded."""


class _Index:
    """The piece index, read from the cache or built once it is needed."""

    def __init__(self, llama: Backend, folder: Path | None, name: str) -> None:
        self._llama = llama
        self._path = folder / f"pieces-{name[:16]}" if folder is not None and name else None
        self._index: PieceIndex | None = None

    def __call__(self) -> PieceIndex:
        if self._index is None:
            self._index = self._find()
        return self._index

    def _find(self) -> PieceIndex:
        llama = self._llama
        if self._path is not None:
            found = PieceIndex.load(self._path, llama.facts.vocabulary)
            if found is not None:
                return found
        index = PieceIndex.build(llama)
        if self._path is not None:
            with suppress(OSError, CowriteError):
                private_folder(self._path.parent)
                index.save(self._path)
        return index


def _calibrate(llama: LlamaModel, cache: Path | None, name: str) -> int:
    def step(threads: int) -> None:
        llama.set_threads(threads)
        llama.decode([llama.facts.blank], [0], [0], [True])
        llama.forget(0, 0)

    return calibrated_threads(cache, name, step)


def _digest(adapter: Path | None) -> str:
    """What names an adapter's content: its path, size and time."""
    if adapter is None:
        return ""
    facts = adapter.stat()
    return f"{adapter}/{facts.st_size}/{facts.st_mtime_ns}"


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, where it can (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


def main() -> None:
    """Take the pipes for the messages, send all other output to the log, and run."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    host = Host(source, sink)
    threading.Thread(target=host.read, name="reader", daemon=True).start()
    host.run()
    sink.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
