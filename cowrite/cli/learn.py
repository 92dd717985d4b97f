"""`cowrite learn`: what is learned from the writer, and what it brings."""

from __future__ import annotations

import typer

from cowrite.cli.learn_evaluate import evaluate

app = typer.Typer(help="Learn from what you wrote, and prove it.", no_args_is_help=True)


@app.callback()
def learning() -> None:
    """Learn from what you wrote, and prove it."""


app.command()(evaluate)
