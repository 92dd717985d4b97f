"""When a suggestion that nobody asked for is welcome, and how long it is worth being, by what was taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cowrite.learning.decisions import Decision

_LAST = 200
"""The newest decisions that say it: habits change."""
_FEW = 40
"""Of fewer, nothing is said."""
_USUAL = 0.3
"""The share of suggestions taken at which the pause stays as it was set."""
_SHORTEST = 8


class Timing(msgspec.Struct, frozen=True):
    """pause: times the pause that was set, 0.5 to 2. tokens: the most that are worth writing; 0: as set."""

    pause: float = 1.0
    tokens: int = 0

    def seconds(self, as_set: float) -> float:
        """The pause after which auto asks, for the one that was set."""
        return as_set * self.pause

    def most(self, as_set: int) -> int:
        """The most tokens of a candidate, never more than were set."""
        return min(as_set, self.tokens) if self.tokens else as_set


def timing_of(decisions: Iterable[Decision]) -> Timing:
    """What the newest decisions say of both.

    A writer who takes more than three of ten waits less, one who takes fewer is left alone for longer. The
    length is twice what nine of ten takings had: longer texts cost time and are not read.
    """
    found = list(decisions)
    autos = [one.took for one in found if one.auto][-_LAST:]
    pause = 1.0
    if len(autos) >= _FEW:
        share = sum(autos) / len(autos)
        pause = min(2.0, max(0.5, _USUAL / share if share else 2.0))
    lengths = sorted([one.tokens for one in found if one.tokens is not None][-_LAST:])
    tokens = 0
    if len(lengths) >= _FEW:
        tokens = max(_SHORTEST, 2 * lengths[(len(lengths) * 9 - 1) // 10])
    return Timing(round(pause, 2), tokens)
