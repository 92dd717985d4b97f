"""Sessions without a file and without a window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from cowrite import files
from cowrite.core.ghost import Ghosts
from cowrite.core.provenance import FILE, WRITER, one_run
from cowrite.session.buffer import Buffer
from cowrite.session.draft import DraftSession
from cowrite.session.options import RequestOptions
from cowrite.session.ordering import OrderPort
from cowrite.session.ports import EnginePort, Log, Relay
from cowrite.session.session_log import SessionLog


def headless(
    text: str,
    log: Log,
    *,
    engine: EnginePort | None = None,
    options: RequestOptions | None = None,
    own: bool = False,
    order: OrderPort | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> DraftSession:
    """A session on this text. own: whether the writer wrote it, and not the file."""
    loaded = replace(files.untitled(), text=text)
    runs = one_run(len(text), WRITER if own else FILE)
    return DraftSession(
        loaded, runs, log=log, engine=engine, options=options, order=order, clock=clock
    )


def buffer(text: str, log: Log, *, read_only: str | None = None) -> Buffer:
    """A buffer alone, with this text of a file's."""
    runs = one_run(len(text), FILE)
    return Buffer(text, runs, SessionLog(log, Ghosts()), Relay(), read_only=read_only)
