"""Taking and refusing the hunks of a rewrite, without a terminal and without a model."""

from __future__ import annotations

import pytest
from instructed import NEW, OLD, InstructedDraft

from cowrite.core.edits import Part
from cowrite.core.events import Closed, Edited, Refused
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, WRITER, Author


@pytest.fixture
def desk() -> InstructedDraft:
    desk = InstructedDraft()
    assert desk.give()
    desk.answer(NEW, OLD.upper(), "")
    return desk


def test_the_diff_changes_nothing_until_some_of_it_is_taken(desk: InstructedDraft) -> None:
    assert desk.text == desk.before
    assert not desk.session.buffer.dirty
    assert desk.session.deciding.take()
    assert "The lamp burned at dusk" in desk.text
    desk.check_journal()


def test_all_that_is_taken_in_a_row_is_one_undo(desk: InstructedDraft) -> None:
    deciding = desk.session.deciding
    assert deciding.take()
    desk.session.select(0, 0)
    deciding.go(1)
    assert deciding.take()
    assert deciding.take_all()
    assert NEW in desk.text
    assert desk.session.rewrite is None
    assert desk.session.undo()
    assert desk.text == desk.before
    assert tuple(desk.session.provenance) == ((len(desk.before), FILE),)
    assert desk.session.redo()
    assert NEW in desk.text
    desk.check_journal()


def test_undo_while_it_stands_makes_it_whole_again(desk: InstructedDraft) -> None:
    rewrite = desk.session.rewrite
    assert rewrite is not None
    hunks = rewrite.hunks
    desk.session.deciding.take()
    desk.session.deciding.take()
    desk.session.undo()
    assert desk.session.rewrite is rewrite
    assert rewrite.hunks == hunks


def test_words_are_the_models_one_by_one(desk: InstructedDraft) -> None:
    desk.session.deciding.take_all()
    runs = desk.session.provenance.slice(desk.start, desk.start + len("The lamp burned at"))
    authors = [(length, source.author) for length, source in runs]
    assert authors == [(9, Author.FILE), (6, Author.MODEL), (3, Author.FILE)]


def test_a_refused_hunk_stays_as_it_is(desk: InstructedDraft) -> None:
    assert desk.session.deciding.refuse()
    assert desk.session.deciding.take_all()
    assert "The lamp was lit at dusk. Nobody came. Marta" in desk.text
    (refused,) = desk.log.of(Refused)
    assert desk.before[refused.start : refused.end] == "was lit"
    assert desk.log.of(Closed)[-1].closing is Closing.TAKEN


def test_refusing_all_one_by_one_or_at_once_is_a_no() -> None:
    for at_once in (True, False):
        desk = InstructedDraft()
        desk.give()
        desk.answer(NEW, "", "")
        if at_once:
            desk.session.deciding.refuse_all()
        while desk.session.deciding.refuse():
            pass
        assert desk.text == desk.before
        assert desk.session.rewrite is None
        assert desk.log.of(Closed)[-1].closing is Closing.REJECTED


def test_writing_elsewhere_leaves_it_and_writing_in_it_closes_it(desk: InstructedDraft) -> None:
    desk.session.select(0, 0)
    desk.session.type("Once. ")
    assert desk.session.rewrite is not None
    assert desk.session.rewrite.start == desk.start + 6
    place = desk.session.rewrite.start + 4
    desk.session.select(place, place)
    desk.session.type("x")
    assert desk.session.rewrite is None
    assert desk.log.of(Closed)[-1].closing is Closing.TYPED
    assert isinstance(desk.log.bodies[-2], Edited)
    desk.check_journal()


def test_undo_after_words_elsewhere_takes_those_back_first(desk: InstructedDraft) -> None:
    desk.session.deciding.take()
    taken = desk.text
    desk.session.select(0, 0)
    desk.session.type("Once. ")
    desk.session.deciding.go(1)
    desk.session.deciding.take()
    desk.session.undo()
    assert desk.text == f"Once. {taken}"
    desk.session.undo()
    assert desk.text == taken
    desk.session.undo()
    assert desk.text == desk.before
    desk.check_journal()


def test_what_was_taken_is_the_models_part(desk: InstructedDraft) -> None:
    desk.session.deciding.take()
    (edited,) = desk.log.of(Edited)
    assert edited.edit.part is Part.HUNK
    assert edited.edit.suggestion_id == desk.engine.tasks[0][0]
    assert WRITER not in {source for _, source in edited.edit.runs}
