"""`cowrite learn` without a command: one round, with its progress."""

from __future__ import annotations

from cowrite.cli.output import progress
from cowrite.config import load
from cowrite.engine.protocol import ModelFile
from cowrite.paths import Paths
from cowrite.session.found_model import find_model


def found_model(paths: Paths, model: str | None) -> ModelFile:
    """The model that is meant, as it came. Raises ModelError."""
    settings = load(paths, None, flags={"model.name": model})
    with progress("Preparing the model") as advance:
        return find_model(settings, paths, model, advance, learned=False).file


def run(paths: Paths, model: str | None, *, now: bool, minutes: float, json: bool) -> None:
    """One round."""
