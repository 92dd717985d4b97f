"""`cowrite import`: sessions of other programs become sessions of the log, their books projects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cowrite.cli.importing_book import book

app = typer.Typer(help="Read sessions and books of other programs.", no_args_is_help=True)


@app.callback()
def importing() -> None:
    """Read sessions and books of other programs."""


@app.command()
def coauthor(
    files: Annotated[list[Path], typer.Argument(help="Logs of CoAuthor's, one session a file.")],
    code_points: Annotated[
        bool | None,
        typer.Option(
            "--code-points/--utf-16",
            help="What offsets count; found out where it is not said.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read CoAuthor sessions (JSON Lines): their figures, replay and exports then work as yours do.

    A file that was read before is passed over; one that is damaged is told, and the others are read.
    """
    from cowrite.cli.output import note
    from cowrite.cli.streams import counting
    from cowrite.core.wording import counted
    from cowrite.logbook.importing import import_coauthor
    from cowrite.paths import user_paths

    with counting("files") as progress:
        done = import_coauthor(user_paths(), files, code_points=code_points, progress=progress)
    for trouble in done.troubles:
        note(f"cowrite: {trouble}")
    said = f"{counted(done.sessions, 'session')} with {counted(done.events, 'event')} read"
    note(said + (f", {done.known} in the log already." if done.known else "."))
    if done.troubles:
        raise typer.Exit(1)


app.command()(book)
