"""The engine in this process, for measurements: no pipe, nothing ahead, both models of the tests."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Done, RunAhead, Suggest

MODELS = ("gemma", "smollm2")


class EngineHere:
    """Answers one request after the other."""

    def __init__(self, model: Any) -> None:
        index = PieceIndex.build(model)
        self._sent: list[Any] = []
        self.model = model
        self.engine = Engine(model, lambda: index, self._sent.append, run_ahead=RunAhead.OFF)

    def ask(self, context: Context, params: Params) -> Done:
        """The candidates of a place."""
        self._sent.clear()
        self.engine.ask(Suggest("p", context, params), time.perf_counter())
        while self.engine.writing:
            self.engine.step()
        done = self._sent[-1]
        if not isinstance(done, Done):
            raise RuntimeError(done)
        return done


@contextmanager
def opened(name: str, context: int = 2048) -> Iterator[EngineHere]:
    """One of MODELS, or the model file at a path."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
    from real_models import model_file

    path = model_file(name).path if name in MODELS else Path(name)
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    from cowrite.engine.llama.model import LlamaModel

    model = LlamaModel(path)
    model.open(context, 2)
    try:
        yield EngineHere(model)
    finally:
        model.close()
