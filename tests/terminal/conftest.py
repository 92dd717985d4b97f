"""Windows in a real pty, each with a home of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal

RUN = Path(__file__).parent.parent / "support" / "run_tui.py"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def window(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Opens a draft with the stand-in: `window(file, columns=, rows=, settings={}, env={}, **script)`."""
    opened: list[Terminal] = []

    def open_window(
        file: Path | None,
        *,
        columns: int = 100,
        rows: int = 30,
        settings: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
        background: str | None = None,
        **script: Any,
    ) -> Terminal:
        flags = [f"{name}={value}" for name, value in (settings or {}).items()]
        command = [sys.executable, str(RUN), str(file or "-"), json.dumps(script), *flags]
        terminal = Terminal(
            command,
            columns=columns,
            rows=rows,
            env={"COWRITE_HOME": str(home), **(env or {})},
            background=background,
        )
        opened.append(terminal)
        return terminal

    yield open_window
    for terminal in opened:
        terminal.close()
