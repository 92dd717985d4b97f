"""Choosing tokens: the fast way must agree with the plain one."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.suggestion import Sampling
from cowrite.engine.generation.sampling import (
    Scratch,
    candidate_rng,
    choose,
    log_sum,
    shortlist,
    weigh,
)

ROWS = st.lists(st.floats(-60, 60, width=32), min_size=1, max_size=300).map(
    lambda values: np.array(values, dtype=np.float32)
)


@settings(deadline=None)
@given(ROWS, st.integers(1, 60))
def test_the_shortlist_is_the_head_of_the_sorted_row(row, count: int):
    found = shortlist(row, count, Scratch(len(row)))
    expected = np.sort(row)[::-1][:count]
    assert len(found.ids) == min(count, len(row))
    assert np.array_equal(row[found.ids], expected)
    assert len(set(found.ids.tolist())) == len(found.ids)


@settings(deadline=None)
@given(ROWS)
def test_log_probabilities_sum_to_one(row):
    found = shortlist(row, len(row), Scratch(len(row)))
    assert math.isclose(float(np.exp(found.logprobs).sum()), 1.0, rel_tol=1e-4)
    exact = float(np.logaddexp.reduce(row.astype(np.float64)))
    assert math.isclose(log_sum(row, Scratch(len(row))), exact, rel_tol=1e-4, abs_tol=1e-3)


IDS = np.arange(6)
LOGPROBS = np.log(np.array([0.4, 0.3, 0.15, 0.1, 0.04, 0.01]))


def test_top_k_min_p_and_top_p_cut_the_tail():
    def kept(**knobs: float) -> list[int]:
        plain = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)
        sampling = plain.__class__(**{**{s: getattr(plain, s) for s in plain.__slots__}, **knobs})
        weights = weigh(IDS, LOGPROBS, sampling, {})
        assert weights is not None
        assert math.isclose(weights.sum(), 1.0)
        return np.flatnonzero(weights).tolist()

    assert kept() == [0, 1, 2, 3, 4, 5]
    assert kept(top_k=2) == [0, 1]
    assert kept(min_p=0.3) == [0, 1, 2]
    assert kept(top_p=0.7) == [0, 1]
    assert kept(top_p=0.71) == [0, 1, 2]


def test_penalties_come_before_the_cuts():
    sampling = Sampling(temperature=1.0, top_k=1, min_p=0.0)
    weights = weigh(IDS, LOGPROBS, sampling, {0: math.inf, 1: 5.0})
    assert weights is not None
    assert np.flatnonzero(weights).tolist() == [2]


def test_nothing_is_chosen_where_all_is_forbidden():
    forbidden = dict.fromkeys(IDS.tolist(), math.inf)
    assert choose(IDS, LOGPROBS, Sampling(), forbidden, random.Random(1)) is None


def test_temperature_zero_takes_the_likeliest():
    greedy = Sampling(temperature=0.0)
    assert choose(IDS, LOGPROBS, greedy, {}, random.Random(1)) == 0
    assert choose(IDS, LOGPROBS, greedy, {0: math.inf}, random.Random(1)) == 1


def test_choices_follow_the_probabilities():
    sampling = Sampling(temperature=1.0, top_k=0, min_p=0.0)
    rng = random.Random(5)
    counts = Counter(choose(IDS, LOGPROBS, sampling, {}, rng) for _ in range(4000))
    for index, logprob in enumerate(LOGPROBS):
        assert abs(counts[index] / 4000 - math.exp(logprob)) < 0.03


def test_a_candidates_random_numbers_are_its_own():
    numbers = [
        candidate_rng(seed, n, t).random() for seed in (1, 2) for n in (0, 1) for t in (0, 1)
    ]
    assert len(set(numbers)) == 8
    assert candidate_rng(1, 0).random() == numbers[0]
