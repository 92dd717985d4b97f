"""What tests of the window do over and over with Textual's pilot."""

from __future__ import annotations

from collections.abc import Callable

from textual.pilot import Pilot

from cowrite.session.draft import DraftSession
from cowrite.tui.app import CowriteApp


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    """Wait for something that takes a moment."""
    for _ in range(400):
        if true():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"waited in vain; the screen is {pilot.app.screen!r}")


async def asked(app: CowriteApp, pilot: Pilot[None]) -> DraftSession:
    """Type `x` when the model is ready, ask, and wait for all of the answer."""
    assert app.draft is not None
    session = app.draft.session
    await until(pilot, lambda: session.engine.status.state == "ready")
    await pilot.press("x", "f2")
    await until(pilot, lambda: session.suggestion is not None and session.suggestion.done)
    return session
