"""The end of the program, or another's hand at the file, while a rewrite stands in the draft of a project."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open, saved

pytestmark = pytest.mark.pty

OLD = "The lamp was lit at dusk. Nobody came to the quay. Marta waited there."
NEW = "The lamp burned at dusk. Nobody came. Marta stayed there."
PROJECT = '[project]\nchapters = ["draft.md"]\nnotes = "notes.md"\nlore = "lore.md"\n'


def _story(folder: Path) -> Path:
    (folder / "cowrite.toml").write_text(PROJECT)
    (folder / "notes.md").write_text("Nobody dies.")
    (folder / "lore.md").write_text("## Marta\n\nShe mends clocks.\n")
    file = folder / "draft.md"
    file.write_text(f"{OLD}\n\nThe end.\n")
    return file


def _with_diff(window: Open, file: Path, **script: object) -> Terminal:
    """A window in which something was typed, and a rewrite of the first paragraph stands."""
    screen = window(file, texts=[[NEW, "", ""]] * 3, **script)
    screen.wait("ready stand-in")
    screen.press("ctrl+end")
    screen.type("More.")
    screen.press("ctrl+home", "ctrl+k")
    screen.wait("Instruct ")
    screen.press("alt+up")
    screen.wait("paragraph, 14 words")
    screen.write("shorten\r")
    screen.wait("was litburned")
    return screen


def _come_back(window: Open, file: Path) -> Terminal:
    screen = window(file)
    screen.wait("was not saved when its last session ended")
    screen.press("r")
    screen.wait("recovered, not saved yet")
    return screen


@pytest.mark.parametrize("writing", [False, True])
def test_a_kill_with_a_rewrite_open_keeps_the_words_and_nothing_of_the_rewrite(
    window: Open, tmp_path: Path, *, writing: bool
) -> None:
    file = _story(tmp_path)
    screen = _with_diff(window, file, chunk_delay=1.0 if writing else 0.0)
    screen.settle(0.3)
    screen.kill(signal.SIGKILL)
    screen.ended()
    assert file.read_text() == f"{OLD}\n\nThe end.\n"
    again = _come_back(window, file)
    assert saved(again, file) == f"{OLD}\n\nThe end.\nMore."
    assert "burned" not in again.text


def test_a_kill_behind_a_change_that_was_taken_keeps_that_one_alone(
    window: Open, tmp_path: Path
) -> None:
    file = _story(tmp_path)
    screen = _with_diff(window, file)
    screen.wait("Take all")
    screen.press("tab")
    screen.wait(lambda: "was lit" not in screen.text)
    screen.settle(0.3)
    screen.kill(signal.SIGKILL)
    screen.ended()
    again = _come_back(window, file)
    taken = OLD.replace("was lit", "burned")
    assert saved(again, file) == f"{taken}\n\nThe end.\nMore."


def test_a_file_that_is_changed_elsewhere_leaves_the_rewrite_in_its_passage(
    window: Open, tmp_path: Path
) -> None:
    file = _story(tmp_path)
    screen = _with_diff(window, file)
    other = f"{OLD}\n\nAnother hand.\n"
    file.write_text(other)
    screen.wait("was changed by another program")
    assert "was litburned" in screen.text
    screen.press("ctrl+s")
    screen.wait("Take the file")
    assert file.read_text() == other
    screen.press("l")
    screen.wait("Another hand.")
    screen.wait("was litburned")  # the passage is the same in the file
    assert file.read_text() == other
