"""Many requests, answered beside one another, and told in the order in which they were asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Done
from cowrite.errors import EngineError
from cowrite.session.blocking_engine import BlockingEngine

AHEAD = 4
"""Answers that wait for an earlier one, for each request that is asked at once."""

T = TypeVar("T")


@dataclass(slots=True)
class _Asked:
    """One request. answer: None while there is none. tries: how often it was asked."""

    context: Context
    params: Params
    answer: Done | EngineError | None = None
    tries: int = 0


def ask_many(
    engine: BlockingEngine, asks: Iterable[tuple[T, Context, Params]], at_once: int
) -> Iterator[tuple[T, Done | EngineError]]:
    """The answers, in the order of what was asked. at_once: requests that are asked beside one another.

    Each comes with what names it for who asks. What failed, as all do that run when the model's process
    ends, is asked once more and by itself. Raises EngineError where no model can be asked any more.
    """
    source = iter(asks)
    order: deque[tuple[T, _Asked]] = deque()
    running: dict[str, _Asked] = {}
    again: deque[_Asked] = deque()
    more = True
    while True:
        while more and not again and len(running) < at_once and len(order) < AHEAD * at_once:
            if (found := next(source, None)) is None:
                more = False
                break
            asked = _Asked(found[1], found[2])
            order.append((found[0], asked))
            _begin(engine, asked, running)
        if again and not running:
            _begin(engine, again.popleft(), running)
        if running:
            name, answer = engine.next_answer(running)
            asked = running.pop(name)
            if isinstance(answer, EngineError) and asked.tries == 1:
                again.append(asked)
            else:
                asked.answer = answer
        while order and (answer_of_first := order[0][1].answer) is not None:
            yield order.popleft()[0], answer_of_first
        if not (more or order):
            return


def _begin(engine: BlockingEngine, asked: _Asked, running: dict[str, _Asked]) -> None:
    asked.tries += 1
    running[engine.begin_beside(asked.context, asked.params)] = asked
