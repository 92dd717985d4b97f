"""The llama.cpp library, its log, and a way to stop it that costs nothing."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
import types
from typing import Any


def _load() -> Any:
    """The low-level module of llama_cpp without its package's own imports.

    The package's `__init__` brings in a server's worth of modules (a tenth of a second, 20 MB) of which
    nothing is used here, so an empty package stands in its place.
    """
    if "llama_cpp" not in sys.modules:
        spec = importlib.util.find_spec("llama_cpp")
        if spec is None or spec.submodule_search_locations is None:
            raise ImportError("llama-cpp-python is not installed")
        package = types.ModuleType("llama_cpp")
        package.__path__ = list(spec.submodule_search_locations)
        package.__spec__ = spec
        sys.modules["llama_cpp"] = package
    import llama_cpp.llama_cpp as library

    return library


lib: Any = _load()

recent: list[str] = []
"""The lines that llama.cpp logged as warnings or errors: they say why a load failed."""

_MOST_LINES = 2000

_quiet = False

_INTERRUPTED = (
    "failed with error 1",
    "compute status: 1",
    "removing memory module entries",
    "ret = 2",
)
"""What llama.cpp says when an evaluation was interrupted, which is no news."""


@lib.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes | None, _data: object) -> None:
    """Lines of level warning (3) and error (4) go to the log, which stderr is."""
    if text is None or level not in (3, 4) or len(recent) >= _MOST_LINES:
        return
    line = text.decode("utf-8", "replace").rstrip()
    if line and not any(part in line for part in _INTERRUPTED):
        recent.append(line)
        if not _quiet:
            sys.stderr.write(line + "\n")


def keep_to_itself() -> None:
    """Keep its warnings in `recent` alone: for a program whose stderr a person reads."""
    global _quiet
    _quiet = True


lib.llama_log_set(_log, ctypes.c_void_p(0))
lib.llama_backend_init()


class StopFlag:
    """A flag that llama.cpp itself looks at between any two nodes of its graph.

    The abort callback is the C library's `strlen` on a buffer: 0 while its first byte is 0, else 1. So a
    look costs nanoseconds and no GIL, where a Python callback would cost some percent of a decode.
    """

    def __init__(self) -> None:
        self._buffer = ctypes.create_string_buffer(64)
        address = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value
        self.callback = lib.ggml_abort_callback(address)
        self.data = ctypes.cast(self._buffer, ctypes.c_void_p)

    def set(self) -> None:
        self._buffer[0] = b"\x01"

    def clear(self) -> None:
        self._buffer[0] = b"\x00"


def system_info() -> str:
    """Which CPU features the library was built for, as llama.cpp writes it."""
    return str(lib.llama_print_system_info().decode("utf-8", "replace"))


def version() -> str:
    return str(lib.llama_version().decode("utf-8", "replace"))


def load_reason() -> str:
    """The most telling line of what llama.cpp logged, made short."""
    for line in recent:
        for mark in ("unknown model architecture", "invalid magic", "tensor", "memory", "failed"):
            if mark in line:
                return line.split(": ", 1)[-1].strip()[:200]
    return recent[-1][:200] if recent else "llama.cpp gave no reason"
