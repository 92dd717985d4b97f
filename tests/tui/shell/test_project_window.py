"""Memory in the window: from names to entries and back, what the model sees, what weighed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from editor_bench import StillEngine
from pilots import until
from stages import Stage
from textual.widgets import Static

from cowrite.core.context import PartKind
from cowrite.core.shown import Said, SaidKind, pieces
from cowrite.engine.protocol import Failed
from cowrite.engine.weigh import Weighed
from cowrite.memory.making import make_project
from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.dialogs import Question
from cowrite.tui.screens.model_sees import ModelSees
from cowrite.tui.screens.start import StartScreen

Make = Callable[..., CowriteApp]
SIZE = (100, 30)
LORE = "## Marta Quill\nKeys: Marta\n\nA clockmaker.\n\n## The Mill\n\nIt is old.\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    make_project(folder)
    (folder / "lore.md").write_text(LORE)
    (folder / "notes.md").write_text("Nobody dies.")
    (folder / "chapters" / "01.md").write_text(
        "# One\n\nAt the mill Marta slept. Odo Finch came.\n"
    )
    return folder


def answer(app: CowriteApp, engine: StillEngine, heavy: str = "") -> None:
    """The last question's answer; the sentence with `heavy` counted."""
    assert app.draft is not None
    app.draft.engine_said(engine.weighed({heavy: 2.0} if heavy else None))


async def read(app: CowriteApp, pilot) -> None:  # type: ignore[no-untyped-def]
    """Wait until the project is read."""
    assert app.draft is not None
    path = app.draft.session.file.path
    app.stories.refresh(path)
    await until(pilot, lambda: app.stories.story_of(path) is not None)


def place(app: CowriteApp, word: str) -> None:
    assert app.draft is not None
    at = app.draft.session.document.text.index(word)
    app.draft.session.select(at + 1, at + 1)


def name(app: CowriteApp) -> str:
    assert app.draft is not None
    path = app.draft.session.file.path
    return path.name if path is not None else ""


async def test_alt_m_goes_to_an_entry_and_back(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await read(app, pilot)
        place(app, "Marta")
        await pilot.press("alt+m")
        await until(pilot, lambda: name(app) == "lore.md")
        assert app.draft is not None
        assert app.draft.session.cursor == 0
        await pilot.press("alt+m")
        await until(pilot, lambda: name(app) == "01.md")
        assert app.draft.session.document.text[app.draft.session.cursor - 1 :].startswith("Marta")


async def test_alt_m_offers_to_make_an_entry(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await read(app, pilot)
        place(app, "Finch")
        await pilot.press("alt+m")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("m")
        await until(pilot, lambda: name(app) == "lore.md")
        assert app.draft is not None
        session = app.draft.session
        assert session.document.text == f"{LORE}\n## Odo Finch\n\n"
        assert session.cursor == len(session.document)
        assert (book / "lore.md").read_text() == LORE, "it is saved when the writer saves it"
        await pilot.press("ctrl+z")
        assert session.document.text == LORE


async def test_from_an_entry_without_a_way_back_to_where_it_is_named(
    make_app: Make, book: Path
) -> None:
    app = make_app(book / "lore.md")
    async with app.run_test(size=SIZE) as pilot:
        await read(app, pilot)
        place(app, "Keys")
        await pilot.press("alt+m")
        await until(pilot, lambda: name(app) == "01.md")
        assert app.draft is not None
        assert app.draft.session.document.text[app.draft.session.cursor :].startswith("Marta")


async def test_outside_of_a_project_it_is_said(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "alone.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+m")
        await pilot.pause()
        assert any("in no project" in toast.message for toast in app._notifications)


async def test_a_wrong_project_file_is_said_and_writing_goes_on(make_app: Make, book: Path) -> None:
    (book / "cowrite.toml").write_text("[project]\nchaptres = []\n")
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        path = app.draft.session.file.path

        def said() -> bool:
            app.stories.refresh(path)
            return any("chaptres" in toast.message for toast in app._notifications)

        await until(pilot, said)
        await pilot.press("x")
        assert app.draft.session.document.text.startswith("x# One")


async def test_the_projects_texts_are_where_drafts_are_opened(make_app: Make, book: Path) -> None:
    app = make_app(book / "chapters" / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        entries = {entry.label: entry.about for entry in app.screen._entries}  # type: ignore[attr-defined]
        assert entries["lore.md"] == "lore of book"
        assert entries["notes.md"] == "notes of book"


async def staged(app: CowriteApp, pilot, engine: StillEngine) -> Stage:  # type: ignore[no-untyped-def]
    await read(app, pilot)
    stage = Stage(app, pilot, engine, (" He slept.",))
    stage.begin()
    stage.session.select(len(stage.session.document), len(stage.session.document))
    return stage


async def test_what_the_model_sees_is_shown_with_why(make_app: Make, book: Path) -> None:
    app, engine = make_app(book / "chapters" / "01.md"), StillEngine()
    async with app.run_test(size=SIZE) as pilot:
        stage = await staged(app, pilot, engine)
        await pilot.press("alt+comma")
        await until(pilot, lambda: isinstance(app.screen, ModelSees))
        answer(app, engine)
        answer(app, engine)
        await pilot.pause()
        said = str(app.screen.query_one("#parts", Static).render())
        for part in (
            "99 tokens",
            "notes.md",
            "Nobody dies.",
            "[Marta Quill: A clockmaker.]",
            "“Marta”",
        ):
            assert part in said
        sent = engine.weighing[-1].context
        assert sent == stage.session.requests.context_at(stage.session.cursor)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.draft)


async def test_the_screen_shows_what_an_instruction_is_told(make_app: Make, book: Path) -> None:
    app, engine = make_app(book / "chapters" / "01.md"), StillEngine()
    async with app.run_test(size=SIZE) as pilot:
        await staged(app, pilot, engine)
        place(app, "Marta")
        await pilot.press("alt+comma")
        await until(pilot, lambda: bool(engine.weighing))
        await pilot.press("i")
        await until(pilot, lambda: engine.weighing[-1].task is not None)
        task = engine.weighing[-1].task
        assert task is not None
        assert task.passage == "At the mill Marta slept. Odo Finch came."
        assert "[Marta Quill: A clockmaker.]" in task.notes
        said = (
            Said(SaidKind.NOTE, "[Marta Quill: A clockmaker.]\n\n", 7),
            Said(SaidKind.PASSAGE, f"Text: {task.passage}\n", 12),
        )
        assert app.draft is not None
        empty = engine.weighing[-1].context
        asked = engine.weighing[-1].request_id
        app.draft.engine_said(Weighed(asked, empty, 0, 19, (), said=said))
        await pilot.pause()
        shown = str(app.screen.query_one("#parts", Static).render())
        assert "19 tokens" in shown
        assert "lore.md, Marta Quill  7 tokens; “Marta” stands in the last words" in shown
        assert "notes.md: there is no room beside the passage" in shown, "it was left out"
        await pilot.press("i")
        await until(pilot, lambda: engine.weighing[-1].task is None)


async def test_what_weighed_is_shaded_and_the_shading_goes(make_app: Make, book: Path) -> None:
    app, engine = make_app(book / "chapters" / "01.md"), StillEngine()
    async with app.run_test(size=SIZE) as pilot:
        stage = await staged(app, pilot, engine)
        await pilot.press("alt+full_stop")
        assert engine.weighing == [], "there is no suggestion yet"
        stage.suggest()
        await pilot.press("alt+full_stop")
        answer(app, engine)
        answer(app, engine, heavy="Odo")
        editor = app.draft.editor  # type: ignore[union-attr]
        version, layers = editor.page_layers.weighed
        (layer,) = layers
        text = stage.session.document.text
        assert text[layer[0] : layer[1]].strip() == "Odo Finch came."
        assert layer[2] == "weigh-3"
        assert version == stage.session.document.version
        assert engine.weighing[-1].text == " He slept."
        asked = engine.weighing[-1].context
        assert asked.near.startswith("[Marta Quill")
        assert len(engine.weighing[-1].pieces) == len(pieces(asked))
        await pilot.press("alt+full_stop")
        assert editor.page_layers.weighed[1] == []
        await pilot.press("alt+full_stop")
        answer(app, engine)
        answer(app, engine, heavy="Odo")
        assert editor.page_layers.weighed[1]
        await pilot.press("escape")
        assert editor.page_layers.weighed[1] == [], "the suggestion is gone"


async def test_the_screen_weighs_too_and_says_what_failed(make_app: Make, book: Path) -> None:
    app, engine = make_app(book / "chapters" / "01.md"), StillEngine()
    async with app.run_test(size=SIZE) as pilot:
        stage = await staged(app, pilot, engine)
        stage.suggest()
        await pilot.press("alt+comma")
        await until(pilot, lambda: isinstance(app.screen, ModelSees))
        answer(app, engine)
        answer(app, engine)
        await pilot.press("w")
        answer(app, engine)
        assert engine.weighing[-1].attention
        answer(app, engine, heavy="Nobody dies.")
        await pilot.pause()
        said = str(app.screen.query_one("#parts", Static).render())
        assert "█  +2.01  10%  Nobody dies." in said
        await pilot.press("w")
        assert app.draft is not None
        app.draft.engine_said(Failed(engine.weighing[-1].request_id, "No room."))
        await pilot.pause()
        assert "No room." in str(app.screen.query_one(".note", Static).render())


async def test_an_answer_that_nobody_waits_for_is_nothing(make_app: Make, book: Path) -> None:
    app, engine = make_app(book / "chapters" / "01.md"), StillEngine()
    async with app.run_test(size=SIZE) as pilot:
        await staged(app, pilot, engine)
        await pilot.press("alt+comma")
        await until(pilot, lambda: isinstance(app.screen, ModelSees))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.draft)
        answer(app, engine)
        assert len(engine.weighing) == 1
        kinds = [part.kind for part in engine.weighing[0].context.parts]
        assert PartKind.NOTES in kinds
