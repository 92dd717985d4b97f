"""The texts that a book is made of, and what it says of itself: by a project's file, or by front matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cowrite import files
from cowrite.core.document import Document, one_line_end
from cowrite.core.front_matter import front_matter, front_values
from cowrite.core.language import spoken
from cowrite.core.printable import printable
from cowrite.errors import CowriteError, DraftError, UsageError
from cowrite.files.trouble import unreadable
from cowrite.memory.making import is_chapter_name
from cowrite.memory.project import (
    NOTHING_SAID,
    Project,
    TitlePage,
    chapter_files,
    find_project,
    natural,
    texts_in,
)

_SAMPLE = 20_000
"""Characters of a book by which its language is told."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a book. text: with line feeds. front: what its front matter says. first: the line (from 0)
    where the text begins behind it."""

    path: Path
    text: str
    front: dict[str, str]
    first: int = 0

    @property
    def body(self) -> str:
        """The text without front matter."""
        return "\n".join(self.text.split("\n")[self.first :])


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of a book that can't be read. place: how many sources stand before it. error: why, for people."""

    path: Path
    place: int
    error: CowriteError


@dataclass(frozen=True, slots=True)
class Book:
    """What is put into one file. language: a code, empty where it can't be told. unread: what it lacks."""

    title: str
    page: TitlePage
    sources: tuple[Source, ...]
    language: str
    project: Project | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def own_files(self) -> frozenset[Path]:
        """The files that a book must never be written over, links followed."""
        paths = [source.path for source in self.sources]
        if self.project is not None:
            paths.append(self.project.file)
        return frozenset(path.resolve() for path in paths)


def gather(named: Sequence[Path], *, partly: bool = False) -> Book:
    """The book of a folder or of files in their order; of the project around, where nothing is named.

    partly: take what can be read, and keep the rest in `unread`. Raises UsageError where there is no book, and
    without `partly` DraftError where texts are missing or can't be read: it names them all.
    """
    if len(named) == 1 and _is_folder(named[0]):
        project, paths = _of_folder(named[0])
    elif named:
        project, paths = find_project(named[0]), list(named)
    else:
        project = find_project(None)
        if project is None:
            raise UsageError(
                "There is no project here.",
                "Name a folder or files: cowrite book DIR -o book.docx; `cowrite new DIR` makes a project.",
            )
        paths = chapter_files(project)
    if not paths:
        where = project.file if project else named[0]
        raise UsageError(
            f"There are no chapters in {where}.", 'For instance: chapters = ["chapters/*.md"]'
        )
    sources, unread = _read(paths)
    if unread and not partly:
        raise _refused(unread)
    return replace(_book(sources, project), unread=tuple(unread))


def _read(paths: Sequence[Path]) -> tuple[list[Source], list[Unread]]:
    sources: list[Source] = []
    unread: dict[Path, Unread] = {}
    for path in paths:
        try:
            sources.append(source_of(path))
        except CowriteError as error:
            unread.setdefault(path, Unread(path, len(sources), error))
    return sources, list(unread.values())


def _refused(unread: Sequence[Unread]) -> CowriteError:
    """Why the book can't be made: each file of those that can't be read, so that all are mended at once."""
    if len(unread) == 1:
        return unread[0].error
    reasons = (printable(one.error.message) for one in unread)
    return DraftError(f"{len(unread)} files of the book can't be read.", "\n".join(reasons))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:  # in a closed folder: reading it says so
        return False


def _of_folder(folder: Path) -> tuple[Project | None, list[Path]]:
    """A folder's project and its chapters; without a project the texts in it, by the numbers in their names."""
    project = find_project(folder / "draft")
    if project is not None and project.folder.resolve() == folder.resolve():
        return project, chapter_files(project)
    found = [path for path in texts_in(folder, deep=False) if is_chapter_name(path)]
    return None, sorted(found, key=natural)


def source_of(path: Path) -> Source:
    """A text of a book. Raises DraftError where there is none, or it is no text."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise DraftError(
            f"{path} is not there.",
            "The entry `chapters` of cowrite.toml names it, or the command.",
        ) from None
    except OSError as error:
        raise unreadable(path, error) from error
    draft = files.load(path)
    if draft.read_only is not None and draft.read_only.startswith("it is not text"):
        raise DraftError(f"{path} can't be put into a book: {draft.read_only}.", draft.advice or "")
    text = one_line_end(draft.text)
    lines = text.split("\n")
    first = front_matter(lambda index: lines[index], len(lines))
    return Source(path, text, front_values(lines[1 : first - 1]) if first else {}, first)


def _book(sources: list[Source], project: Project | None) -> Book:
    alone = sources and (project is None or len(sources) == 1)
    front = sources[0].front if alone else {}
    page = project.page if project is not None else NOTHING_SAID
    page = replace(
        page,
        author=page.author or front.get("author", ""),
        subtitle=page.subtitle or front.get("subtitle", ""),
    )
    title = project.title if project is not None else front.get("title", "")
    language = page.language or front.get("lang", "") or front.get("language", "")
    if not language and sources:
        middle = sources[len(sources) // 2].body
        language = spoken(middle[:_SAMPLE])
    return Book(title, page, tuple(sources), language, project)


def untitled(book: Book, output: Path) -> Book:
    """The book with a title: where it has none, its only heading of the first level, or its file's name."""
    if book.title:
        return book
    from cowrite.core.reading import Reading

    tops = [
        heading.title
        for source in book.sources
        for heading in Reading(Document(source.text)).headings()
        if heading.level == 1
    ]
    return replace(book, title=tops[0] if len(tops) == 1 else output.stem)
