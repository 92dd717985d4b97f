"""What follows counts: the order of candidates in the middle of a text, on a toy model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_backend import natural_logits
from toy_bench import PROSE, Bench, texts

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, StopAt
from cowrite.engine.generation.following import TOKENS, best_of
from cowrite.engine.generation.stopping import Stopping
from cowrite.engine.protocol import Chunk, Done, Finished, Ordered, RunAhead

AFTER = " over the house she said not a wonder was in the light"
THREE = Params(n=3, max_tokens=12, stop=StopAt.NONE, seed=7)


def ordered(bench: Bench) -> list[Ordered]:
    return [message for message in bench.sent if isinstance(message, Ordered)]


def logprob_of_what_follows(bench: Bench, text: str) -> float:
    """Computed from the toy's logits alone, token by token."""
    toy = bench.toy
    target = toy.tokenize(AFTER)[:TOKENS]
    tokens = [toy.facts.start, *toy.tokenize(PROSE), *toy.tokenize(text.rstrip())]
    total = 0.0
    for token in target:
        row = natural_logits(tuple(tokens)).astype(np.float64)
        total += float(row[token] - np.logaddexp.reduce(row))
        tokens.append(token)
    return total


def test_candidates_are_ordered_by_how_likely_what_follows_is():
    bench = Bench(healing=False)
    done = bench.ask(PROSE, THREE, AFTER)
    (order,) = ordered(bench)
    expected = [logprob_of_what_follows(bench, text) for text in texts(done)]
    assert order.fit.fits == pytest.approx(tuple(expected), abs=1e-3)
    assert list(order.fit.order) == sorted(range(3), key=lambda n: -expected[n])


def test_one_more_is_written_and_the_worst_that_was_not_read_gives_way():
    """Over many seeds the one that is written beside them is at times better than the last."""
    took = 0
    for seed in range(12):
        params = replace(THREE, seed=seed)
        with_after, alone = Bench(), Bench()
        found = texts(with_after.ask(PROSE, params, AFTER))
        plain = texts(alone.ask(PROSE, replace(params, n=4), AFTER))
        took += plain[3] in found
        assert found[0] == plain[0], "what was read while it grew is exchanged"
    assert 0 < took < 12


def test_others_are_told_with_the_order():
    bench = Bench()
    bench.ask(PROSE, THREE, AFTER)
    place = next(i for i, m in enumerate(bench.sent) if isinstance(m, Finished) and m.candidate)
    streamed = {m.candidate for m in bench.sent if isinstance(m, Chunk)}
    assert streamed == {0}
    assert isinstance(bench.sent[-1], Done)
    ended = [m.candidate for m in bench.sent[place:] if isinstance(m, Finished)]
    assert ended == [1, 2]


@pytest.mark.parametrize(("after", "n"), [("", 3), ("\n \n", 3), (AFTER, 1)])
def test_there_is_no_order_where_nothing_follows_or_there_is_nothing_to_order(after: str, n: int):
    bench = Bench()
    bench.ask(PROSE, replace(THREE, n=n), after)
    assert not ordered(bench)


def test_models_that_fill_in_keep_their_own_way():
    bench = Bench()
    bench.toy.facts = replace(bench.toy.facts, fim=(5, 6, 7))
    bench.ask(PROSE, THREE, AFTER)
    assert not ordered(bench)


def test_an_interruption_changes_nothing():
    calm = Bench()
    done = calm.ask(PROSE, THREE, AFTER)
    batches = calm.toy.batches
    for at in (batches - 3, batches - 2, batches - 1):
        bench = Bench()
        bench.toy.stop_after = at
        assert texts(bench.ask(PROSE, THREE, AFTER)) == texts(done)
        assert ordered(bench) == ordered(calm)


def test_a_cancelled_request_has_no_order_and_all_that_was_written():
    bench = Bench()
    bench.suggest(PROSE, THREE, AFTER)
    for _ in range(6):
        bench.engine.step()
    bench.engine.cancel("r")
    done = bench.sent[-1]
    assert isinstance(done, Done)
    assert all(texts(done))
    assert not ordered(bench)


# Written ahead


@pytest.mark.parametrize("budget", [RunAhead.GENTLE, RunAhead.EAGER])
@pytest.mark.parametrize("after", ["", AFTER])
def test_what_was_written_ahead_is_what_would_have_been_answered(budget: RunAhead, after: str):
    bench = Bench(budget=budget)
    bench.engine.warm(Context((), PROSE, after), THREE)
    bench.settle()
    batches = bench.toy.batches
    done = bench.ask(PROSE, THREE, after)
    assert bench.toy.batches == batches, "something was left to evaluate"
    assert texts(done) == texts(Bench(budget=RunAhead.OFF).ask(PROSE, THREE, after))
    first = next(m for m in bench.sent if isinstance(m, Ordered | Chunk))
    assert isinstance(first, Ordered if after else Chunk), "the best is known before the first"


def test_an_answer_half_written_is_gone_on_with():
    bench = Bench()
    bench.engine.warm(Context((), PROSE, AFTER), THREE)
    for _ in range(6):
        bench.engine.step()
    done = bench.ask(PROSE, THREE, AFTER)
    assert texts(done) == texts(Bench().ask(PROSE, THREE, AFTER))


def test_who_writes_on_has_nothing_written_for_the_place_that_was_left():
    bench = Bench()
    bench.engine.warm(Context((), PROSE, ""), THREE)
    for _ in range(6):
        bench.engine.step()
    bench.engine.warm(Context((), PROSE + "he ", ""), THREE)
    bench.settle()
    there = bench.ask(PROSE + "he ", THREE)
    assert texts(there) == texts(Bench().ask(PROSE + "he ", THREE))


def test_another_seed_at_the_same_place_is_another_answer():
    bench = Bench()
    context = Context((), PROSE, "")
    bench.engine.warm(context, THREE)
    bench.settle()
    again = replace(THREE, seed=8)
    bench.engine.warm(context, again)
    bench.settle()
    batches = bench.toy.batches
    done = bench.ask(PROSE, again)
    assert bench.toy.batches == batches
    assert texts(done) == texts(Bench().ask(PROSE, again))


# Parts


@given(
    st.dictionaries(st.integers(0, 5), st.floats(-100, 0, allow_nan=False), max_size=6),
    st.integers(1, 5),
)
def test_the_best_are_shown_and_the_first_stays(fits: dict[int, float], count: int):
    kept = [0] if 0 in fits else []
    places = best_of(fits, count, kept)
    assert set(places) <= set(range(count))
    assert len(places) == min(count, len(fits)) == len(set(places.values()))
    assert not kept or places[0] == 0
    left = set(fits) - set(places.values())
    shown = set(places.values()) - set(kept)
    assert all(fits[one] >= fits[other] for one in shown for other in left)


def test_four_words_of_what_follows_are_not_said_before():
    stopping = Stopping("He ", " Then she went home and the night was over.", StopAt.SENTENCE)
    assert stopping.banned_at("said that the night was over", final=True) is not None
    assert stopping.banned_at("said that the night was cold", final=True) is None
    assert stopping.shown("said that the night was ov") == "said that the night was"
