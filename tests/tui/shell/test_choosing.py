"""What a typed word brings to the top of a list, and to the palette's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import OptionList

from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.choosing import Choice, Chooser, narrowed
from cowrite.tui.screens.palette import commands
from cowrite.tui.window.start import recent_drafts


def test_names_first_then_beginnings_then_the_rest() -> None:
    entries = [
        Choice("a", "Load the draft again", "unsaved"),
        Choice("b", "A safe place", ""),
        Choice("c", "Keep it", "", name="Save"),
        Choice("d", "Saving by itself"),
    ]
    assert [e.value for e in narrowed(entries, ["sa"])] == ["c", "d", "b", "a"]
    assert [e.value for e in narrowed(entries, [])] == ["a", "b", "c", "d"]
    assert narrowed(entries, ["save", "x"]) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("save", "save"),
        ("save as", "save-as"),
        ("find", "find"),
        ("focus", "toggle-focus"),
        ("sugg", "ask"),
        ("repl", "replace"),
        ("head", "outline"),
        ("theme", "theme"),
        ("undo", "undo"),
        ("spell", "toggle-spelling"),
        ("quit", "quit"),
        ("set", "settings"),
        ("zen", "toggle-zen"),
        ("misspelling", "next-misspelling"),
    ],
)
async def test_a_word_that_begins_an_actions_name_finds_it(
    make_app: Callable[..., CowriteApp], tmp_path: Path, typed: str, first: str
) -> None:
    app = make_app(tmp_path / "a.md")
    async with app.run_test():
        entries = [command.entry for command in commands(app)]
    assert narrowed(entries, typed.split())[0].value == first


def test_accept_comes_before_its_parts() -> None:
    from cowrite.tui.commands.actions import ACTIONS

    entries = [Choice(action.id, action.help, "", action.title) for action in ACTIONS]
    assert narrowed(entries, ["accept"])[0].value == "accept"


async def test_a_list_of_labels_alone_has_a_row_for_each(
    make_app: Callable[..., CowriteApp], tmp_path: Path
) -> None:
    app = make_app(tmp_path / "a.md")
    async with app.run_test() as pilot:
        app.push_screen(Chooser("Go to heading", [Choice("1", "One"), Choice("2", "Two")]))
        await pilot.pause()
        options = app.screen.query_one(OptionList)
        rows = [
            str(options.get_option_at_index(at).prompt).rstrip()
            for at in range(options.option_count)
        ]
        assert rows == ["One", "Two"]
        assert options.virtual_size.height == 2


async def test_a_list_takes_the_room_that_its_rows_need(
    make_app: Callable[..., CowriteApp], tmp_path: Path
) -> None:
    app = make_app(tmp_path / "a.md")
    about = "what is said about it, at some length"
    async with app.run_test(size=(110, 30)) as pilot:
        app.push_screen(
            Chooser("Things", [Choice("1", "A name of forty characters or more " * 2, about)])
        )
        for columns, whole in ((140, True), (72, False), (60, False), (130, True)):
            await pilot.resize_terminal(columns, 30)
            await pilot.pause(0.05)
            row = str(app.screen.query_one(OptionList).get_option_at_index(0).prompt)
            assert row.endswith(about) == whole, columns
            assert app.screen.query_one(".box").size.width <= columns


async def test_the_list_of_drafts_says_which_are_open(
    make_app: Callable[..., CowriteApp], tmp_path: Path
) -> None:
    app = make_app(tmp_path / "a.md")
    (tmp_path / "a.md").touch()
    (tmp_path / "b.md").touch()
    async with app.run_test() as pilot:
        app.drafts.open(tmp_path / "b.md")
        await pilot.pause()
        await pilot.press("x")
        assert app.store is not None
        for _ in range(100):
            here = {draft.path.name: draft.here for draft in recent_drafts(app)}
            if len(here) == 2:
                break
            await pilot.pause(0.02)
        assert here == {"a.md": "open", "b.md": "not saved"}
        await pilot.press("ctrl+o")
        options = app.screen.query_one(OptionList)
        rows = "\n".join(
            str(options.get_option_at_index(at).prompt) for at in range(options.option_count)
        )
        assert "not saved" in rows
