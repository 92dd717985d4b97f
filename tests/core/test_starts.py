"""Starts against sums made anew after each change."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.starts import Starts

LENGTHS = st.lists(st.integers(1, 9), max_size=8)


@settings(max_examples=300, deadline=None)
@given(LENGTHS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4), LENGTHS), max_size=20))
def test_starts_are_the_sums_of_the_lengths_before(
    first: list[int], changes: list[tuple[int, int, list[int]]]
) -> None:
    starts, model = Starts(first), list(first)
    for place, count, fresh in changes:
        low = place % (len(model) + 1)
        high = min(len(model), low + count)
        starts.replace(low, high, fresh)
        model[low:high] = fresh
        sums = list(accumulate(model, initial=0))
        assert [starts[index] for index in range(len(starts))] == sums
        for offset in range(sums[-1] + 2):
            wanted = max(index for index, start in enumerate(sums) if start <= offset)
            assert starts.find(offset) == wanted
