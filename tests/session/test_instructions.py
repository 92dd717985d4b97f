"""An instruction on a passage, without a terminal and without a model: from its words to its diff's end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from engines import READY
from headless import headless

from cowrite.core.context import Context
from cowrite.core.edits import Part
from cowrite.core.events import Body, Closed, Edited, Instructed, Refused, Shown
from cowrite.core.outcome import Closing
from cowrite.core.presets import find
from cowrite.core.provenance import FILE, WRITER, Author
from cowrite.core.replay import Replay
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import Task, TaskKind
from cowrite.engine.protocol import Anew, Chunk, Done, Failed, Finished
from cowrite.memory.project import find_project
from cowrite.memory.story import ReadOnce, read_story
from cowrite.session.ports import EngineStatus
from cowrite.session.tasks import MOST_INSTRUCTION, Wish

OLD = "The lamp was lit at dusk. Nobody came to the quay. Marta waited there for an hour."
NEW = "The lamp burned at dusk. Nobody came. Marta waited for an hour or two."


@dataclass
class Recorder:
    bodies: list[Body] = field(default_factory=list)

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)

    def of(self, kind: type) -> list:
        return [body for body in self.bodies if isinstance(body, kind)]


@dataclass
class Told:
    """An engine that notes what it is told and never answers by itself."""

    tasks: list[tuple[str, Task, Params]] = field(default_factory=list)
    prepared: list[Task] = field(default_factory=list)
    warmed: int = 0
    asked: int = 0
    cancelled: list[str | None] = field(default_factory=list)
    status: EngineStatus = READY

    def prepare(self, task: Task) -> None:
        self.prepared.append(task)

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        self.tasks.append((request_id, task, params))

    def warm(self, context: Context, params: object = None) -> None:
        self.warmed += 1

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked += 1

    def cancel(self, request_id: str | None = None) -> None:
        self.cancelled.append(request_id)


class Notices:
    def __init__(self) -> None:
        self.said: list[str] = []

    def changed(self, first: int, before: int, after: int) -> None: ...
    def moved(self) -> None: ...
    def ghosted(self) -> None: ...
    def status(self) -> None: ...

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        self.said.append(message)


class Desk:
    def __init__(self, text: str = f"Before.\n\n{OLD}\n\nBehind.\n") -> None:
        self.log, self.engine, self.listener = Recorder(), Told(), Notices()
        self.now = 100.0
        self.session = headless(text, self.log, engine=self.engine, clock=lambda: self.now)
        self.session.listener.pass_to(self.listener)
        self.start = text.find(OLD)
        self.before = text

    @property
    def text(self) -> str:
        return self.session.document.text

    def give(self, instruction: str = "make it shorter", **more: object) -> bool:
        wish = Wish(instruction, self.start, self.start + len(OLD), **more)  # type: ignore[arg-type]
        return self.session.instructions.give(wish)

    def answer(self, *texts: str, stop: StopReason = StopReason.END) -> None:
        identity = self.engine.tasks[-1][0]
        for index, text in enumerate(texts):
            self.session.receive(Chunk(identity, index, text))
        ended = tuple(Candidate(text, (), stop) for text in texts)
        for index, one in enumerate(ended):
            self.session.receive(Finished(identity, index, one))
        self.session.receive(Done(identity, ended, 4, 3, Timings(1.0, 2.0, 3.0)))

    def check_journal(self) -> None:
        """The events make the draft and its authors again."""
        replay = Replay(self.before)
        for body in self.log.bodies:
            replay.apply(body)
        assert replay.text == self.text
        assert replay.runs == tuple(self.session.provenance)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    assert desk.give()
    desk.answer(NEW, OLD.upper(), "")
    return desk


def test_the_model_is_told_the_passage_and_what_stands_around_it() -> None:
    desk = Desk()
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
    desk = Desk("One.\n\n\n\nTwo.")
    assert desk.session.instructions.give(Wish("a line about rain", 6, 6))
    assert desk.engine.tasks[0][1].kind is TaskKind.WRITE
    desk.answer("It rained.", "", "")
    assert desk.session.deciding.take_all()
    assert desk.text == "One.\n\nIt rained.\n\nTwo."
    desk.check_journal()


def test_what_goes_on_from_a_passage_comes_behind_it() -> None:
    desk = Desk()
    assert desk.give("continue", preset=find("continue"))
    desk.answer("She left at nine.", "", "")
    desk.session.deciding.take_all()
    assert f"{OLD} She left at nine.\n\nBehind." in desk.text
    desk.check_journal()


def test_the_diff_changes_nothing_until_some_of_it_is_taken(desk: Desk) -> None:
    assert desk.text == desk.before
    assert not desk.session.buffer.dirty
    assert desk.session.deciding.take()
    assert "The lamp burned at dusk" in desk.text
    desk.check_journal()


def test_all_that_is_taken_in_a_row_is_one_undo(desk: Desk) -> None:
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


def test_undo_while_it_stands_makes_it_whole_again(desk: Desk) -> None:
    rewrite = desk.session.rewrite
    assert rewrite is not None
    hunks = rewrite.hunks
    desk.session.deciding.take()
    desk.session.deciding.take()
    desk.session.undo()
    assert desk.session.rewrite is rewrite
    assert rewrite.hunks == hunks


def test_words_are_the_models_one_by_one(desk: Desk) -> None:
    desk.session.deciding.take_all()
    runs = desk.session.provenance.slice(desk.start, desk.start + len("The lamp burned at"))
    authors = [(length, source.author) for length, source in runs]
    assert authors == [(9, Author.FILE), (6, Author.MODEL), (3, Author.FILE)]


def test_a_refused_hunk_stays_as_it_is(desk: Desk) -> None:
    assert desk.session.deciding.refuse()
    assert desk.session.deciding.take_all()
    assert "The lamp was lit at dusk. Nobody came. Marta" in desk.text
    (refused,) = desk.log.of(Refused)
    assert desk.before[refused.start : refused.end] == "was lit"
    assert desk.log.of(Closed)[-1].closing is Closing.TAKEN


def test_refusing_all_one_by_one_or_at_once_is_a_no() -> None:
    for at_once in (True, False):
        desk = Desk()
        desk.give()
        desk.answer(NEW, "", "")
        if at_once:
            desk.session.deciding.refuse_all()
        while desk.session.deciding.refuse():
            pass
        assert desk.text == desk.before
        assert desk.session.rewrite is None
        assert desk.log.of(Closed)[-1].closing is Closing.REJECTED


def test_writing_elsewhere_leaves_it_and_writing_in_it_closes_it(desk: Desk) -> None:
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


def test_writing_in_it_stops_the_model() -> None:
    desk = Desk()
    desk.give()
    desk.session.receive(Chunk(desk.engine.tasks[0][0], 0, "The lamp burned"))
    desk.session.select(desk.start + 4, desk.start + 4)
    desk.session.type("x")
    assert desk.engine.cancelled == [desk.engine.tasks[0][0]]
    desk.answer(NEW, "", "")
    assert desk.session.rewrite is None


def test_each_candidate_is_seen_once_and_cycled(desk: Desk) -> None:
    assert desk.session.instructions.cycle(1)
    assert desk.session.instructions.cycle(1)
    shown = [(body.candidate, body.where) for body in desk.log.of(Shown)]
    assert shown == [(0, "diff"), (1, "diff")]


def test_another_try_has_another_seed_and_is_a_child(desk: Desk) -> None:
    assert desk.session.instructions.again()
    first, second = desk.log.of(Instructed)
    assert second.parent_id == first.suggestion_id
    assert second.params.seed != first.params.seed
    assert desk.log.of(Closed)[0].closing is Closing.REGENERATED


def test_a_follow_up_is_about_the_result(desk: Desk) -> None:
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
    desk = Desk()
    desk.give()
    identity = desk.engine.tasks[0][0]
    desk.session.receive(Chunk(identity, 0, "Make it shorter: make it"))
    desk.session.receive(Anew(identity, 0))
    desk.session.receive(Chunk(identity, 0, "The lamp burned "))
    assert desk.session.rewrite is not None
    assert desk.session.rewrite.text == "The lamp burned "


def test_a_candidate_with_a_flaw_comes_behind_a_good_one() -> None:
    desk = Desk()
    desk.give("make all of this much shorter")
    desk.answer("Make all of this much shorter.", NEW, "")
    assert desk.session.rewrite is not None
    assert desk.session.rewrite.text == NEW
    desk = Desk()
    desk.give("make all of this much shorter")
    desk.answer("Make all of this much shorter.", "", "")
    assert any("repeats the instruction" in said for said in desk.listener.said)


def test_what_the_model_has_nothing_to_say_to_ends_and_is_told() -> None:
    for texts in (("", "", ""), (OLD, OLD, OLD)):
        desk = Desk()
        desk.give()
        desk.answer(*texts)
        assert desk.session.rewrite is None
        assert desk.listener.said
        assert desk.log.of(Closed)[-1].closing is Closing.FAILED


def test_a_model_that_fails_leaves_the_draft(desk: Desk) -> None:
    desk = Desk()
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
    desk = Desk(f"Before.\n\n{'word ' * 30_000}")
    assert not desk.session.instructions.give(Wish(instruction, start, end))
    assert said in desk.listener.said[-1]
    assert desk.engine.tasks == []


def test_front_matter_is_left_alone() -> None:
    desk = Desk("---\ntitle: Lamp\n---\nThe lamp was lit.\n")
    assert desk.session.instructions.give(Wish("shorter", 0, len(desk.text)))
    assert desk.engine.tasks[0][1].passage == "The lamp was lit."


def test_the_passage_is_read_while_the_instruction_is_typed_and_nothing_else_is() -> None:
    desk = Desk()
    desk.session.instructions.prepare(desk.start, desk.start + len(OLD))
    assert desk.engine.prepared[0].passage == OLD
    desk.now += 10
    desk.session.pauses.tick()
    assert desk.engine.warmed == 0
    desk.session.instructions.prepared()
    desk.session.pauses.tick()
    assert desk.engine.warmed == 1


def test_undo_after_words_elsewhere_takes_those_back_first(desk: Desk) -> None:
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


def test_what_was_taken_is_the_models_part(desk: Desk) -> None:
    desk.session.deciding.take()
    (edited,) = desk.log.of(Edited)
    assert edited.edit.part is Part.HUNK
    assert edited.edit.suggestion_id == desk.engine.tasks[0][0]
    assert WRITER not in {source for _, source in edited.edit.runs}


# In a project: notes always, lore that the words or the instruction name

LORE = """\
## Marta
She mends clocks.

## The quay
Keys: quay
It is of wood.

## Tom
He went away.
"""


def in_project(folder: Path, lore: str = LORE) -> Desk:
    (folder / "cowrite.toml").write_text(
        '[project]\nnotes = "notes.md"\nauthor_note = "next.md"\nlore = "lore.md"\n'
    )
    (folder / "notes.md").write_text("Nobody dies.")
    (folder / "next.md").write_text("A letter comes.")
    (folder / "lore.md").write_text(lore)
    project = find_project(folder / "draft.md")
    assert project is not None
    desk = Desk()
    desk.session.requests.memory.use(ReadOnce(read_story(project)), lambda: folder / "draft.md")
    return desk


def test_notes_and_what_the_passage_names_go_with_it(tmp_path: Path) -> None:
    desk = in_project(tmp_path)
    assert desk.give("make it shorter")
    notes = desk.engine.tasks[-1][1].notes
    assert notes == (
        "Nobody dies.",
        "[The quay: It is of wood.]",
        "[Marta: She mends clocks.]",
    )


def test_the_instruction_names_lore_too_and_disturbs_nothing(tmp_path: Path) -> None:
    desk = in_project(tmp_path)
    desk.session.requests.look_for_names()
    beside = desk.session.requests.memory.parts
    desk.session.instructions.prepare(desk.start, desk.start + len(OLD))
    assert desk.give("let tom stand there too")
    before, after = desk.engine.prepared[-1].notes, desk.engine.tasks[-1][1].notes
    assert after[len(before) :] == ("[Tom: He went away.]",)
    assert after[: len(before)] == before  # what was read ahead stays
    assert desk.session.requests.memory.parts == beside


def test_presets_and_questions_know_the_project(tmp_path: Path) -> None:
    desk = in_project(tmp_path)
    assert desk.session.instructions.give(
        Wish("shorten", desk.start, desk.start + len(OLD), find("shorten"))
    )
    assert "[Marta: She mends clocks.]" in desk.engine.tasks[-1][1].notes
    assert desk.session.questions.ask("Where is Tom?", about="He is gone.")
    assert "[Tom: He went away.]" in desk.engine.tasks[-1][1].notes
    assert "[Marta: She mends clocks.]" not in desk.engine.tasks[-1][1].notes


def test_without_a_project_nothing_goes_with_it() -> None:
    desk = Desk()
    assert desk.give()
    assert desk.engine.tasks[-1][1].notes == ()
