"""Requests beside one another: each gets what it would have got alone, whatever the others do."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_backend import ToyBackend
from toy_bench import PROSE, Bench, texts

from cowrite.core.chat_format import ChatFormat
from cowrite.core.context import Context
from cowrite.core.conversation import Speaker, Turn
from cowrite.core.suggestion import Params, StopAt, StopReason
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import Chunk, Converse, Done, Failed, RunAhead, Suggest

PROMPTS = [
    PROSE + "She said",
    PROSE + "He had wond",
    "The light over the house was",
    "Then the river",
    PROSE,
    "In the morning she had",
]
ONE = Params(n=1, max_tokens=12, stop=StopAt.NONE, seed=3)
THREE = Params(n=3, max_tokens=9, stop=StopAt.NONE, seed=7)


class Many(Bench):
    """An engine that has sequences enough for several requests."""

    def __init__(self, context: int = 1024, sequences: int = 17) -> None:
        super().__init__(budget=RunAhead.OFF, context=context)
        self.toy.facts = replace(self.toy.facts, sequences=sequences, rows=sequences)
        self.toy.cells = {s: {} for s in range(sequences)}

    def beside(self, name: str, before: str, params: Params, **more: object) -> None:
        message = Suggest(name, Context((), before, str(more.pop("after", ""))), params)
        message = type(message)(
            message.request_id,
            message.context,
            params,
            beside=True,
            **more,  # type: ignore[arg-type]
        )
        self.engine.ask(message, time.perf_counter())

    def dones(self) -> dict[str, Done]:
        self.run()
        return {m.request_id: m for m in self.sent if isinstance(m, Done)}


@pytest.mark.parametrize("params", [ONE, THREE])
@pytest.mark.parametrize("after", ["", " the boat was old and he had not seen it."])
def test_each_gets_what_it_would_have_got_alone(params: Params, after: str):
    many = Many()
    for number, prompt in enumerate(PROMPTS):
        many.beside(str(number), prompt, replace(params, seed=number), after=after)
    found = many.dones()
    assert len(found) == len(PROMPTS)
    for number, prompt in enumerate(PROMPTS):
        alone = Bench(budget=RunAhead.OFF).ask(prompt, replace(params, seed=number), after)
        assert texts(found[str(number)]) == texts(alone)
        streamed = "".join(
            m.text
            for m in many.sent
            if isinstance(m, Chunk) and m.request_id == str(number) and m.candidate == 0
        )
        assert streamed == alone.candidates[0].text


def test_several_are_evaluated_in_one_batch():
    many = Many()
    for number, prompt in enumerate(PROMPTS[:4]):
        many.beside(str(number), prompt, ONE)
    many.dones()
    together = many.toy.batches
    alone = 0
    for prompt in PROMPTS[:4]:
        bench = Bench(budget=RunAhead.OFF)
        bench.ask(prompt, ONE)
        alone += bench.toy.batches
    assert together < alone / 2


def test_what_they_have_in_common_is_read_once():
    many = Many()
    long = "The boat was under the house. " * 20
    for number in range(3):
        many.beside(str(number), f"{long}Then {'he' * number}", ONE)
    found = many.dones()
    assert found["1"].cached_tokens > 0.8 * found["1"].prompt_tokens


def test_where_the_context_is_small_they_wait_for_one_another():
    many = Many(context=256)
    for number, prompt in enumerate(PROMPTS):
        many.beside(str(number), prompt, replace(THREE, seed=number))
    found = many.dones()
    assert not [m for m in many.sent if isinstance(m, Failed)]
    for number, prompt in enumerate(PROMPTS):
        alone = Many(context=256)
        alone.beside("x", prompt, replace(THREE, seed=number))
        assert texts(found[str(number)]) == texts(alone.dones()["x"])


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_cancelling_some_leaves_the_others_as_they_are(data: st.DataObject):
    many = Many()
    gone = data.draw(st.sets(st.integers(0, 5), max_size=5))
    for number, prompt in enumerate(PROMPTS):
        many.beside(str(number), prompt, replace(ONE, seed=number))
    for number in gone:
        for _ in range(data.draw(st.integers(0, 9))):
            many.engine.step()
        many.engine.cancel(str(number))
    found = many.dones()
    assert len(found) == len(PROMPTS)
    for number, prompt in enumerate(PROMPTS):
        if number not in gone:
            alone = Bench(budget=RunAhead.OFF).ask(prompt, replace(ONE, seed=number))
            assert texts(found[str(number)]) == texts(alone)
    held = [s for s, cells in many.toy.cells.items() if s and cells]
    assert not held, "sequences of what has ended are given back"


def test_an_interrupted_evaluation_is_done_again():
    many = Many()
    for number, prompt in enumerate(PROMPTS[:3]):
        many.beside(str(number), prompt, ONE)
    steps = 0
    while many.engine.writing:
        if steps % 3 == 1:
            many.toy.interrupt()
        many.engine.step()
        many.toy.resume()
        steps += 1
        assert steps < 900
    found = {m.request_id: m for m in many.sent if isinstance(m, Done)}
    for number, prompt in enumerate(PROMPTS[:3]):
        alone = Bench(budget=RunAhead.OFF).ask(prompt, ONE)
        assert texts(found[str(number)]) == texts(alone)


def test_a_request_of_the_writers_own_ends_them():
    many = Many()
    many.beside("a", PROMPTS[0], ONE)
    many.engine.step()
    done = many.ask(PROSE, THREE, name="mine")
    assert texts(done) == texts(Bench().ask(PROSE, THREE))


def test_a_text_that_ends_a_candidate_is_left_out_of_it():
    whole = Bench(budget=RunAhead.OFF).ask(PROMPTS[0], ONE).candidates[0].text
    word = whole.split()[3]
    many = Many()
    many.beside("a", PROMPTS[0], ONE, ends=(f" {word}",))
    done = many.dones()["a"]
    assert done.candidates[0].text == whole[: whole.index(f" {word}")]
    assert done.candidates[0].stop is StopReason.END
    streamed = "".join(m.text for m in many.sent if isinstance(m, Chunk))
    assert streamed == done.candidates[0].text


CHAT = ChatFormat(user="U{}\n", model="A{}\n", system="S{}\n")


def conversing(chat: ChatFormat | None = CHAT) -> Many:
    many = Many()
    index = PieceIndex.build(many.toy)
    many.engine = Engine(
        many.toy, lambda: index, many.sent.append, run_ahead=RunAhead.OFF, chat=chat
    )
    return many


def test_a_conversation_and_texts_take_turns():
    turns = (Turn(Speaker.SYSTEM, "the river"), Turn(Speaker.USER, "was he in the boat"))
    alone = conversing()
    alone.engine.ask(Converse("c", turns, ONE), time.perf_counter())
    said = texts(alone.dones()["c"])
    assert said[0]
    many = conversing()
    many.beside("a", PROMPTS[0], ONE)
    many.engine.ask(Converse("c", turns, ONE), time.perf_counter())
    many.beside("b", PROMPTS[1], ONE)
    found = many.dones()
    assert texts(found["c"]) == said
    for name, prompt in (("a", PROMPTS[0]), ("b", PROMPTS[1])):
        assert texts(found[name]) == texts(Bench(budget=RunAhead.OFF).ask(prompt, ONE))


def test_a_model_that_was_not_trained_to_answer_says_so():
    many = conversing(None)
    many.engine.ask(Converse("c", (Turn(Speaker.USER, "the boat"),), ONE), time.perf_counter())
    many.run()
    failed = [m for m in many.sent if isinstance(m, Failed)]
    assert [m.request_id for m in failed] == ["c"]
    assert "converse" in failed[0].message


def test_the_toy_refuses_what_is_wrong():
    """The tests above mean something: the toy notices a position that does not follow."""
    toy = ToyBackend()
    with pytest.raises(Exception, match="does not follow"):
        toy.decode([2], [5], [1], [False])
