"""Signals that come late."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.app import App

from cowrite.tui.terminal.signals import Ending
from cowrite.tui.window.shutdown import Shutdown


def test_a_signal_behind_the_end_of_the_window_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ending, "leave", lambda *_: None)
    app: App[None] = App()
    app._loop = asyncio.new_event_loop()
    app._loop.close()
    told: list[str] = []
    shutdown = Shutdown(app, tmp_path, told.append, lambda: None)
    shutdown.take_signals()
    shutdown.terminal_gone()
    assert told == []
