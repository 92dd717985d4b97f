"""A ghost that is not shown has a reason, which is journaled and said."""

from __future__ import annotations

import pytest
from timed_desk import TimedDesk, candidate

from cowrite.core.events import Quieted, Requested, Shown
from cowrite.core.quiet import Quiet
from cowrite.core.suggestion import Candidate, StopReason
from cowrite.session.options import RequestOptions


def reasons(desk: TimedDesk) -> list[Quiet]:
    return [event.reason for event in desk.of(Quieted)]


def asked(text: str = "The sea was", typed: str = " so") -> TimedDesk:
    """Auto has asked behind what was typed."""
    desk = TimedDesk(text)
    desk.session.type(typed)
    desk.wait(1.3)
    assert len(desk.of(Requested)) == 1
    return desk


@pytest.mark.parametrize(
    ("text", "logprob", "reason"),
    [
        (" calm that night.", -5.0, Quiet.UNLIKELY),
        (" the sea was so calm", -5.0, Quiet.UNLIKELY),
        (" so calm.", -1.0, Quiet.REPEATS),
        (".", -1.0, Quiet.SHORT),
        ("", -1.0, Quiet.EMPTY),
    ],
)
def test_what_is_held_back_says_why(text: str, logprob: float, reason: Quiet) -> None:
    desk = asked()
    desk.answer(candidate(text, logprob))
    assert desk.session.ghost == ""
    assert not desk.of(Shown)
    (event,) = desk.of(Quieted)
    (request,) = desk.of(Requested)
    assert (event.reason, event.suggestion_id) == (reason, request.suggestion_id)
    assert event.position == len(desk.session.document)
    assert desk.session.suggestions.quiet_words == reason.words
    desk.session.type("x")
    assert desk.session.suggestions.quiet_words == ""


def test_the_first_that_nothing_speaks_against_is_shown() -> None:
    desk = asked()
    desk.answer(candidate(" so so.", -1.0), candidate(" odd.", -9.0), candidate(" calm.", -1.0))
    assert desk.session.ghost == " calm."
    assert reasons(desk) == []


def test_who_asks_sees_what_was_held_back_at_once() -> None:
    desk = asked()
    desk.answer(candidate(" calm that night.", -5.0), candidate(" cold.", -6.0))
    desk.session.requests.ask()
    assert desk.session.ghost == " calm that night."
    assert len(desk.of(Requested)) == 1
    assert desk.session.suggestions.quiet is None
    desk.session.requests.ask()
    assert len(desk.of(Requested)) == 2, "and another ask is one for others"


def test_what_would_only_repeat_is_asked_for_anew() -> None:
    desk = asked()
    desk.answer(candidate(" so so."))
    desk.session.requests.ask()
    assert len(desk.of(Requested)) == 2


def test_what_the_writer_took_away_is_not_offered_again() -> None:
    desk = TimedDesk("He walked slowly")
    desk.session.delete(9, 16)
    desk.wait(3)
    assert reasons(desk) == [Quiet.DELETION]
    desk.session.type(" ")
    desk.wait(1.3)
    desk.answer(candidate("slowly home."))
    assert reasons(desk) == [Quiet.DELETION, Quiet.REVERSAL]
    assert desk.session.ghost == ""


@pytest.mark.parametrize(
    ("text", "typed", "reason"),
    [
        ("Text.\n\n# The", " s", Quiet.HEADING),
        ("Text.", "\n", Quiet.BEGINNING),
    ],
)
def test_places_where_nothing_is_asked(text: str, typed: str, reason: Quiet) -> None:
    desk = TimedDesk(text)
    desk.session.type(typed)
    desk.wait(5)
    assert desk.of(Requested) == []
    (event,) = desk.of(Quieted)
    assert (event.reason, event.suggestion_id) == (reason, None)
    assert desk.session.suggestions.quiet_words == reason.words
    desk.session.requests.ask()
    assert len(desk.of(Requested)) == 1, "who asks is answered anywhere"


def test_undo_is_quiet() -> None:
    desk = TimedDesk()
    desk.session.type(" so")
    desk.session.undo()
    desk.wait(5)
    assert reasons(desk) == [Quiet.UNDO]


def test_a_rest_is_journaled_once_a_place_and_what_waits_is_asked_behind_it() -> None:
    desk = TimedDesk()
    for _ in range(10):
        desk.refused()
    desk.wait(20)
    assert reasons(desk) == [Quiet.RESTS]
    assert desk.session.suggestions.quiet_words == "", "the status line says that it rests"
    before = len(desk.of(Requested))
    desk.wait(15)
    assert len(desk.of(Requested)) == before + 1


def test_an_answer_to_an_ask_with_nothing_in_it_says_so_too() -> None:
    desk = TimedDesk(options=RequestOptions())
    desk.session.requests.ask()
    desk.answer(Candidate("", (), StopReason.SUFFIX))
    assert reasons(desk) == [Quiet.REPEATS]
    desk.session.requests.ask()
    desk.answer(Candidate("", (), StopReason.END))
    assert reasons(desk) == [Quiet.REPEATS, Quiet.EMPTY]
    assert desk.session.suggestions.quiet_words == "nothing to say"
    desk.session.requests.ask()
    desk.answer(candidate(".", -9.0))
    assert desk.session.ghost == "."
