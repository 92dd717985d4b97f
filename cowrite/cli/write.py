"""`cowrite [FILE]`: the screen to write on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cowrite.errors import UsageError


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
    from cowrite.config import load
    from cowrite.paths import user_paths

    _need_terminal(file)
    paths = user_paths()
    flags = {"model.name": model, "log.enabled": False if no_log else None}
    settings = load(paths, file, flags=flags)
    if model is not None:
        _check_named(model)

    from cowrite.tui.app import run

    code = run(file, settings=settings, paths=paths, model=model)
    if code:
        raise typer.Exit(code)

    from cowrite.session.statistics import keep_figures

    keep_figures(paths)


def _need_terminal(file: Path | None) -> None:
    streams = (sys.stdin, sys.stdout)  # None where the caller has closed them
    if all(stream is not None and stream.isatty() for stream in streams):
        return
    source = "-" if file is None else str(file)
    raise UsageError(
        "Writing needs a terminal, and this is none; `cowrite complete` works without one.",
        f"cowrite complete {source}",
    )


def _check_named(model: str) -> None:
    """A model that was named for this call must be known; one from the settings may be missing."""
    from cowrite.catalog import find_card, is_path, read_facts
    from cowrite.paths import user_paths

    if is_path(model):
        read_facts(Path(model).expanduser())
    else:
        find_card(model, user_paths())
