"""`cowrite provenance FILE`: whose words the draft is made of, and a statement that says so."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.errors import UsageError
from cowrite.paths import expanded

if TYPE_CHECKING:
    from cowrite.logbook.disclosure import Disclosure


def provenance(
    file: Annotated[Path, typer.Argument(help="A draft that was written with cowrite.")],
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write a page with each author's text marked; - for stdout.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Runs and figures as one object.")
    ] = False,
    markdown: Annotated[
        bool,
        typer.Option("--markdown", help="The draft, the model's text marked, and the statement."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Show who wrote which characters of a draft, with a statement for its readers.

    On a terminal the model's text is in colour (in ⟦ ⟧ without colours), also where you have changed it
    (in ⟨ ⟩), and pasted text (in ⟪ ⟫). Marks are of whole words; --json has each character's author too.
    """
    from cowrite.logbook import source as logbook
    from cowrite.logbook.disclosure import disclose
    from cowrite.paths import user_paths

    if (html is not None) + as_json + markdown > 1:
        raise UsageError(
            "--html, --json and --markdown are three ways to show one thing.", "Choose one."
        )
    paths = user_paths()
    with logbook.reading(paths) as log:
        found = disclose(log, paths, file)
    if html is not None and str(html) != "-":
        if output is not None:
            raise UsageError("--html and --output name two files.", "Leave one of them out.")
        output = html
    rendered = _rendered(found, html=html is not None, as_json=as_json, markdown=markdown)
    if output is not None:
        from cowrite.cli.output import note
        from cowrite.export import whole_file

        with whole_file(expanded(output), force=force) as out:
            out.write((rendered or _plain(found)).encode("utf-8", "replace"))
        note(f"Written to {output}")
    elif rendered is not None:
        from cowrite.cli.streams import data_stream

        data_stream().write(rendered.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    else:
        _show(found)


def _rendered(found: Disclosure, *, html: bool, as_json: bool, markdown: bool) -> str | None:
    from cowrite.export import marked

    if html:
        return marked.marked_page(found.name, found.text, found.runs, found.statement)
    if markdown:
        return marked.marked_markdown(found.text, found.runs, found.statement)
    if as_json:
        from cowrite.export.lines import line

        return line(_object(found)).decode()
    return None


def _object(found: Disclosure) -> dict[str, Any]:
    """Positions are code points of the draft."""
    from cowrite.core.marks import marks

    runs, at = [], 0
    for length, source in found.runs:
        run = {"start": at, "end": at + length, "author": source.author.value}
        runs.append({**run, "suggestion_id": source.suggestion_id})
        at += length
    marked, at = [], 0
    for length, mark in marks(found.text, found.runs):
        marked.append({"start": at, "end": at + length, "mark": mark.value})
        at += length
    return {
        "document": found.name,
        "characters": len(found.text),
        "words": found.words,
        "by": {author.value: count for author, count in found.characters.items()},
        "models": found.models,
        "sessions": found.sessions,
        "requests": found.requests,
        "taken": found.taken,
        "edited": found.edited,
        "statement": found.statement,
        "runs": runs,
        "marks": marked,
    }


def _plain(found: Disclosure) -> str:
    from cowrite.export.marked import marked_plain

    return marked_plain(found.text, found.runs).rstrip("\n") + f"\n\n{found.statement}\n"


def _show(found: Disclosure) -> None:
    """On a terminal in colour, where it has some and the writer wants them."""
    from cowrite.cli.output import data

    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        data(_plain(found).rstrip("\n"))
        return
    from rich.console import Console
    from rich.text import Text

    from cowrite.core.marks import Mark
    from cowrite.core.printable import printable
    from cowrite.export.marked import NAMES, pieces

    styles = {
        Mark.MODEL: "yellow underline",
        Mark.CHANGED: "cyan underline",
        Mark.PASTE: "magenta underline",
        Mark.FILE: "dim",
    }
    shown = Text()
    there = set()
    for piece, mark in pieces(found.text, found.runs):
        there.add(mark)
        safe = printable(piece.replace("\r\n", "\n"), keep="\n\t")
        shown.append(safe, style=styles.get(mark))
    key = Text()
    for mark, style in styles.items():
        if mark in there:
            key.append(NAMES[mark], style=style)
            key.append("   ")
    console = Console(highlight=False)
    shown.rstrip()
    console.print(shown)
    console.print()
    console.print(key)
    console.print(Text(printable(found.statement, keep="\n")))
