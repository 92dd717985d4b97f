"""`cowrite lsp`: suggestions in another editor."""

from __future__ import annotations

import importlib.util
import sys
from typing import Annotated

import typer

from cowrite.errors import CowriteError, UsageError

EXTRA = "Other editors are served by an extra of cowrite's: pip install 'cowrite[lsp]'"


def lsp(
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="NAME|PATH", help="The model for this once."),
    ] = None,
    no_log: Annotated[
        bool, typer.Option("--no-log", help="Keep no feedback this once; recovery still works.")
    ] = False,
    stdio: Annotated[  # noqa: ARG001
        bool, typer.Option("--stdio", help="Speak on stdin and stdout, as it always does.")
    ] = False,
) -> None:
    """Suggestions in another editor, which starts this and speaks the language server protocol with it.

    It answers textDocument/inlineCompletion (3.18) with up to as many candidates as suggestions.count says.
    What is shown, taken, refused and edited later is in the log as if it were written in the window.
    Neovim has a plugin of its own in editors/nvim; docs/editors.md says how to set up others.
    """
    if importlib.util.find_spec("pygls") is None:
        raise CowriteError("Other editors can't be served: pygls is not installed.", EXTRA)
    if sys.stdin.isatty():
        raise UsageError(
            "An editor starts this and speaks with it; in a terminal there is nothing to see.",
            "To write here: cowrite FILE",
        )
    from cowrite.logbook.statistics import keep_figures
    from cowrite.paths import user_paths
    from cowrite.serve.lsp.running import run

    paths = user_paths()
    flags: dict[str, object] = {"model.name": model, "log.enabled": False if no_log else None}
    code = run(paths=paths, flags=flags, model=model)
    keep_figures(paths)
    if code:
        raise typer.Exit(code)
