"""Time with its long pauses shortened."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.logbook.replay.playtime import PlayTime, clock

GAPS = st.lists(st.integers(0, 9000), max_size=12)


def times(gaps: list[int]) -> list[int]:
    out = [100]
    for gap in gaps:
        out.append(out[-1] + gap)
    return out


def test_a_long_pause_is_cut_in_its_middle() -> None:
    playing = PlayTime([0, 500, 60_500], idle_ms=2000)
    assert playing.length == 2500
    assert [playing.played(ms) for ms in (0, 250, 500, 1500, 30_000, 59_500, 60_500)] == [
        0, 250, 500, 1500, 1500, 1500, 2500,
    ]  # fmt: skip
    assert [playing.time(ms) for ms in (0, 500, 1400, 1501, 2500, 9999)] == [
        0, 500, 1400, 59_501, 60_500, 60_500,
    ]  # fmt: skip


@given(GAPS)
def test_events_are_never_further_apart_than_the_longest_pause(gaps: list[int]) -> None:
    at = times(gaps)
    playing = PlayTime(at, idle_ms=2000)
    shown = [playing.played(ms) for ms in at]
    assert [later - before for before, later in pairwise(shown)] == [min(gap, 2000) for gap in gaps]
    assert [playing.time(one) for one in shown] == at


@given(GAPS, st.floats(0, 1))
def test_played_time_leads_back_to_itself_and_never_backwards(
    gaps: list[int], share: float
) -> None:
    playing = PlayTime(times(gaps))
    first = playing.played(100)
    place = first + share * playing.length
    assert playing.played(playing.time(place)) == pytest.approx(place)
    assert playing.time(place) <= playing.time(place + 1)


def test_without_a_limit_time_is_as_it_was() -> None:
    playing = PlayTime([10, 90_000], idle_ms=None)
    assert playing.played(5000) == playing.time(5000) == 5000
    assert (playing.time(0), playing.time(99_999)) == (10, 90_000)


@pytest.mark.parametrize(
    ("ms", "said"),
    [(0, "0:00"), (999, "0:00"), (61_000, "1:01"), (3_723_000, "1:02:03"), (-5, "0:00")],
)
def test_clock(ms: int, said: str) -> None:
    assert clock(ms) == said
