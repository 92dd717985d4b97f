"""Pictures of a book that is brought here: their files in the new folder, their names from a chapter's."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote, unquote

from cowrite.book.arriving import Lost
from cowrite.book.links import SCHEME
from cowrite.book.nodes import each
from cowrite.book.pandoc import Node
from cowrite.errors import CowriteError

_BESIDE = "media"
"""The folder of the project for what lay beside the book."""


class Pictures:
    """Finds the file of each picture.

    stage: the new folder, where pandoc has put what is inside of the book. beside: the folder of a page whose
    pictures are files of their own; what is in it or below is copied, and nothing else of the machine.
    """

    def __init__(self, stage: Path, lost: Lost, beside: Path | None = None) -> None:
        self._stage, self._lost = stage.resolve(), lost
        self._beside = beside.resolve() if beside is not None else None

    def near(self, blocks: list[Node]) -> None:
        """Have these name their pictures from the folder of the chapters; what has no file is counted."""
        for one in each(blocks):
            if one["t"] == "Image":
                target, title = one["c"][2]
                one["c"][2] = [self._named(target), title]

    def _named(self, target: str) -> str:
        if SCHEME.match(target):
            self._lost.counts["picture* elsewhere (its address is there)"] += 1
            return target
        name = target.removeprefix("./")
        if _within(self._stage, name) is None:
            copied = self._copied(unquote(name.partition("?")[0].partition("#")[0]))
            if copied:
                return f"../{quote(copied)}"
            self._lost.counts["missing picture* (its name is there)"] += 1
        return f"../{name}"

    def _copied(self, name: str) -> str:
        """Where a file from beside the book is in the new folder now; empty where it is not to be had."""
        if self._beside is None:
            return ""
        source = _within(self._beside, name)
        if source is None:
            return ""
        place = Path(_BESIDE) / source.relative_to(self._beside)
        target = self._stage / place
        try:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
        except OSError as error:
            raise CowriteError(f"{source} can't be brought: {error.strerror or error}.") from error
        return place.as_posix()


def _within(folder: Path, name: str) -> Path | None:
    """The file of this name, links followed; None where there is none in the folder or below."""
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # the last of a circle of links, until Python 3.13
        return None
