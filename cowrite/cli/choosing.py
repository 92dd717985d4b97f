"""The options that choose a part of the log, the same for every command that reads it."""

from __future__ import annotations

from typing import Annotated

import typer

DraftOption = Annotated[
    str | None, typer.Option(metavar="DRAFT", help="Only this draft: its path or file name.")
]
SinceOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only sessions begun on or after it.")
]
UntilOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only sessions begun before it.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Only suggestions of this model: its name or sha256."),
]
