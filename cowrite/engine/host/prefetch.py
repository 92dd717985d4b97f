"""What the engine computes before it is asked: the answer to the request that comes next, where the writer
rests, or where the ghost ends if it is accepted.

Nothing here runs by itself: the host gives it a step whenever nothing else is to be done.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from cowrite.core.context import Context
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Candidate, Params, StopReason
from cowrite.engine.generation.batch import CandidateBatch
from cowrite.engine.generation.stepping import Event
from cowrite.engine.protocol import RunAhead

MOST_KEPT = 4


@dataclass(slots=True)
class Answer:
    """A request that nobody has made yet, and what was written for it so far."""

    context: Context
    params: Params
    writing: CandidateBatch | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def sequences(self) -> list[int]:
        """Those that it is written in."""
        return [] if self.writing is None else self.writing.sequences

    @property
    def done(self) -> bool:
        return self.writing is not None and self.writing.done

    def serves(self, context: Context, params: Params) -> bool:
        """Whether this is the answer to that request: the same text and the same wishes."""
        return _same_text(self.context, context) and self.params == params


class Prefetch:
    """The answers that are wanted, begun or ready, in the order in which they are likely to be needed."""

    def __init__(self, budget: RunAhead) -> None:
        self.budget = budget
        self._wanted: deque[Answer] = deque()
        self._ready: deque[Answer] = deque(maxlen=MOST_KEPT)

    @property
    def current(self) -> Answer | None:
        """The answer to work on next."""
        return self._wanted[0] if self._wanted else None

    def plan(self, context: Context, params: Params, candidates: tuple[Candidate, ...]) -> None:
        """A ghost is shown: want what follows its acceptance (eager: that of the others too)."""
        self.forget()
        if self.budget is RunAhead.OFF:
            return
        useful = [c for c in candidates if c.text.strip() and c.stop is not StopReason.CANCELLED]
        if self.budget is RunAhead.GENTLE:
            useful = useful[:1]
        for candidate in useful:
            accepted = replace(context, before=context.before + candidate.text)
            seed = None if params.seed is None else place_seed(accepted)
            self._wanted.append(Answer(accepted, replace(params, seed=seed)))

    def finish(self) -> None:
        """The current answer is ready."""
        self._ready.append(self._wanted.popleft())

    def take(self, context: Context, params: Params) -> Answer | None:
        """The answer to this request if it is ready or begun, and forget about the others."""
        for answer in [*self._ready, *self._wanted]:
            if answer.writing is not None and answer.serves(context, params):
                self.forget()
                return answer
        return None

    def want(self, context: Context, params: Params) -> None:
        """Want the answer to the request that would be made where the writer rests."""
        self._wanted.append(Answer(context, params))

    def keeps(self, context: Context, params: Params | None = None) -> bool:
        """Whether an answer is wanted or ready for exactly this text (and these params): then there is nothing
        to evaluate.
        """
        return any(
            _same_text(answer.context, context) and params in (None, answer.params)
            for answer in [*self._wanted, *self._ready]
        )

    def promote(self, context: Context) -> list[Answer]:
        """The writer is here now: what is wanted for other places is not wanted any more. Returns that."""
        others = [a for a in self._wanted if not _same_text(a.context, context)]
        self._wanted = deque(a for a in self._wanted if _same_text(a.context, context))
        return others

    def forget(self) -> None:
        self._wanted.clear()
        self._ready.clear()


def _same_text(first: Context, second: Context) -> bool:
    return (first.text, first.after) == (second.text, second.after)
