"""A place for the heavy parts of rows until their session is over, so that memory stays small."""

from __future__ import annotations

import tempfile

IN_MEMORY = 8 * 1024 * 1024
"""Bytes that are kept in memory before a temporary file is used (made private, and never named)."""


class SpillFile:
    """Keeps pieces of bytes; the key of each is what `add` returned."""

    __slots__ = ("_file",)

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    def add(self, piece: bytes) -> tuple[int, int]:
        place = self._file.seek(0, 2)
        self._file.write(piece)
        return place, len(piece)

    def get(self, key: tuple[int, int]) -> bytes:
        self._file.seek(key[0])
        return self._file.read(key[1])

    def close(self) -> None:
        self._file.close()
