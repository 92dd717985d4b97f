"""Putting a project's chapters in another order, in its `cowrite.toml`, whose comments stay.

No file is renamed. The order is written out as names in `chapters`; patterns stand behind them, so that a
new file is a chapter still, the last one.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.config.loading import PROJECT
from cowrite.core.front_matter import quoted
from cowrite.errors import CowriteError
from cowrite.memory.project import Project, chapter_files, read_project
from cowrite.memory.project_file import ProjectEdit, rewrite

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|\n',
    re.DOTALL,
)
"""What an array of texts is made of, but for brackets, commas and spaces."""

_ROW = 100
"""Characters of a line at most that names all chapters."""


@dataclass
class _Entry:
    """A text of the array as it stands there, with the comments above it and behind it."""

    source: str
    above: list[str] = field(default_factory=list)
    behind: str = ""


def _others() -> CowriteError:
    return CowriteError("The chapters are others by now.", "Look at them, and try again.")


def move(file: Path, chapter: Path, step: int) -> ProjectEdit | None:
    """Put a chapter one place up (-1) or down (1) from where the file has it now; None where it is at the end.

    An order that was written meanwhile stays. Raises CowriteError, as `reorder` does.
    """
    project = read_project(file)
    order = chapter_files(project) if project is not None else []
    if project is None or chapter not in order:
        raise _others()
    here = order.index(chapter)
    there = here + step
    if not 0 <= there < len(order):
        return None
    order[here], order[there] = order[there], order[here]
    return reorder(project, order)


def reorder(project: Project, order: Sequence[Path]) -> ProjectEdit | None:
    """Write that a project's chapters come in this order; None where they do already.

    order: all that `chapter_files` gives, once. Raises CowriteError where the file has changed meanwhile or
    can't be written; it is as it was then.
    """
    wanted = list(order)

    def change(document: TOMLDocument, now: Project) -> str:
        import tomlkit

        if now.chapters != project.chapters or sorted(chapter_files(now)) != sorted(wanted):
            raise _others()
        _put_in_order(document[PROJECT], now, wanted)
        return tomlkit.dumps(document)

    def is_done(now: Project) -> bool:
        return chapter_files(now) == wanted

    return rewrite(project.file, change, is_done, "That order")


def _put_in_order(table: Table, project: Project, order: Sequence[Path]) -> None:
    """Have `chapters` of the project's section say this order."""
    import tomlkit

    old = table["chapters"].as_string()
    entries, last = _entries(old)
    named: dict[Path, _Entry] = {}
    patterns: list[_Entry] = []
    for pattern, entry in zip(project.chapters, entries, strict=True):
        path = Path(os.path.normpath(project.folder / pattern))
        exact = path if not _is_pattern(pattern) else _escaped(project, pattern, order)
        if exact is None:
            patterns.append(entry)
        elif exact in named or exact not in order:
            named.setdefault(exact, entry)
        else:
            named[exact] = entry
    wanted = [named.get(path) or _Entry(quoted(_name(project, path))) for path in order]
    others = [entry for path, entry in named.items() if path not in order]
    table["chapters"] = tomlkit.array(_array([*wanted, *others, *patterns], last))


def _is_pattern(text: str) -> bool:
    return re.search(r"[*?\[]", text) is not None


def _escaped(project: Project, pattern: str, order: Sequence[Path]) -> Path | None:
    """The chapter whose name this is with its signs of patterns made plain; None for a real pattern."""
    return next((path for path in order if _name(project, path) == pattern), None)


def _name(project: Project, path: Path) -> str:
    """A chapter as the file names it: from its folder on, signs of patterns in it made plain."""
    return glob.escape(Path(os.path.relpath(path, project.folder)).as_posix())


def _entries(array: str) -> tuple[list[_Entry], list[str]]:
    """The texts of an array (or one text alone) with their comments, and the comments behind all of them."""
    out: list[_Entry] = []
    above: list[str] = []
    same_line = False
    for token in _TOKEN.findall(array):
        if token == "\n":
            same_line = False
        elif not token.startswith("#"):
            out.append(_Entry(token, above))
            above, same_line = [], True
        elif same_line:
            out[-1].behind = token
        else:
            above.append(token)
    return out, above


def _array(entries: Sequence[_Entry], last: Sequence[str]) -> str:
    """The source of an array: in one line where it fits and says nothing else, else a line for each text."""
    row = f"[{', '.join(entry.source for entry in entries)}]"
    said = any(entry.above or entry.behind for entry in entries) or last
    if not said and len(row) <= _ROW and "\n" not in row:
        return row
    return "[\n" + "".join(f"  {line}\n" for line in _lines(entries, last)) + "]"


def _lines(entries: Sequence[_Entry], last: Sequence[str]) -> Iterator[str]:
    for entry in entries:
        yield from entry.above
        yield f"{entry.source}, {entry.behind}".rstrip()
    yield from last
