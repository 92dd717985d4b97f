"""What this machine can give: memory for the context, and the best number of threads."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cowrite.engine.hardware import processor
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import open_private, private_folder

USUAL_CONTEXT = 4096
LEAST_CONTEXT = 512
STEP = 256
"""llama.cpp rounds a context up to a multiple of this; anything else would leave buffers too small."""

SPARE = 200 * 1024 * 1024
"""Bytes for the process itself and its working memory."""


def free_memory() -> int:
    """Bytes that can be used without swapping, or a very large number where the system does not say."""
    found = [2**62]
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError, IndexError):
        found += _free_pages()
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
        found.append(max(0, limit - used))
    except (OSError, ValueError):
        return min(found)
    return min(found)


def _free_pages() -> list[int]:
    try:
        return [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2]
    except (OSError, ValueError):
        return []


def give_back_memory() -> None:
    """Return to the system what loading needed and the allocator still holds (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_memory() -> int:
    """Bytes of this process in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def context_size(wanted: int, trained: int, token_bytes: int, model_bytes: int, free: int) -> int:
    """Tokens of context: what was wanted (0: the usual), as far as the model and the memory go.

    token_bytes: memory of one token. model_bytes: of the file, which is mapped and so may be given back,
    but must fit for any speed. Raises ModelError where not even the least context fits.
    """
    most = min(wanted or USUAL_CONTEXT, trained or USUAL_CONTEXT)
    room = free - model_bytes - SPARE
    if room < LEAST_CONTEXT * token_bytes:
        raise ModelError(
            f"The model needs {_gb(model_bytes + SPARE + LEAST_CONTEXT * token_bytes)} of memory, "
            f"and {_gb(free)} are free.",
            "Close other programs, or choose a smaller model with `cowrite models use NAME`.",
        )
    fits = room // 2 // max(1, token_bytes)
    size = max(LEAST_CONTEXT, min(most, fits))
    return max(STEP, size // STEP * STEP)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def thread_choices() -> list[int]:
    """Thread counts worth trying here."""
    cores = usable_cores()
    return sorted({max(1, cores // 2), max(1, cores - 1), cores})


def usable_cores() -> int:
    """Logical CPUs that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def calibrated_threads(cache: Path | None, model: str, step: Callable[[int], None]) -> int:
    """The number of threads with which `step` (one decode) is fastest; remembered in `cache`.

    model: what names the model, for instance its sha256. What was measured while others kept the
    processors busy is good for now, and isn't remembered.
    """
    choices = thread_choices()
    if len(choices) == 1:
        return choices[0]
    key = hashlib.sha256(
        f"{platform.node()}/{processor()}/{usable_cores()}/{model}".encode()
    ).hexdigest()
    known = _recall(cache)
    found = known.get(key[:16])
    if found in choices:
        return found
    best = min(choices, key=lambda threads: _fastest(step, threads))
    if cache is not None and _calm():
        _remember(cache, {**known, key[:16]: best})
    return best


def _calm() -> bool:
    """Whether the processors had little else to do in the last minute."""
    try:
        return os.getloadavg()[0] < usable_cores() * 0.6
    except OSError:
        return True


def _fastest(step: Callable[[int], None], threads: int) -> float:
    """Seconds of the fastest of some steps."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        step(threads)
        times.append(time.perf_counter() - began)
    return min(times)


def _recall(cache: Path | None) -> dict[str, int]:
    if cache is None:
        return {}
    try:
        known = json.loads((cache / "threads.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in known.items() if isinstance(v, int)} if isinstance(known, dict) else {}


def _remember(cache: Path, known: dict[str, int]) -> None:
    """Write the calibration; a cache that can't be written is calibrated anew the next time."""
    try:
        private_folder(cache)
        with os.fdopen(open_private(cache / "threads.json"), "w", encoding="utf-8") as file:
            json.dump(known, file)
    except (OSError, CowriteError):
        return
