"""Answers without the adapter, beside those with it: the cache of the one is never read by the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from make_gguf import gguf
from real_models import CUT, model_file
from toy_backend import ToyBackend, natural_logits

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.core.task import Task, TaskKind
from cowrite.engine.backend import Backend, Decoded, Row
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host import plain
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import Done, HostMessage, Instruct, RunAhead, Suggest

MARK = 128
"""Added to a token of the toy that was evaluated with its adapter."""

PARAMS = Params(n=2, max_tokens=8, seed=3, stop=StopAt.NONE)
TEXT = "the boat was under the house in the morning then "


def adapted_logits(tokens: tuple[int, ...]) -> Row:
    """Other logits than without; a sequence that holds cells of both kinds is a mistake."""
    assert len({token >= MARK for token in tokens}) == 1, "a stale cell was read"
    if tokens[0] < MARK:
        return natural_logits(tokens)
    return natural_logits(tuple(reversed([token - MARK for token in tokens])))


class AdaptedToy(ToyBackend):
    """A toy with an adapter, whose cells remember whether it was on."""

    def __init__(self) -> None:
        super().__init__(logits=adapted_logits)
        self.adapted = True

    def adapt(self, *, on: bool) -> None:
        self.adapted = on

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        marked = [token + MARK * self.adapted for token in tokens]
        return super().decode(marked, positions, sequences, wanted)

    def restore(self, sequence: int, state: bytes) -> bool:
        self.cells[sequence] = dict(enumerate(state))
        return True


class Bench:
    def __init__(self, backend: Backend) -> None:
        index = PieceIndex.build(backend)
        self.sent: list[HostMessage] = []
        self.engine = Engine(backend, lambda: index, self.sent.append, run_ahead=RunAhead.OFF)
        self.backend = backend

    def ask(self, text: str, *, plain: bool = False, params: Params = PARAMS) -> Done:
        self.engine.ask(Suggest("r", Context((), text, ""), params, plain), time.perf_counter())
        while self.engine.writing:
            self.engine.step()
        return self.done()

    def instruct(self, task: Task) -> Done:
        self.engine.ask(Instruct("t", task, PARAMS), time.perf_counter())
        while self.engine.writing:
            self.engine.step()
        return self.done()

    def done(self) -> Done:
        done = self.sent[-1]
        assert isinstance(done, Done), done
        return done


def texts(done: Done) -> list[str]:
    return [candidate.text for candidate in done.candidates]


def test_a_plain_answer_is_the_models_own_and_the_usual_one_comes_back_without_evaluation() -> None:
    without = ToyBackend()
    bench = Bench(AdaptedToy())
    usual = bench.ask(TEXT)
    plainly = bench.ask(TEXT, plain=True)
    assert texts(plainly) == texts(Bench(without).ask(TEXT)) != texts(usual)
    assert plainly.cached_tokens == 0
    assert bench.backend.adapted
    again = bench.ask(TEXT)
    assert texts(again) == texts(usual)
    assert again.cached_tokens > again.prompt_tokens - 10
    assert bench.ask(TEXT, plain=True).cached_tokens > 0


def test_a_large_plain_state_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MOST_KEPT", 5)
    bench = Bench(AdaptedToy())
    usual = bench.ask(TEXT)
    first = bench.ask(TEXT, plain=True)
    assert bench.ask(TEXT).cached_tokens > 0
    second = bench.ask(TEXT, plain=True)
    assert second.cached_tokens == 0
    assert texts(second) == texts(first) != texts(usual)


def test_a_plain_request_that_is_cancelled_leaves_the_adapter_on() -> None:
    bench = Bench(AdaptedToy())
    usual = bench.ask(TEXT)
    for steps in range(6):
        bench.engine.ask(
            Suggest("p", Context((), TEXT, ""), PARAMS, plain=True), time.perf_counter()
        )
        for _ in range(steps):
            bench.engine.step()
        bench.engine.cancel("p")
        assert bench.backend.adapted
        assert texts(bench.ask(TEXT)) == texts(usual)
    assert texts(bench.ask(f"{TEXT}a river")) == texts(Bench(AdaptedToy()).ask(f"{TEXT}a river"))


def test_a_task_is_done_by_the_model_as_it_came_and_the_draft_stays_read() -> None:
    task = Task(TaskKind.REWRITE, "make it short", TEXT)
    bench, without = Bench(AdaptedToy()), Bench(ToyBackend())
    usual = bench.ask(TEXT)
    assert texts(bench.instruct(task)) == texts(without.instruct(task))
    again = bench.ask(TEXT)
    assert bench.backend.adapted
    assert texts(again) == texts(usual) != texts(without.ask(TEXT))
    assert again.cached_tokens > again.prompt_tokens - 10
    bench.instruct(task)
    assert texts(bench.ask(TEXT, plain=True)) == texts(without.ask(TEXT))


def test_a_model_without_an_adapter_answers_as_ever() -> None:
    bench = Bench(ToyBackend())
    usual = bench.ask(TEXT)
    again = bench.ask(TEXT, plain=True)
    assert texts(again) == texts(usual)
    assert again.cached_tokens > 0


def loud_adapter(path: Path, architecture: str, width: int, height: int) -> Path:
    """An adapter for one layer that changes what is written where there are few layers behind it, and not so
    much that roundings do as well."""
    rng = np.random.default_rng(5)
    down = rng.uniform(-1, 1, (4, width)).astype("<f4")
    up = rng.uniform(-1, 1, (height, 4)).astype("<f4")
    name = "blk.0.attn_q.weight"
    values: dict[str, tuple[str, object]] = {
        "general.architecture": ("text", architecture),
        "general.type": ("text", "adapter"),
        "adapter.type": ("text", "lora"),
        "adapter.lora.alpha": ("f32", 4.0),
    }
    tensors = ((f"{name}.lora_a", (width, 4)), (f"{name}.lora_b", (4, height)))
    path.write_bytes(gguf(values, tensors=tensors, payload=down.tobytes() + up.tobytes()))
    return path


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "architecture", "width", "height"),
    [("smollm2", "llama", 576, 576), ("gemma", "gemma3", 640, 1024)],
)
def test_real_models_answer_with_and_without(
    tmp_path: Path, name: str, architecture: str, width: int, height: int
) -> None:
    from cowrite.engine.llama.model import LlamaModel

    text = (
        "The ferry left at nine in the morning, and the old man who had rowed it all his life said"
    )
    greedy = replace(PARAMS, n=1, max_tokens=16, sampling=Sampling(temperature=0.0))
    answers = []
    for adapter in (None, loud_adapter(tmp_path / "a.gguf", architecture, width, height)):
        llama = LlamaModel(model_file(CUT + name).path)
        try:
            llama.open(512, 2)
            if adapter is not None:
                llama.set_adapter(adapter)
            bench = Bench(llama)
            asked = [bench.ask(text, plain=way, params=greedy) for way in (False, True, False)]
            answers.append([texts(one)[0] for one in asked])
        finally:
            llama.close()
    (base, base_again, _), (usual, plainly, usual_again) = answers
    assert base == base_again == plainly
    assert usual == usual_again != plainly
    assert asked[2].cached_tokens > asked[2].prompt_tokens - 10
