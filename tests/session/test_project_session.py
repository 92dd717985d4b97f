"""A session in a project: what is named comes in at a pause, at the cost of the last paragraphs alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from subprocess import run

import pytest
from headless import headless
from timed_desk import Engine

from cowrite.core.context import NEAR, Context, PartKind
from cowrite.core.events import Body, Requested
from cowrite.memory.making import make_project
from cowrite.memory.project import find_project
from cowrite.memory.story import ReadOnce, Story, read_story
from cowrite.session.options import RequestOptions

LORE = """## Marta Quill
Keys: Marta

A clockmaker who speaks in proverbs.

## Tom

A sailor at sea.
"""
RAIN = "The rain came down on the river all the day, and nobody came up the lane.\n\n"


class Warmed(Engine):
    def __init__(self) -> None:
        super().__init__()
        self.warmed: list[Context] = []

    def warm(self, context: Context, params: object = None) -> None:
        self.warmed.append(context)


class Desk:
    def __init__(self, folder: Path, text: str = RAIN * 40) -> None:
        self.folder, self.now, self.bodies = folder, 100.0, list[Body]()
        self.engine = Warmed()
        self.session = headless(text, self, engine=self.engine, own=True, clock=lambda: self.now)
        self.path: Path | None = folder / "chapters" / "02.md"
        self.port = ReadOnce(self.read())
        self.session.requests.memory.use(self.port, lambda: self.path)
        self.session.select(len(text), len(text))

    def read(self) -> Story:
        project = find_project(self.folder / "x.md")
        assert project is not None
        return read_story(project)

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)

    def rest(self, seconds: float = 0.2) -> None:
        self.now += seconds
        self.session.pauses.tick()

    @property
    def context(self) -> Context:
        return self.session.requests.context_at(self.session.cursor)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_project(tmp_path / "book")
    (tmp_path / "book" / "lore.md").write_text(LORE)
    (tmp_path / "book" / "notes.md").write_text("Nobody dies.")
    (tmp_path / "book" / "author-note.md").write_text("The letter comes.")
    (tmp_path / "book" / "chapters" / "01.md").write_text(
        "# One\n\nThe mill stood still. It was dawn.\n"
    )
    (tmp_path / "book" / "chapters" / "02.md").write_text(RAIN)
    return tmp_path / "book"


def test_notes_stand_before_the_draft_and_lore_near_the_cursor(folder: Path) -> None:
    desk = Desk(folder)
    desk.session.type("Then Marta")
    desk.rest()
    context = desk.context
    assert context.head.startswith("Nobody dies.\n\n")
    assert "The mill stood still." in context.head
    assert (
        context.near
        == "[Marta Quill: A clockmaker who speaks in proverbs.]\n\n[The letter comes.]\n\n"
    )
    assert len(context.text) - context.text.index("[Marta") < 1.5 * NEAR
    assert desk.engine.warmed[-1] == context


def test_a_new_name_costs_the_last_paragraphs_alone(folder: Path) -> None:
    desk = Desk(folder)
    desk.session.type("Then Marta came. ")
    desk.rest()
    before = desk.engine.warmed[-1]
    desk.session.type("And Tom too")
    desk.rest()
    after = desk.engine.warmed[-1]
    assert "sailor" in after.near
    same = next(i for i, (a, b) in enumerate(zip(before.text, after.text, strict=False)) if a != b)
    assert (before.start, before.head) == (after.start, after.head)
    assert len(after.text) - same < 1.5 * NEAR + len(after.near)


def test_what_is_asked_is_what_was_warmed(folder: Path) -> None:
    desk = Desk(folder)
    desk.session.type("Then Marta")
    desk.rest()
    desk.session.requests.ask()
    assert desk.engine.requests[-1][1] == desk.engine.warmed[-1]
    asked = [body for body in desk.bodies if isinstance(body, Requested)][-1]
    assert asked.head == desk.context.head + desk.context.near
    assert desk.session.requests.shown() == desk.engine.requests[-1][1]


def test_keys_between_two_pauses_change_nothing(folder: Path) -> None:
    desk = Desk(folder)
    desk.rest()
    held = desk.session.requests.memory.parts
    desk.session.type("Then Marta")
    desk.session.pauses.tick()
    assert desk.session.requests.memory.parts == held
    desk.session.requests.ask()
    assert "Marta Quill" not in desk.engine.requests[-1][1].near, "asking doesn't wait for a name"


def test_asked_far_from_where_was_looked_it_looks(folder: Path) -> None:
    desk = Desk(folder, "Marta slept.\n\n" + RAIN * 40)
    desk.rest()
    assert "Marta Quill" not in desk.context.near
    desk.session.select(12, 12)
    desk.session.requests.ask()
    assert "Marta Quill" in desk.engine.requests[-1][1].near


def test_the_window_is_the_same_whatever_the_parts_have(folder: Path) -> None:
    full = Desk(folder, RAIN * 400)
    full.rest()
    for name in ("notes.md", "author-note.md"):
        (folder / name).write_text("")
    empty = Desk(folder, RAIN * 400)
    empty.rest()
    assert full.context.parts != empty.context.parts
    assert full.context.before == empty.context.before


def test_another_story_is_taken_in_at_the_next_pause(folder: Path) -> None:
    desk = Desk(folder)
    desk.session.type("Then Tom came. ")
    desk.rest()
    (folder / "lore.md").write_text("## Ann\n\nA cook.\n\n" + LORE.replace("at sea", "ashore"))
    desk.session.requests.memory._port = ReadOnce(desk.read())
    desk.rest()
    assert "ashore" in desk.context.near
    assert "cook" not in desk.context.near


def test_what_stands_for_a_summary_is_no_passage_too(folder: Path) -> None:
    mill = "The mill of Combe Regis stood still in the grey rain. It was dawn.\n\n"
    (folder / "chapters" / "01.md").write_text(mill)
    desk = Desk(folder, RAIN * 20 + "At the mill of Combe Regis ")
    desk.rest()
    desk.rest(3.0)
    shown = [part for part in desk.context.parts if "Combe Regis" in part.text]
    assert [part.kind for part in shown] == [PartKind.SUMMARY]


def test_an_instruction_is_told_notes_and_what_it_names(folder: Path) -> None:
    desk = Desk(folder, "Marta slept.\n\n" + RAIN * 40)
    desk.rest()
    held = desk.session.requests.memory.parts
    known = desk.session.requests.notes_for("Marta slept.", "")
    assert known == ("Nobody dies.", "[Marta Quill: A clockmaker who speaks in proverbs.]")
    asked = desk.session.requests.notes_for("Marta slept.", "let tom speak")
    assert asked == (*known, "[Tom: A sailor at sea.]"), (
        "what was read while it was typed comes first"
    )
    assert desk.session.requests.memory.parts == held


def test_without_a_project_all_is_as_before(folder: Path) -> None:
    desk = Desk(folder)
    desk.session.requests.memory.use(None, lambda: None)
    desk.rest()
    assert desk.context.parts == ()
    assert desk.session.requests.memory.items == ()
    assert desk.session.requests.notes_for("Marta", "let tom speak") == ()


def test_learned_passages_stay_away_where_they_are_switched_off(folder: Path) -> None:
    from cowrite.learning.passages import PassageIndex

    index = PassageIndex(None)
    index.replace("earlier", "The rain on the lane of Combe Regis was cold and grey. " * 9, 1.0)
    desk = Desk(folder)
    desk.session.requests.use(RequestOptions(passages=300))
    desk.session.requests.earlier.use(type("P", (), {"index": lambda self: index})())
    desk.rest()
    desk.rest(3.0)
    assert "Combe Regis" in desk.context.head
    desk.session.requests.use(RequestOptions(passages=0))
    assert "Combe Regis" not in desk.context.head


def test_a_saved_draft_knows_its_project_then(folder: Path) -> None:
    desk = Desk(folder)
    desk.path = None
    desk.rest()
    assert PartKind.SUMMARY not in {part.kind for part in desk.context.parts}
    desk.path = folder / "chapters" / ".." / "chapters" / "02.md"
    desk.session.type("x")
    desk.rest()
    assert PartKind.SUMMARY in {part.kind for part in desk.context.parts}


def test_what_replaces_text_keeps_the_parts(folder: Path) -> None:
    desk = Desk(folder)
    desk.rest()
    context = desk.session.requests.context_at(200, 10)
    assert context.parts
    assert replace(context, parts=()).before == (RAIN * 40)[:200]


@pytest.mark.parametrize("module", ["cowrite.session.draft", "cowrite.tui.app"])
def test_nothing_of_it_is_imported_before_there_is_a_project(module: str) -> None:
    code = (
        f"import sys, {module}; sys.exit(any(n.startswith('cowrite.memory') for n in sys.modules))"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
