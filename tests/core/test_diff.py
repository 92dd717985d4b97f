"""One change that makes a text of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import common_prefix, difference

TEXT = st.text("ab\n", max_size=12)


@given(TEXT, TEXT)
def test_the_change_makes_the_new_text(old: str, new: str) -> None:
    start, end, fresh = difference(old, new)
    assert 0 <= start <= end <= len(old)
    assert start <= fresh <= len(new)
    assert old[:start] + new[start:fresh] + old[end:] == new
    assert (start == end == fresh) or old != new
    assert old != new or start == len(old)


@given(TEXT, TEXT, TEXT)
def test_what_is_common_is_left_alone(before: str, middle: str, after: str) -> None:
    start, end, fresh = difference(before + after, before + middle + after)
    assert (end - start, fresh - start) == (0, len(middle))


@given(TEXT, TEXT)
def test_the_prefix_is_the_longest(one: str, other: str) -> None:
    size = common_prefix(one, other)
    assert one[:size] == other[:size]
    assert one[size : size + 1] != other[size : size + 1] or size in (len(one), len(other))
