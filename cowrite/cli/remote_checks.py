"""What `cowrite doctor` says of the server that writes, where one is set."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from cowrite.cli.finding import Finding, note, ok, problem
from cowrite.config import Settings
from cowrite.config.describing import NEVER
from cowrite.errors import CowriteError

_FOLLOWS = {
    True: "What follows the cursor is sent too.",
    False: "What follows the cursor is not sent: the server says that its model can't fill in.",
}
"""By whether the server can make use of it."""


def remote(settings: Settings) -> Iterator[Finding]:
    """Where drafts are sent, and whether the server answers: no word of a draft is in what it is asked."""
    url = settings.engine.remote
    if url in ("", NEVER):
        return
    from cowrite.session.blocking_engine import blocking_engine
    from cowrite.session.found_model import remote_model

    try:
        found = remote_model(settings)
        with (
            tempfile.TemporaryDirectory(prefix="cowrite-doctor-") as folder,
            blocking_engine(found, Path(folder) / "engine.log") as engine,
        ):
            loaded = engine.load()
            trouble = engine.trouble
    except CowriteError as error:
        yield problem("remote", error.message, error.hint)
        return
    where = found.remote
    if trouble is not None:
        yield problem("remote", trouble.message, trouble.hint, place=where)
        return
    facts = {"place": where, "model": loaded.name, "context": loaded.context}
    shown = "with" if loaded.logprobs else "without"
    text = f"{loaded.name} answers, with {loaded.context:,} tokens of context, {shown} log-probabilities."
    yield ok("remote", text, **facts)
    yield note("remote", f"Drafts are sent to {where}, as long as engine.remote is set.")
    if settings.engine.remote_suffix:
        yield note("remote", _FOLLOWS[loaded.fim])
