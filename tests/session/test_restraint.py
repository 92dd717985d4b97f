"""Suggestions that nobody asked for: how they hold back when they are refused, and where they never come."""

from __future__ import annotations

import pytest
from timed_desk import TimedDesk, candidate

from cowrite.core.events import Requested
from cowrite.core.outcome import Closing
from cowrite.session.options import RequestOptions


def pause(desk: TimedDesk) -> float:
    """How long it takes until auto asks, 100 s where it does not."""
    before, since = len(desk.of(Requested)), desk.now
    desk.session.type("z")
    while len(desk.of(Requested)) == before and desk.now - since < 99.9:
        desk.wait(0.1)
    found = desk.now - since
    if desk.session.suggestion is not None:
        desk.session.suggestions.leave(Closing.MOVED)
    return round(found, 1)


def test_five_refusals_in_a_row_double_the_pause_and_one_taken_brings_it_back() -> None:
    desk = TimedDesk()
    assert pause(desk) == pytest.approx(1.0, abs=0.15)
    for _ in range(4):
        desk.refused()
    assert pause(desk) == pytest.approx(1.0, abs=0.15)
    desk.refused()
    assert pause(desk) == pytest.approx(2.0, abs=0.15)
    desk.session.requests.ask()
    desk.answer(candidate(" calm."))
    desk.session.accepting.accept()
    assert pause(desk) == pytest.approx(1.0, abs=0.15)


def test_ten_refusals_give_it_a_rest_that_is_told_and_ends() -> None:
    desk = TimedDesk()
    for _ in range(9):
        desk.refused()
    assert not desk.session.pauses.resting
    desk.refused()
    assert desk.session.pauses.resting
    since = desk.now
    told: list[float] = []
    desk.session.listener.status = lambda: told.append(desk.now)  # type: ignore[method-assign]
    asked = len(desk.of(Requested))
    desk.wait(29)
    assert desk.session.pauses.resting
    assert len(desk.of(Requested)) == asked
    assert pause(desk) + since < 200
    assert desk.now - since == pytest.approx(30, abs=1.5)
    assert any(at - since == pytest.approx(30, abs=0.2) for at in told), (
        "the status line hears of it"
    )
    assert not desk.session.pauses.resting
    # Still wary: five more give it the next rest.
    for _ in range(5):
        desk.refused()
    assert desk.session.pauses.resting


def test_an_explicit_ask_is_answered_in_a_rest_too() -> None:
    desk = TimedDesk()
    for _ in range(10):
        desk.refused()
    desk.session.requests.ask()
    desk.answer(candidate(" calm.", -9.0))
    assert desk.session.ghost == " calm."


def test_hiding_is_no_refusal_and_neither_is_what_nobody_read() -> None:
    desk = TimedDesk()
    for _ in range(12):
        desk.session.type("x")
        desk.wait(1.2)
        desk.answer(candidate(" calm."))
        desk.wait(1.0)
        desk.session.select(0, 0)
        end = len(desk.session.document)
        desk.session.select(end, end)
    assert set(desk.closings) == {Closing.MOVED}
    for _ in range(12):
        desk.refused(seen=0.3)
    assert pause(desk) == pytest.approx(1.0, abs=0.15)
    assert not desk.session.pauses.resting


def test_who_refuses_what_was_asked_for_is_not_left_alone() -> None:
    desk = TimedDesk()
    for _ in range(12):
        desk.session.requests.ask()
        desk.answer(candidate(" calm."))
        desk.wait(1)
        desk.session.suggestions.reject()
    assert not desk.session.pauses.resting
    assert pause(desk) == pytest.approx(1.0, abs=0.15)


def test_without_timing_the_pause_stays_as_it_was_set() -> None:
    desk = TimedDesk(
        options=RequestOptions(auto=True, auto_pause=1.0, auto_threshold=-2.0, timing=False)
    )
    for _ in range(10):
        desk.refused()
    assert not desk.session.pauses.resting
    assert pause(desk) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("line", ["# The sea", "### ", "   ## A"])
def test_nothing_is_said_in_a_heading(line: str) -> None:
    desk = TimedDesk(f"Text.\n\n{line}")
    assert pause(desk) > 90
    desk.session.type("\n\nThe ")
    assert pause(desk) == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("line", ["#hashtag ", "No # heading", "####### seven"])
def test_what_only_looks_like_a_heading_is_none(line: str) -> None:
    assert pause(TimedDesk(line)) == pytest.approx(1.0, abs=0.15)


def test_nothing_is_said_behind_a_deletion_or_an_undo_until_something_is_typed() -> None:
    desk = TimedDesk("The sea was cold")
    for act in (
        lambda: desk.session.delete(11, 16),
        desk.session.undo,
        desk.session.redo,
        desk.session.cut,
    ):
        desk.session.select(0, 3)
        asked = len(desk.of(Requested))
        act()
        place = desk.session.cursor
        desk.session.select(place, place)
        desk.wait(30)
        assert len(desk.of(Requested)) == asked, act
    assert pause(desk) == pytest.approx(1.0, abs=0.15)
