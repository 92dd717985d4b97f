"""Toasts cover neither what is written nor a frame, and go at a key once they could be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pilots import until
from textual.widgets._toast import Toast

from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.settings import SettingsScreen
from cowrite.tui.window.toasts import Toasts

Make = Callable[..., CowriteApp]


@pytest.mark.parametrize("size", [(100, 30), (60, 20)])
@pytest.mark.parametrize("paragraph", [0, 3, 6, 9])
async def test_the_paragraph_that_is_written_stays_in_sight(
    make_app: Make, tmp_path: Path, size: tuple[int, int], paragraph: int
) -> None:
    file = tmp_path / "draft.md"
    file.write_text("\n\n".join(["The lamp went out, and nobody had seen it. " * 3] * 10))
    app = make_app(file)
    async with app.run_test(size=size, notifications=True) as pilot:
        assert app.draft is not None
        session = app.draft.session
        place = session.document.line_start(2 * paragraph)
        session.select(place, place)
        await pilot.pause()
        app.tell("Something happened.", "This is what can be done about it.", "warning")
        await until(pilot, lambda: app.screen.query(Toast))
        await pilot.pause()
        first, behind = app.draft.rows_in_use()
        assert behind > first
        toast = app.screen.query_one(Toast).region
        assert toast.bottom <= first or toast.y >= behind


async def test_a_dialog_s_frame_stays_whole(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.press("alt+p")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        app.tell("Something happened.", "This is what can be done about it.", "warning")
        await until(pilot, lambda: app.screen.query(Toast))
        await pilot.pause()
        assert isinstance(app.screen, SettingsScreen)
        left, top, right, bottom = app.screen.frame()
        toast = app.screen.query_one(Toast).region
        assert left < toast.x
        assert toast.right < right
        assert top < toast.y
        assert toast.bottom < bottom


async def test_a_key_takes_away_what_could_be_read(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        now = [0.0]
        app.toasts = Toasts(app, lambda: now[0])
        app.tell("It failed.", "", "error")
        await pilot.pause()
        (toast,) = app._notifications
        now[0] = (
            toast.raised_at - 60.0
        )  # a timer that could end within a slow test would say nothing
        await pilot.press("a")
        assert [one.message for one in app._notifications] == ["It failed."]
        now[0] = toast.raised_at + 2.0
        await pilot.press("b")
        assert not list(app._notifications)
        await until(pilot, lambda: not app.screen.query(Toast))


async def test_what_was_taken_away_can_be_said_again(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        now = [0.0]
        app.toasts = Toasts(app, lambda: now[0])
        app.tell("Nothing to undo")
        app.tell("Nothing to undo")
        await pilot.pause()
        (toast,) = app._notifications
        now[0] = toast.raised_at + 1.0
        await pilot.press("a")
        app.tell("Nothing to undo")
        await pilot.pause()
        assert len(app._notifications) == 1
