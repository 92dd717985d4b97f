"""`cowrite [FILE]`: the screen to write on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cowrite.cli.opening import open_draft


def write(
    file: Annotated[
        Path | None, typer.Argument(help="The draft; a file that is not there is a new one.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="NAME|PATH", help="The model for this once."),
    ] = None,
    no_log: Annotated[
        bool, typer.Option("--no-log", help="Keep no feedback this once; recovery still works.")
    ] = False,
) -> None:
    """Open a draft and write. `cowrite FILE` does the same.

    ctrl+space asks for a suggestion, tab takes it, escape refuses it, ctrl+s saves, ctrl+q leaves,
    f1 shows all keys.
    """
    code = open_draft(file, model=model, no_log=no_log)
    if code:
        raise typer.Exit(code)
