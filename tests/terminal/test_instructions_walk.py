"""An instruction in a real terminal: said, read as a diff, decided on, undone, saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from windows import Open, saved

pytestmark = pytest.mark.pty

OLD = "The lamp was lit at dusk. Nobody came to the quay."
NEW = "The lamp burned at dusk. Nobody came."


@pytest.mark.parametrize(("columns", "rows"), [(100, 30), (60, 20)])
def test_shorten_a_paragraph_and_save_it(
    window: Open, tmp_path: Path, columns: int, rows: int
) -> None:
    file = tmp_path / "draft.md"
    file.write_text(f"{OLD}\n\nThe end.\n")
    screen = window(file, columns=columns, rows=rows, texts=[[NEW, NEW, NEW]] * 3)
    screen.wait("ready stand-in")
    screen.press("ctrl+k")
    screen.wait("Instruct ")
    screen.write("\x1b[1;3A")  # alt+up
    screen.wait("paragraph, 11 words")
    screen.write("shorten\r")
    screen.wait("was litburned")
    screen.wait("Take")
    assert file.read_text() == f"{OLD}\n\nThe end.\n"
    screen.write("\t")
    screen.wait("The lamp burned at dusk. Nobody")
    screen.write("\t")
    screen.wait(lambda: "to the quay" not in screen.text)
    assert saved(screen, file) == f"{NEW}\n\nThe end.\n"
    screen.press("ctrl+z")
    screen.wait("was lit")
    assert saved(screen, file) == f"{OLD}\n\nThe end.\n"
