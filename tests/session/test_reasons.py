"""Saying why: of what, and what becomes of it in the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from timed_desk import TimedDesk, candidate

from cowrite.core.edits import Part
from cowrite.core.events import Reasoned
from cowrite.core.outcome import Closing, Outcome, Why
from cowrite.feedback.training import WEAK, kto_rows, sft_rows
from cowrite.session.options import RequestOptions
from cowrite.session.reasons import About, Reasons, Subject


class Watched(TimedDesk):
    """A session of which is known what was refused."""

    def __init__(self) -> None:
        super().__init__(options=RequestOptions())
        session = self.session
        self.reasons = Reasons(session.buffer, session.log, session.suggestions)


def shown(text: str = " calm that night.") -> Watched:
    desk = Watched()
    desk.session.requests.ask()
    desk.answer(candidate(text), candidate(" cold."))
    desk.wait(1)
    return desk


def subject(desk: Watched) -> Subject:
    found = desk.reasons.subject()
    assert found is not None
    return found


def say(desk: Watched, reason: Why) -> None:
    desk.reasons.say(subject(desk), reason)


def test_where_nothing_was_suggested_there_is_nothing_to_say() -> None:
    assert Watched().reasons.subject() is None


def test_after_a_refusal() -> None:
    desk = shown()
    desk.session.suggestions.cycle(1)
    desk.session.suggestions.reject()
    assert desk.reasons.has_refused
    assert subject(desk).about is About.REFUSED
    say(desk, Why.DULL)
    say(desk, Why.STYLE)
    say(desk, Why.DULL)
    (row,) = desk.rows()
    assert [event.candidate for event in desk.of(Reasoned)] == [1, 1, 1]
    assert (row.outcome, row.reasons) == (Outcome.REJECTED, ("dull", "off style"))


def test_also_where_something_else_was_typed() -> None:
    desk = shown()
    desk.session.type("!")
    say(desk, Why.WRONG)
    (row,) = desk.rows()
    assert (row.closing, row.reasons) == (Closing.TYPED, ("wrong",))
    (no,) = kto_rows(row)
    assert (no.label, no.about.reason, no.about.reasons) == (False, "said why", ("wrong",))
    assert list(kto_rows(replace(row, reasons=("own words",)))) == []


def test_of_a_ghost_which_is_refused_by_it() -> None:
    desk = shown()
    assert subject(desk).about is About.GHOST
    say(desk, Why.UNSAFE)
    assert desk.session.suggestion is None
    (row,) = desk.rows()
    assert (row.outcome, row.reasons) == (Outcome.REJECTED, ("unsafe",))


def test_of_a_passage_that_was_accepted() -> None:
    desk = shown()
    desk.session.accepting.accept(Part.ALL)
    assert not desk.reasons.has_refused
    desk.session.type(" More of it.")
    desk.session.select(0, 0)
    assert desk.reasons.subject() is None
    desk.session.select(15, 15)
    assert subject(desk) == Subject(About.SPAN, desk.rows()[0].suggestion_id)
    say(desk, Why.REPEATS)
    (row,) = desk.rows()
    assert (row.outcome, row.reasons) == (Outcome.ACCEPTED, ("repeats",))
    (yes,) = kto_rows(row)
    assert (yes.label, yes.about.weight) == (True, WEAK)
    assert [one.about.reasons for one in sft_rows(row)] == [("repeats",)]
    (own,) = kto_rows(replace(row, reasons=("own words",)))
    assert own.about.weight == 1.0


def test_a_refusal_just_now_comes_before_the_passage_at_the_cursor() -> None:
    desk = shown()
    desk.session.accepting.accept(Part.ALL)
    desk.session.requests.ask()
    name = desk.answer(candidate(" It slept."))
    desk.session.suggestions.reject()
    assert subject(desk) == Subject(About.REFUSED, name, 0)
    desk.session.select(15, 15)
    assert subject(desk).about is About.SPAN
    desk.session.select(0, 0)
    assert subject(desk) == Subject(About.REFUSED, name, 0), "else the last refusal"


def test_what_nobody_saw_was_not_refused() -> None:
    desk = Watched()
    desk.session.requests.ask()
    desk.session.type("x")
    assert desk.reasons.subject() is None


@pytest.mark.parametrize("reason", Why)
def test_every_reason_comes_back_from_the_log(reason: Why) -> None:
    desk = shown()
    desk.session.suggestions.reject()
    say(desk, reason)
    assert desk.rows()[0].reasons == (reason.value,)
