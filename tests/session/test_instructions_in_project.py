"""An instruction in a project: notes always, lore that the words or the instruction name."""

from __future__ import annotations

from pathlib import Path

from instructed import NEW, OLD, InstructedDraft

from cowrite.core.events import Instructed, Opened, SessionInfo, Stamped
from cowrite.core.presets import find
from cowrite.core.provenance import FILE, one_run
from cowrite.export.lines import message_row
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.training import sft_rows
from cowrite.memory.project import find_project
from cowrite.memory.story import ReadOnce, read_story
from cowrite.session.tasks import Wish

LORE = """\
## Marta
She mends clocks.

## The quay
Keys: quay
It is of wood.

## Tom
He went away.
"""


def in_project(folder: Path, lore: str = LORE) -> InstructedDraft:
    (folder / "cowrite.toml").write_text(
        '[project]\nnotes = "notes.md"\nauthor_note = "next.md"\nlore = "lore.md"\n'
    )
    (folder / "notes.md").write_text("Nobody dies.")
    (folder / "next.md").write_text("A letter comes.")
    (folder / "lore.md").write_text(lore)
    project = find_project(folder / "draft.md")
    assert project is not None
    desk = InstructedDraft()
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
    desk = InstructedDraft()
    assert desk.give()
    assert desk.engine.tasks[-1][1].notes == ()


def test_what_the_model_knew_is_logged_as_it_was_sent(tmp_path: Path) -> None:
    desk = in_project(tmp_path)
    assert desk.give("make it shorter")
    (asked,) = desk.log.of(Instructed)
    wanted = "Nobody dies.\n\n[The quay: It is of wood.]\n\n[Marta: She mends clocks.]"
    assert asked.notes == wanted
    desk.answer(NEW, "", "")
    desk.now += 2
    desk.session.deciding.take_all()
    desk.session.close()
    info = SessionInfo("s", "d", "draft.md", 1_700_000_000_000, None, "1.0")
    opened = Opened(desk.before, one_run(len(desk.before), FILE), None)
    events = [
        Stamped(n, n * 400, n * 400, body) for n, body in enumerate([opened, *desk.log.bodies])
    ]
    (row,) = suggestion_rows(info, events)
    (trained,) = sft_rows(row)
    said = message_row(trained)["messages"][0]["content"]
    assert said == f"{wanted}\n\nmake it shorter\n\n{OLD}"
