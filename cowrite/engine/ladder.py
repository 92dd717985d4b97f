"""Which way the model is evaluated on this machine: the quickest that doesn't end its process.

A library may hold instructions that this processor, or the compiler that built it, gets wrong (on Intel
processors with AMX, GCC 12 and llama.cpp made one that died at the first word). So a model is tried in its
child process before it is used here for the first time, and goes down the ways, the quickest first, until
one works. What works is remembered, and tried anew when processor, library or cowrite change.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

import cowrite
from cowrite.engine.hardware import graphics, processor
from cowrite.engine.process import FULL_NOW
from cowrite.engine.protocol import EngineOptions, ModelFile, Way
from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

FILE = "ways.json"

_GRAPHICS = ("cuda", "metal", "vulkan", "hip", "sycl", "musa", "cann", "opencl")
"""What llama.cpp calls its libraries for graphics processors (`ggml-cuda` and so on)."""

_MOST_ENTRIES = 64
"""Models that are remembered; the oldest goes first."""

_CERTAIN = ("SIGILL",)
"""Ends that can only be the way's fault. Any other one in a later request may have been chance."""

WORDS = {
    Way.GPU: "on the graphics processor",
    Way.FULL: "everything",
    Way.NO_KERNEL: "without cowrite's own products",
    Way.NO_BUFFERS: "without llama.cpp's extra buffers",
    Way.PLAIN: "without cowrite's own products and llama.cpp's extra buffers",
}


class KnownWay(msgspec.Struct, frozen=True):
    """What is remembered of a model: the way that worked, why not a quicker one, and whether it was doubted."""

    way: Way
    reason: str
    doubts: int = 0


class WayBook:
    """The ways that worked, in a file of the cache. A cache that can't be read or written remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder is not None else None

    def find(self, key: str) -> KnownWay | None:
        """What is known of a key."""
        return self._read().get(key)

    def keep(self, key: str, entry: KnownWay) -> None:
        """Remember, in the place of what was known."""
        if self._path is None:
            return
        known = self._read()
        known.pop(key, None)
        kept = dict(list(known.items())[-(_MOST_ENTRIES - 1) :]) | {key: entry}
        with suppress(OSError, CowriteError):
            private_folder(self._path.parent)
            fresh = self._path.with_suffix(f".{os.getpid()}")
            with os.fdopen(open_private(fresh), "wb") as file:
                file.write(msgspec.json.encode(kept))
            fresh.replace(self._path)

    def _read(self) -> dict[str, KnownWay]:
        if self._path is None:
            return {}
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, KnownWay])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return {}


@dataclass(frozen=True, slots=True)
class Failure:
    """A way that didn't work, and what ended it."""

    way: Way
    cause: str


class Ladder:
    """The ways of one model on this machine, from the quickest down.

    `way` is the one to load with now, `trial` whether it has to be tried first, `reason` says in a clause why
    it is this one.
    """

    def __init__(self, model: ModelFile, options: EngineOptions) -> None:
        self._book = WayBook(options.cache_folder)
        self._rungs: Sequence[Way] = ways(options)
        self._key = key_of(model, self._rungs)
        self._failed: list[Failure] = []
        self._remembers = True
        self.way = self._rungs[0]
        self.trial = True
        self.reason = ""
        known = self._book.find(self._key)
        if options.way is not None:
            self._rungs = [options.way]
            self.way, self.trial, self.reason = options.way, False, "chosen by engine.way"
        elif known is not None and known.way in self._rungs:
            self.way, self.trial, self.reason = known.way, False, known.reason

    def worked(self, device: str = "") -> None:
        """The way has worked: remember it, if it was a trial. device: what it works on beside the processor."""
        if not self.trial:
            return
        self.trial = False
        self.reason = self._told(device)
        if self._remembers:
            self._book.keep(self._key, KnownWay(self.way, self.reason))

    def step_down(self, cause: str, *, later: bool) -> bool:
        """Go on with the next way, which is tried first; False where there is none.

        cause: what ended this way. later: in a request, after the way had worked. That may have been chance,
        so it counts for this process only, until it happens again.
        """
        below = self._rungs[self._rungs.index(self.way) + 1 :]
        if not below:
            return False
        if cause == FULL_NOW:
            self._remembers = False
        elif later and cause not in _CERTAIN:
            known = self._book.find(self._key) or KnownWay(self.way, self.reason)
            self._remembers = known.doubts > 0
            doubted = KnownWay(known.way, known.reason, known.doubts + 1)
            self._book.keep(self._key, doubted)
        self._failed.append(Failure(self.way, cause))
        self.way, self.trial = below[0], True
        return True

    def failures(self) -> str:
        """What ended the ways that were tried, in a clause."""
        return "; ".join(f"{WORDS[failed.way]}: {failed.cause}" for failed in self._failed)

    def _told(self, device: str) -> str:
        if self._failed:
            return f"did not work here: {self.failures()}"
        if self.way.gpu:
            return f"{device or 'it'} is quicker than the processor here"
        return "the quickest way works here" if self.way is Way.FULL else "engine.kernel is off"


def ways(options: EngineOptions) -> list[Way]:
    """The ways that these options leave, the quickest first."""
    gpu = options.gpu and bool(_for_graphics())
    return [way for way in Way if (gpu or not way.gpu) and (options.kernel or not way.kernel)]


def known_way(model: ModelFile, options: EngineOptions) -> tuple[Way, str] | None:
    """The way that a model is evaluated in here and why, None where it was never tried."""
    ladder = Ladder(model, options)
    return None if ladder.trial else (ladder.way, ladder.reason)


def key_of(model: ModelFile, rungs: Sequence[Way]) -> str:
    """What a way is remembered for: this processor, this build of the library, this cowrite, this model.

    And the ways that were to be tried: where another one is allowed now, it never was.
    """
    named = [processor(), _library(), cowrite.__version__, model.sha256 or str(model.path)]
    named += rungs
    if any(way.gpu for way in rungs):
        named.append(graphics())
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:24]


def _library() -> str:
    """What names the build of llama.cpp and of our kernel: their files with sizes and times."""
    stamps = []
    for path in [*sorted(Path(__file__).parent.joinpath("llama").glob("*.so")), *_files()]:
        with suppress(OSError):
            facts = path.stat()
            stamps.append(f"{path.name}/{facts.st_size}/{facts.st_mtime_ns}")
    return " ".join(stamps)


def _for_graphics() -> list[Path]:
    """The files of llama.cpp's library that are for graphics processors."""
    return [path for path in _files() if any(f"ggml-{kind}" in path.name for kind in _GRAPHICS)]


def _files() -> list[Path]:
    """The files of llama.cpp's library, which is not loaded for it."""
    with suppress(ImportError, ValueError, OSError):
        spec = importlib.util.find_spec("llama_cpp")
        places = (spec.submodule_search_locations or ()) if spec is not None else ()
        found = [
            path for place in places for path in Path(place, "lib").glob("*") if path.is_file()
        ]
        return sorted(found)
    return []
