"""How fast models write here: what was measured is kept in the cache, the rest is foretold from it."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from cowrite.errors import CowriteError
from cowrite.paths import Paths, private_folder, write_private

FILE = "speeds.json"
ERROR = 0.5
"""By how much a foretold figure may be off, either way (docs/models.md says where that is from)."""

_MOST = 64
"""Models that are remembered; the oldest goes first."""


class Speed(Struct, frozen=True, forbid_unknown_fields=True):
    """Of one model on one machine. size: bytes of its file. first_ms: from asking, after twelve typed words, to
    the first text. words: words a second of one suggestion, once it goes. measured: false where foretold."""

    size: int
    first_ms: float
    words: float
    measured: bool = True


class SpeedBook:
    """The speeds that were measured on this machine, by the model's sha256.

    machine: a text that is another one where figures from before can't be believed. A cache that can't be read
    or written remembers nothing.
    """

    def __init__(self, paths: Paths, machine: str) -> None:
        self._path = paths.cache / FILE
        self._machine = hashlib.sha256(machine.encode()).hexdigest()[:16]

    def all(self) -> dict[str, Speed]:
        """Those of this machine."""
        prefix = f"{self._machine} "
        found = self._read().items()
        return {key.removeprefix(prefix): s for key, s in found if key.startswith(prefix)}

    def keep(self, sha256: str, speed: Speed) -> None:
        """Remember, in the place of what was known."""
        key = f"{self._machine} {sha256}"
        known = self._read()
        known.pop(key, None)
        kept = dict(list(known.items())[-(_MOST - 1) :]) | {key: speed}
        with contextlib.suppress(OSError, CowriteError):
            private_folder(self._path.parent)
            write_private(self._path, msgspec.json.encode(kept))

    def _read(self) -> dict[str, Speed]:
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Speed])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}
        return {k: s for k, s in found.items() if s.size > 0 and s.first_ms > 0 and s.words > 0}


def machine(processor: str, threads: int) -> str:
    """What figures hold for. threads: as they are set, 0 where the engine chooses."""
    return f"{processor}\n{os.cpu_count()}\n{threads}"


def speed_of(sha256: str, size: int, measured: Mapping[str, Speed]) -> Speed | None:
    """What was measured of this model, else what the others foretell; None where nothing was measured."""
    return measured.get(sha256) or foretold(size, measured.values())


def foretold(size: int, measured: Iterable[Speed]) -> Speed | None:
    """The speed of a model file of `size` bytes, by the one that is nearest to it in size.

    For each token all weights are read once from memory, which is what takes the time: twice the bytes, half
    the words. Reading the draft goes by the number of weights, for which the bytes have to stand as well.
    """
    known = [speed for speed in measured if speed.measured]
    if not known:
        return None
    near = min(known, key=lambda speed: abs(math.log(size / speed.size)))
    times = size / near.size
    return Speed(size, near.first_ms * times, near.words / times, measured=False)
