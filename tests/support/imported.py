"""What a process imports before it forks into commands of cowrite, so that each of them starts at once."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import pkgutil

ROOMS = ("cli", "config", "catalog", "logbook", "export", "store", "files", "feedback")


def import_all() -> None:
    """Import what commands import, also what typer does once it has parsed the words of one."""
    for room in ROOMS:
        package = importlib.import_module(f"cowrite.{room}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    from cowrite.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(["config", "path"])
    gc.collect()
    gc.freeze()  # or each child copies the memory that its first collection writes to
