"""The gate: paired bootstrap by group, and the verdict."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.learning.gate import Difference, Unit, difference, judge, mean_interval

UNITS = st.lists(
    st.builds(
        Unit, st.integers(0, 6), st.floats(0.1, 100), st.floats(0, 100, allow_subnormal=False)
    ),
    min_size=1,
    max_size=40,
)


@given(UNITS)
def test_the_difference_is_that_of_the_sums_and_lies_in_its_interval_or_near(
    units: list[Unit],
) -> None:
    found = difference(units, draws=400)
    total = sum(unit.candidate for unit in units) / sum(unit.base for unit in units) - 1
    assert found.relative == pytest.approx(total)
    assert found.low <= found.high
    assert found.groups == len({unit.group for unit in units})


@given(UNITS, st.floats(0.01, 3))
def test_a_candidate_that_is_better_by_one_share_everywhere_is_so_surely(
    units: list[Unit], share: float
) -> None:
    units = [Unit(unit.group, unit.base, unit.base * share) for unit in units]
    found = difference(units, draws=300)
    assert found.relative == pytest.approx(share - 1)
    if found.groups > 1:
        assert found.low == pytest.approx(share - 1)
        assert found.high == pytest.approx(share - 1)


@given(UNITS)
def test_the_same_units_give_the_same_interval_whatever_their_order_within_a_group(
    units: list[Unit],
) -> None:
    kept = sorted(units, key=lambda unit: str(unit.group))
    other = sorted(units, key=lambda unit: (str(unit.group), unit.base))
    first, second = difference(kept, draws=200), difference(other, draws=200)
    for name in ("relative", "low", "high"):
        assert getattr(first, name) == pytest.approx(getattr(second, name))


@given(UNITS, st.floats(0.001, 1000))
def test_the_unit_of_measure_does_not_matter(units: list[Unit], scale: float) -> None:
    scaled = [Unit(u.group, u.base * scale, u.candidate * scale) for u in units]
    first, second = difference(units, draws=200), difference(scaled, draws=200)
    assert first.relative == pytest.approx(second.relative, abs=1e-9)
    if first.groups > 1:
        assert (first.low, first.high) == pytest.approx((second.low, second.high), abs=1e-9)


def test_places_of_one_group_do_not_count_as_many() -> None:
    """Ten copies of each place in its own group say no more than one."""
    rng = random.Random(2)
    single = [Unit(g, 1.0, rng.uniform(0.5, 1.6)) for g in range(30)]
    copies = [unit for unit in single for _ in range(10)]
    apart = [Unit((u.group, i), u.base, u.candidate) for u in single for i in range(10)]
    wide, same, narrow = difference(single), difference(copies), difference(apart)
    assert same.high - same.low == pytest.approx(wide.high - wide.low)
    assert narrow.high - narrow.low < 0.5 * (wide.high - wide.low)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """95 of 100 intervals, less what few groups cost: coverage of a known difference of 5 %."""
    rng = random.Random(3)
    held = 0
    for seed in range(200):
        units = []
        for group in range(30):
            base = rng.uniform(1, 3)
            units.append(Unit(group, base, base * (1.05 + rng.gauss(0, 0.1))))
        found = difference(units, draws=500, seed=seed)
        held += found.low <= 0.05 <= found.high
    assert 175 <= held <= 200


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_figures_that_are_no_numbers_are_unknown(bad: float) -> None:
    units = [Unit(0, 1.0, 1.0), Unit(1, 1.0, bad)]
    assert not difference(units).known
    assert not difference([]).known
    assert not difference([Unit(0, 0.0, 1.0), Unit(1, 0.0, 1.0)]).known


def test_one_group_has_no_interval() -> None:
    found = difference([Unit("only", 2.0, 1.0), Unit("only", 2.0, 1.0)])
    assert found.relative == -0.5
    assert not found.known
    assert not found.below


BETTER = Difference(-0.05, -0.06, -0.04, 20)
MORE = Difference(0.1, 0.02, 0.2, 20)
SAME = Difference(0.005, -0.01, 0.02, 20)


def test_what_is_surely_better_is_promoted() -> None:
    verdict = judge(BETTER, MORE, SAME)
    assert verdict.promote
    assert "-5.0%" in verdict.reason
    assert "+10.0%" in verdict.reason


@pytest.mark.parametrize(
    ("nats", "keys", "general", "said"),
    [
        (Difference(-0.05, -0.1, 0.001, 20), MORE, SAME, "nats"),
        (BETTER, Difference(0.1, -0.001, 0.2, 20), SAME, "keys saved"),
        (BETTER, Difference(-0.1, -0.2, -0.01, 20), SAME, "keys saved"),
        (Difference(0.05, 0.04, 0.06, 20), MORE, SAME, "nats"),
        (BETTER, MORE, Difference(0.021, 0.0, 0.04, 20), "general prose is 2.1% worse"),
        (difference([]), MORE, SAME, "nats a character could not be told"),
        (BETTER, difference([Unit(0, 1, 2)]), SAME, "so few pieces of text (1)"),
        (BETTER, MORE, Difference(math.nan, math.nan, math.nan, 3), "general prose could not"),
    ],
)
def test_what_is_not_surely_better_is_not(
    nats: Difference, keys: Difference, general: Difference, said: str
) -> None:
    verdict = judge(nats, keys, general)
    assert not verdict.promote
    assert said in verdict.reason


def test_the_interval_of_a_mean() -> None:
    low, high = mean_interval([(g, float(g % 2)) for g in range(400)])
    assert 0.4 < low < 0.5 < high < 0.6
    assert math.isnan(mean_interval([])[0])
    assert mean_interval([(0, 2.0), (0, 4.0)]) == (3.0, 3.0)
