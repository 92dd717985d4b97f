"""A project: a folder whose `cowrite.toml` names chapters, notes and lore.

The same file holds the project's settings, which `config` reads; this is its section `[project]` alone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from cowrite import small_text
from cowrite.config.loading import PROJECT, line_of, parsed, project_file
from cowrite.errors import CowriteError, UsageError, unknown
from cowrite.small_text import SmallText

MOST_FILES = 20_000
"""Files that a pattern or a folder may bring; who names a home folder by mistake is told so."""

TEXTS = (".md", ".markdown", ".txt", ".text")


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What a book says of itself beside its title; an empty text where the file says nothing.

    surname, short_title: for the head of a manuscript's pages. rights: a line on who may do what. language: a
    code as `en` or `de-CH`. cover: a picture. contact: lines on a manuscript's first page.
    """

    author: str = ""
    surname: str = ""
    subtitle: str = ""
    short_title: str = ""
    rights: str = ""
    language: str = ""
    cover: Path | None = None
    contact: tuple[str, ...] = ()


NOTHING_SAID = TitlePage()


@dataclass(frozen=True, slots=True)
class ChapterPlan:
    """What a project's file says of a chapter: the words that it is to have, 0 for none, and how far it is."""

    goal: int = 0
    status: str = ""


NO_PLAN = ChapterPlan()


@dataclass(frozen=True, slots=True)
class Project:
    """What a project's file says, with paths made absolute.

    file: the `cowrite.toml`. chapters: patterns in the order in which they were named. notes, author_note,
    lore: files, of lore folders too. summaries: the folder with one text a chapter. passages: tokens of other
    chapters that the model sees at most. page: for books that are made of it. plans: by chapter, from `goals`
    and `status`.
    """

    file: Path
    title: str
    chapters: tuple[str, ...] = ()
    notes: tuple[Path, ...] = ()
    author_note: Path | None = None
    lore: tuple[Path, ...] = ()
    summaries: Path | None = None
    passages: int = 200
    page: TitlePage = NOTHING_SAID
    plans: Mapping[Path, ChapterPlan] = field(default_factory=dict)

    def plan_of(self, chapter: Path) -> ChapterPlan:
        """The goal and status that the file names for a chapter."""
        return self.plans.get(chapter, NO_PLAN)

    @property
    def folder(self) -> Path:
        """Where paths of the file begin."""
        return self.file.parent


_LISTS = ("chapters", "notes", "lore", "contact")
_PAGE = ("author", "surname", "subtitle", "short_title", "rights", "language")
_NAMES = ("title", "author_note", "summaries", "cover", *_PAGE)
_TABLES = ("goals", "status")
_KEYS = (*_LISTS, *_NAMES, "passages", *_TABLES)
MOST_PASSAGES = 4000


def find_project(draft: Path | None) -> Project | None:
    """The project that a draft (None: the current folder) is in, None where it is in none.

    Raises UsageError that names the file and the line where its section is wrong.
    """
    file = project_file(draft)
    return None if file is None else read_project(file)


def read_project(file: Path) -> Project | None:
    """The project of a `cowrite.toml`, None where it has settings alone. Raises UsageError."""
    return project_in(file, small_text.read(file, f"The project in {file}"))


def project_in(file: Path, source: SmallText) -> Project | None:
    """The project that a `cowrite.toml` with this text would say. Raises UsageError."""
    tables = parsed(source, file)
    if PROJECT not in tables:
        return None
    table = tables[PROJECT]
    if not isinstance(table, dict):
        line = line_of(source, PROJECT)
        raise UsageError(
            f"{PROJECT} in {_place(file, line)} must be a section.", "Write [project]."
        )
    return _project(file, source, table)


def _project(file: Path, source: SmallText, table: dict[str, Any]) -> Project:
    for name in table:
        if name not in _KEYS:
            hint = unknown("entry", name, _KEYS).hint
            raise _wrong(file, source, name, f"there is no '{PROJECT}.{name}'", hint)
    lists = {name: _texts(file, source, table, name) for name in _LISTS}
    names = {name: _text(file, source, table, name) for name in _NAMES}
    passages = table.get("passages", Project.__dataclass_fields__["passages"].default)
    if isinstance(passages, bool) or not isinstance(passages, int):
        raise _wrong(
            file, source, "passages", "passages must be a number of tokens", "passages = 200"
        )
    if not 0 <= passages <= MOST_PASSAGES:
        raise _wrong(file, source, "passages", f"passages must be 0 to {MOST_PASSAGES}", "")
    folder = file.parent
    return Project(
        file,
        names["title"] or folder.name,
        lists["chapters"],
        tuple(_path(folder, name) for name in lists["notes"]),
        _path(folder, names["author_note"]) if names["author_note"] else None,
        tuple(_path(folder, name) for name in lists["lore"]),
        _path(folder, names["summaries"]) if names["summaries"] else None,
        passages,
        TitlePage(
            **{name: names[name] for name in _PAGE},
            cover=_path(folder, names["cover"]) if names["cover"] else None,
            contact=lists["contact"],
        ),
        _plans(file, source, table),
    )


def _plans(file: Path, source: SmallText, table: dict[str, Any]) -> dict[Path, ChapterPlan]:
    """`goals` and `status` by chapter: tables whose keys are names of files."""
    out: dict[Path, ChapterPlan] = {}
    for name in _TABLES:
        said = table.get(name, {})
        kind, hint = (int, "2000") if name == "goals" else (str, '"draft"')
        if not isinstance(said, dict) or not all(
            _is_name(key) and type(one) is kind for key, one in said.items()
        ):
            what = (
                f"{name} must be a table with {'a number' if kind is int else 'a text'} a chapter"
            )
            hint = f'For instance: [project.{name}] and below it "chapters/01.md" = {hint}'
            raise _wrong(file, source, name, what, hint)
        for key, one in said.items():
            path = _path(file.parent, key)
            known = out.get(path, NO_PLAN)
            if name == "goals":
                out[path] = replace(known, goal=max(0, one))
            else:
                out[path] = replace(known, status=one.strip())
    return out


def _texts(file: Path, source: SmallText, table: dict[str, Any], name: str) -> tuple[str, ...]:
    value = table.get(name, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(_is_name(one) for one in values):
        what, one = ("lines", "Jo Quill") if name == "contact" else ("files", f"{name}.md")
        hint = f'For instance: {name} = ["{one}"]'
        raise _wrong(file, source, name, f"{name} must be a list of {what}", hint)
    return tuple(values)


def _text(file: Path, source: SmallText, table: dict[str, Any], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str) or (value and not _is_name(value)):
        raise _wrong(file, source, name, f"{name} must be a text", f'For instance: {name} = "…"')
    return value


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _wrong(file: Path, source: SmallText, name: str, what: str, hint: str) -> UsageError:
    return UsageError(f"{_place(file, line_of(source, PROJECT, name))}: {what}.", hint)


def _place(file: Path, line: int | None) -> str:
    return str(file) if line is None else f"{file}, line {line}"


def _path(folder: Path, name: str) -> Path:
    return Path(os.path.normpath(folder / name))


# Files that patterns and folders mean


def chapter_files(project: Project) -> list[Path]:
    """The chapters in order: as they are named, and those of one pattern by the numbers in their names.

    A chapter that is named and missing is in it. Notes and lore are no chapters. Raises CowriteError where a
    pattern means too much.
    """
    others = {*project.notes, *project.lore, project.author_note, project.summaries}
    out: dict[Path, None] = {}
    for pattern in project.chapters:
        for path in _matching(project.folder, pattern):
            if path not in others and others.isdisjoint(path.parents):
                out.setdefault(path)
    return list(out)


def named_files(project: Project) -> list[tuple[Path, str]]:
    """The texts of a project that one writes in, with what each is there. Raises CowriteError."""
    out = [(path, f"chapter {number}") for number, path in enumerate(chapter_files(project), 1)]
    out += [(path, "notes") for path in project.notes]
    if project.author_note is not None:
        out.append((project.author_note, "author's note"))
    out += [(path, "lore") for path in project.lore if not path.is_dir()]
    return out


def _matching(folder: Path, pattern: str) -> list[Path]:
    if not re.search(r"[*?\[]", pattern):
        return [_path(folder, pattern)]
    parts = Path(pattern).parts
    fixed = next(i for i, part in enumerate(parts) if re.search(r"[*?\[]", part))
    top, rest = folder.joinpath(*parts[:fixed]), "/".join(parts[fixed:])
    deep = "/" in rest
    found = [
        path for path in texts_in(top, deep=deep) if _fits(path.relative_to(top).as_posix(), rest)
    ]
    return sorted((Path(os.path.normpath(path)) for path in found), key=natural)


def _fits(name: str, pattern: str) -> bool:
    """Whether a path below a folder is meant by a pattern. `**/` is any folders, or none."""
    return fnmatch(name, pattern) or (
        "**/" in pattern and fnmatch(name, pattern.replace("**/", ""))
    )


def texts_in(folder: Path, *, deep: bool = True) -> Iterator[Path]:
    """The texts of a folder, and of those below; links to folders are not followed, so there are no loops.

    Raises CowriteError where there are more than `MOST_FILES`.
    """
    count = 0
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if deep else []
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                raise CowriteError(
                    f"{folder} has more than {MOST_FILES} files.",
                    "Name the folder that holds the project's texts alone.",
                )
            if not name.startswith(".") and name.lower().endswith(TEXTS):
                yield Path(top, name)


def natural(path: Path) -> list[tuple[int, int, str]]:
    """A key that sorts `2.md` before `10.md`."""
    parts = re.split(r"(\d+)", str(path).casefold())
    return [
        (1, int(part), "") if part.isdecimal() and part.isascii() else (0, 0, part)
        for part in parts
    ]
