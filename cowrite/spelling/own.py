"""The writer's own words: names, places, dialect. One word a line, in a private file."""

from __future__ import annotations

import os
from pathlib import Path

from cowrite.core.words import plain
from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

MAX_BYTES = 4 << 20
"""Of a longer file only the beginning is read."""


def folded(word: str) -> str:
    """A word as it is compared: composed, in small letters, with a straight apostrophe."""
    return plain(word).lower()


class OwnWords:
    """The words of the file at `path`, which need not be there. Lines that begin with `#` are remarks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._words: frozenset[str] = frozenset()
        self.read()

    def __contains__(self, word: str) -> bool:
        return folded(word) in self._words

    def read(self) -> None:
        """Read the file again; one that can't be read holds no words."""
        try:
            with self._path.open("rb") as file:
                text = file.read(MAX_BYTES).decode("utf-8", errors="replace")
        except OSError:
            return
        lines = (line.strip() for line in text.splitlines())
        self._words = frozenset(folded(line) for line in lines if line and not line.startswith("#"))

    def add(self, word: str) -> None:
        """Keep a word for good. Raises CowriteError where the file can't be written."""
        if word in self:
            return
        private_folder(self._path.parent)
        try:
            with os.fdopen(open_private(self._path, os.O_RDWR | os.O_CREAT), "r+b") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - 1))
                gap = b"" if file.read(1) in (b"", b"\n") else b"\n"
                file.write(gap + word.encode("utf-8", errors="replace") + b"\n")
        except OSError as error:
            reason = error.strerror or "it can't be written"
            raise CowriteError(
                f"The word can't be kept in {self._path}: {reason}.", "It is still marked."
            ) from error
        self._words |= {folded(word)}
