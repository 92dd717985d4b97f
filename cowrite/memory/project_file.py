"""A project's `cowrite.toml`, written by keys: one entry is another, and all else stays as it stands there."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite import files, small_text
from cowrite.config.loading import PROJECT
from cowrite.core.front_matter import quoted
from cowrite.errors import CowriteError
from cowrite.memory.project import Project, project_in

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

Rewriting = Callable[["TOMLDocument", Project], str]
"""Another text (line feeds) of a file, given what it says now."""


@dataclass(frozen=True, slots=True)
class ProjectEdit:
    """What was done to a project's file: its text before and since, as it lies in the file."""

    file: Path
    before: str
    since: str


def rewrite(
    file: Path, change: Rewriting, is_done: Callable[[Project], bool], what: str
) -> ProjectEdit | None:
    """Write a project's file anew; None where it is done already.

    is_done: whether a project is as it is wanted. what: names it in a sentence. Raises CowriteError where the
    file has changed meanwhile or can't be written so; it is as it was then.
    """
    import tomlkit

    draft = files.load(file)
    source = small_text.decoded(file.read_bytes(), file, f"The project in {file}")
    now = project_in(file, source)
    if now is None:
        raise CowriteError(f"{file.name} names no project by now.", "Look at it, and try again.")
    if is_done(now):
        return None
    fresh = source.rewritten(change(tomlkit.parse(source.text), now))
    then = project_in(file, small_text.decoded(fresh, file, "The project"))
    if then is None or not is_done(then):
        raise CowriteError(f"{what} can't be written to {file.name}.", "Change it by hand.")
    text = files.decode(fresh)[0]
    files.save(file, text, draft.format, draft.identity)
    return ProjectEdit(file, draft.text, text)


def take_back(done: ProjectEdit) -> None:
    """Write what stood there before. Raises CowriteError where something else stands there by now."""
    draft = files.load(done.file)
    if draft.text != done.since:
        raise CowriteError(
            f"{done.file.name} was changed since: it stays as it is.", "Change it by hand."
        )
    files.save(done.file, done.before, draft.format, draft.identity)


def set_plan(
    project: Project, chapter: Path, goal: int | None = None, status: str | None = None
) -> ProjectEdit | None:
    """Write a chapter's goal and status into `goals` and `status`; what is 0 or empty goes out of them.

    What is None stays as the file has it now, whoever wrote it. Raises CowriteError, as `rewrite` does.
    """
    name = Path(os.path.relpath(chapter, project.folder)).as_posix()

    def change(document: TOMLDocument, now: Project) -> str:
        import tomlkit

        missing = ""
        for kind, value in (("goals", goal), ("status", status)):
            if value is None:
                continue
            if kind in document[PROJECT]:
                _enter(document[PROJECT], now, kind, name, chapter, value)
            elif value:
                shown = value if isinstance(value, int) else quoted(value)
                missing += f"\n[{PROJECT}.{kind}]\n{quoted(name)} = {shown}\n"
        text = tomlkit.dumps(document)
        return (text.rstrip("\n") + "\n" if missing else text) + missing

    def is_done(now: Project) -> bool:
        plan = now.plan_of(chapter)
        return goal in (None, plan.goal) and status in (None, plan.status)

    return rewrite(project.file, change, is_done, "That")


def _enter(
    table: Table, now: Project, kind: str, name: str, chapter: Path, value: int | str
) -> None:
    """Have the table of goals or statuses say this of a chapter, by the name that stands there."""
    entries = table[kind]
    known = [key for key in entries if Path(os.path.normpath(now.folder / key)) == chapter]
    for key in known[1:] if value else known:
        del entries[key]
    if value:
        entries[known[0] if known else name] = value
    elif not entries:
        del table[kind]
