"""What is there to be read gives way to writing: letters typed over it are in the draft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pilots import asked, until
from textual import events
from textual.pilot import Pilot

from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.tokens_pane import TokensPane
from cowrite.tui.screens.dialogs import notice
from cowrite.tui.terminal.messages import Paste

Make = Callable[..., CowriteApp]


def send(app: CowriteApp, *keys: str) -> None:
    """Keys in one burst, as the input thread sends them."""
    for key in keys:
        name = {" ": "space"}.get(key, key)
        app.post_message(events.Key(name, key if len(key) == 1 else None))


async def text_is(app: CowriteApp, pilot: Pilot[None], wanted: str) -> None:
    assert app.draft is not None
    session = app.draft.session
    await until(pilot, lambda: session.document.text == wanted)


@pytest.mark.parametrize("opens", ["alt+i"])
async def test_s2_letters_over_a_dialog_go_on_in_the_draft(
    opens: str, make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        await pilot.press("x")
        await pilot.press(opens)
        await until(pilot, lambda: app.screen is not app.draft)
        send(app, *"quick", " ", *"c.", "enter", "q")
        await text_is(app, pilot, "xquick c.\nq")
        assert app.screen is app.draft


async def test_s2_a_paste_over_a_dialog_goes_on_in_the_draft(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        await pilot.press("alt+i")
        await until(pilot, lambda: app.screen is not app.draft)
        app.post_message(Paste("two words", goes_on=False))
        send(app, "!")
        await text_is(app, pilot, "two words!")


async def test_s2_other_keys_close_or_scroll_as_before(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        for opens, closes in (("alt+i", "enter"), ("alt+i", "escape"), ("f1", "escape")):
            await pilot.press(opens)
            await until(pilot, lambda: app.screen is not app.draft)
            await pilot.press("down", "pagedown", "tab")
            assert app.screen is not app.draft
            await pilot.press(closes)
            await until(pilot, lambda: app.screen is app.draft)
        await text_is(app, pilot, "")


async def test_s2_a_question_with_letters_keeps_them(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        await until(pilot, lambda: app.draft is not None and app.focused is app.draft.editor)
        app.push_screen(notice("Something that must be read."))
        await until(pilot, lambda: app.focused is not None and app.screen is not app.draft)
        await pilot.press("x")
        assert app.screen is not app.draft
        await pilot.press("с")  # where a US keyboard has `c`
        await until(pilot, lambda: app.screen is app.draft)
        await text_is(app, pilot, "")


async def test_s2_letters_in_the_token_view_go_on_in_the_draft(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."]])
    async with app.run_test() as pilot:
        await asked(app, pilot)
        assert app.draft is not None
        await pilot.press("alt+t")
        pane = app.draft.query_one(TokensPane)
        await until(pilot, lambda: pane.has_focus)
        send(app, "right", *" on", "backspace", "enter", *"hi")
        await text_is(app, pilot, "x o\nhi")
        assert app.draft.editor.has_focus
        assert app.draft.query(TokensPane)


async def test_a_click_outside_the_screen_takes_the_keys_from_nobody(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        await pilot.pause()
        app.screen.set_focus(None)
        send(app, *"hi")
        await text_is(app, pilot, "hi")


async def test_keys_of_one_burst_keep_their_order_in_a_line(make_app: Make, tmp_path: Path) -> None:
    from textual.widgets import Input

    app = make_app(tmp_path / "new.md")
    async with app.run_test(size=(90, 30)) as pilot:
        await pilot.press("ctrl+f")
        line = app.screen.query_one("#find-text", Input)
        send(app, *"abc", "backspace", *"de", "home", "z", "\u00a0")
        await until(pilot, lambda: line.value == "z\u00a0abde")
