"""What weighed: pieces are left out side by side, and what is told is what reading without them would give."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_models import model_file
from toy_backend import PIECES, ToyBackend

from cowrite.core.context import Context, ContextPart, PartKind, context_at
from cowrite.core.document import Document
from cowrite.core.shown import pieces
from cowrite.core.suggestion import Params
from cowrite.engine.backend import BackendError, Row
from cowrite.engine.generation import weighing
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt, Tokenizer, build_prompt
from cowrite.engine.host.engine import Engine
from cowrite.engine.host.weighed import weighed
from cowrite.engine.protocol import (
    Failed,
    HostMessage,
    RunAhead,
    decode_client,
    decode_host,
    encode,
)
from cowrite.engine.weigh import Weigh, Weighed

TEXT = "The river was over. He said the boat was under the house. Then morning. She had light."
NOTES = ContextPart(PartKind.NOTES, "the boat and the light.", "notes.md")
LORE = ContextPart(PartKind.LORE, "[a house of morning.]", "lore.md")


def a_context(text: str = TEXT, *parts: ContextPart) -> Context:
    return context_at(Document(text), len(text), budget=10_000, parts=parts)


def a_prompt(toy: ToyBackend, context: Context, room: int = 900) -> Prompt:
    return build_prompt(context, Tokenizer(toy), toy, room, healing=True)


def ranges(context: Context) -> tuple[tuple[int, int], ...]:
    return tuple((piece.start, piece.end) for piece in pieces(context))


def bag(tokens: tuple[int, ...]) -> Row:
    """Likely is what was there before: each token as often as it stands there."""
    row = np.zeros(len(PIECES), dtype=np.float32)
    for token in tokens:
        row[token] += 1.0
    return row


def test_a_loss_is_what_leaving_the_tokens_out_costs() -> None:
    toy, context = ToyBackend(logits=bag), a_context(TEXT, NOTES, LORE)
    prompt, kv = a_prompt(toy, context), KvCache(toy)
    while not kv.ready(prompt):
        kv.advance(prompt)
    message = Weigh("w", context, Params(), ranges(context), " the boat")
    answer = weighed(message, prompt, toy, kv, time.perf_counter())
    task = weighing.task_of(prompt, toy, " the boat", None, message.pieces)
    for (low, high), loss in zip(task.pieces, answer.losses, strict=True):
        left = task.prefix[:low] + task.prefix[high:]
        assert loss == pytest.approx(logprob(task.prefix, task) - logprob(left, task), abs=1e-4)
    assert max(answer.losses) > 0.1
    assert answer.judged == len(task.target)
    assert sum(answer.tokens) == len(prompt.tokens) - 1, "all but the start token"


def logprob(prefix: tuple[int, ...], task: weighing.Task) -> float:
    total, held = 0.0, prefix
    for token in task.target:
        row = bag(held).astype(float)
        total += row[token] - math.log(np.exp(row).sum())
        held = (*held, token)
    return total


def test_a_chosen_word_alone_is_judged() -> None:
    toy = ToyBackend(logits=bag)
    context = a_context()
    task = weighing.task_of(
        a_prompt(toy, context), toy, " the light boat", (4, 10), ranges(context)
    )
    assert [PIECES[token] for token in task.target] == [b" light"]
    assert PIECES[task.prefix[-1]] == b" the", (
        "what stands before it is read, and no more behind it"
    )
    assert task.prefix[: task.read] == a_prompt(toy, context).tokens


def test_many_pieces_go_into_few_batches() -> None:
    toy, context = ToyBackend(2048), a_context(TEXT * 8)
    prompt, kv = a_prompt(toy, context, 1900), KvCache(toy)
    while not kv.ready(prompt):
        kv.advance(prompt)
    found = ranges(context)
    before = toy.tokens_decoded
    weighed(Weigh("w", context, Params(), found, " light"), prompt, toy, kv, time.perf_counter())
    (beside,) = toy.besides
    assert len(found) >= 25
    assert len(beside.batches) == 1
    assert toy.tokens_decoded == before, "the draft's own cache is left alone"


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="the boat.\n Éx川", max_size=200),
    st.text(alphabet="a .", max_size=60),
    st.text(alphabet="b .\n", max_size=60),
    st.integers(40, 400),
)
def test_pieces_and_tokens_cover_each_other(text: str, notes: str, lore: str, room: int) -> None:
    toy = ToyBackend()
    parts = (replace(NOTES, text=notes), replace(LORE, text=lore))
    prompt = a_prompt(toy, a_context(text, *parts), room)
    context = prompt.context
    seen = list(weighing.places(context.text, ranges(context), weighing.ends_of(prompt, toy)))
    filled = [place for place in seen if place[0] < place[1]]
    assert all(one[1] <= other[0] for one, other in pairwise(filled))
    control = sum(not PIECES[token] for token in prompt.tokens)
    lost = sum(len(PIECES[token]) > 0 for token in prompt.tokens) - sum(b - a for a, b in filled)
    assert lost <= control + 1


def test_text_that_there_was_no_room_for_is_told() -> None:
    toy = ToyBackend()
    context = a_context(TEXT * 20)
    prompt = a_prompt(toy, context, 100)
    missing = weighing.unseen(prompt, toy)
    shown = b"".join(PIECES[token] for token in prompt.tokens).decode()
    assert context.text[missing:] == shown
    found = list(weighing.places(context.text, ranges(context), weighing.ends_of(prompt, toy)))
    assert found[0] == (0, 0)
    assert found[-1][1] == len(prompt.tokens)


def test_parts_give_way_by_whole_sentences_where_a_model_has_little_room() -> None:
    toy = ToyBackend()
    notes = replace(NOTES, text="He said the boat. " * 30)
    context = a_context(TEXT, notes, LORE)
    prompt = a_prompt(toy, context, 120)
    kept = [part.text for part in prompt.context.parts if part.kind is PartKind.NOTES]
    assert kept
    assert len(kept[0]) < len(notes.text)
    assert kept[0].endswith("boat.")
    toy_answer = weighed(
        Weigh("w", context, Params(), ranges(context), " a"), prompt, toy, KvCache(toy), 0.0
    )
    assert toy_answer.context == prompt.context
    assert toy_answer.losses == (), "the pieces were those of another text"


def test_attention_leaves_out_marks_and_the_start() -> None:
    toy, context = ToyBackend(), a_context()
    prompt, kv = a_prompt(toy, context), KvCache(toy)
    while not kv.ready(prompt):
        kv.advance(prompt)
    task = weighing.task_of(prompt, toy, " the", None, ranges(context))
    shares = weighing.attention(task, toy)
    says = [
        i
        for i, t in enumerate(task.prefix)
        if any(s.isalnum() for s in PIECES[t].decode("utf-8", "ignore"))
    ]
    wanted = [
        sum(i for i in says if low <= i < high) / sum(i for i in says if i)
        for low, high in task.seen
    ]
    assert shares == pytest.approx(wanted)


class Rig:
    def __init__(self, toy: ToyBackend) -> None:
        from cowrite.engine.generation.healing import PieceIndex

        self.sent: list[HostMessage] = []
        index = PieceIndex.build(toy)
        self.engine = Engine(toy, lambda: index, self.sent.append, run_ahead=RunAhead.OFF)


def test_the_engine_answers_and_goes_on() -> None:
    toy = ToyBackend()
    rig, context = Rig(toy), a_context(TEXT, NOTES)
    rig.engine.weigh(Weigh("w", context, Params(), ranges(context), " the", None, True), 0.0)
    (answer,) = rig.sent
    assert isinstance(answer, Weighed)
    assert len(answer.losses) == len(answer.attention) == len(ranges(context))
    assert decode_host(encode(answer)) == answer


def test_an_interrupted_answer_says_so() -> None:
    toy = ToyBackend()
    rig, context = Rig(toy), a_context()
    toy.stopped = True
    rig.engine.weigh(Weigh("w", context, Params(), ranges(context), " the"), 0.0)
    (answer,) = rig.sent
    assert isinstance(answer, Failed)
    assert answer.request_id == "w"


def test_the_question_goes_through_the_pipe() -> None:
    message = Weigh("w", a_context(TEXT, NOTES, LORE), Params(), ((0, 3),), " x", (0, 1), True)
    assert decode_client(encode(message)) == message


@pytest.mark.model
@pytest.mark.parametrize("name", ["gemma", "smollm2"])
def test_the_sentence_that_tells_weighs_most(name: str) -> None:
    from cowrite.engine.llama.model import LlamaModel

    fact = "Marta's hat was made of yellow straw. "
    rest = "The wind came up from the sea and the lamps were lit along the wall. "
    text = f"{rest * 3}{fact}{rest * 3}She took off her hat. The colour of her hat was"
    llama = LlamaModel(model_file(name).path)
    try:
        llama.open(1024, 2)
        context = a_context(text)
        prompt, kv = a_prompt(llama, context), KvCache(llama)
        message = Weigh("w", context, Params(), ranges(context), " yellow", None, True)
        answer = weighed(message, prompt, llama, kv, time.perf_counter())
        said = {
            context.text[a:b]: loss
            for (a, b), loss in zip(message.pieces, answer.losses, strict=True)
        }
        others = [loss for sentence, loss in said.items() if sentence == rest]
        assert said[fact] > 0.5
        assert said[fact] > max(others)
        assert answer.attention, answer.reason
        assert sum(answer.attention) == pytest.approx(1.0, abs=0.05)
        rows = kv.rows(prompt)
        assert rows, "the draft's own cache is as it was"
    finally:
        llama.close()


def test_a_context_that_is_refused_says_so() -> None:
    class Full(ToyBackend):
        def beside(self, *_args: object, **_more: object) -> object:  # type: ignore[override]
            raise BackendError("no memory")

    toy = Full()
    rig, context = Rig(toy), a_context()
    rig.engine.weigh(Weigh("w", context, Params(), ranges(context), " the"), 0.0)
    assert isinstance(rig.sent[-1], Failed)
    assert "no memory" in rig.sent[-1].message
