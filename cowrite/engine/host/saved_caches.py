"""Evaluated states on disk, so that a draft which is opened again needs no evaluation.

One file a draft's beginning and model: a line of JSON, the tokens, the state. The state is a cache:
whatever does not match (another model, another adapter, a torn file) is left alone and evaluated anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

VERSION = 1
LEAST = 64
"""Tokens below which a state is not worth its file."""

_BEGINNING = 48
"""Tokens that a file's name is made of: the window's beginning is stable, its end is not."""


class SavedCaches:
    """States of one model (and adapter) in one folder."""

    def __init__(self, folder: Path, identity: str, limit: int) -> None:
        """identity: names the model, the adapter and the runtime, all that a state depends on.

        limit: the most bytes in the folder; the oldest files give way.
        """
        self._folder = folder
        self._identity = hashlib.sha256(f"{VERSION}/{identity}".encode()).hexdigest()
        self._limit = limit

    def path(self, tokens: Sequence[int]) -> Path:
        beginning = np.asarray(tokens[:_BEGINNING], dtype="<i4").tobytes()
        text = hashlib.sha256(beginning).hexdigest()
        return self._folder / f"{self._identity[:16]}-{text[:16]}.kv"

    def save(self, tokens: Sequence[int], state: bytes) -> bool:
        """Keep a state; false where it is too small to be worth it, too large, or can't be written."""
        data = np.asarray(tokens, dtype="<i4").tobytes() + state
        if len(tokens) < LEAST or len(data) > self._limit:
            return False
        path = self.path(tokens)
        draft = path.with_suffix(f".{os.getpid()}.new")
        header = {
            "version": VERSION,
            "identity": self._identity,
            "tokens": len(tokens),
            "bytes": len(data),
            "check": zlib.crc32(data),
        }
        try:
            private_folder(self._folder)
            self._make_room(len(data), path)
            with os.fdopen(open_private(draft), "wb") as file:
                file.write(json.dumps(header).encode() + b"\n")
                file.write(data)
            draft.replace(path)
        except (OSError, CowriteError):
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            return False
        return True

    def load(self, tokens: Sequence[int]) -> tuple[list[int], bytes] | None:
        """The tokens and the state kept for a text that begins like this; None where there is none."""
        path = self.path(tokens)
        try:
            with path.open("rb") as file:
                header = json.loads(file.readline(4096))
                data = file.read(self._limit)
            os.utime(path)
        except (OSError, ValueError):
            return None
        if not isinstance(header, dict) or header.get("identity") != self._identity:
            return None
        count = header.get("tokens")
        if header.get("bytes") != len(data) or header.get("check") != zlib.crc32(data):
            with suppress(OSError):
                path.unlink()
            return None
        if not isinstance(count, int) or count * 4 > len(data):
            return None
        kept = np.frombuffer(data, dtype="<i4", count=count).tolist()
        return kept, data[count * 4 :]

    def _make_room(self, size: int, mine: Path) -> None:
        """Drop the oldest files until `size` bytes fit under the limit."""
        found = []
        for path in self._folder.glob("*.kv"):
            with suppress(OSError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        total = sum(entry[1] for entry in found if entry[2] != mine) + size
        for _, old, path in sorted(found):
            if total <= self._limit:
                return
            if path != mine:
                with suppress(OSError):
                    path.unlink()
                total -= old
