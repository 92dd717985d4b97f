"""A project as it was read at a moment: everything that drafts of it are told, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.core.context import whole_sentences
from cowrite.core.document import Document, one_line_end
from cowrite.core.front_matter import front_matter
from cowrite.core.reading import Reading
from cowrite.errors import CowriteError
from cowrite.files import load
from cowrite.learning.passages import PassageIndex
from cowrite.memory.lore import MOST_ENTRIES, Entry, entries_of, told
from cowrite.memory.naming import LoreIndex
from cowrite.memory.project import Project, chapter_files, texts_in
from cowrite.memory.summaries import summary_files, summary_of

_ENDING = 500
"""Characters of the end of a chapter that nobody has summed up."""

_MOST_TROUBLES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A file's text as the model is told it. path: where one changes it."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the story. summary: what happens in it, as its writer or a model has said; source: where
    that stands. ending: its last sentences. stale: whether it has changed since it was summed up."""

    path: Path
    title: str
    summary: str = ""
    source: str = ""
    ending: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A project's texts. state: names what they were read from. troubles: sentences for the writer."""

    project: Project
    chapters: tuple[Chapter, ...] = ()
    notes: tuple[Told, ...] = ()
    author_note: Told | None = None
    lore: LoreIndex = field(default_factory=lambda: LoreIndex(()))
    passages: PassageIndex | None = None
    state: tuple[tuple[str, int, int], ...] = ()
    troubles: tuple[str, ...] = ()

    def chapter_of(self, path: Path | None) -> int | None:
        """Which chapter a draft is, from 0; None where it is none of them."""
        places = (i for i, chapter in enumerate(self.chapters) if chapter.path == path)
        return next(places, None)


def name_of(path: Path) -> str:
    """What a chapter is called in the index of passages: its path, as UTF-8 can have it."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def files_of(project: Project) -> Iterator[Path]:
    """All files that a story is made of. Raises CowriteError where that can't be told."""
    yield project.file
    yield from chapter_files(project)
    yield from project.notes
    if project.author_note is not None:
        yield project.author_note
    for path in project.lore:
        yield from texts_in(path) if path.is_dir() else (path,)
    if project.summaries is not None:
        yield from texts_in(project.summaries)


def state_of(project: Project) -> tuple[tuple[str, int, int], ...]:
    """What names the files as they are now: paths, sizes and times."""
    out = []
    for path in files_of(project):
        try:
            facts = path.stat()
        except OSError:
            out.append((str(path), -1, -1))
        else:
            out.append((str(path), facts.st_size, facts.st_mtime_ns))
    return tuple(out)


def read_story(project: Project) -> Story:
    """Read a project. What of it is missing or can't be read is told in `troubles`; nothing is raised."""
    troubles: list[str] = []
    try:
        state = state_of(project)
        paths = chapter_files(project)
    except (CowriteError, OSError) as error:
        return Story(project, troubles=(_said(error),))
    texts, kept = _Texts(troubles), summary_files(project, paths)
    chapters: list[Chapter] = []
    index = PassageIndex(None) if project.passages else None
    for number, path in enumerate(paths):
        text = texts.read(path)
        if text is not None:
            chapters.append(_chapter(path, text, kept.get(path), texts))
            if index is not None:
                index.replace(name_of(path), told(text), float(number))
    notes = tuple(_told(path, text) for path in project.notes if (text := texts.read(path)))
    note = project.author_note
    said = texts.read(note) if note is not None else None
    author = _told(note, said) if note is not None and said else None
    entries = list(_entries(project, texts))
    if len(entries) > MOST_ENTRIES:
        troubles.append(f"Only {MOST_ENTRIES} of {len(entries)} entries of lore are used.")
    lore = LoreIndex(entries[:MOST_ENTRIES])
    shown = troubles[:_MOST_TROUBLES]
    if len(troubles) > len(shown):
        shown.append(f"And {len(troubles) - len(shown)} more.")
    return Story(project, tuple(chapters), notes, author, lore, index, state, tuple(shown))


class _Texts:
    """Reads files one by one, and notes what can't be read."""

    def __init__(self, troubles: list[str]) -> None:
        self._troubles = troubles

    def note(self, trouble: str) -> None:
        """Have the writer told."""
        self._troubles.append(trouble)

    def read(self, path: Path, *, wanted: bool = True) -> str | None:
        """The file's text; None where there is none, which is noted where the project has named it."""
        try:
            if not path.exists():
                if wanted:
                    self.note(f"{path} is named in the project and is not there.")
                return None
            return load(path).text.encode("utf-8", "replace").decode()
        except (CowriteError, OSError) as error:
            self.note(_said(error))
            return None


def _said(error: CowriteError | OSError) -> str:
    if isinstance(error, CowriteError):
        return error.message
    return f"{error.filename or 'A file of the project'} can't be read: {error.strerror or error}."


def _told(path: Path, text: str) -> Told:
    return Told(path, told(text))


def _entries(project: Project, texts: _Texts) -> Iterator[Entry]:
    for place in project.lore:
        try:
            paths: Iterable[Path] = list(texts_in(place)) if place.is_dir() else [place]
        except CowriteError as error:
            texts.note(error.message)
            continue
        for path in paths:
            text = texts.read(path)
            if text:
                yield from entries_of(text, path)


def _chapter(path: Path, text: str, kept: Path | None, texts: _Texts) -> Chapter:
    """A chapter. kept: where its summary is, if there is one."""
    body = one_line_end(text)
    summary, source = front_summary(body), f"{path.name}, its front matter"
    stale = False
    if not summary and kept is not None:
        file = next((f for s in (".md", ".txt") if (f := kept.with_suffix(s)).exists()), kept)
        said = summary_of(texts.read(file, wanted=False) or "")
        summary, stale = said.text, said.is_stale(text)
        source = f"{file.parent.name}/{file.name}"
    plain = told(body)
    return Chapter(
        path,
        _title(body) or path.stem,
        summary,
        source if summary else "",
        whole_sentences(plain[-4 * _ENDING :], _ENDING, last=True),
        stale,
    )


def front_summary(text: str) -> str:
    """The `summary` of a chapter's front matter, in one line."""
    lines = text.split("\n", 201)
    skip = front_matter(lambda index: lines[index], len(lines))
    for line in lines[:skip]:
        name, mark, value = line.partition(":")
        if mark and name.strip().casefold() == "summary":
            return value.strip().strip("\"'")
    return ""


def _title(text: str) -> str:
    headings = Reading(Document(text[:4000])).headings()
    return headings[0].title if headings else ""


@dataclass(frozen=True, slots=True)
class ReadOnce:
    """A story for who asks once: it stays as it is."""

    story: Story | None

    def refresh(self) -> None:
        """Nothing is looked at again."""
