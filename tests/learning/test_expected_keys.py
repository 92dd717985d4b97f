"""Expected keys against drawn ones: the estimate is checked by what it estimates."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from functools import cache
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_backend import ToyBackend, natural_logits

from cowrite.core.context import context_at
from cowrite.core.document import Document
from cowrite.core.suggestion import Params
from cowrite.engine.backend import Backend
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import Done, RunAhead, Suggest
from cowrite.learning.evaluation.expected import Step, expected_keys
from cowrite.learning.evaluation.forced import ForcedReader
from cowrite.learning.evaluation.measuring import Figures, Measure
from cowrite.learning.evaluation.places import (
    KINDS,
    TOKENS,
    drawn_places,
    place_at,
    saved,
    word_ends,
)

SURE = Step((1.0, 1.0), (1.0, 1.0))
MARK = Step((1.0, 1.0), (0.0, 0.0))
"""A model that is sure of a mark."""


def ends(*pieces: str) -> list[int]:
    out, at = [], 0
    for piece in pieces:
        at += len(piece)
        out.append(at)
    return out


def test_a_model_that_is_sure_saves_what_the_writer_would() -> None:
    pieces = (" the", " river", " was", " wide", ",", " and", " cold", " that", " year")
    coming = "".join(pieces)
    steps = [SURE, SURE, SURE, MARK, SURE, SURE, SURE, SURE]
    keys = expected_keys(coming, ends(*pieces), steps, (1.0, 0.0, 0.0))
    assert keys == saved([coming], coming)
    second = expected_keys(coming, ends(*pieces), steps, (0.0, 1.0, 0.0))
    assert second == keys - 1
    assert expected_keys(coming, ends(*pieces), steps, (0.0, 0.0, 0.0)) == 0


def test_a_whole_sentence_takes_one_key() -> None:
    pieces = (" the", " river", " was", " wide", ".", " Then")
    coming = "".join(pieces)
    steps = [SURE, SURE, SURE, MARK, SURE]
    keys = expected_keys(coming, ends(*pieces), steps, (1.0, 0.0, 0.0))
    assert keys == len(" the river was wide.") - 1


def test_a_word_that_goes_on_in_the_candidate_is_wrong() -> None:
    pieces = (" won", " the", " day")
    unsure = Step((0.0, 0.0), (0.25, 0.25))
    keys = expected_keys("".join(pieces), ends(*pieces), [unsure, SURE], (1.0, 0.0, 0.0))
    assert keys == pytest.approx(0.25 * 3)


@given(st.lists(st.floats(0, 1), min_size=11, max_size=11), st.floats(0, 1))
def test_more_likely_tokens_never_save_less(chances: list[float], start: float) -> None:
    pieces = [" boat", " light", ",", " over", " the", " old", " house", " and", " river", " was"]
    pieces += [" wide", " and"]
    coming = "".join(pieces)
    steps = [Step((c, c), (1.0, 1.0)) for c in chances]
    better = [Step((min(1.0, c + 0.1),) * 2, (1.0, 1.0)) for c in chances]
    low = expected_keys(coming, ends(*pieces), steps, (start, 0.0, 0.0))
    high = expected_keys(coming, ends(*pieces), better, (start, 0.0, 0.0))
    assert 0 <= low <= high + 1e-9
    assert high <= len(coming)


def drawn(backend: Backend, text: str, offsets: list[int], seeds: int, budget: int) -> list[float]:
    """Mean keys saved at each place, over so many seeds, by candidates that the engine writes."""
    index = PieceIndex.build(backend)
    sent: list[object] = []
    engine = Engine(backend, lambda: index, sent.append, run_ahead=RunAhead.OFF)
    params = Params(n=3, max_tokens=TOKENS)
    out = []
    for offset in offsets:
        context = context_at(Document(text[:offset]), offset, budget=budget)
        found = []
        for seed in range(seeds):
            engine.ask(Suggest("p", context, replace(params, seed=seed)), time.perf_counter())
            while engine.writing:
                engine.step()
            done = sent[-1]
            assert isinstance(done, Done)
            texts = [candidate.text for candidate in done.candidates]
            found.append(saved(texts, text[offset : offset + 400]))
        out.append(mean(found))
    return out


REMEMBERED = cache(natural_logits)


def quick() -> ToyBackend:
    """A toy that need not think twice."""
    return ToyBackend(2048, logits=REMEMBERED)


def toy_text(size: int) -> str:
    """What the toy itself would write, so that there is something to save."""
    toy = quick()
    tokens, rng = toy.tokenize("He rowed over the river in the morning."), random.Random(3)
    while len(tokens) < size:
        row = toy.logits((0, *tokens)).astype(float)
        best = sorted(range(2, len(row)), key=lambda token: -row[token])[:3]
        tokens.append(rng.choices(best, weights=(6, 2, 1))[0])
    return b"".join(map(toy.piece, tokens)).decode("utf-8", "ignore")


def test_the_estimate_is_what_the_engine_draws_on_average() -> None:
    text = toy_text(90)
    measure = Measure(
        ForcedReader(toy := quick()), lambda: PieceIndex.build(toy), Params().sampling
    )
    read = measure.read(text, every=3, seed=1)
    read.spots[:] = [spot for spot in read.spots if spot.kind == KINDS[0]]
    figures = Figures()
    measure.window(read, lambda _at: "", (0, 0, len(read.tokens)), figures)
    offsets = [spot.offset for spot in read.spots if spot.start + TOKENS <= len(read.tokens)]
    estimated = [keys for _, keys in figures.spots]
    assert len(estimated) == len(offsets) > 4
    counted = drawn(quick(), text, offsets, 16, 4000)
    assert sum(counted) > 2
    assert sum(estimated) == pytest.approx(sum(counted), rel=0.25)
    near = sum(abs(a - b) for a, b in zip(estimated, counted, strict=True))
    assert near < 0.5 * sum(counted)


def test_places_are_of_three_kinds_and_follow_from_the_seed() -> None:
    text = "The wonderful river was under the morning light over there. " * 60
    found = drawn_places([text, text], 60, 5)
    assert len(found) == 60
    again = drawn_places([text, text], 60, 5)
    assert [(p.offset, p.kind, p.run) for p in found] == [(p.offset, p.kind, p.run) for p in again]
    assert {place.kind for place in found} == set(KINDS)
    for place in found:
        before, after = text[: place.offset][-1], place.coming[0]
        assert (before.isalnum(), after.isalnum()) == {
            KINDS[0]: (True, False),
            KINDS[1]: (False, True),
            KINDS[2]: (True, True),
        }[place.kind]
    assert drawn_places(["too short"], 10, 1) == []
    rng = random.Random(1)
    assert [place_at(text, word_ends(text)[0], n, rng)[1] for n in range(3)] == list(KINDS)
