"""Keys that come in one burst: the one that answers a dialog, and those that waited behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from windows import Open

pytestmark = pytest.mark.pty


def test_a_second_answer_takes_no_other_screen_away(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("# One\n\nThe cat sat.\n")
    screen = window(file)
    screen.wait("ready stand-in")
    screen.press("ctrl+g")
    screen.wait("Go to heading")
    screen.write("\r\r\r")
    screen.wait(lambda: "Go to heading" not in screen.text)
    screen.type("Still here. ")
    screen.wait("Still here.")
    assert "The cat sat." in screen.text


def test_saying_save_twice_saves_and_leaves(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("")
    screen = window(file)
    screen.wait("ready stand-in")
    screen.type("Also mine.")
    screen.wait("Also mine.")
    screen.press("ctrl+q")
    screen.wait("Save")
    screen.write("ss")
    assert screen.ended() == 0
    assert file.read_text() == "Also mine."
