"""How a session asks, and whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from cowrite.core.suggestion import Params
from cowrite.core.window import Context

WINDOW_CHARS = 6000
"""Characters of draft that are sent while the model hasn't said how many it can take."""


class Engine(Protocol):
    """What a session needs of `engine.client.EngineClient`."""

    def warm(self, context: Context) -> None: ...

    def suggest(self, request_id: str, context: Context, params: Params) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """How a session asks: from the settings, and changed by the writer as the session goes on.

    context_budget: the most characters of draft that the model is shown, 0 for what the model can take.
    head: frozen text before it.
    auto: ask by itself after `auto_pause` seconds without a key; ghosts whose mean log-probability is
    below `auto_threshold` stay away. run_ahead: whether new text is evaluated while the writer pauses.
    """

    params: Params = field(default_factory=Params)
    context_budget: int = 0
    head: str = ""
    auto: bool = False
    auto_pause: float = 0.9
    auto_threshold: float = -2.5
    run_ahead: bool = True
