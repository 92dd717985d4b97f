"""`cowrite convert FILE`: a copy in UTF-8 of a text in another encoding."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.output import note
from cowrite.cli.streams import data_stream, read_input
from cowrite.core.wording import counted
from cowrite.errors import DraftError
from cowrite.paths import expanded

if TYPE_CHECKING:
    from cowrite.files.conversion import Conversion


def convert(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The text; - is standard input.")],
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ENC",
            help="Its encoding, as windows-1250 or gbk; found out otherwise.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="OUT|-", help="Where to; - is standard output."),
    ] = None,
) -> None:
    """Write a copy of a text in UTF-8, which cowrite can edit. The file itself stays as it is.

    \b
    cowrite convert old.md                      # old.utf8.md, from the likeliest encoding
    cowrite convert old.md --from iso-8859-2    # where the words of that one look wrong
    cowrite convert old.md -o - | cowrite complete

    Line ends stay as they are; a byte order mark is left out. Nothing is ever overwritten.
    """
    from cowrite.files.conversion import converted, read_bytes, write_copy
    from cowrite.files.encodings import codec_named

    codec = None if source is None else codec_named(source)
    path = Path(file)
    data = read_input("Name a file: cowrite convert FILE") if file == "-" else read_bytes(path)
    try:
        found = converted(data, codec)
    except DraftError as error:
        name = "Standard input" if file == "-" else file
        raise DraftError(f"{name} can't be converted: {error.message}.", error.hint) from error
    if output == "-" or (output is None and file == "-"):
        _print(found)
        _tell(found, "Standard output", file)
    elif found.already and output is None:
        note(f"{file} is UTF-8 already; there is nothing to convert.")
    else:
        target = None if output is None else expanded(output)
        _tell(found, str(write_copy(path, found.text, target)), file)


def _print(found: Conversion) -> None:
    out = data_stream()
    out.write(found.text.encode("utf-8"))
    out.flush()


def _tell(found: Conversion, where: str, file: str) -> None:
    """What was read, what was changed, and what to do if it was another encoding."""
    ends = f" Line ends are as they were ({found.line_ends})." if found.line_ends else ""
    note(
        f"{where} is in UTF-8, read as {found.reading.name}: {counted(len(found.text), 'character')}, "
        f"{found.beyond_ascii:,} of them not ASCII.{ends}"
    )
    if found.reading.words:
        note(f"Its words: {' '.join(found.reading.words)}")
    if found.others:
        note("If they look wrong:")
    for other in found.others:
        command = f"cowrite convert {shlex.quote(file)} --from {other.name.lower()}"
        note(f"  {command}   {' '.join(other.words)}")
