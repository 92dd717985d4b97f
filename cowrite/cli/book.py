"""`cowrite book`: a project's chapters, or files, as one book for readers and editors; what to mend first."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.errors import CowriteError, UsageError, unknown

if TYPE_CHECKING:
    from cowrite.book.gathering import Book
    from cowrite.config.declaration import Settings
    from cowrite.core.quotation import Quotes

_SUFFIXES = {".htm": "html", ".markdown": "md", ".text": "txt"}
_PRINTED = ("html", "md", "txt")
"""Formats that a terminal can show."""


def book(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DIR|FILES]", help="A project, or texts in order; the project here otherwise."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="FORMAT", help="docx, odt, epub, html, pdf, md or txt."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE|-", help="Where to; its ending says --to."),
    ] = None,
    manuscript: Annotated[
        bool,
        typer.Option("--manuscript", help="A standard manuscript for editors (docx), in Times."),
    ] = False,
    courier: Annotated[
        bool, typer.Option("--courier", help="The same in Courier, emphasis underlined.")
    ] = False,
    typography: Annotated[
        bool | None,
        typer.Option(
            "--typography/--no-typography",
            help="Typographic quotes and dashes; as editor.smart_quotes says otherwise.",
            show_default=False,
        ),
    ] = None,
    disclosure: Annotated[
        bool,
        typer.Option("--disclosure", help="A last page on who wrote what, with its figures."),
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Make nothing; list what to mend, with file and line."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Make one file of a project's chapters: for readers, for a printer, for an editor.

    \b
    cowrite book -o mill.epub                 # the project in this folder
    cowrite book novel/ -o mill.docx --manuscript
    cowrite book 01.md 02.md --to html -o - > both.html
    cowrite book --check                      # broken links, missing pictures, doubled words

    Title, author and language come from cowrite.toml. A line *** or # ends a scene; comments and front matter
    stay out. It needs pandoc: pip install 'cowrite[book]'. --check ends with 1 where something is found.
    docs/book.md says more.
    """
    from cowrite.book.gathering import gather

    found = gather(files or [], partly=check)
    if check:
        if to or output or manuscript or courier:
            raise UsageError("--check makes no file.", "Leave out --check to make one.")
        _check(found)
        return
    manuscript = manuscript or courier
    form = _format(to, output, manuscript=manuscript)
    if output is None:
        raise UsageError(
            "Where to? The book has no name yet.", f"For instance: cowrite book -o book.{form}"
        )
    _make(found, form, output, manuscript, courier, typography, disclosure=disclosure, force=force)


def _format(to: str | None, output: str | None, *, manuscript: bool) -> str:
    """The format that is asked for, by name or by the file's ending. Raises UsageError."""
    from cowrite.book.writing import FORMATS

    suffix = Path(output or "").suffix.lower()
    form = to or _SUFFIXES.get(suffix, suffix[1:]) or ("docx" if manuscript else "")
    if not form:
        raise UsageError(
            "Which format? The file's ending doesn't say.", f"--to {', '.join(FORMATS)}"
        )
    if form not in FORMATS:
        raise unknown("format", form, FORMATS)
    if manuscript and form != "docx":
        raise UsageError(
            f"A standard manuscript is a docx, not {form}.", "Leave out --to, or --manuscript."
        )
    return form


def _check(found: Book) -> None:
    from cowrite.book.checking import check
    from cowrite.cli import output
    from cowrite.core.wording import counted
    from cowrite.files.advice import shown_path

    listed = check(found.sources, found.unread)
    for one in listed:
        kind = "note: " if one.note else ""
        output.data(f"{shown_path(one.path)}:{one.line}: {kind}{one.says}")
    notes = sum(one.note for one in listed)
    chapters = counted(len(found.sources) + len(found.unread), "file")
    if listed:
        problems = counted(len(listed) - notes, "thing")
        output.note(f"{chapters}: {problems} to mend, {counted(notes, 'note')}.")
        raise typer.Exit(1)
    output.note(f"{chapters}: nothing to mend.")


def _make(
    found: Book,
    form: str,
    output: str,
    manuscript: bool,
    courier: bool,
    typography: bool | None,
    *,
    disclosure: bool,
    force: bool,
) -> None:
    from cowrite.book.composing import compose
    from cowrite.book.gathering import untitled
    from cowrite.book.putting import check_place, put
    from cowrite.book.work import Manuscript, Work
    from cowrite.book.writing import render
    from cowrite.cli.output import note
    from cowrite.cli.streams import data_stream
    from cowrite.config import load
    from cowrite.core.counting import draft_word_count
    from cowrite.core.wording import counted
    from cowrite.paths import expanded, user_paths

    paths = user_paths()
    here = output == "-"
    if here and form not in _PRINTED and sys.stdout.isatty():
        raise UsageError(f"A terminal can't show {form}.", f"-o book.{form}")
    path = Path("book") if here else expanded(output)
    target = path if here else check_place(paths, path, found.own_files, force=force)
    settings = load(paths, found.sources[0].path)
    found = untitled(found, path)
    composed = compose(found.sources, found.title, _quotes(found, settings, typography))
    words = sum(draft_word_count(source.text) for source in found.sources)
    closing = _statement(found) if disclosure else ""
    style = Manuscript(words, courier) if manuscript else None
    data = render(Work(found, composed, path, closing, style), form)
    for one in composed.notes:
        note(f"cowrite: {one}")
    if here:
        data_stream().write(data)
        data_stream().flush()
        return
    put(paths, target, data)
    made = f"{counted(len(found.sources), 'file')}, {counted(words, 'word')}"
    note(f"{output}: “{found.title}”, {made}.")


def _quotes(found: Book, settings: Settings, typography: bool | None) -> Quotes | None:
    """The quotes that typed ones become; None where they stay as they are."""
    from cowrite.core.quotation import STYLES, of_language

    if not (settings.editor.smart_quotes if typography is None else typography):
        return None
    return STYLES.get(settings.editor.quotes) or of_language(found.language.lower())


def _statement(found: Book) -> str:
    """Who wrote what, of all chapters together. Raises CowriteError where the log knows none of them."""
    from cowrite.logbook import source as logbook
    from cowrite.logbook.disclosure import disclose, together
    from cowrite.paths import user_paths

    paths = user_paths()
    known, others = [], []
    with logbook.reading(paths) as log:
        for source in found.sources:
            try:
                known.append(disclose(log, paths, source.path))
            except CowriteError:
                others.append(source.text)
    if not known:
        raise CowriteError(
            "The log knows nothing of these texts, so who wrote them can't be said.",
            "It knows drafts that were written with cowrite, by their path and their last text.",
        )
    return together(known, others).statement
