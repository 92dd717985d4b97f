"""Making a project: a `cowrite.toml`, and what it names that is not there yet. Nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cowrite.config.loading import PROJECT_FILES
from cowrite.core.front_matter import quoted
from cowrite.errors import DraftError
from cowrite.memory.project import NOTHING_SAID, TitlePage, natural, texts_in

FILE = "cowrite.toml"

_NOTES = """<!-- What the model should know all the time: style, plot, what must not happen.
What stands in a comment like this one is for you alone. -->
"""
_AUTHOR = """<!-- A sentence or two on what comes next. The model sees it close to the cursor. -->
"""
_LORE = """<!-- An entry is a heading with what is to be known below it. It is shown to the model where its
name, or one of its keys, stands in the last words.

## Marta Quill
Keys: Marta, the clockmaker

A clockmaker of forty who speaks in proverbs and never locks her door.
-->
"""
_FIRST = "# Chapter One\n\n"
_OTHERS = ("notes.md", "author-note.md", "lore.md", "readme.md")


def is_chapter_name(path: Path) -> bool:
    """Whether a text in a folder may be a chapter by its name: notes, lore and a read-me are none."""
    return path.name.lower() not in _OTHERS


@dataclass(frozen=True, slots=True)
class Made:
    """A project that was made. made: the new files, in order. begin: the draft to begin with."""

    folder: Path
    made: tuple[Path, ...]
    begin: Path


def make_project(folder: Path, title: str = "", page: TitlePage = NOTHING_SAID) -> Made:
    """Make a project of a folder, also of one with texts in it, which become its chapters.

    title: the folder's name where it is empty. page: what else is known of the book.
    Raises DraftError where it is one already, or can't be written.
    """
    known = next((folder / name for name in PROJECT_FILES if (folder / name).exists()), None)
    if known is not None:
        raise DraftError(
            f"{folder} is a project already, or has settings: {known.name} is there.",
            "Its section [project] names chapters, notes and lore; see docs/memory.md.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _made(folder, title, page)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DraftError(
            f"The project {folder} can't be made: {reason}.", "Give another folder."
        ) from error


def _made(folder: Path, title: str, page: TitlePage) -> Made:
    old = [path for path in texts_in(folder, deep=False) if is_chapter_name(path)]
    old.sort(key=natural)
    deep = folder / "chapters"
    chapters = [path.name for path in old] or ["chapters/*.md"]
    files = {"notes.md": _NOTES, "author-note.md": _AUTHOR, "lore.md": _LORE}
    first = old[0] if old else next(iter(sorted(texts_in(deep), key=natural)), None)
    if first is None:
        first = deep / "01.md"
        files["chapters/01.md"] = _FIRST
    files[FILE] = _toml(title or folder.absolute().name, chapters, page)
    return Made(folder, tuple(_written(folder, files)), first)


def _written(folder: Path, files: dict[str, str]) -> Iterator[Path]:
    """The project's file comes last, so that a folder in which this was cut off is no project yet."""
    for name, text in files.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            yield path


def _toml(title: str, chapters: list[str], page: TitlePage) -> str:
    names = ", ".join(quoted(name) for name in chapters)
    known = {name: getattr(page, name) for name in ("author", "subtitle", "rights", "language")}
    about = "".join(f"{name} = {quoted(text)}\n" for name, text in known.items() if text)
    if page.contact:
        about += f"contact = [{', '.join(map(quoted, page.contact))}]\n"
    return f"""# A cowrite project. Settings that hold in this folder alone may stand here, too.

[project]
title = {quoted(title)}
{about}chapters = [{names}]  # in order; * and ? stand for what they do in a shell
notes = "notes.md"  # always in view of the model
author_note = "author-note.md"  # close to the cursor
lore = "lore.md"  # one file with headings, or a folder
summaries = "summaries"  # NAME.md says what happens in chapters/NAME.md
passages = 200  # tokens of other chapters, at most
"""
