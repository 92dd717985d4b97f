"""The project in the window: from chapter to chapter, and the chapters put in another order."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pilots import until
from textual import events
from textual.widgets import OptionList

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Stamped
from cowrite.logbook.chapter_rows import ChapterReader, ChapterTable, typed_words
from cowrite.memory.making import make_project
from cowrite.memory.project import ChapterPlan, chapter_files, read_project
from cowrite.memory.project_file import set_plan
from cowrite.memory.reordering import reorder
from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.project import ProjectScreen
from cowrite.tui.screens.project_rows import calendar
from cowrite.tui.window import type_ahead

Make = Callable[..., CowriteApp]
SIZE = (100, 30)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    make_project(folder, "The Mill")
    for name, title in (("01", "第一章"), ("02", "Two"), ("03", "Three")):
        text = (
            f"---\ngoal: 2000\nstatus: draft\n---\n# {title}\n\nIt rained.\n\n***\n\nShe slept.\n"
        )
        (folder / "chapters" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def name(app: CowriteApp) -> str:
    assert app.draft is not None
    path = app.draft.session.file.path
    return path.name if path is not None else ""


def order(book: Path) -> list[str]:
    project = read_project(book / "cowrite.toml")
    assert project is not None
    return [path.stem for path in chapter_files(project)]


def plan(book: Path, stem: str) -> ChapterPlan:
    project = read_project(book / "cowrite.toml")
    assert project is not None
    return project.plan_of(book / "chapters" / f"{stem}.md")


def rows(app: CowriteApp) -> list[str]:
    options = app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(i).prompt) for i in range(options.option_count)]


async def test_chapter_by_chapter_each_where_it_was_left(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        app.draft.session.select(50, 50)
        await pilot.press("alt+9")
        await until(pilot, lambda: name(app) == "02.md")
        await pilot.press("alt+8")
        await until(pilot, lambda: name(app) == "01.md")
        assert app.draft.session.cursor == 50
        await pilot.press("alt+8")
        await pilot.pause()
        assert name(app) == "01.md"


async def test_chapters_are_seen_moved_and_opened(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    before = (book / "cowrite.toml").read_bytes()
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        at = app.draft.session.document.text.index("It rained")
        app.draft.session.select(at, at)
        app.draft.session.type("new words ")
        await pilot.press("alt+7")
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen) and len(rows(app)) == 3)
        assert "第一章" in rows(app)[0]
        assert "/2,000" in rows(app)[0]
        assert "draft" in rows(app)[0]
        assert "you" in rows(app)[0]
        await pilot.press("j")
        await until(pilot, lambda: order(book) == ["02", "01", "03"])
        assert "第一章" in rows(app)[1]
        await pilot.press("t", "g", *"3,500", "enter")
        await until(pilot, lambda: "/3,500" in rows(app)[1] and "revised" in rows(app)[1])
        await until(pilot, lambda: plan(book, "01") == ChapterPlan(3500, "revised"))
        await pilot.press("u", "u", "u")
        await until(pilot, lambda: (book / "cowrite.toml").read_bytes() == before)
        await until(pilot, lambda: "/2,000" in rows(app)[0] and "draft" in rows(app)[0])
        await pilot.press("s")
        assert len(rows(app)) == 9
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: not isinstance(app.screen, ProjectScreen))
        text = app.draft.session.document.text
        assert text[app.draft.session.cursor :].strip() == "She slept."


async def test_what_another_window_wrote_of_the_chapters_stays(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+7")
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen) and len(rows(app)) == 3)
        project = read_project(book / "cowrite.toml")
        assert project is not None
        first, second, third = chapter_files(project)
        reorder(project, [first, third, second])
        set_plan(project, first, goal=700)
        await pilot.press("j", "t")
        await until(pilot, lambda: plan(book, "01") == ChapterPlan(700, "revised"))
        assert order(book) == ["03", "01", "02"]
        await until(pilot, lambda: "Three" in rows(app)[0] and "/700" in rows(app)[1])


async def test_what_could_not_be_written_is_not_shown_as_done(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+7")
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen) and len(rows(app)) == 3)
        said = rows(app)
        file = book / "cowrite.toml"
        file.write_text(file.read_text() + "no toml = = [\n")
        await pilot.press("j", "t")
        await until(pilot, lambda: len(app._notifications) > 0)
        await until(pilot, lambda: rows(app) == said)


async def test_a_draft_in_no_project_stays(make_app: Make, tmp_path: Path) -> None:
    alone = tmp_path / "alone.md"
    alone.write_text("words")
    app = make_app(alone)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+7", "alt+9")
        await pilot.pause()
        assert name(app) == "alone.md"
        assert not isinstance(app.screen, ProjectScreen)


def typed(day: datetime.date, *pieces: tuple[int, str]) -> list[Stamped]:
    noon = datetime.datetime.combine(day, datetime.time(12)).astimezone()
    when = int(noon.timestamp() * 1000)
    return [
        Stamped(number, 0, when, Edited(Edit(start, "", text, Origin.TYPED)))
        for number, (start, text) in enumerate(pieces)
    ]


def test_words_are_counted_where_they_begin() -> None:
    day = datetime.date(2026, 11, 26)
    letters = [(place, sign) for place, sign in enumerate("it's a day")]
    assert typed_words(typed(day, *letters)) == {day: 3}
    assert typed_words(typed(day, (0, "ab"), (9, "cd"))) == {day: 2}
    assert typed_words([]) == {}


def test_the_calendar_has_a_week_a_line_and_no_days_to_come(book: Path) -> None:
    project = read_project(book / "cowrite.toml")
    assert project is not None
    today = datetime.date(2026, 11, 26)  # a Thursday
    table = ChapterTable(project, (), {today: 1204, datetime.date(2026, 11, 9): 7}, today)
    lines = list(calendar(table, 4))
    assert [line[:6] for line in lines[1:]] == ["02 Nov", "09 Nov", "16 Nov", "23 Nov"]
    assert lines[2].split()[2:] == ["7", *"······"]
    assert lines[4].split()[2:] == ["·", "·", "·", "1,204"]
    assert len(list(calendar(table, 1))) == 2


@pytest.mark.parametrize("patience", [60.0, 0.05])
async def test_keys_wait_for_the_chapters_to_be_read(
    make_app: Make, book: Path, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """What comes in one burst with Alt+7 is about the chapters; a reading without end leaves no one deaf."""
    monkeypatch.setattr(type_ahead, "_PATIENCE", patience)
    read, goes_on = ChapterReader.read, threading.Event()

    def slow(self: ChapterReader, *given: Any) -> ChapterTable:
        goes_on.wait(60)
        return read(self, *given)

    monkeypatch.setattr(ChapterReader, "read", slow)
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.draft is not None and app.focused is app.draft.editor)
        closes = "enter" if patience > 1 else "escape"
        for key in ("alt+7", "down", closes, "!"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen))
        if patience > 1:
            await pilot.pause()
            goes_on.set()
        wanted = "02.md" if patience > 1 else "01.md"
        await until(pilot, lambda: name(app) == wanted and app.screen is app.draft)
        await until(pilot, lambda: app.draft is not None and "!" in app.draft.session.document.text)
        goes_on.set()


async def test_who_leaves_does_not_wait_for_the_chapters(
    make_app: Make, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "_PATIENCE", 3600.0)
    goes_on = threading.Event()
    monkeypatch.setattr(ChapterReader, "read", lambda *_: goes_on.wait(60))
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.draft is not None and app.focused is app.draft.editor)
        app.post_message(events.Key("alt+7", None))
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen))
        ahead = app.keyboard._ahead
        await until(pilot, lambda: ahead._reading)
        for key in ("escape", "!"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: app.draft is not None and "!" in app.draft.session.document.text)
        assert app.screen is app.draft
        goes_on.set()
