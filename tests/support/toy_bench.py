"""An engine on a toy model, driven step by step."""

from __future__ import annotations

import time

from toy_backend import ToyBackend

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import Done, HostMessage, RunAhead, Suggest

PROSE = "He rowed over the river in the morning. The boat was old and the light was low, "


class Bench:
    """An engine on a toy, driven step by step."""

    def __init__(
        self, *, budget: RunAhead = RunAhead.GENTLE, healing: bool = True, context: int = 1024
    ) -> None:
        self.toy = ToyBackend(context)
        self.sent: list[HostMessage] = []
        index = PieceIndex.build(self.toy)
        self.engine = Engine(
            self.toy, lambda: index, self.sent.append, run_ahead=budget, healing=healing
        )

    def suggest(self, before: str, params: Params, after: str = "", name: str = "r") -> None:
        context = Context((), before, after)
        self.engine.ask(Suggest(name, context, params), time.perf_counter())

    def ask(self, before: str, params: Params, after: str = "", name: str = "r") -> Done:
        self.sent.clear()
        self.suggest(before, params, after, name)
        self.run()
        done = self.sent[-1]
        assert isinstance(done, Done), done
        return done

    def run(self) -> None:
        steps = 0
        while self.engine.writing:
            self.engine.step()
            self.toy.resume()
            steps += 1
            assert steps < 3000

    def settle(self) -> None:
        """Let the engine run ahead until nothing is left."""
        while not self.engine.idle:
            self.engine.step()
            self.toy.resume()


def texts(done: Done) -> list[str]:
    return [candidate.text for candidate in done.candidates]
