"""Spell-check in a window: what is underlined, and what the actions do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pilots import until

from cowrite.tui.app import CowriteApp
from cowrite.tui.window.speller import language_here, languages

Make = Callable[..., CowriteApp]
ENGLISH = {"editor": {"spelling": "en"}}


def marked(app: CowriteApp) -> list[str]:
    """The words that are underlined on the screen."""
    assert app.draft is not None
    rows = app.draft.editor._shown
    return [text for row in rows for text, names in row.runs if "misspelled" in names]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.md"
    file.write_text("A seperate line.\n\n`teh` code\n\nAino saw teh sea.\n")
    return file


async def test_wrong_words_are_underlined_but_for_the_one_that_is_written(
    make_app: Make, draft: Path
) -> None:
    app = make_app(draft, settings=ENGLISH)
    async with app.run_test() as pilot:
        await until(pilot, lambda: marked(app) == ["seperate", "Aino", "teh"])
        await pilot.press("ctrl+end", *"wrnog")
        await pilot.pause(0.3)
        assert marked(app) == ["seperate", "Aino", "teh"]
        await pilot.press("space")
        await until(pilot, lambda: marked(app) == ["seperate", "Aino", "teh", "wrnog"])


async def test_off_is_off_and_a_key_turns_it_on(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test() as pilot:
        await pilot.press("alt+n")
        await pilot.pause()
        assert not app.spelling.made
        await pilot.press("alt+o")
        await until(pilot, lambda: "seperate" in marked(app))
        await pilot.press("alt+o")
        await until(pilot, lambda: marked(app) == [])


async def test_correcting_is_one_undo_step(make_app: Make, draft: Path) -> None:
    app = make_app(draft, settings=ENGLISH)
    async with app.run_test() as pilot:
        assert app.draft is not None
        session = app.draft.session
        before = session.document.text
        await pilot.press("alt+e")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("enter")
        await until(pilot, lambda: "A separate line." in session.document.text)
        assert session.cursor == len("A separate")
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert session.document.text == before


async def test_to_the_next_and_the_one_before_and_a_word_is_learnt(
    make_app: Make, draft: Path
) -> None:
    app = make_app(draft, settings=ENGLISH)
    async with app.run_test() as pilot:
        assert app.draft is not None
        session = app.draft.session

        def chosen() -> str:
            return session.document.slice(*session.selected)

        for key, word in (("alt+n", "seperate"), ("alt+n", "Aino"), ("alt+u", "seperate")):
            await pilot.press(key)
            await until(pilot, lambda word=word: chosen() == word)
        await pilot.press("alt+n")
        await until(pilot, lambda: chosen() == "Aino")
        await pilot.press("alt+k")
        await until(pilot, lambda: marked(app) == ["seperate", "teh"])
        assert app.paths.words_file.read_text() == "Aino\n"
        await pilot.press("alt+n")
        await until(pilot, lambda: chosen() == "teh")


def test_the_language_of_the_environment() -> None:
    assert language_here({"LANG": "de_AT.UTF-8"}) == "de"
    assert language_here({"LANG": "de_DE", "LC_ALL": "fr_FR"}) == "fr"
    assert language_here({"LANG": "C.UTF-8"}) == language_here({}) == "en"
    assert "off" not in languages()
