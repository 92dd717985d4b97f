"""An instruction in a project: notes always, lore that the words or the instruction name."""

from __future__ import annotations

from pathlib import Path

from instructed import OLD, InstructedDraft

from cowrite.core.presets import find
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
