"""What the log says of a request: with what it was asked, and which candidates were seen, and where."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from pilots import asked, until
from textual.pilot import Pilot

from cowrite.core.events import Requested, Shown
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.training import preference_rows
from cowrite.paths import Paths
from cowrite.store.reader import LogReader
from cowrite.tui.app import CowriteApp

Make = Callable[..., CowriteApp]
SIZE = (100, 30)


def bodies(paths: Paths, kind: type) -> list:
    """The events of this kind in all sessions of the log."""
    with LogReader.open(paths.log_file) as store:
        events = [one.body for info in store.sessions() for one in store.events(info.session_id)]
    return [body for body in events if isinstance(body, kind)]


async def leave(app: CowriteApp, pilot: Pilot[None]) -> None:
    """End the sessions, so that all is in the log."""
    app.close_sessions("quit")
    await pilot.pause()


# Where candidates are seen


async def test_candidates_read_in_the_pane_are_logged_as_shown_there(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        await asked(app, pilot)
        await pilot.press("f5")
        await pilot.pause(1.2)
        await pilot.press("2")
        await leave(app, pilot)
    shown = [(body.candidate, body.where) for body in bodies(paths, Shown)]
    in_pane = [(0, "pane"), (1, "pane"), (2, "pane")]
    assert shown == [(0, "ghost"), *in_pane, (1, "ghost"), *in_pane]
    with LogReader.open(paths.log_file) as store:
        (info,) = store.sessions()
        (row,) = suggestion_rows(info, store.events(info.session_id))
    assert row.shown == (0, 1, 2)
    assert [one.shown_ms >= 1000 for one in row.candidates] == [True] * 3
    first, second, third = (one.text for one in row.candidates)
    pairs = [(one.chosen, one.rejected) for one in preference_rows(row)]
    assert pairs == [(second, first), (second, third)]


async def test_what_the_pane_still_shows_stays_shown_when_the_ghost_is_another_one(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        await pilot.press("f5")
        await pilot.pause(0.2)
        await pilot.press("f3")
        assert session.suggestion is not None
        assert session.suggestion.index == 1
        await pilot.pause(0.2)
        await pilot.press("f5")
        await pilot.pause(0.2)
        await leave(app, pilot)
    shown = [(body.candidate, body.where) for body in bodies(paths, Shown)]
    in_pane = [(0, "pane"), (1, "pane"), (2, "pane")]
    alone = (1, "ghost")  # when the pane has gone
    assert shown == [(0, "ghost"), *in_pane, (1, "ghost"), *in_pane, alone]


async def test_candidates_that_find_no_room_in_the_pane_are_not_shown(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    long = " and the rain came down upon the roofs of the town" * 12
    app = make_app(tmp_path / "draft.md", engine=True, texts=[[long, long + "!", long + "?"]])
    async with app.run_test(size=(40, 14)) as pilot:
        await asked(app, pilot)
        await pilot.press("f5")
        await pilot.pause(0.3)
        await leave(app, pilot)
    shown = [(body.candidate, body.where) for body in bodies(paths, Shown)]
    assert shown == [(0, "ghost"), (0, "pane")]


# With what it was asked


async def test_a_draft_opened_later_is_shown_to_the_model_as_far_as_the_first(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    for file in (first, second):
        file.write_text("All was quiet. " * 730)
    app = make_app(first, engine=True, window_chars=9000)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        await pilot.press("ctrl+end")
        await asked(app, pilot)
        app.drafts.open(second)
        await until(
            pilot, lambda: app.draft is not None and app.draft.session.file.name == "second.md"
        )
        await pilot.press("ctrl+end")
        await asked(app, pilot)
        await leave(app, pilot)
    seen = [body.position - body.window_start for body in bodies(paths, Requested)]
    assert len(seen) == 2
    assert seen[0] == seen[1] > 6000


async def test_the_adapter_is_logged_by_name_and_hash(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    adapter = tmp_path / "mine.gguf"
    adapter.write_bytes(b"an adapter")
    app = make_app(tmp_path / "draft.md", engine=True, adapter=adapter)
    async with app.run_test(size=SIZE) as pilot:
        await asked(app, pilot)
        await leave(app, pilot)
    (request,) = bodies(paths, Requested)
    digest = hashlib.sha256(b"an adapter").hexdigest()
    assert request.adapter == f"mine@sha256:{digest}"
    assert request.model_name == "stand-in"
    with LogReader.open(paths.log_file) as store:
        (info,) = store.sessions()
        (row,) = suggestion_rows(info, store.events(info.session_id))
    assert row.model.adapter == request.adapter
