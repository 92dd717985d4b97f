"""What was learned of the writer's choices: the order of candidates, and phrases for the ban list.

For `cowrite learn`, its status and the screen: each function reads the disk anew, and a change of what is in
use is one line in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cowrite.core.rows import CONTINUE, SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.order import Order, OrderFile
from cowrite.learning.promoting import log_promotion
from cowrite.learning.ranking import Learned, learned_from
from cowrite.learning.taste import Proposal, proposals
from cowrite.paths import Paths
from cowrite.store import LogReader

_PRIOR = 0
"""The version that stands for the order as it came."""


@dataclass(frozen=True, slots=True)
class Choices:
    """order: the one in use, None for the order as it came. trouble: why it can't be used. proposals: phrases
    for `sampling.banned`, which nobody but the writer puts there."""

    order: Order | None
    trouble: str | None
    proposals: tuple[Proposal, ...]

    @property
    def sentence(self) -> str:
        """What is in use, for the writer."""
        if self.order is None:
            return "Candidates come in the order in which they are written."
        return (
            f"Candidates come in order {self.order.number}, learned from {self.order.decisions:,} decisions; "
            f"its probabilities were off by {self.order.error:.2f} on {self.order.judged:,} others."
        )


def choices(paths: Paths, banned: Iterable[str] = ()) -> Choices:
    """What is in use and what is proposed. banned: the phrases that are banned. Raises StoreError."""
    file = OrderFile(paths.ranking)
    order = file.current()
    found: list[Proposal] = []
    if paths.log_file.exists():
        with LogReader.open(paths.log_file) as log:
            found = proposals(_Logged(log), banned=banned)
    return Choices(order, file.take_trouble(), tuple(found))


def renew_order(paths: Paths) -> Learned:
    """Learn from the log, and use what passed the gate. Raises CowriteError."""
    file = OrderFile(paths.ranking)
    if not paths.log_file.exists():
        return Learned(None, "There are no decisions yet to learn an order from.")
    with LogReader.open(paths.log_file) as log:
        made = learned_from(log, file)
    if made.order is not None:
        _use(paths, file, made.order, "gate", made.says)
    elif made.dropped:
        _use(paths, file, None, "rollback", made.says)
    return made


def roll_back_order(paths: Paths, number: int | None = None) -> Order | None:
    """Go back to an order, by default the one before; returns what is in use now. Raises CowriteError."""
    file = OrderFile(paths.ranking)
    back = file.before(number)
    _use(paths, file, back, "rollback")
    return back


def forget_order(paths: Paths) -> None:
    """Delete all that was learned of the order. Raises CowriteError."""
    file = OrderFile(paths.ranking)
    was = file.current()
    file.forget()
    if was is not None and paths.log_file.exists():
        log_promotion(paths, "order", (was.number, _PRIOR), "forgotten")


def _use(paths: Paths, file: OrderFile, order: Order | None, why: str, reason: str = "") -> None:
    was = file.current()
    file.use(order)
    number, before = (one.number if one is not None else _PRIOR for one in (order, was))
    if number != before and paths.log_file.exists():
        figures = {}
        if order is not None:
            figures = {"error": order.error, "loss": order.loss, "prior_loss": order.prior_loss}
        log_promotion(paths, "order", (before, number), why, reason=reason, figures=figures)


class _Logged:
    """The log's rows of suggestions, without those of other programs."""

    def __init__(self, log: LogReader) -> None:
        self._log = log

    def suggestions(self) -> Iterator[SuggestionRow]:
        for session in self._log.sessions(origin="cowrite"):
            events = self._log.bursts(session.session_id, tokens=False)
            for row in suggestion_rows(session, events, troubles=[]):
                if row.task == CONTINUE:
                    yield row
