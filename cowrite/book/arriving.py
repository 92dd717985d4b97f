"""A book that comes from another program, and how it is laid down as a project.

Nothing of theirs is touched.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.core.front_matter import quoted
from cowrite.core.wording import counted
from cowrite.errors import CowriteError, UsageError
from cowrite.export import whole_folder
from cowrite.memory.making import make_project
from cowrite.memory.project import NOTHING_SAID, TitlePage

_LONGEST = 40
"""Characters of a title in a file's name."""


@dataclass
class Lost:
    """What could not be brought: kinds that are counted, and sentences.

    A kind has a `*` where the `s` of more than one goes, if that is not at its end.
    """

    counts: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """A line each; counted kinds first."""
        return [_told(n, kind) for kind, n in sorted(self.counts.items())] + self.said


def _told(count: int, kind: str) -> str:
    noun, _, more = kind.partition("*")
    return counted(count, noun) + (more if count == 1 else more.replace("(its ", "(their "))


@dataclass(frozen=True, slots=True)
class NewText:
    """A text that is to be written: its title, which names the file, and what stands in it."""

    title: str
    text: str
    summary: str = ""


@dataclass
class Arrived:
    """A book as another program had it. lore: entries. research: texts for the writer alone.

    pictures: files below the new folder that are written already, if any.
    """

    title: str
    page: TitlePage = NOTHING_SAID
    chapters: list[NewText] = field(default_factory=list)
    lore: list[NewText] = field(default_factory=list)
    research: list[NewText] = field(default_factory=list)
    lost: Lost = field(default_factory=Lost)


Arriving = Callable[[Path], Arrived]
"""Reads a book; pictures are written into the folder that it is given."""


def check_folder(folder: Path) -> None:
    """Raises UsageError where there is something at the new project's place."""
    if not os.path.lexists(folder):
        if not folder.absolute().parent.is_dir():
            raise UsageError(
                f"There is no folder {folder.parent}.", "Make it first, or name another one."
            )
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is there already and is no folder.", "Name another one.")
    if any(folder.iterdir()):
        raise UsageError(
            f"{folder} has things in it.", "Name a new folder, or an empty one: -o DIR"
        )


def lay_down(arrived: Arrived, stage: Path) -> None:
    """Write the project's files into a folder. Raises CowriteError where the book is empty."""
    if not arrived.chapters:
        raise CowriteError("There is no text in it.", "; ".join(arrived.lost.told()))
    width = max(2, len(str(len(arrived.chapters))))
    for number, one in enumerate(arrived.chapters, 1):
        front = (
            f"---\nsummary: {quoted(' '.join(one.summary.split()))}\n---\n\n" if one.summary else ""
        )
        _write(stage / "chapters" / _name(f"{number:0{width}}", one.title), front + one.text)
    if arrived.lore:
        text = "\n\n".join(f"## {one.title}\n\n{one.text.strip()}" for one in arrived.lore)
        _write(stage / "lore.md", text)
    for number, one in enumerate(arrived.research, 1):
        _write(stage / "research" / _name(f"{number:02}", one.title), one.text)
    make_project(stage, arrived.title, arrived.page)


def chapter_names(titles: Sequence[str]) -> list[str]:
    """What the files of chapters will be called, so that links can lead to them."""
    width = max(2, len(str(len(titles))))
    return [_name(f"{number:0{width}}", title) for number, title in enumerate(titles, 1)]


def bring(arrive: Arriving, folder: Path) -> Arrived:
    """Have a book read and laid down as a project: all of it, or nothing. Raises CowriteError."""
    check_folder(folder)
    with whole_folder(folder, force=False) as stage:
        arrived = arrive(stage)
        lay_down(arrived, stage)
        mask = os.umask(0)
        os.umask(mask)
        stage.chmod(0o777 & ~mask)
    return arrived


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text.strip("\n") + "\n")


def _name(number: str, title: str) -> str:
    """A file's name: `03-the-mill.md`. Letters of any language stay."""
    plain = unicodedata.normalize("NFC", title).casefold()
    slug = re.sub(r"[^\w]+", "-", plain).strip("-_")[:_LONGEST].strip("-_")
    while len(slug.encode()) > 120:
        slug = slug[:-1]
    return f"{number}-{slug}.md" if slug else f"{number}.md"
