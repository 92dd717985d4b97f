"""Opening a draft on the screen: what both ways into it do, with and without typer."""

from __future__ import annotations

import gc
from pathlib import Path

from cowrite.cli.streams import has_terminal
from cowrite.errors import UsageError


def open_draft(file: Path | None, *, model: str | None = None, no_log: bool = False) -> int:
    """Edit a draft until the writer leaves; returns the exit code. Raises CowriteError before a screen is seen.

    model: a name or path for this once. no_log: keep no feedback this once.
    """
    gc.disable()  # nothing becomes garbage before the first paint; behind it the window begins to collect
    try:
        return _write(file, model, no_log)
    finally:
        gc.enable()


def _write(file: Path | None, model: str | None, no_log: bool) -> int:
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
    if not code:
        from cowrite.logbook.statistics import keep_figures

        keep_figures(paths)
    return code


def _need_terminal(file: Path | None) -> None:
    if has_terminal():
        return
    source = "-" if file is None else str(file)
    raise UsageError(
        "Writing needs a terminal, and this is none; `cowrite complete` works without one.",
        f"cowrite complete {source}",
    )


def _check_named(model: str) -> None:
    """A model that was named for this call must be known; one from the settings may be missing."""
    from cowrite.catalog import find_card, is_path, read_facts
    from cowrite.paths import expanded, user_paths

    if is_path(model):
        read_facts(expanded(model))
    else:
        find_card(model, user_paths())
