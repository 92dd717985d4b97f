"""What the status line says for a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.tui.app import CowriteApp
from cowrite.tui.widgets.status import StatusLine


async def test_a_note_is_not_taken_away_by_the_end_of_the_one_before(
    make_app: Callable[..., CowriteApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test() as pilot:
        draft = app.draft
        assert draft is not None
        monkeypatch.setattr("cowrite.tui.draft.status.FLASH", 0.01)
        draft.status_line.flash("recovered")
        monkeypatch.setattr("cowrite.tui.draft.status.FLASH", 60.0)
        draft.status_line.flash("saved")
        await pilot.pause(0.1)
        assert draft.query_one(StatusLine).facts.note == "saved"
