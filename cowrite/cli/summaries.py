"""`cowrite summarise --keep`: the summaries of a project's chapters, where the model is told of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.document import one_line_end
from cowrite.errors import DraftError, EngineError, UsageError

if TYPE_CHECKING:
    from cowrite.cli.instructor import Answer
    from cowrite.memory.project import Project


def project_of(files: Sequence[str]) -> tuple[Project, list[Path]]:
    """The project of these chapters, or of the folder where one is, and which are meant: all of them, in order,
    where none is named. Raises UsageError where there is no project, or what is named is no chapter of it.
    """
    from cowrite.memory.project import chapter_files, find_project

    named = [Path(os.path.normpath(Path(file).absolute())) for file in files]
    project = find_project(named[0] if named else None)
    if project is None:
        hint = "cowrite new DIR makes one; docs/memory.md says more."
        raise UsageError("There is no project here to keep summaries in.", hint)
    if project.summaries is None:
        raise UsageError(
            f"{project.file} names no folder for summaries.", 'Add to it: summaries = "summaries"'
        )
    chapters = chapter_files(project)
    for path in named:
        if path not in chapters:
            hint = "Its chapters are named there."
            raise UsageError(f"{path} is no chapter of {project.file}.", hint)
    return project, named or chapters


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chapter that is to be summed up, its text, and where the summary goes."""

    path: Path
    text: str
    place: Path


def wanted(project: Project, chapters: Sequence[Path]) -> list[Wanted]:
    """Which of these chapters have no summary, or have changed since cowrite made it. Those that the writer has
    written stay, which is said where they are old. Raises DraftError.
    """
    from cowrite.cli import output
    from cowrite.core.pieces import grouped
    from cowrite.files import load
    from cowrite.memory.project import chapter_files
    from cowrite.memory.story import front_summary
    from cowrite.memory.summaries import summary_files, summary_of

    places = summary_files(project, chapter_files(project))
    out = []
    for path in chapters:
        chapter, place = load(path).text, places[path]
        if front_summary(chapter) or not grouped(chapter, 1000):
            continue
        said = summary_of(load(place).text if place.exists() else "")
        stale = said.is_stale(chapter)
        if not said.text or (stale and not said.own):
            out.append(Wanted(path, chapter, place))
        elif stale:
            output.note(f"cowrite: {place} is yours, and {path.name} has changed since.")
    return out


def keep(chapters: Sequence[Wanted], summed_up: Callable[[str], Answer], *, anyway: bool) -> None:
    """Write the summaries of these chapters, and print where. Raises EngineError where the model could not do
    some, DraftError.
    """
    from cowrite.cli import output
    from cowrite.memory.summaries import with_mark

    failed = 0
    for one in chapters:
        answer = summed_up(one_line_end(one.text))
        if not answer.good and not anyway:
            failed += 1
            output.note(f"cowrite: {one.path.name} has no new summary: {answer.trouble}.")
            continue
        _write(one.place, with_mark(answer.text, one.text))
        output.data(str(one.place))
    if failed:
        hint = "Try another --seed or --model, or write them yourself; --anyway keeps what it said."
        raise EngineError(f"The model could not sum up {failed} of {len(chapters)} chapters.", hint)


def _write(place: Path, text: str) -> None:
    """Write a summary, over one that cowrite made. Raises DraftError."""
    from cowrite.files import load, save
    from cowrite.files.format import UTF8

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DraftError(f"The folder {place.parent} can't be made: {reason}.") from error
    save(place, text, UTF8, load(place).identity)
