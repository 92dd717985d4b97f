"""When work ahead of a request may be done: at once if it is eager, in the writer's pauses if it is gentle.

Times are seconds of any one clock: the host's is the machine's, a simulated session has its own.
"""

from __future__ import annotations

from cowrite.engine.protocol import RunAhead

_QUIET = 0.05
"""Seconds without a key before the text typed so far is evaluated, when gentle."""

_PAUSE = 0.35
"""Seconds without a key before an answer is written that nobody has asked for, when gentle: most rests between
two words are over by then, and what is written in them is written for nothing."""

_SHARE = 0.75
"""Of the time in which the engine writes ahead when gentle; it rests for what is left."""


class Pace:
    """Says how long to wait before the next step of work ahead."""

    def __init__(self) -> None:
        self._heard = self._rested = 0.0

    def heard(self, now: float) -> None:
        """The writer has rested at a new text, which is to be evaluated."""
        self._heard = now
        self._rested = 0.0

    def stepped(self, began: float, now: float) -> None:
        """A step of an answer that nobody has asked for is done."""
        self._rested = now + (now - began) * (1 / _SHARE - 1)

    def wait(self, now: float, budget: RunAhead, *, reading: bool) -> float:
        """Seconds until the next step. reading: it is one of evaluating the text, not of writing."""
        if budget is not RunAhead.GENTLE:
            return 0.0
        quiet = self._heard + (_QUIET if reading else _PAUSE)
        return max(0.0, (quiet if reading else max(quiet, self._rested)) - now)
