"""P(accept): how likely the writer takes some of a candidate. A logistic regression, learned from the log.

Fitted by Newton's method (iteratively reweighted least squares: McCullagh and Nelder, "Generalized Linear
Models", 1989), with a Gaussian around the prior's weights, so that little data changes little. It is judged on
the newest tenth of the decisions, which it has not seen, and is used only where it beats the prior there.
numpy is imported when something is fitted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from cowrite.learning.decisions import Decision, logged_decisions
from cowrite.learning.features import NAMES
from cowrite.learning.order import Order, OrderFile, prior
from cowrite.learning.timing import timing_of
from cowrite.store import LogReader

if TYPE_CHECKING:
    from cowrite.learning.gate import Difference

LEAST = 200
"""Decisions without which nothing is fitted: the newest ones of fewer can't judge anything."""

MOST_ERROR = 0.07
"""The calibration error on held-out decisions from which an order is not used."""

_HELD_OUT = 200
"""Decisions that judge, where the newest tenth is fewer: intervals over less are as wide as what is learned."""
_TOGETHER = 10
"""Decisions that are drawn together by the bootstrap: those of one sitting are alike."""
_STIFFNESS = 1.0
_STEPS = 30
_BIN = 50
_BINS = 10


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of learning: the order to use from now on, and the sentence for the writer.

    order: None where it stays as it is. dropped: what is in use is worse than the prior by now.
    """

    order: Order | None
    says: str
    dropped: bool = False


def learned_from(log: LogReader, file: OrderFile) -> Learned:
    """What the log says, judged against what is in use. Raises StoreError."""
    return learn(logged_decisions(log), file.current(), file.next_number())


def learn(found: Sequence[Decision], in_use: Order | None = None, number: int = 1) -> Learned:
    """Fit an order on decisions, the oldest first, and judge it on the newest tenth: 200 at least, or a third.

    in_use: the order that it must beat there, with the prior; it was not fitted on them either.
    """
    count = len(found)
    if count < LEAST:
        return Learned(None, f"There are {count} decisions on suggestions; an order needs {LEAST}.")
    held = max(count // 10, min(_HELD_OUT, count // 3))
    early, late = found[:-held], found[-held:]
    order = Order(number, NAMES, _fitted(early), len(early), held, timing=timing_of(found))
    usual = prior()
    base = usual if in_use is None or _total(usual, late) < _total(in_use, late) else in_use
    said = [order.probability(one.features) for one in late]
    error = calibration_error(said, [one.took for one in late])
    order = msgspec.structs.replace(
        order,
        error=round(error, 4),
        loss=round(_total(order, late) / held, 4),
        prior_loss=round(_total(usual, late) / held, 4),
    )
    about = f"on the newest {held} of {count} decisions"
    gain = _compared(base, order, late)
    if not gain.below:
        dropped = in_use is not None and base is usual and _compared(usual, in_use, late).above
        back = " It was worse than the usual order by now, which is back." if dropped else ""
        return Learned(None, f"No better than what is in use {about}: {gain} nats.{back}", dropped)
    if error > MOST_ERROR + _noise(said):
        return Learned(None, f"Its probabilities are off by {error:.2f} {about}; it is not used.")
    return Learned(order, f"Better than what was in use {about}: {gain} nats, off by {error:.2f}.")


def _compared(base: Order, other: Order, late: Sequence[Decision]) -> Difference:
    """The losses of two orders on the same decisions, those of one sitting drawn together."""
    from cowrite.learning.gate import Unit, difference

    return difference(
        Unit(at // _TOGETHER, _loss(base, one), _loss(other, one)) for at, one in enumerate(late)
    )


def calibration_error(said: Sequence[float], took: Sequence[bool]) -> float:
    """By how much probabilities and shares differ, in bins of equally many decisions (expected calibration
    error; Naeini et al., 2015). A bin has 50 at least, since the share of fewer is chance."""
    import numpy as np

    if not said:
        return 0.0
    p, y = np.asarray(said, dtype=float), np.asarray(took, dtype=float)
    order = np.argsort(p, kind="stable")
    bins = max(1, min(_BINS, len(p) // _BIN))
    parts = np.array_split(order, bins)
    return float(sum(abs(p[part].mean() - y[part].mean()) * len(part) for part in parts) / len(p))


def _noise(said: Sequence[float]) -> float:
    """The calibration error that true probabilities would show by chance in so few decisions."""
    import numpy as np

    rng = np.random.default_rng(1)
    p = np.asarray(said)
    drawn = [calibration_error(said, (rng.random(len(p)) < p).tolist()) for _ in range(100)]
    return float(np.mean(drawn))


def _fitted(found: Sequence[Decision]) -> tuple[float, ...]:
    """The weights with the highest posterior."""
    import numpy as np

    x = np.array([(1.0, *one.features) for one in found])
    y = np.array([one.took for one in found], dtype=float)
    weight = np.array([one.weight for one in found])
    usual = np.array(prior().weights)
    stiff = np.full(len(usual), _STIFFNESS)
    stiff[0] = 0.01  # how much is taken at all is the writer's own
    w = usual.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        slope = x.T @ (weight * (p - y)) + stiff * (w - usual)
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(stiff)
        step = np.linalg.solve(curve, slope)
        w = w - step * min(1.0, 5.0 / float(np.abs(step).max() or 1.0))
        if float(np.abs(step).max()) < 1e-6:
            break
    return tuple(round(float(one), 6) for one in w)


def _loss(order: Order, one: Decision) -> float:
    p = min(max(order.probability(one.features), 1e-6), 1 - 1e-6)
    return -one.weight * math.log(p if one.took else 1 - p)


def _total(order: Order, late: Sequence[Decision]) -> float:
    return sum(_loss(order, one) for one in late)
