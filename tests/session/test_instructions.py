"""An instruction on a passage, without a terminal and without a model: from its words to its answer's end."""

from __future__ import annotations

import pytest
from instructed import NEW, OLD, InstructedDraft

from cowrite.core.edits import Origin
from cowrite.core.events import Closed, Instructed, Shown
from cowrite.core.outcome import Closing
from cowrite.core.presets import find
from cowrite.core.provenance import FILE, one_run
from cowrite.core.task import TaskKind
from cowrite.engine.protocol import Anew, Chunk, Failed
from cowrite.session.tasks import MOST_INSTRUCTION, Wish


@pytest.fixture
def desk() -> InstructedDraft:
    desk = InstructedDraft()
    assert desk.give()
    desk.answer(NEW, OLD.upper(), "")
    return desk


def test_the_model_is_told_the_passage_and_what_stands_around_it() -> None:
    desk = InstructedDraft()
    assert desk.give("shorten", preset=find("shorten"))
    _, task, params = desk.engine.tasks[0]
    assert (task.kind, task.passage) == (TaskKind.REWRITE, OLD)
    assert task.instruction == "Make it shorter."
    assert task.before.endswith("Before.\n\n")
    assert task.after.startswith("\n\nBehind.")
    assert (task.preset, params.n) == ("shorten", 3)
    (asked,) = desk.log.of(Instructed)
    assert (asked.start, asked.end) == (desk.start, desk.start + len(OLD))
    assert desk.session.cursor == desk.start


def test_on_an_empty_place_something_is_written() -> None:
    desk = InstructedDraft("One.\n\n\n\nTwo.")
    assert desk.session.instructions.give(Wish("a line about rain", 6, 6))
    assert desk.engine.tasks[0][1].kind is TaskKind.WRITE
    desk.answer("It rained.", "", "")
    assert desk.session.deciding.take_all()
    assert desk.text == "One.\n\nIt rained.\n\nTwo."
    desk.check_journal()


def test_what_goes_on_from_a_passage_comes_behind_it() -> None:
    desk = InstructedDraft()
    assert desk.give("continue", preset=find("continue"))
    desk.answer("She left at nine.", "", "")
    desk.session.deciding.take_all()
    assert f"{OLD} She left at nine.\n\nBehind." in desk.text
    desk.check_journal()


def test_writing_in_it_stops_the_model() -> None:
    desk = InstructedDraft()
    desk.give()
    desk.session.receive(Chunk(desk.engine.tasks[0][0], 0, "The lamp burned"))
    desk.session.select(desk.start + 4, desk.start + 4)
    desk.session.type("x")
    assert desk.engine.cancelled == [desk.engine.tasks[0][0]]
    desk.answer(NEW, "", "")
    assert desk.session.rewrite is None


@pytest.mark.parametrize("closed", [True, False])
def test_a_file_that_has_another_text_in_its_passage_closes_it_and_that_is_told(
    desk: InstructedDraft, closed: bool
) -> None:
    desk.give()
    desk.answer(NEW)
    passage = "Nobody waits here." if closed else OLD
    text = f"Before, and more.\n\n{passage}\n\nBehind.\n"
    assert desk.session.become(text, one_run(len(text), FILE), Origin.RELOAD)
    assert (desk.session.rewrite is None) is closed
    assert ("The rewrite is closed" in desk.listener.said) is closed


def test_each_candidate_is_seen_once_and_cycled(desk: InstructedDraft) -> None:
    assert desk.session.instructions.cycle(1)
    assert desk.session.instructions.cycle(1)
    shown = [(body.candidate, body.where) for body in desk.log.of(Shown)]
    assert shown == [(0, "diff"), (1, "diff")]


def test_another_try_has_another_seed_and_is_a_child(desk: InstructedDraft) -> None:
    assert desk.session.instructions.again()
    first, second = desk.log.of(Instructed)
    assert second.parent_id == first.suggestion_id
    assert second.params.seed != first.params.seed
    assert desk.log.of(Closed)[0].closing is Closing.REGENERATED


def test_a_follow_up_is_about_the_result(desk: InstructedDraft) -> None:
    assert desk.session.instructions.follow_up("in the present tense")
    _, task, _ = desk.engine.tasks[-1]
    assert task.passage == NEW
    asked = desk.log.of(Instructed)[-1]
    assert asked.given == NEW
    assert (asked.start, asked.end) == (desk.start, desk.start + len(OLD))
    desk.answer("The lamp burns at dusk. Nobody comes.", "", "")
    desk.session.deciding.take_all()
    assert "The lamp burns at dusk. Nobody comes." in desk.text
    desk.check_journal()


def test_what_is_begun_anew_is_forgotten() -> None:
    desk = InstructedDraft()
    desk.give()
    identity = desk.engine.tasks[0][0]
    desk.session.receive(Chunk(identity, 0, "Make it shorter: make it"))
    desk.session.receive(Anew(identity, 0))
    desk.session.receive(Chunk(identity, 0, "The lamp burned "))
    assert desk.session.rewrite is not None
    assert desk.session.rewrite.text == "The lamp burned "


def test_a_candidate_with_a_flaw_comes_behind_a_good_one() -> None:
    desk = InstructedDraft()
    desk.give("make all of this much shorter")
    desk.answer("Make all of this much shorter.", NEW, "")
    assert desk.session.rewrite is not None
    assert desk.session.rewrite.text == NEW
    desk = InstructedDraft()
    desk.give("make all of this much shorter")
    desk.answer("Make all of this much shorter.", "", "")
    assert any("repeats the instruction" in said for said in desk.listener.said)


def test_what_the_model_has_nothing_to_say_to_ends_and_is_told() -> None:
    for texts in (("", "", ""), (OLD, OLD, OLD)):
        desk = InstructedDraft()
        desk.give()
        desk.answer(*texts)
        assert desk.session.rewrite is None
        assert desk.listener.said
        assert desk.log.of(Closed)[-1].closing is Closing.FAILED


def test_a_model_that_fails_leaves_the_draft(desk: InstructedDraft) -> None:
    desk = InstructedDraft()
    desk.give()
    desk.session.receive(Failed(desk.engine.tasks[0][0], "It ended.", "Ask again."))
    assert desk.session.rewrite is None
    assert desk.listener.said == ["It ended."]
    assert desk.text == desk.before


@pytest.mark.parametrize(
    ("instruction", "start", "end", "said"),
    [
        ("  ", 0, 5, "Say what"),
        ("x" * (MOST_INSTRUCTION + 1), 0, 5, "instruction has"),
        ("shorter", 0, 1_000_000, "can take"),
        ("shorter", 7, 9, "no prose"),
    ],
)
def test_what_cannot_be_asked_is_told(instruction: str, start: int, end: int, said: str) -> None:
    desk = InstructedDraft(f"Before.\n\n{'word ' * 30_000}")
    assert not desk.session.instructions.give(Wish(instruction, start, end))
    assert said in desk.listener.said[-1]
    assert desk.engine.tasks == []


def test_front_matter_is_left_alone() -> None:
    desk = InstructedDraft("---\ntitle: Lamp\n---\nThe lamp was lit.\n")
    assert desk.session.instructions.give(Wish("shorter", 0, len(desk.text)))
    assert desk.engine.tasks[0][1].passage == "The lamp was lit."


def test_for_a_preset_the_passage_is_read_behind_its_examples() -> None:
    desk = InstructedDraft()
    place = desk.start, desk.start + len(OLD)
    shorten = find("shorten")
    desk.session.instructions.prepare(*place, shorten)
    desk.session.instructions.give(Wish("shorten", *place, shorten))
    assert desk.engine.prepared[0] == desk.engine.tasks[0][1]


def test_the_passage_is_read_while_the_instruction_is_typed_and_nothing_else_is() -> None:
    desk = InstructedDraft()
    desk.session.instructions.prepare(desk.start, desk.start + len(OLD))
    assert desk.engine.prepared[0].passage == OLD
    desk.now += 10
    desk.session.pauses.tick()
    assert desk.engine.warmed == 0
    desk.session.instructions.prepared()
    desk.session.pauses.tick()
    assert desk.engine.warmed == 1
