"""Grammar in a window: what is underlined and why, what mends it, and that it costs nobody a key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pilots import until as soon
from textual.pilot import Pilot
from textual.widgets import OptionList

from cowrite.prose import grammar as grammar_side
from cowrite.prose.grammar import is_there
from cowrite.tui.app import CowriteApp

Make = Callable[..., CowriteApp]
ON = {"grammar": {"english": "british"}}
needs_extra = pytest.mark.skipif(
    not is_there(), reason="the extra cowrite[grammar] is not installed"
)


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    """Wait for the checker's process too, which reads its dictionary for seconds on a busy machine."""
    for _ in range(9):
        try:
            await soon(pilot, true)
        except AssertionError:
            continue
        return
    await soon(pilot, true)


def marked(app: CowriteApp) -> list[str]:
    """What is underlined for its grammar on the screen."""
    assert app.draft is not None
    rows = app.draft.editor._shown
    return [text for row in rows for text, names in row.runs if "grammar" in names]


def chosen(app: CowriteApp) -> str:
    assert app.draft is not None
    return app.draft.session.document.slice(*app.draft.session.selected)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.md"
    file.write_text(
        "She should of *went* home. 😀 It was an\r\ntest, she said.\r\n\r\n`an test` is code.\r\n\r\n"
        "He saw the an end of it and went to bed.\r\n",
        newline="",
    )
    return file


@needs_extra
async def test_it_is_underlined_explained_and_mended_in_one_undo_step(
    make_app: Make, draft: Path
) -> None:
    app = make_app(draft, settings=ON)
    async with app.run_test() as pilot:
        assert app.draft is not None
        session = app.draft.session
        before = session.document.text
        await until(pilot, lambda: "should of" in marked(app))
        assert all("test" not in word for word in marked(app))  # not code
        await pilot.press("alt+n")
        await until(pilot, lambda: chosen(app) == "should of")
        await pilot.pause()
        assert "have" in str(app.draft.status_line.line.facts.note)
        await pilot.press("alt+e")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press("enter")
        await until(pilot, lambda: "She should have *" in session.document.text)
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert session.document.text == before


@needs_extra
async def test_a_line_break_of_two_signs_is_no_slip_of_places(
    make_app: Make, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    file.write_text("😀😀 One *line* and\r\nanother. He should of\r\ngone.\r\n", newline="")
    app = make_app(file, settings=ON)
    async with app.run_test() as pilot:
        await until(pilot, lambda: marked(app) == ["should of"])


@needs_extra
async def test_a_rule_is_switched_off_by_a_key(make_app: Make, draft: Path) -> None:
    app = make_app(draft, settings=ON)
    async with app.run_test() as pilot:
        await until(pilot, lambda: "should of" in marked(app))
        await pilot.press("alt+n")
        await until(pilot, lambda: chosen(app) == "should of")
        await pilot.press("alt+minus")
        await until(pilot, lambda: "should of" not in marked(app))
        assert app.hub.now.grammar.rules_off == ("ModalOf",)
        assert "ModalOf" in app.paths.config_file.read_text()


@needs_extra
async def test_a_key_turns_it_on_and_off(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test() as pilot:
        await pilot.press("alt+semicolon")
        await until(pilot, lambda: "should of" in marked(app))
        await pilot.press("alt+semicolon")
        await until(pilot, lambda: marked(app) == [])


async def test_without_the_extra_one_sentence_names_it(
    make_app: Make, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar_side, "is_there", lambda: False)
    app = make_app(draft)
    async with app.run_test() as pilot:
        await pilot.press("alt+semicolon")
        await pilot.pause()
        said = [(n.title, n.message) for n in app._notifications]
        assert len(said) == 1
        assert "cowrite[grammar]" in f"{said}".replace("\\", "")
        assert app.hub.now.grammar.english == "off"


async def test_a_checker_that_dies_ends_grammar_and_not_the_window(
    make_app: Make, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar_side, "is_there", lambda: True)
    app = make_app(draft)
    app.grammar.command = (sys.executable, "-c", "raise SystemExit(3)")
    async with app.run_test() as pilot:
        await pilot.press("alt+semicolon")
        await until(pilot, lambda: app.hub.now.grammar.english == "off")
        await pilot.press("ctrl+end", *"still")
        assert app.draft is not None
        assert app.draft.session.document.text.endswith("still")


async def test_remarks_are_listed_and_gone_to(make_app: Make, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("# One\n\nShe went to the the door.\n\n`the the`\n\nHe said said nothing.\n")
    app = make_app(file)
    async with app.run_test() as pilot:
        await pilot.press("alt+equals_sign")
        await until(pilot, lambda: len(app.screen_stack) == 2 and app.screen.query(OptionList))
        await pilot.pause()
        assert app.screen.query_one(OptionList).option_count == 2
        await pilot.press("down", "enter")
        await until(pilot, lambda: chosen(app) == "said said")


async def test_a_clean_draft_has_no_remarks(make_app: Make, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("She went to the door.\n")
    app = make_app(file)
    async with app.run_test() as pilot:
        await pilot.press("alt+equals_sign")
        assert app.draft is not None
        line = app.draft.status_line.line
        await until(pilot, lambda: line.facts.note == "no remarks")
