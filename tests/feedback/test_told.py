"""What becomes of an instruction: its row, from the events of a whole session at a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engines import READY
from headless import headless

from cowrite.core.context import Context
from cowrite.core.events import Body, Opened, SessionInfo, Stamped
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.provenance import FILE, one_run
from cowrite.core.rows import SuggestionRow
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done
from cowrite.export.lines import message_row, training_row
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.summary import session_figures
from cowrite.feedback.training import kto_rows, preference_rows, sft_rows
from cowrite.session.draft import DraftSession
from cowrite.session.ports import EngineStatus
from cowrite.session.tasks import Wish

OLD = "The lamp was lit at dusk. Nobody came to the quay. Marta waited there."
NEW = "The lamp burned at dusk. Nobody came. Marta waited."
OTHER = "At dusk the lamp burned. Marta waited alone."
TEXT = f"Before.\n\n{OLD}\n\nBehind.\n"
INFO = SessionInfo("s", "d", "draft.md", 1_700_000_000_000, None, "1.0")


class Told:
    status: EngineStatus = READY

    def __init__(self) -> None:
        self.tasks: list[str] = []

    def prepare(self, task: Task) -> None: ...
    def warm(self, context: Context, params: object = None) -> None: ...
    def cancel(self, request_id: str | None = None) -> None: ...
    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        self.tasks.append(request_id)


class Desk:
    """A session whose events are stamped with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        opened = Opened(TEXT, one_run(len(TEXT), FILE), None)
        self.events = [Stamped(1, 0, INFO.started_ms, opened)]
        self.engine = Told()
        self.session: DraftSession = headless(TEXT, self, engine=self.engine, clock=self.clock)
        self.session.instructions.give(
            Wish("Shorter!", TEXT.index(OLD), TEXT.index(OLD) + len(OLD))
        )

    def clock(self) -> float:
        return self.now

    def append(self, body: Body, *, durable: bool = False) -> None:
        ms = round(self.now * 1000)
        self.events.append(Stamped(len(self.events) + 1, ms, INFO.started_ms + ms, body))

    def answer(self, *texts: str) -> None:
        identity = self.engine.tasks[-1]
        self.session.receive(Chunk(identity, 0, texts[0]))
        ended = tuple(Candidate(text, (), StopReason.END) for text in texts)
        self.session.receive(Done(identity, ended, 4, 3, Timings()))
        self.now += 2

    def rows(self) -> list[SuggestionRow]:
        self.session.close()
        return list(suggestion_rows(INFO, self.events))


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.answer(NEW, OTHER, "")
    return desk


def test_all_taken_is_accepted(desk: Desk) -> None:
    desk.session.deciding.take_all()
    (row,) = desk.rows()
    assert (row.task, row.instruction, row.passage) == ("rewrite", "Shorter!", OLD)
    assert row.outcome is Outcome.ACCEPTED
    assert row.inserted_text == row.final_text == row.offered == NEW
    assert row.prefix.endswith("Before.\n\n")
    assert row.shown_ms == 2000
    assert set(row.parts) == {"hunk"}
    (trained,) = sft_rows(row)
    assert trained.prompt == f"Shorter!\n\n{OLD}\n\n"
    assert trained.completion == NEW
    said = message_row(trained)
    assert [one["role"] for one in said["messages"]] == ["user", "assistant"]
    assert said["messages"][0]["content"] == f"Shorter!\n\n{OLD}"
    assert said["task"] == training_row(trained)["task"] == "rewrite"
    assert [one.label for one in kto_rows(row)] == [True]


def test_what_was_kept_is_better_than_what_was_offered(desk: Desk) -> None:
    desk.session.deciding.take()
    desk.session.deciding.refuse()
    desk.session.deciding.refuse_all()
    (row,) = desk.rows()
    kept = OLD.replace("was lit", "burned")
    assert row.outcome is Outcome.ACCEPTED_PARTIAL
    assert (row.final_text, row.hunks_refused) == (kept, 1)
    pairs = [(one.chosen, one.rejected, one.about.task) for one in preference_rows(row)]
    assert pairs == [(kept, NEW, "rewrite")]


def test_what_was_changed_afterwards_is_better_still(desk: Desk) -> None:
    desk.session.deciding.take_all()
    place = desk.session.document.text.index("burned")
    desk.session.select(place, place + 6)
    for letter in "glowed":
        desk.session.type(letter)
    (row,) = desk.rows()
    assert row.outcome is Outcome.EDITED
    assert row.inserted_text == NEW
    assert row.final_text == NEW.replace("burned", "glowed")
    pairs = [(one.chosen, one.rejected) for one in preference_rows(row)]
    assert pairs == [(row.final_text, NEW)]


def _undone(desk: Desk) -> None:
    desk.session.deciding.take_all()
    desk.now += 5
    desk.session.undo()


def _refused(desk: Desk) -> None:
    desk.session.deciding.refuse_all()


@pytest.mark.parametrize("refuse", [_undone, _refused])
def test_a_no_leaves_the_passage_better_than_what_was_offered(
    desk: Desk, refuse: Callable[[Desk], None]
) -> None:
    refuse(desk)
    (row,) = desk.rows()
    assert row.outcome is Outcome.REJECTED
    assert (row.inserted_text, row.final_text) == ("", None)
    pairs = [(one.chosen, one.rejected) for one in preference_rows(row)]
    assert pairs == [(OLD, NEW)]
    assert [one.label for one in kto_rows(row)] == [False]
    assert not list(sft_rows(row))


def test_a_candidate_that_was_seen_and_passed_over_is_worse(desk: Desk) -> None:
    desk.session.instructions.cycle(1)
    desk.now += 2
    desk.session.deciding.take_all()
    (row,) = desk.rows()
    assert (row.shown, row.chosen) == ((0, 1), 1)
    assert (OTHER, NEW) in [(one.chosen, one.rejected) for one in preference_rows(row)]


def test_writing_in_it_and_asking_again_are_told_apart() -> None:
    desk = Desk()
    desk.answer(NEW, "", "")
    desk.session.instructions.again()
    desk.answer(OTHER, "", "")
    desk.session.select(12, 12)
    desk.session.type("x")
    first, second = desk.rows()
    assert (first.outcome, second.outcome) == (Outcome.REGENERATED, Outcome.IGNORED)
    assert second.parent_id == first.suggestion_id


def test_what_nobody_saw_says_nothing() -> None:
    desk = Desk()
    desk.session.deciding.refuse_all()
    (row,) = desk.rows()
    assert row.outcome is Outcome.UNSEEN
    assert not [*sft_rows(row), *preference_rows(row), *kto_rows(row)]


def test_an_answer_that_is_put_into_the_draft_is_taken() -> None:
    desk = Desk()
    desk.answer(NEW, "", "")
    desk.session.questions.ask("Who waited?")
    desk.answer("Marta waited.")
    desk.session.select(0, 0)
    desk.session.questions.put_in_draft()
    rows = desk.rows()
    assert [row.task for row in rows] == ["rewrite", "ask"]
    assert rows[1].outcome is Outcome.ACCEPTED
    assert rows[1].inserted_text == "Marta waited."
    assert OLD in rows[1].passage


def _answered() -> Desk:
    """An answer stands behind the draft's first word."""
    desk = Desk()
    desk.session.instructions.leave(Closing.MOVED)
    desk.session.questions.ask("Who waited?")
    desk.answer("Marta waited.")
    desk.session.select(7, 7)
    assert desk.session.questions.put_in_draft()
    assert desk.session.document.text.startswith("Before. Marta waited.\n")
    return desk


def test_an_answer_that_touches_a_word_is_put_apart_and_taken_as_it_is() -> None:
    row = _answered().rows()[-1]
    assert (row.outcome, row.parts) == (Outcome.ACCEPTED, ("all",))
    assert (row.inserted_text, row.final_text) == ("Marta waited.", "Marta waited.")


@pytest.mark.parametrize("begins", [True, False])
def test_an_answer_that_was_undone_is_refused_and_redone_is_taken(*, begins: bool) -> None:
    """begins: whether something is written before it in between, which is undone first."""
    for redone in (False, True):
        desk = _answered()
        if begins:
            desk.session.select(0, 0)
            desk.session.type("x")
            desk.session.undo()
        desk.session.undo()
        assert desk.session.document.text == TEXT
        if redone:
            desk.session.redo()
        row = desk.rows()[-1]
        assert row.outcome is (Outcome.ACCEPTED if redone else Outcome.REJECTED)
        assert row.final_text == ("Marta waited." if redone else None)


def test_figures_of_suggestions_are_of_suggestions(desk: Desk) -> None:
    desk.session.deciding.take_all()
    desk.session.close()
    assert session_figures(INFO, desk.events).groups == []
