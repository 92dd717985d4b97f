"""What the torture shares: windows in a real pty."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal

RUN = Path(__file__).parent.parent / "support" / "run_tui.py"
Open = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def window(home: Path) -> Iterator[Open]:
    """Opens a draft with the stand-in for the model: `window(file, columns=, rows=, env=, **script)`."""
    opened: list[Terminal] = []

    def open_window(
        file: Path | None,
        *,
        columns: int = 100,
        rows: int = 30,
        env: dict[str, str] | None = None,
        settings: dict[str, str] | None = None,
        before: tuple[str, ...] = (),
        **script: Any,
    ) -> Terminal:
        flags = [f"{name}={value}" for name, value in (settings or {}).items()]
        command = [*before, sys.executable, str(RUN), str(file or "-"), json.dumps(script), *flags]
        env = {"COWRITE_HOME": str(home), **(env or {})}
        terminal = Terminal(command, columns=columns, rows=rows, env=env)
        opened.append(terminal)
        return terminal

    yield open_window
    for terminal in opened:
        terminal.close()


@pytest.fixture(scope="session")
def smollm() -> Path:
    """The small model's file, where the extra that brings it is installed."""
    from cowrite.catalog.cards import cards
    from cowrite.catalog.joining import file_of, locate
    from cowrite.paths import user_paths

    card = cards(user_paths())["smollm2-135m-instruct"]
    if locate(card.parts[0]) is None:
        pytest.skip("the extra smollm2 is not installed")
    return file_of(card, user_paths())
