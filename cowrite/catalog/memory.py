"""How much memory a model needs here, and how much is free."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from cowrite.catalog.facts import GgufFacts

DEFAULT_CONTEXT = 4096
"""Tokens that an estimate is made for where the settings leave the size to the engine."""
SMALLEST_CONTEXT = 1024
_OUTPUTS = 64
"""Rows of scores that the engine holds at a time, one float for each entry of the vocabulary."""
_BUFFERS = 64 << 20
"""The engine process itself with llama.cpp's scratch buffers."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes: the file (memory-mapped), the KV cache for `context` tokens, and everything else."""

    file: int
    kv: int
    overhead: int
    context: int

    @property
    def total(self) -> int:
        return self.file + self.kv + self.overhead


def estimate(size: int, facts: GgufFacts, context: int = 0) -> Estimate:
    """The memory for a model file of `size` bytes. context: tokens, 0 for what is usual."""
    tokens = context or DEFAULT_CONTEXT
    if facts.context_length:
        tokens = min(tokens, facts.context_length)
    return estimate_by(size, facts.kv_bytes_per_token, facts.vocabulary, tokens)


def estimate_by(size: int, kv: int, vocabulary: int, context: int = 0) -> Estimate:
    """The same from what a card says. kv: bytes of the KV cache for a token."""
    tokens = context or DEFAULT_CONTEXT
    return Estimate(size, kv * tokens, vocabulary * 4 * _OUTPUTS + _BUFFERS, tokens)


def total_memory() -> int | None:
    """Bytes that this machine, or the container, has in all; None where the system does not say."""
    found = _container_limit()
    with contextlib.suppress(OSError, ValueError):
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return whole if found is None else min(whole, found)
    return found


def free_memory() -> int | None:
    """Bytes that programs can still get without swapping; None where the system does not say."""
    found = [value for value in (_available(), _container_limit()) if value is not None]
    return min(found) if found else None


def _available() -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with contextlib.suppress(OSError, ValueError):
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _container_limit() -> int | None:
    """What the container may use in all. What it uses now counts caches, so it says little."""
    with contextlib.suppress(OSError, ValueError):
        return int(Path("/sys/fs/cgroup/memory.max").read_text("ascii"))
    return None
