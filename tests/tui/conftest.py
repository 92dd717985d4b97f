"""What the tests of the screen share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from editor_bench import Bench

from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import Look


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Make an editor in an app of its own."""

    def make(text: str = "", look: Look | None = None, keymap: Keymap | None = None) -> Bench:
        return Bench(text, look, keymap)

    return make
