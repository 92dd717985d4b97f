"""Tasks on a toy model: answered as requests are, and the draft's cache is whole afterwards."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from toy_backend import ToyBackend

from cowrite.core.context import Context
from cowrite.core.guards import Flaw
from cowrite.core.shown import SaidKind, pieces
from cowrite.core.suggestion import Params, Sampling, StopAt, StopReason
from cowrite.core.task import Example, Task, TaskKind, task_params
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host import batches
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import (
    Anew,
    Chunk,
    Done,
    Failed,
    Finished,
    HostMessage,
    Instruct,
    Prepare,
    Suggest,
    decode_client,
    encode,
)
from cowrite.engine.weigh import Weigh, Weighed

PROSE = "the boat was under the house in the morning then she said not to the river and over "
TASK = Task(TaskKind.REWRITE, "make it short", PROSE)
PARAMS = Params(n=2, max_tokens=10, stop=StopAt.NONE, seed=5, sampling=Sampling(top_k=20))


class Bench:
    """An engine on a toy, driven step by step."""

    def __init__(self, context: int = 1024) -> None:
        self.toy = ToyBackend(context)
        self.sent: list[HostMessage] = []
        index = PieceIndex.build(self.toy)
        self.engine = Engine(self.toy, lambda: index, self.sent.append)

    def instruct(self, task: Task = TASK, params: Params = PARAMS) -> HostMessage:
        self.engine.ask(Instruct("t", task, params), time.perf_counter())
        return self.run()

    def suggest(self) -> HostMessage:
        context = Context((), PROSE * 4, "")
        self.engine.ask(Suggest("s", context, PARAMS), time.perf_counter())
        return self.run()

    def run(self) -> HostMessage:
        for _ in range(3000):
            if not self.engine.writing:
                return self.sent[-1]
            self.engine.step()
        raise AssertionError("it never ends")

    def settle(self) -> None:
        while not self.engine.idle:
            self.engine.step()


def streamed(sent: list[HostMessage], number: int) -> str:
    """What a listener has of a candidate after all messages."""
    text = ""
    for message in sent:
        if isinstance(message, Chunk) and message.candidate == number:
            text += message.text
        elif isinstance(message, Anew) and message.candidate == number:
            text = ""
    return text


def texts(message: HostMessage) -> list[str]:
    assert isinstance(message, Done), message
    return [candidate.text for candidate in message.candidates]


def test_a_task_is_answered_and_answered_the_same_with_the_same_seed() -> None:
    first = texts(Bench().instruct())
    assert all(first)
    assert texts(Bench().instruct()) == first


def test_what_is_streamed_is_what_is_kept() -> None:
    bench = Bench()
    said = texts(bench.instruct())
    ended = [message.candidate for message in bench.sent if isinstance(message, Finished)]
    assert sorted(ended) == [0, 1]
    assert [streamed(bench.sent, number) for number in range(2)] == said


def test_the_drafts_cache_survives_a_task() -> None:
    bench = Bench()
    before = bench.suggest()
    bench.instruct()
    evaluated = bench.engine.kv.evaluated
    after = bench.suggest()
    assert texts(after) == texts(before)
    assert bench.engine.kv.evaluated - evaluated < 8, "the draft was read anew"


def test_what_is_known_of_a_task_is_evaluated_while_it_is_typed() -> None:
    bench = Bench()
    bench.suggest()
    task = replace(TASK, passage=PROSE * 3)
    bench.engine.prepare(replace(task, instruction=""))
    bench.settle()
    cold = Bench().instruct(task)
    warm = bench.instruct(task)
    assert isinstance(warm, Done)
    assert isinstance(cold, Done)
    assert texts(warm) == texts(cold)
    assert warm.cached_tokens > warm.prompt_tokens * 0.6
    assert cold.cached_tokens == 0


def test_a_task_that_was_prepared_whole_needs_no_evaluation() -> None:
    bench = Bench()
    bench.engine.prepare(TASK)
    bench.settle()
    evaluated = bench.engine.kv.evaluated
    bench.instruct()
    assert bench.engine.kv.evaluated == evaluated


def test_a_draft_that_is_warmed_after_a_task_is_the_drafts_again() -> None:
    bench = Bench()
    bench.suggest()
    bench.instruct()
    bench.engine.warm(Context((), PROSE * 4 + "he ", ""))
    evaluated = bench.engine.kv.evaluated
    bench.settle()
    assert bench.engine.kv.evaluated - evaluated < 12


def test_a_task_can_be_cancelled_and_says_what_it_has() -> None:
    bench = Bench()
    bench.engine.ask(Instruct("t", TASK, PARAMS), time.perf_counter())
    for _ in range(6):
        bench.engine.step()
    bench.engine.cancel("t")
    done = bench.sent[-1]
    assert isinstance(done, Done)
    assert {candidate.stop for candidate in done.candidates} <= {StopReason.CANCELLED, None}
    assert not bench.engine.writing


def test_a_passage_that_has_no_room_is_refused_with_a_sentence() -> None:
    said = Bench(context=512).instruct(Task(TaskKind.REWRITE, "make it short", PROSE * 20))
    assert isinstance(said, Failed)
    assert "too long" in said.message


def test_notes_give_way_to_a_long_passage() -> None:
    long = Task(TaskKind.REWRITE, "make it short", PROSE * 8)
    alone = Bench(context=512).instruct(long)
    noted = Bench(context=512).instruct(replace(long, notes=(PROSE * 12,)))
    assert texts(noted) == texts(alone)
    short = replace(long, passage=PROSE)
    with_notes = Bench(context=512).instruct(replace(short, notes=(PROSE,)))
    without = Bench(context=512).instruct(short)
    assert isinstance(with_notes, Done)
    assert isinstance(without, Done)
    assert with_notes.prompt_tokens > without.prompt_tokens, "where there is room they are told"


@pytest.mark.parametrize("instruction", ["make it short", ""])
def test_what_is_sent_for_a_task_can_be_asked_part_by_part(instruction: str) -> None:
    bench = Bench()
    examples = (Example("it rained", "it poured", "more"),)
    task = replace(TASK, instruction=instruction, notes=("nobody dies",), examples=examples)
    bench.engine.weigh(Weigh("w", Context((), "", ""), PARAMS, (), task=task), 0.0)
    answer = bench.sent[-1]
    assert isinstance(answer, Weighed)
    evaluated = bench.engine.kv.evaluated
    assert evaluated == 0, "nothing has to be read for that"
    if instruction:
        bench.instruct(task)
    else:
        bench.engine.prepare(task)
        bench.settle()
    sent = bench.engine.kv.tokens[: answer.prompt_tokens]
    said = bench.toy.tokenize("".join(part.text for part in answer.said))
    assert list(said) == list(sent[1:]), "behind the start token"
    assert sum(part.tokens for part in answer.said) == answer.prompt_tokens == len(sent)
    kinds = [part.kind for part in answer.said]
    last = [SaidKind.INSTRUCTION] if instruction else []
    assert kinds == [SaidKind.NOTE, SaidKind.EXAMPLE, SaidKind.PASSAGE, *last]


def test_what_weighed_for_the_draft_can_be_asked_after_a_task_and_not_meanwhile() -> None:
    bench = Bench(2048)
    bench.suggest()
    context = Context((), PROSE * 4, "")
    places = tuple((piece.start, piece.end) for piece in pieces(context))
    asked = Weigh("w", context, PARAMS, places, " the boat")
    bench.engine.weigh(asked, time.perf_counter())
    first = bench.sent[-1]
    bench.engine.ask(Instruct("t", TASK, PARAMS), time.perf_counter())
    for _ in range(4):
        bench.engine.step()
    bench.engine.weigh(asked, time.perf_counter())
    refused = bench.sent[-1]
    assert isinstance(refused, Failed)
    assert refused.request_id == "w"
    assert texts(bench.run()) == texts(Bench(2048).instruct()), (
        "the task goes on as if nothing was asked"
    )
    evaluated = bench.engine.kv.evaluated
    bench.engine.weigh(asked, time.perf_counter())
    again = bench.sent[-1]
    assert isinstance(first, Weighed)
    assert isinstance(again, Weighed)
    assert again.losses == pytest.approx(first.losses)
    assert bench.engine.kv.evaluated - evaluated < 8, "the draft was read anew"


def test_an_answer_that_is_no_good_is_tried_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "flaws", lambda *_: ())
    likeliest = texts(Bench().instruct(params=replace(PARAMS, n=1)))[0]

    def wanting(task: Task, text: str, stop: object) -> tuple[Flaw, ...]:
        return (Flaw.ECHO,) if text == likeliest else ()

    monkeypatch.setattr(batches, "flaws", wanting)
    bench = Bench()
    (said,) = texts(bench.instruct(params=replace(PARAMS, n=1)))
    assert [type(m) for m in bench.sent].count(Anew) == 1
    assert said != likeliest
    assert streamed(bench.sent, 0) == said


def test_the_better_of_two_tries_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "flaws", lambda *_: ())
    likeliest = texts(Bench().instruct(params=replace(PARAMS, n=1)))[0]

    def wanting(task: Task, text: str, stop: object) -> tuple[Flaw, ...]:
        return (Flaw.ECHO,) if text == likeliest else (Flaw.ECHO, Flaw.REPEATS)

    monkeypatch.setattr(batches, "flaws", wanting)
    bench = Bench()
    assert texts(bench.instruct(params=replace(PARAMS, n=1))) == [likeliest]
    assert [type(m) for m in bench.sent].count(Anew) == 1


def test_tasks_travel_with_all_they_say() -> None:
    task = Task(TaskKind.ASK, "why?", "a", "b", "c", ("d", "e"), "own", "de")
    sent = Instruct("t", task, task_params(task))
    assert decode_client(encode(sent)) == sent
    assert decode_client(encode(Prepare(task))) == Prepare(task)
