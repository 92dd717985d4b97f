"""The engine on a toy model that notices every slip in the cache's bookkeeping."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_bench import PROSE, Bench, texts

from cowrite.core.context import Context
from cowrite.core.seeds import ASKED_AGAIN, place_seed
from cowrite.core.suggestion import Candidate, Params, Sampling, StopAt, StopReason
from cowrite.engine.generation.stopping import first_word
from cowrite.engine.protocol import (
    Chunk,
    Done,
    Failed,
    Finished,
    RunAhead,
    Started,
)

THREE = Params(n=3, max_tokens=12, stop=StopAt.NONE, seed=7)


def test_candidates_differ_and_come_again_with_the_same_seed():
    first = texts(Bench().ask(PROSE, THREE))
    assert len(set(first)) == 3
    assert len({first_word(text) for text in first}) == 3
    assert texts(Bench().ask(PROSE, THREE)) == first
    other = Params(n=3, max_tokens=12, stop=StopAt.NONE, seed=8)
    assert texts(Bench().ask(PROSE, other)) != first


def test_a_second_request_needs_no_evaluation_of_the_prompt():
    bench = Bench()
    bench.ask(PROSE, THREE)
    before = bench.engine.kv.evaluated
    done = bench.ask(PROSE, THREE)
    assert bench.engine.kv.evaluated == before
    assert done.cached_tokens == done.prompt_tokens


def test_only_what_an_edit_changed_is_evaluated():
    bench = Bench()
    long = "The boat was under the house. " * 20
    bench.ask(long + "She said", THREE)
    size = bench.engine.kv.evaluated
    bench.ask(long + "He had", THREE)
    assert bench.engine.kv.evaluated - size < 20


def test_warming_leaves_nothing_to_evaluate_but_the_candidates():
    bench = Bench()
    bench.engine.warm(Context((), PROSE, ""))
    bench.settle()
    evaluated = bench.engine.kv.evaluated
    done = bench.ask(PROSE, THREE)
    assert bench.engine.kv.evaluated == evaluated
    assert done.cached_tokens == done.prompt_tokens
    assert texts(done) == texts(Bench().ask(PROSE, THREE))


def test_off_means_no_compute():
    bench = Bench(budget=RunAhead.OFF)
    bench.engine.warm(Context((), PROSE, ""))
    assert bench.engine.idle
    bench.ask(PROSE, THREE)
    assert bench.engine.idle
    assert bench.toy.batches > 0


def test_what_follows_an_accepted_ghost_is_ready():
    bench = Bench()
    params = Params(n=2, max_tokens=8, stop=StopAt.NONE)
    ghost = bench.ask(PROSE, params).candidates[0].text
    bench.settle()
    batches = bench.toy.batches
    done = bench.ask(PROSE + ghost, params)
    assert bench.toy.batches == batches
    assert done.candidates[0].text
    streamed = "".join(m.text for m in bench.sent if isinstance(m, Chunk) and m.candidate == 0)
    assert streamed == done.candidates[0].text


def test_what_was_prepared_has_the_seed_that_will_be_asked_with():
    bench = Bench()
    context = Context((), PROSE, "")
    params = Params(n=2, max_tokens=8, stop=StopAt.NONE, seed=place_seed(context))
    ghost = bench.ask(PROSE, params).candidates[0].text
    bench.settle()
    batches = bench.toy.batches
    there = Context((), PROSE + ghost, "")
    done = bench.ask(PROSE + ghost, replace(params, seed=place_seed(there)))
    assert bench.toy.batches == batches
    assert texts(done) == texts(Bench().ask(PROSE + ghost, replace(params, seed=done.seed)))


def test_a_request_that_was_begun_ahead_is_gone_on_with():
    bench = Bench()
    params = Params(n=2, max_tokens=20, stop=StopAt.NONE)
    ghost = bench.ask(PROSE, params).candidates[0].text
    for _ in range(4):
        bench.engine.step()
    done = bench.ask(PROSE + ghost, params)
    assert all(len(candidate.tokens) == 20 for candidate in done.candidates)


def test_an_accepted_word_is_evaluated_already():
    bench = Bench(budget=RunAhead.OFF)
    ghost = bench.ask(PROSE, THREE).candidates[1].text
    evaluated = bench.engine.kv.evaluated
    word = ghost[: ghost.index(" ", 1)]
    bench.ask(PROSE + word, THREE)
    assert bench.engine.kv.evaluated - evaluated <= 6


def test_a_newer_request_ends_the_older_one():
    bench = Bench()
    bench.suggest(PROSE, THREE, name="old")
    for _ in range(5):
        bench.engine.step()
    bench.suggest(PROSE + "She", THREE, name="new")
    bench.run()
    dones = [m for m in bench.sent if isinstance(m, Done)]
    assert [m.request_id for m in dones] == ["old", "new"]
    assert all(c.stop in (StopReason.CANCELLED, None) for c in dones[0].candidates)
    assert texts(dones[1]) == texts(Bench().ask(PROSE + "She", THREE))


def test_cancelling_ends_a_request_with_what_was_written():
    bench = Bench()
    bench.suggest(PROSE, THREE)
    while not any(isinstance(m, Chunk) for m in bench.sent):
        bench.engine.step()
    bench.engine.cancel("r")
    done = bench.sent[-1]
    assert isinstance(done, Done)
    assert not bench.engine.writing
    assert {c.stop for c in done.candidates} == {StopReason.CANCELLED}
    assert any(c.text for c in done.candidates)


def test_the_first_candidate_begins_with_what_is_likeliest_until_asked_again():
    bench = Bench()
    params = Params(n=3, max_tokens=4, stop=StopAt.NONE, logprobs=1)
    first = bench.ask(PROSE, params)
    assert first.seed < ASKED_AGAIN
    opening = first.candidates[0].tokens[0]
    assert opening.text == opening.alternatives[0][0]
    again = [bench.ask(PROSE, params) for _ in range(6)]
    assert all(done.seed >= ASKED_AGAIN for done in again)
    assert len({done.candidates[0].tokens[0].text for done in again}) > 1
    same = replace(params, seed=again[0].seed)
    assert texts(bench.ask(PROSE, same)) == texts(again[0])


def test_a_deadline_ends_what_is_not_complete():
    done = Bench().ask(PROSE, Params(n=2, max_tokens=400, stop=StopAt.NONE, seed=1, deadline_ms=1))
    assert {c.stop for c in done.candidates} == {StopReason.DEADLINE}


def test_a_text_longer_than_the_context_is_cut_at_its_beginning():
    bench = Bench(context=512)
    done = bench.ask("The boat was under the house. " * 200, THREE)
    assert done.prompt_tokens < 512
    assert all(texts(done))


def test_the_cut_moves_in_big_steps():
    bench = Bench(context=512)
    long = "The boat was under the house. " * 200
    bench.ask(long, THREE)
    evaluated = bench.engine.kv.evaluated
    bench.ask(long + "She said", THREE)
    assert bench.engine.kv.evaluated - evaluated < 20


@pytest.mark.parametrize("n", [1, 4, 7, 20])
def test_any_number_of_candidates(n: int):
    done = Bench().ask(PROSE, Params(n=n, max_tokens=6, stop=StopAt.NONE, seed=3))
    assert len(done.candidates) == n
    assert sum(1 for c in done.candidates if c.text) >= min(n, 7)


def test_an_empty_draft_gets_a_beginning_without_a_space():
    for done in (Bench().ask("", THREE), Bench().ask("The river.\n", THREE)):
        assert all(text and not text[0].isspace() for text in texts(done))


def test_a_banned_phrase_never_comes():
    plain = Params(n=4, max_tokens=30, stop=StopAt.NONE, seed=5)
    words = " ".join(texts(Bench().ask(PROSE, plain))).split()
    common = tuple({word for word in words if len(word) > 3})[:5]
    sampling = Sampling(banned=(*common, "the river"))
    done = Bench().ask(
        PROSE, Params(n=4, max_tokens=30, stop=StopAt.NONE, seed=5, sampling=sampling)
    )
    for text in texts(done):
        assert text
        for phrase in sampling.banned:
            assert phrase not in text.split(), (phrase, text)


def test_logprobs_are_given_for_every_token():
    done = Bench().ask(PROSE, Params(n=2, max_tokens=9, stop=StopAt.NONE, seed=5, logprobs=4))
    for candidate in done.candidates:
        assert "".join(token.text for token in candidate.tokens) == candidate.text
        for token in candidate.tokens:
            assert token.logprob <= 0
            assert len(token.alternatives) == 4


def test_running_into_the_following_text_ends_a_candidate():
    whole = texts(Bench().ask(PROSE, Params(n=1, max_tokens=30, stop=StopAt.NONE, seed=5)))[0]
    middle = whole.index(" ", 40)
    done = Bench().ask(
        PROSE, Params(n=1, max_tokens=30, stop=StopAt.NONE, seed=5), after=whole[middle:]
    )
    assert done.candidates[0].stop is StopReason.SUFFIX
    assert done.candidates[0].text == whole[:middle]


ACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("type"),
            st.sampled_from([" the", " river", ".", "w", "on", " ", "\n", " He said"]),
        ),
        st.tuples(st.just("delete"), st.integers(1, 30)),
        st.tuples(st.just("warm"), st.integers(0, 3)),
        st.tuples(st.just("ask"), st.integers(1, 5)),
        st.tuples(st.just("begin"), st.integers(0, 6)),
        st.tuples(st.just("accept"), st.integers(0, 2)),
        st.tuples(st.just("idle"), st.integers(0, 12)),
        st.tuples(st.just("interrupt"), st.integers(0, 4)),
        st.tuples(st.just("cancel"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(ACTS, st.sampled_from(list(RunAhead)))
def test_whatever_happened_before_the_answer_is_that_of_a_fresh_engine(
    acts: list[tuple[str, object]], budget: RunAhead
):
    bench = Bench(budget=budget)
    text = PROSE
    last: tuple[Candidate, ...] = ()
    for act, value in acts:
        match act, value:
            case "type", str():
                text += value
            case "delete", int():
                text = text[:-value]
            case "warm", int():
                bench.engine.warm(Context((), text, ""))
                _steps(bench, range(value))
            case "ask", int():
                last = bench.ask(text, Params(n=value, max_tokens=7, seed=value)).candidates
            case "begin", int():
                bench.suggest(text, Params(n=3, max_tokens=7, stop=StopAt.NONE))
                _steps(bench, range(value))
            case "accept", int():
                text += last[value % len(last)].text if last else ""
            case "idle", int():
                _steps(bench, range(value))
            case "interrupt", int():
                bench.toy.stop_after = value
            case _:
                bench.engine.cancel(None)
    bench.toy.resume()
    params = Params(n=3, max_tokens=8, stop=StopAt.NONE, seed=11)
    assert texts(bench.ask(text, params)) == texts(Bench().ask(text, params))


def _steps(bench: Bench, steps: Iterable[int]) -> None:
    for _ in steps:
        bench.engine.step()
        if bench.toy.stopped:
            bench.toy.resume()


def test_what_is_streamed_is_what_stays():
    bench = Bench()
    for seed in range(8):
        done = bench.ask(PROSE, Params(n=3, max_tokens=20, seed=seed))
        started = [m for m in bench.sent if isinstance(m, Started)]
        assert len(started) == 1
        assert not [m for m in bench.sent if isinstance(m, Failed)]
        streamed = "".join(m.text for m in bench.sent if isinstance(m, Chunk) and m.candidate == 0)
        assert streamed == done.candidates[0].text


def test_the_ghost_that_is_read_stays_and_its_twins_give_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cowrite.engine.generation.batch.alike", lambda _one, _other: True)

    def at_a_mark(text: str, start: int = 0, *, final: bool = False) -> int | None:
        found = re.compile(r"[.?!]").search(text, start)
        return None if found is None or found.end() == len(text) else found.end()

    monkeypatch.setattr("cowrite.core.segmentation.sentence_end", at_a_mark)
    again = 0
    for seed in range(8):
        bench = Bench()
        done = bench.ask(PROSE, Params(n=3, max_tokens=30, seed=seed, stop=StopAt.SENTENCE))
        streamed = "".join(m.text for m in bench.sent if isinstance(m, Chunk) and m.candidate == 0)
        assert streamed == done.candidates[0].text
        ended = [m.candidate for m in bench.sent if isinstance(m, Finished)]
        assert ended.count(0) == 1
        assert all(texts(done))
        again += len(ended) - 3
    assert again > 0
