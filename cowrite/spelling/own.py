"""The writer's own words: names, places, dialect. One word a line, in a private file."""

from __future__ import annotations

import os
from pathlib import Path

from cowrite import small_text
from cowrite.core.words import plain
from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

MAX_BYTES = 4_000_000
"""Bytes of the file at most: some hundred thousand words."""


def folded(word: str) -> str:
    """A word as it is compared: composed, in small letters, with a straight apostrophe."""
    return plain(word).lower()


class OwnWords:
    """The words of the file at `path`, which need not be there. Lines that begin with `#` are remarks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._words: frozenset[str] = frozenset()
        self.trouble: CowriteError | None
        """Why the file, or a line of it, can't be read."""
        self.read()

    def __contains__(self, word: str) -> bool:
        return folded(word) in self._words

    def read(self) -> None:
        """Read the file again."""
        self.trouble = None
        try:
            found = self._file()
        except CowriteError as error:
            self.trouble = error
            found = self._lines_that_are_text()
        lines = (line.strip() for line in found.lines)
        self._words = frozenset(folded(line) for line in lines if line and not line.startswith("#"))

    def _lines_that_are_text(self) -> small_text.SmallText:
        """One slip costs its line and not the whole list."""
        try:
            return self._file(lenient=True)
        except CowriteError:
            return small_text.SmallText("")

    def _file(self, *, lenient: bool = False) -> small_text.SmallText:
        if not os.path.lexists(self._path):
            return small_text.SmallText("")
        what = f"Your own words in {self._path}"
        return small_text.read(
            self._path, what, error=CowriteError, most=MAX_BYTES, lenient=lenient
        )

    def add(self, word: str) -> None:
        """Keep a word for good. Raises CowriteError where the file can't be read or written."""
        if word in self:
            return
        try:
            line = self._file(lenient=True).added(word)
        except CowriteError as error:
            raise CowriteError(f"The word can't be kept. {error.message}", error.hint) from error
        private_folder(self._path.parent)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with os.fdopen(open_private(self._path, flags), "ab") as file:
                file.write(line)
        except OSError as error:
            reason = error.strerror or "it can't be written"
            raise CowriteError(
                f"The word can't be kept in {self._path}: {reason}.", "It is still marked."
            ) from error
        self._words |= {folded(word)}
