"""Snapshots in the window: taken of what is on the screen, compared, gone back to, by undo also forth."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pilots import until
from textual import events
from textual.widgets import OptionList

from cowrite.logbook import snapshots as past_snapshots
from cowrite.logbook.snapshots import snapshots, there
from cowrite.memory.making import make_project
from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.dialogs import Prompt
from cowrite.tui.screens.snapshots import SinceSnapshot, SnapshotsScreen
from cowrite.tui.window import type_ahead

Make = Callable[..., CowriteApp]
SIZE = (100, 30)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    make_project(folder, "The Mill")
    for name in ("01", "02", "03"):
        (folder / "chapters" / f"{name}.md").write_bytes(f"Chapter {name}.\r\n".encode())
    return folder / "chapters"


def names(app: CowriteApp) -> list[str]:
    assert app.store is not None
    return [one.name for one in snapshots(app.store.reader)]


async def test_taken_compared_and_gone_back_to(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        session.type("Never saved. ")
        await pilot.press("alt+grave_accent")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press(*"first", "enter")
        await until(pilot, lambda: names(app) == ["first"])
        assert app.store is not None
        (kept,) = snapshots(app.store.reader)
        assert len(kept.drafts) == 3
        assert there(app.store.reader, kept, book / "01.md").text == "Never saved. Chapter 01.\r\n"

        session.type("More. ")
        (book / "02.md").write_bytes(b"Another program's.\r\n")
        await pilot.press("alt+grave_accent")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SinceSnapshot))
        await pilot.press("b")
        await until(pilot, lambda: (book / "02.md").read_bytes() == b"Chapter 02.\r\n")
        assert session.document.text == "Never saved. Chapter 01.\r\n"
        session.undo()
        assert session.document.text == "Never saved. More. Chapter 01.\r\n"
        assert names(app) == ["before going back to “first”", "first"]
        before = snapshots(app.store.reader)[0]
        assert there(app.store.reader, before, book / "02.md").text == "Another program's.\r\n"


async def test_one_draft_alone_and_in_no_project(make_app: Make, tmp_path: Path) -> None:
    path = tmp_path / "alone.md"
    path.write_text("Alone.\n")
    app = make_app(path)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        await pilot.press("alt+grave_accent")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await pilot.press("h")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        await pilot.press("enter")
        await until(pilot, lambda: len(names(app)) == 1)
        app.draft.session.type("Not ")
        await pilot.press("alt+grave_accent")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SinceSnapshot))
        await pilot.press("t")
        await until(pilot, lambda: app.draft.session.document.text == "Alone.\n")


async def test_before_chapters_are_moved_their_order_is_kept(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+7")
        await until(pilot, lambda: getattr(app.screen, "table", None) is not None)
        await pilot.press("j", "j")
        await until(pilot, lambda: "chapters/02.md" in (book.parent / "cowrite.toml").read_text())
        await until(pilot, lambda: names(app) == ["before chapters were moved"])
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, SnapshotsScreen))
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)


async def test_keys_wait_for_what_changed_since(
    make_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter right behind Enter answers what Enter asks for; it isn't written into the draft."""
    monkeypatch.setattr(type_ahead, "_PATIENCE", 60.0)
    compare, goes_on = past_snapshots.differing, threading.Event()

    def slow(*given: Any) -> Any:
        goes_on.wait(60)
        return compare(*given)

    monkeypatch.setattr(past_snapshots, "differing", slow)
    path = tmp_path / "alone.md"
    path.write_text("Alone.\n")
    app = make_app(path)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.draft is not None and app.focused is app.draft.editor)
        draft = app.draft
        assert draft is not None
        for key in ("alt+grave_accent", "h", *"one", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: names(app) == ["one"])
        draft.session.type("Not ")
        for key in ("alt+grave_accent", "enter", "t"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: draft.is_reading and app.screen is draft)
        await pilot.pause()
        goes_on.set()
        await until(pilot, lambda: draft.session.document.text == "Alone.\n")
