"""What the tests of the screen share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from editor_bench import Bench
from own_signals import own_signals

from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import Look

__all__ = ["bench", "own_signals"]


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Make an editor in an app of its own."""

    def make(text: str = "", look: Look | None = None, keymap: Keymap | None = None) -> Bench:
        return Bench(text, look, keymap)

    return make
