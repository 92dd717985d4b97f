"""The engine of a draft whose project may say that it never leaves this machine.

A window has one engine for all its drafts, so each draft asks through this: an engine that sends drafts
elsewhere is none for a draft that stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cowrite.config.loading import stays_here
from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import EngineState
from cowrite.engine.weigh import Weigh
from cowrite.session.ports import EnginePort, EngineStatus

STAYS = "this project keeps its drafts on this machine"


class KeptHere:
    """Another engine, which is not asked where it is remote and the draft's project says never.

    path: the draft's file now, None without one.
    """

    def __init__(self, engine: EnginePort, path: Callable[[], Path | None]) -> None:
        self._engine, self._path = engine, path
        self._known: tuple[Path | None, bool] | None = None

    @property
    def status(self) -> EngineStatus:
        """What the engine is, to this draft."""
        status = self._engine.status
        if not status.remote or not self._stays():
            return status
        reason = f"{STAYS} (engine.remote is never)"
        return replace(
            status, state=EngineState.NO_MODEL, reason=reason, connected=False, remote=""
        )

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Evaluate this text ahead."""
        if self._may_ask():
            self._engine.warm(context, params)

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        """Ask; nothing is where the draft stays."""
        if self._may_ask():
            self._engine.suggest(request_id, context, params, plain=plain)

    def prepare(self, task: Task) -> None:
        """Evaluate what is known of a task ahead."""
        if self._may_ask():
            self._engine.prepare(task)

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Have a task done; nothing is where the draft stays."""
        if self._may_ask():
            self._engine.instruct(request_id, task, params)

    def weigh(self, message: Weigh) -> None:
        """Ask what weighed."""
        if self._may_ask():
            self._engine.weigh(message)

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them."""
        self._engine.cancel(request_id)

    def _may_ask(self) -> bool:
        """Whether the draft may be shown to the engine: looked at anew, since a word of the project counts at
        once."""
        if not self._engine.status.remote:
            return True
        self._known = None
        return not self._stays()

    def _stays(self) -> bool:
        path = self._path()
        if self._known is None or self._known[0] != path:
            self._known = path, stays_here(path)
        return self._known[1]
