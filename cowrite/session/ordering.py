"""The order of a request's candidates, and what is worth showing unasked: by what was learned of the writer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cowrite.core.context import Context
from cowrite.core.ghost import Suggestion
from cowrite.core.suggestion import Fit
from cowrite.session.ports import Listener
from cowrite.session.responses import Responses
from cowrite.session.suggestions import Suggestions

if TYPE_CHECKING:
    from cowrite.learning.order import Order, OrderFile


class OrderPort(Protocol):
    """Where the learned order is: `learning.order.OrderFile`, or a stand-in."""

    def current(self) -> Order | None:
        """The order in use, None where there is none."""

    def take_trouble(self) -> str | None:
        """Why it can't be used, a sentence; None where nothing is wrong, or it was told before."""


class KeptOrder:
    """The order on the disk, which nothing is imported for where there is none. Follows what is learned."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: OrderFile | None = None

    def current(self) -> Order | None:
        """The order in use, None where there is none."""
        if self._file is None:
            if not self._folder.is_dir():
                return None
            from cowrite.learning.order import OrderFile

            self._file = OrderFile(self._folder)
        return self._file.current()

    def take_trouble(self) -> str | None:
        """Why it can't be used, told once."""
        return None if self._file is None else self._file.take_trouble()


_SURE = 1e-9


def scores_of(likely: Mapping[int, float], fit: Fit | None) -> dict[int, float]:
    """What candidates are put in order by, the higher the better; those that nothing is known of are left out.

    likely: the probability that the writer takes some of it. fit: how what follows goes with it.
    """
    fits = {} if fit is None else {n: one for n, one in enumerate(fit.fits) if one is not None}
    scores: dict[int, float] = {}
    for number in likely.keys() | fits.keys():
        chance = min(max(likely.get(number, 0.0), _SURE), 1 - _SURE) if likely else 0.5
        scores[number] = math.log(chance / (1 - chance)) + fits.get(
            number, min(fits.values(), default=0.0)
        )
    return scores


class Ordering:
    """Judges the candidates of the request on its way when all have ended.

    The order that a request began with holds until it is closed, whatever is learned meanwhile.
    """

    def __init__(
        self,
        suggestions: Suggestions,
        responses: Responses,
        listener: Listener,
        clock: Callable[[], float],
        port: OrderPort | None,
    ) -> None:
        self._suggestions, self._responses = suggestions, responses
        self._listener, self._clock = listener, clock
        self._port = port
        self._asked: tuple[str, Order, str, bool] | None = None
        """The request on its way: its id, the order for it, the draft before it, and whether nobody asked."""

    def use(self, port: OrderPort | None) -> None:
        """Take the order from there from now on."""
        self._port = port

    def current(self) -> Order | None:
        """The order in use; what is wrong with it is told once."""
        if self._port is None:
            return None
        order = self._port.current()
        if (trouble := self._port.take_trouble()) is not None:
            self._listener.notice(trouble, "cowrite learn learns it anew.", "warning")
        return order

    def asked(self, suggestion_id: str, order: Order | None, context: Context, auto: bool) -> None:
        """This request is on its way, and `order` is for its candidates; None leaves them as they come."""
        self._asked = None
        if order is not None:
            from cowrite.learning.features import NEAR

            self._asked = (suggestion_id, order, context.before[-NEAR:], auto)

    def arrange(self, fit: Fit | None = None) -> None:
        """All candidates have ended: put them in order, as far as none is exchanged that can be read.

        fit: how they go before what follows. What was learned of the writer is evidence of its own, so log odds
        and log-probabilities are added.
        """
        suggestion = self._suggestions.current
        if suggestion is None:
            return
        likely: dict[int, float] = {}
        if self._asked is not None and suggestion.suggestion_id == self._asked[0]:
            _, order, before, auto = self._asked
            likely = self._likely(suggestion, order, before, auto=auto)
        if likely or fit is not None:
            self._suggestions.arrange(likely, scores_of(likely, fit), fit)

    def _likely(
        self, suggestion: Suggestion, order: Order, before: str, *, auto: bool
    ) -> dict[int, float]:
        """P(accept) of each candidate of which it can be said."""
        from cowrite.learning.features import vectors

        candidates = [suggestion.finished[index] for index in sorted(suggestion.finished)]
        found = vectors(
            candidates, before, auto=auto, recent=self._responses.recent, now=self._clock()
        )
        return {
            index: order.probability(features)
            for index, features in enumerate(found)
            if features is not None
        }
