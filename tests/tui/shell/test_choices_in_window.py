"""Find waits, themes are shown while they are chosen, help is searched, harmless answers come first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pilots import until
from textual.widgets import Input, OptionList, Static

from cowrite.config import describe
from cowrite.errors import DraftError
from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.screens.choosing import Chooser
from cowrite.tui.screens.help import HelpScreen, Keys
from cowrite.tui.screens.questions import conflict, overwrite
from cowrite.tui.screens.settings import shown
from cowrite.tui.window.choices import choose_theme

Make = Callable[..., CowriteApp]
SIZE = (100, 30)
WORDS = "the cat. the dog. the end.\n"


def count(app: object) -> str:
    bar = app.screen.query_one("#findbar")  # type: ignore[attr-defined]
    return str(bar.query_one(".count", Static).content)


async def test_find_begins_at_the_cursor_and_the_last_term_waits(
    make_app: Make, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    file.write_text(WORDS)
    app = make_app(file)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        session.select(5, 5)
        await pilot.press("ctrl+f", "t", "h", "x", "backspace", "e")
        await pilot.pause()
        assert session.selected == (9, 12)
        assert count(app) == "2 of 3"
        await pilot.press("escape")
        session.select(14, 14)
        await pilot.press("ctrl+f")
        await pilot.pause()
        line = app.screen.query_one("#find-text", Input)
        assert (line.value, line.selected_text) == ("the", "the")
        assert session.selected == (14, 14)
        assert count(app) == "3 of 3"
        await pilot.press("enter")
        await pilot.pause()
        assert session.selected == (18, 21)
        await pilot.press("enter")
        await pilot.pause()
        assert session.selected == (0, 3)


async def test_letters_that_are_taken_back_lead_back(make_app: Make, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(WORDS)
    app = make_app(file)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        await pilot.press("ctrl+f", "t", "h", "e", "space", "e")
        await pilot.pause()
        assert app.draft.session.selected == (18, 23)
        await pilot.press("backspace", "backspace")
        await pilot.pause()
        assert app.draft.session.selected == (0, 3)


async def test_a_theme_is_shown_while_it_is_chosen(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=SIZE) as pilot:
        before = app.theme
        choose_theme(app)
        await until(pilot, lambda: isinstance(app.screen, Chooser))
        await pilot.press("d", "r", "a", "c")
        await until(pilot, lambda: app.theme == "dracula")
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == before)
        assert app.settings.ui.theme == "auto"
        choose_theme(app)
        await until(pilot, lambda: isinstance(app.screen, Chooser))
        await pilot.press("d", "r", "a", "c", "enter")
        await until(pilot, lambda: app.settings.ui.theme == "dracula")
        assert app.theme == "dracula"


async def test_help_is_narrowed_by_typing(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press(*"footnote")
        await pilot.pause()
        seen = [keys for keys in app.screen.query(Keys) if keys.display]
        assert [
            "Footnote" in str(keys.content) or "footnote" in str(keys.content) for keys in seen
        ] == [True]
        assert "Cut" not in str(seen[0].content)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert app.draft is not None
        assert app.draft.session.document.text == ""


async def test_enter_takes_the_harmless_answer(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=SIZE) as pilot:
        for question in (conflict(DraftError("x"), "theirs", "mine"), overwrite(tmp_path)):
            answers: list[str | None] = []
            app.push_screen(question, answers.append)
            await until(
                pilot, lambda shown=question: app.screen is shown and shown.query(OptionList)
            )  # type: ignore[misc]
            await pilot.press("enter")
            await until(pilot, lambda got=answers: got)  # type: ignore[misc]
            assert answers[0] in ("stay", "keep")


def test_hints_are_sentences_and_a_zero_says_what_it_stands_for() -> None:
    for setting in describe():
        assert setting.doc[0].isupper(), setting.key
        assert setting.hint.endswith("."), setting.key
        assert ". 0:" not in setting.hint, setting.key
    assert shown(0, "engine.threads") == "the quickest number"
    assert shown(0, "engine.nice") == "0"
    assert shown(False, "log.enabled") == "off"
