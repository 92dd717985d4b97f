"""Windows in a real pty, each with a home of its own, and what walks do over and over."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from terminal import Terminal

RUN = Path(__file__).parent / "run_tui.py"
Open = Callable[..., Terminal]


TWO_HEADINGS = "# One\n\nThe cat sat on the mat.\n\n## Two\n\nThe dog slept. The end.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def window(home: Path) -> Iterator[Open]:
    """Opens a draft with the stand-in for the model: `window(file, columns=, rows=, env=, **script)`.

    before: what the command begins with, such as `strace`. The rest is what `Terminal` takes.
    """
    opened: list[Terminal] = []

    def open_window(
        file: Path | None,
        *,
        columns: int = 100,
        rows: int = 30,
        settings: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
        before: tuple[str, ...] = (),
        background: str | None = None,
        **script: Any,
    ) -> Terminal:
        flags = [f"{name}={value}" for name, value in (settings or {}).items()]
        command = [*before, sys.executable, str(RUN), str(file or "-"), json.dumps(script), *flags]
        terminal = Terminal(
            command,
            columns=columns,
            rows=rows,
            env={"COWRITE_HOME": str(home), **(env or {})},
            background=background,
            forked=not before,
        )
        opened.append(terminal)
        return terminal

    yield open_window
    for terminal in opened:
        terminal.close()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A draft with two headings."""
    file = tmp_path / "draft.md"
    file.write_text(TWO_HEADINGS)
    return file


def saved(screen: Terminal, file: Path) -> str:
    """Save, and what the file holds then."""
    saved_bytes(screen, file)
    return file.read_text()


def saved_bytes(screen: Terminal, file: Path) -> bytes:
    """The same, byte for byte. `saved` may still stand there from the time before."""
    before = _written(file)
    screen.press("ctrl+s")
    screen.wait(lambda: _written(file) != before)
    screen.wait("saved")
    return file.read_bytes()


def _written(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
