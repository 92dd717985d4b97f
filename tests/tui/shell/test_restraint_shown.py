"""Auto-suggest in the window: a rest is said calmly, and the pane lists candidates as they are gone through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pilots import asked, until

from cowrite.core.events import Requested, Shown
from cowrite.learning.features import NAMES
from cowrite.learning.order import Order, OrderFile
from cowrite.paths import Paths
from cowrite.store.reader import LogReader
from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.candidates_pane import CandidatesPane
from cowrite.tui.widgets.status import StatusLine

Make = Callable[..., CowriteApp]
SIZE = (100, 30)

LONGEST_FIRST = Order(7, NAMES, (0.0, *(9.0 if name == "words" else 0.0 for name in NAMES)))


def line(app: CowriteApp) -> str:
    """What the status line says."""
    return str(app.screen.query_one(StatusLine).render())


async def test_a_rest_is_said_in_the_status_line_and_nowhere_else(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", settings={"suggestions": {"auto": True}}, engine=True)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        assert "auto" in line(app)
        assert "rests" not in line(app)
        for _ in range(10):
            asking = session.requests
            asking.ask(auto=True)
            await until(pilot, lambda: session.ghost)
            session.pauses._responses._shown_at -= 1  # it was read for a second
            await pilot.press("x")
        await until(pilot, lambda: "auto rests" in line(app))
        assert not list(app.screen.query("Toast"))
        session.pauses._responses._rests_until -= 40
        await until(pilot, lambda: "rests" not in line(app))


async def test_the_pane_and_its_numbers_follow_the_order(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    OrderFile(paths.ranking).use(LONGEST_FIRST)
    texts = [" a b.", " one two three.", " just one and two more words."]
    app = make_app(tmp_path / "draft.md", engine=True, texts=[texts])
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert session.ghost == texts[0], "what is read stays"
        await pilot.press("f5")
        pane = app.screen.query_one(CandidatesPane)
        await until(pilot, lambda: [one.index for one in pane._painted] == [0, 2, 1])
        await pilot.pause(0.1)
        await pilot.press("2")
        assert session.document.text == "x" + texts[2]
        app.close_sessions("quit")
        await pilot.pause()
    with LogReader.open(paths.log_file) as log:
        (info,) = log.sessions()
        bodies = [one.body for one in log.events(info.session_id)]
    assert [body.learned for body in bodies if isinstance(body, Requested)] == ["order 7"]
    shown = [(body.candidate, body.where) for body in bodies if isinstance(body, Shown)]
    assert shown[:1] == [(0, "ghost")]
    assert sorted(shown[1:4]) == [(0, "pane"), (1, "pane"), (2, "pane")]
    assert shown[4] == (2, "ghost")
