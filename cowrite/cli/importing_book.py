"""`cowrite import book`: another program's book becomes a project of chapters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cowrite.paths import expanded


def book(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|FOLDER",
            help="A docx, odt, epub, rtf or html; a Scrivener (.scriv) or novelWriter folder.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The new project's folder."),
    ],
) -> None:
    """Make a project of a book that was written elsewhere: a chapter a file, in Markdown.

    \b
    cowrite import book novel.docx -o novel
    cowrite import book Mill.scriv -o mill

    What could not be brought is told on stderr. The book itself is only read, and DIR must be new or
    empty. Nothing is left behind where it fails. It needs pandoc, but for novelWriter: pip install
    'cowrite[book]'. docs/book.md says what becomes of what.
    """
    import shlex

    from cowrite.book.arriving import bring
    from cowrite.book.sources import arriving_of
    from cowrite.cli import output as out
    from cowrite.core.wording import counted

    folder = expanded(output)
    arrived = bring(arriving_of(expanded(source)), folder)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            out.data(str(path))
    lost = arrived.lost.told()
    if lost:
        out.note("What could not be brought, or is not as it was:")
    for line in lost:
        out.note(f"  {line}")
    out.note(
        f"“{arrived.title}”: {counted(len(arrived.chapters), 'chapter')}. "
        f"Write: cowrite {shlex.quote(str(folder / 'chapters'))}/…"
    )
