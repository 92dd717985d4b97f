"""How a session asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from cowrite.core.suggestion import Params


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
