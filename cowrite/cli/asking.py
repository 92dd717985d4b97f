"""A place in a draft with a model that is loaded: what commands begin with that ask about what the model
sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from cowrite.cli.texts import draft_path, text_to_go_on_with
from cowrite.errors import UsageError

if TYPE_CHECKING:
    from cowrite.config import Settings
    from cowrite.core.document import Document
    from cowrite.core.suggestion import Params
    from cowrite.session.asking_once import Asked
    from cowrite.session.blocking_engine import BlockingEngine

FILE = typer.Argument(metavar="FILE|-", help="The draft; - is standard input.")
AT = typer.Option("--at", metavar="N", help="Before which character, from 0 on. Else: at the end.")
MODEL = typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")


@dataclass(frozen=True, slots=True)
class Asking:
    """A place in a draft, what the model is shown there, and an engine that is loaded. position: code
    points.
    """

    engine: BlockingEngine
    model: dict[str, str]
    document: Document
    position: int
    asked: Asked
    params: Params
    settings: Settings
    window: int
    """Characters that the model is shown at most."""


@contextmanager
def asking(
    command: str, file: str, at: int | None, model: str | None, instruction: str = ""
) -> Iterator[Asking]:
    """Read the draft, load the model, and make what it is shown. command: of cowrite. instruction: what is to
    be asked for, of the model that follows instructions. Raises CowriteError.
    """
    from cowrite.cli import output
    from cowrite.config import load
    from cowrite.core.document import Document
    from cowrite.engine.protocol import RunAhead
    from cowrite.paths import user_paths
    from cowrite.session.asking_once import context_once
    from cowrite.session.blocking_engine import blocking_engine
    from cowrite.session.found_model import find_model
    from cowrite.session.options import request_options

    paths, path = user_paths(), draft_path(file)
    settings = load(paths, path, flags={"model.name": model})
    if instruction:
        model = model or settings.models.instruct or None
    document = Document(text_to_go_on_with(file, None, command))
    position = _place(at, len(document))
    with output.progress("Preparing the model") as advance:
        found = find_model(settings, paths, model, advance)
    options = replace(found.options, nice=0, run_ahead=RunAhead.OFF, kv_folder=None)
    with blocking_engine(replace(found, options=options), paths.engine_log) as engine:
        loaded = engine.load()
        window = settings.model.context or loaded.window_chars
        asked = context_once(document, position, settings, paths, path, window, instruction)
        for trouble in asked.troubles:
            output.note(f"cowrite: {trouble}")
        params = request_options(settings).params_with(found.advice)
        names = {"name": found.file.name, "sha256": found.file.sha256}
        yield Asking(engine, names, document, position, asked, params, settings, window)


def _place(at: int | None, size: int) -> int:
    if at is None:
        return size
    if not 0 <= at <= size:
        raise UsageError(f"--at must be 0 to {size}, not {at}.", "Characters are counted from 0.")
    return at
