"""Loading a model's file, on the processor and what else takes part."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cowrite.engine.llama.devices import Offload
from cowrite.engine.llama.library import lib, load_reason, recent


class LoadError(Exception):
    """The file can't be used as a model; the message says why."""


def load(
    path: Path,
    progress: Callable[[], None] | None,
    *,
    extra_buffers: bool,
    offload: Offload | None,
) -> Any:
    """llama.h's model, mapped from the file. Raises LoadError where llama.cpp does not accept it.

    offload: None keeps llama.cpp away from every graphics processor: it would give them long products even
    where no layer is theirs, and a driver that dies would end what the processor can do alone.
    """
    parameters = lib.llama_model_default_params()
    parameters.n_gpu_layers = 0 if offload is None else offload.layers
    parameters.use_extra_bufts = extra_buffers
    chosen = (ctypes.c_void_p * 2)(None if offload is None else offload.device.handle, None)
    parameters.devices = ctypes.cast(chosen, ctypes.c_void_p)

    @lib.llama_progress_callback  # type: ignore[untyped-decorator]
    def on_progress(_share: float, _data: object) -> bool:
        if progress is not None:
            progress()
        return True

    parameters.progress_callback = on_progress
    recent.clear()
    model = lib.llama_model_load_from_file(str(path).encode(), parameters)
    if not model:
        raise LoadError(load_reason())
    return model
