"""Where keys go while the token view is open, and what the footer says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pilots import asked, until
from textual.pilot import Pilot

from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.tokens_pane import TokensPane
from cowrite.tui.widgets.footer import KeyFooter

Make = Callable[..., CowriteApp]


async def looked_at(app: CowriteApp, pilot: Pilot[None]) -> tuple[TokensPane, KeyFooter]:
    """The token view of a ghost, with the focus in it."""
    await asked(app, pilot)
    assert app.draft is not None
    await pilot.press("alt+t")
    pane, footer = app.draft.query_one(TokensPane), app.draft.query_one(KeyFooter)
    await until(pilot, lambda: pane.has_focus and footer.pane is not None)
    return pane, footer


async def test_tab_accepts_the_ghost_that_is_looked_at(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."]])
    async with app.run_test() as pilot:
        pane, footer = await looked_at(app, pilot)
        assert footer.pane is not None
        assert ("Tab", "Accept") in footer.pane
        assert app.draft is not None
        session = app.draft.session
        await pilot.press("right", "ctrl+right")
        await until(pilot, lambda: session.document.text == "x one")
        assert pane.has_focus
        assert footer.pane is not None
        await pilot.press("tab")
        await until(pilot, lambda: session.document.text == "x one two.")
        await until(pilot, lambda: footer.pane is None)
        assert app.draft.editor.has_focus


async def test_the_footer_says_the_keys_of_what_has_the_focus(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."]])
    async with app.run_test() as pilot:
        pane, footer = await looked_at(app, pilot)
        assert app.draft is not None
        await pilot.press("escape")
        await until(pilot, lambda: footer.pane is None)
        assert app.draft.editor.has_focus
        await pilot.press("tab")
        app.draft.set_focus(pane)
        await until(pilot, lambda: footer.pane is not None)
        assert footer.pane is not None
        assert ("Tab", "Accept") not in footer.pane
        await pilot.press("tab", "shift+tab")
        assert pane.has_focus
        app.draft.set_focus(app.draft.editor)
        await until(pilot, lambda: footer.pane is None)
