"""Whether something learned is better than what is in use: paired differences, and the verdict on them.

The bootstrap is Efron's percentile interval over groups ("An Introduction to the Bootstrap", 1993, chapter 13):
passages of a document and places of one run resemble each other, so whole groups are drawn, and both sides
with the same draw. All of it follows from the seed.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 4000
SEED = 1
MOST_HARM = 0.02
"""By how much general prose may get worse, as a share of its nats."""

_CHUNK = 1_000_000
"""Counts drawn at a time, so that many groups don't take much memory."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What was measured on one passage or at one place, both ways: sums that can be added up.

    group: what it can't be drawn without: its document, its passage, its run of places.
    """

    group: Hashable
    base: float
    candidate: float


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much the candidate's sum is more than the base's, as a share of it.

    low, high: the 95 % interval. groups: how many were drawn from. NaN where it can't be told: nothing was
    measured, the base's sum is 0, or a figure was not finite. The interval is unbounded with fewer than
    two groups.
    """

    relative: float
    low: float
    high: float
    groups: int

    @property
    def known(self) -> bool:
        """Whether there is a figure with an interval that says something."""
        return math.isfinite(self.relative) and math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def below(self) -> bool:
        """Whether the whole interval is below zero."""
        return self.known and self.high < 0

    @property
    def above(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.known and self.low > 0

    def __str__(self) -> str:
        if not self.known:
            return "unknown"
        return f"{self.relative:+.1%} (95 % from {self.low:+.1%} to {self.high:+.1%})"


def difference(units: Iterable[Unit], *, draws: int = DRAWS, seed: int = SEED) -> Difference:
    """The relative difference of the candidate's sum to the base's, with its interval."""
    base, candidate = _sums(units)
    total = float(base.sum())
    sound = bool(np.isfinite(base).all() and np.isfinite(candidate).all())
    if not len(base) or total == 0 or not sound:
        return Difference(math.nan, math.nan, math.nan, len(base))
    relative = float(candidate.sum()) / total - 1
    if len(base) < 2:
        return Difference(relative, -math.inf, math.inf, len(base))
    drawn = _draw(np.stack([base, candidate]), draws, seed)
    usable = drawn[:, drawn[0] != 0]
    if usable.shape[1] < draws / 2:
        return Difference(relative, -math.inf, math.inf, len(base))
    low, high = np.quantile(usable[1] / usable[0] - 1, (0.025, 0.975))
    return Difference(relative, float(low), float(high), len(base))


def mean_interval(
    values: Iterable[tuple[Hashable, float]], *, draws: int = DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """The 95 % interval of the mean of values, each with its group; NaN where there is no value."""
    total, count = _sums(Unit(group, 1.0, value) for group, value in values)
    if not len(total):
        return math.nan, math.nan
    drawn = _draw(np.stack([total, count]), draws, seed)
    low, high = np.quantile(drawn[1] / drawn[0], (0.025, 0.975))
    return float(low), float(high)


def _sums(units: Iterable[Unit]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The two sums of each group, in the order in which the groups first came."""
    sums: dict[Hashable, list[float]] = {}
    for unit in units:
        kept = sums.setdefault(unit.group, [0.0, 0.0])
        kept[0] += unit.base
        kept[1] += unit.candidate
    table = np.array(list(sums.values()), dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _draw(table: NDArray[np.float64], draws: int, seed: int) -> NDArray[np.float64]:
    """The sums of `draws` samples of the groups, with replacement: shape (rows of the table, draws)."""
    rng = np.random.default_rng(seed)
    groups = table.shape[1]
    share = np.full(groups, 1 / groups)
    at_once = max(1, _CHUNK // groups)
    parts = [
        table @ rng.multinomial(groups, share, size=min(at_once, draws - done)).T
        for done in range(0, draws, at_once)
    ]
    return np.concatenate(parts, axis=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what was learned comes into use, and one sentence why."""

    promote: bool
    reason: str
    nats: Difference
    keys: Difference
    general: Difference


def judge(
    nats: Difference, keys: Difference, general: Difference, *, most_harm: float = MOST_HARM
) -> Verdict:
    """The gate: nats a character surely fewer, keys saved surely more, general prose hardly worse.

    Each is the candidate against what is in use, on text that neither has learned from. The intervals of
    the first two must lie beyond zero; of general prose the figure itself counts.
    """

    def verdict(promote: bool, reason: str) -> Verdict:
        return Verdict(promote, reason, nats, keys, general)

    for name, figure in (
        ("nats a character", nats),
        ("keys saved", keys),
        ("general prose", general),
    ):
        if not figure.known:
            return verdict(False, f"Not used: {name} could not be told {_why_unknown(figure)}.")
    if general.relative > most_harm:
        return verdict(
            False,
            f"Not used: general prose is {general.relative:.1%} worse, and {most_harm:.0%} is the most.",
        )
    if not nats.below:
        return verdict(False, f"Not used: nats a character are not surely fewer, {nats}.")
    if not keys.above:
        return verdict(False, f"Not used: keys saved are not surely more, {keys}.")
    return verdict(
        True, f"Used: nats a character {nats}, keys saved {keys}, general prose {general}."
    )


def _why_unknown(figure: Difference) -> str:
    if math.isnan(figure.relative):
        return "(nothing was measured, or the figures were no numbers)"
    return f"from so few pieces of text ({figure.groups})"
