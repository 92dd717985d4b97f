"""From the first message to an engine that can be asked: the model, its context, threads and caches."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from cowrite.engine.backend import Backend, NoRoomError
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.hardware import REBUILD
from cowrite.engine.host.affinity import spread, tasks
from cowrite.engine.host.engine import Engine
from cowrite.engine.host.own_template import chat_format
from cowrite.engine.host.resources import (
    STEP,
    USUAL_CONTEXT,
    calibrated_threads,
    context_size,
    free_memory,
    give_back_memory,
    resident_memory,
    usable_cores,
)
from cowrite.engine.host.saved_caches import SavedCaches
from cowrite.engine.host.trial import agree, compare, try_out
from cowrite.engine.protocol import HostMessage, Load, Loaded
from cowrite.errors import CowriteError, EngineError, ModelError
from cowrite.paths import private_folder
from cowrite.spelling.lexicon import lexicon

if TYPE_CHECKING:
    from cowrite.engine.llama.model import LlamaModel


def open_library() -> None:
    """Load llama.cpp's library into this process. Raises EngineError where it can't be loaded here.

    A library that was built for another machine may miss what it was linked with, or end the process.
    """
    try:
        import cowrite.engine.llama.library  # noqa: F401
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EngineError(
            f"llama.cpp's library can't be loaded here: {reason}.", REBUILD
        ) from error


def load_engine(
    message: Load, send: Callable[[HostMessage], None], alive: Callable[[], None]
) -> tuple[LlamaModel, Engine, Loaded]:
    """Load the model and make the engine that answers through `send`; `alive` is called while it loads.

    Raises ModelError where the file can't be used, and what `context_size` raises where memory is short.
    """
    from cowrite.engine.llama.library import version

    began = time.perf_counter()
    model, options = message.model, message.options
    with suppress(OSError):
        os.nice(options.nice)
    llama, size, device = _open(message, alive)
    names = f"{model.sha256 or model.path}/{_digest(model.adapter)}/{version()}"
    names += f"/{device}" if device else ""
    before = tasks()
    batch_threads = options.threads or usable_cores()
    if message.trial:
        llama.set_threads(batch_threads)
        try_out(llama)
        alive()
        if llama.kernel or device:
            _compare(llama, message, size, alive)
    threads = options.threads or _calibrate(llama, options.cache_folder, names)
    _evaluate(llama, threads)
    workers = tasks() - before
    states = SavedCaches(options.kv_folder, names, options.kv_bytes) if options.kv_folder else None
    index = _Index(llama, options.cache_folder, model.sha256)
    if options.healing:
        index()
    give_back_memory()
    chat = chat_format(model, llama)
    engine = Engine(
        llama,
        index,
        send,
        run_ahead=options.run_ahead,
        healing=options.healing,
        states=states,
        chat=chat,
    )
    Thread(target=lexicon, args=("en",), daemon=True).start()  # for words that are begun, later
    spread(threads, workers)
    llama.set_threads(threads, batch_threads)
    loaded = Loaded(
        name=model.name,
        description=llama.description,
        context=llama.facts.context,
        trained_context=llama.trained_context,
        window_chars=max(1000, (llama.facts.context - 1024) * 3),
        vocabulary=llama.facts.vocabulary,
        threads=threads,
        model_bytes=size,
        kv_token_bytes=llama.kv_token_bytes,
        rss_bytes=resident_memory(),
        fim=llama.facts.fim is not None,
        load_ms=(time.perf_counter() - began) * 1000,
        adapter=str(model.adapter) if model.adapter else None,
        kernel=llama.kernel,
        way=message.way,
        batch_threads=batch_threads,
        library=version(),
        device=device,
        converses=chat is not None,
    )
    return llama, engine, loaded


def _open(message: Load, alive: Callable[[], None]) -> tuple[LlamaModel, int, str]:
    """The model with its context and adapter, the bytes of its file, and the device that it is on, if any."""
    from cowrite.engine.llama.devices import offload_for
    from cowrite.engine.llama.model import SEQUENCES, LlamaModel, LoadError
    from cowrite.engine.llama.weights import better_as_in_file

    model, options = message.model, message.options
    try:
        size = model.path.stat().st_size
    except OSError as error:
        raise ModelError(
            f"The model file {model.path} can't be read: {error.strerror}.",
            "Choose another with `cowrite models use NAME`.",
        ) from error
    way, offload = message.way, None
    if way.gpu:
        offload = offload_for(model.path, options.context or USUAL_CONTEXT)
    held, rest = (size, 1.0) if offload is None else (size - offload.moved, offload.rest)
    context_size(options.context, 0, 1, held, free_memory())
    try:
        buffers = way.extra_buffers and not (way.kernel and better_as_in_file(model.path))
        llama = LlamaModel(model.path, progress=alive, extra_buffers=buffers, offload=offload)
        cell = int(llama.kv_token_bytes * rest)
        context = context_size(options.context, llama.trained_context, cell, held, free_memory())
        sequences = max(SEQUENCES, 2 * options.together + 1)
        llama.open(context, options.threads or 1, kernel=message.way.kernel, sequences=sequences)
        if model.adapter is not None:
            llama.set_adapter(model.adapter)
    except LoadError as error:
        if (
            offload is not None
        ):  # the driver's memory is less than it said, or it can't do this model
            raise NoRoomError from error
        raise ModelError(
            f"The model '{model.name}' can't be loaded: {error}.",
            "Check it with `cowrite models verify`, or choose another with `cowrite models use NAME`.",
        ) from error
    return llama, size, "" if offload is None else str(offload)


def _compare(llama: LlamaModel, message: Load, size: int, alive: Callable[[], None]) -> None:
    """Raise SlowerError where another way is quicker: the processor alone, or llama.cpp without our kernel.

    llama.cpp gets its extra buffers back, which may be a copy of all weights: it is not asked where memory is
    short. A graphics processor has to say what the processor says, too: raises WrongNumbersError.
    """
    from cowrite.engine.llama.model import LlamaModel, LoadError
    from cowrite.engine.llama.weights import better_as_in_file

    if free_memory() < 2 * size:
        return
    gpu, threads = message.way.gpu, message.options.threads or usable_cores()
    buffers = message.way.extra_buffers and not (gpu and better_as_in_file(message.model.path))
    try:
        other = LlamaModel(message.model.path, progress=alive, extra_buffers=buffers)
    except LoadError:
        return
    try:
        other.open(STEP, threads, kernel=gpu and message.options.kernel)
        if gpu:
            agree(llama, other)
        compare(llama, other, alive)
    except LoadError:
        return
    finally:
        other.close()


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
    return calibrated_threads(cache, name, lambda threads: _evaluate(llama, threads))


def _evaluate(llama: LlamaModel, threads: int) -> None:
    """One step with so many threads, which are there from then on."""
    llama.set_threads(threads)
    llama.decode([llama.facts.blank], [0], [0], [True])
    llama.forget(0, 0)


def _digest(adapter: Path | None) -> str:
    """What names an adapter's content: its path, size and time."""
    if adapter is None:
        return ""
    facts = adapter.stat()
    return f"{adapter}/{facts.st_size}/{facts.st_mtime_ns}"
