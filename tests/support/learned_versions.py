"""Versions of adapters as rounds would have left them; their files are no adapters."""

from __future__ import annotations

import hashlib

from cowrite.learning.registry import Registry, Version
from cowrite.paths import Paths

MADE = 1_700_049_600_000
"""A noon, so that the day is the same in nearly all time zones."""


def learned(paths: Paths, model_sha256: str, *numbers: int) -> Registry:
    """Versions with these numbers, the last one in use."""
    registry = Registry(paths.learning / "adapters")
    registry.folder.mkdir(parents=True)
    for number in numbers:
        fresh = registry.folder / "fresh"
        fresh.write_bytes(b"GGUF" + bytes([number]))
        digest = hashlib.sha256(fresh.read_bytes()).hexdigest()
        version = Version(
            number, "stand-in", model_sha256, MADE, number - 1, {}, frozenset(), 900, 1.0, digest,
            reason="Used: it is better by a good deal.", promoted=True,
        )  # fmt: skip
        registry.add(version, fresh)
        registry.use(model_sha256, number)
    return registry
