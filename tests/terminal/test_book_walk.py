"""A project in a real terminal: its chapters put in order, a name replaced in all, and all of it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from windows import Open

from cowrite.memory.making import make_project

pytestmark = pytest.mark.pty


def test_a_book_is_seen_renamed_kept_and_brought_back(window: Open, tmp_path: Path) -> None:
    book = tmp_path / "book"
    make_project(book, "The Mill")
    files = [book / "chapters" / f"0{n}.md" for n in (1, 2, 3)]
    for number, path in enumerate(files):
        path.write_bytes(f"# Part {number}\r\n\r\nMarta came.\r\n".encode())
    before = [path.read_bytes() for path in files]
    screen = window(files[0])
    screen.wait("ready stand-in")

    screen.press("alt+7")
    screen.wait("3 chapters")
    screen.type("jt")
    screen.wait(lambda: "02.md" in (book / "cowrite.toml").read_text())
    screen.wait(lambda: '"to do"' in (book / "cowrite.toml").read_text())
    screen.type("n")
    screen.wait("before chapters were moved")
    screen.press("escape")
    screen.wait(lambda: "Snapshots" not in screen.text)

    screen.press("alt+`")
    screen.wait("1 snapshot")
    screen.type("n")
    screen.wait("A snapshot of all chapters")
    screen.settle(0.1)
    screen.type("first draft")
    screen.press("enter")
    screen.wait("Kept 3 drafts as “first draft”.")

    screen.press("alt+'")
    screen.wait("Find and replace in all chapters")
    screen.settle(0.1)
    screen.type("marta\tIda\t")
    screen.wait("3 in 3 of 3 chapters")
    screen.press("alt+a")
    screen.wait("Replaced 3 in 3 chapters.")
    assert [path.read_bytes() for path in files[1:]] == [
        text.replace(b"Marta", b"Ida") for text in before[1:]
    ]
    assert files[0].read_bytes() == before[0]
    screen.press("escape")
    screen.wait("Ida came.")

    screen.press("alt+`")
    screen.wait("first draft")
    screen.press("down", "enter")
    screen.wait("Since “first draft”")
    screen.type("b")
    screen.wait("Marta came.")
    screen.wait(lambda: [path.read_bytes() for path in files] == before)
