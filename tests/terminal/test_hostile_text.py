"""Nothing that a file, its name, a paste, a model or an error says steers the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open, saved

pytestmark = pytest.mark.pty

EVIL = "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[31mred\x1b[?1049l\x9b2J\x9d0;owned\x9c\x0e\x07"
MARKS = (b"\x1b]0;", b"\x1b]52;", b"\x1b[31mred", b"\xc2\x9b", b"\xc2\x9d", b"\x0e", b"\x07")
_POINTER = re.compile(rb"\x1b\]22;\w*\x07")
"""The shape of the mouse pointer, which Textual sets."""


def assert_harmless(screen: Terminal) -> None:
    """None of `EVIL` was written as it is."""
    sent = _POINTER.sub(b"", bytes(screen.sent))
    for mark in MARKS:
        assert mark not in sent, mark
    assert sent.count(b"\x1b[?1049l") <= 1


def test_a_file_and_its_name(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "e\x1b]0;owned\x07vil\x9b2J.md"
    file.write_text(f"Before {EVIL} after.\n\x0c\u2028 end", encoding="utf-8", newline="")
    before = file.read_bytes()
    screen = window(file)
    screen.wait("ready stand-in")
    screen.wait("after.")
    screen.press("alt+i")
    screen.wait("characters")
    screen.press("escape")
    screen.wait(lambda: "characters" not in screen.text)
    screen.press("ctrl+end")
    screen.type("!")
    screen.press("ctrl+q")
    screen.wait("is not saved")
    screen.press("s")
    assert screen.ended() == 0
    assert_harmless(screen)
    assert file.read_bytes() == before + b"!"


def test_a_model(window: Open, tmp_path: Path) -> None:
    texts = [[f" grey {EVIL} words.", " others [bold]not bold[/bold].", " more."]]
    screen = window(tmp_path / "draft.md", texts=texts)
    screen.wait("ready stand-in")
    screen.press("f5", "ctrl+space")
    screen.wait("words. 1/3")
    screen.wait("bold[/bold].")
    screen.press("f4")
    screen.wait("Enter Accept")
    screen.settle()
    screen.press("escape", "ctrl+n", "tab", "ctrl+s")
    screen.wait("saved")
    assert_harmless(screen)


def test_an_engine_error(window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "draft.md", fail_load=f"Broken {EVIL} model.")
    screen.wait("no model")
    screen.settle()
    assert_harmless(screen)


def test_the_question_of_another_file_name(window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "draft.md")
    screen.wait("ready stand-in")
    screen.press("alt+s")
    screen.wait("Save the draft as")
    screen.paste(f"/no/such/{EVIL}/folder\nsecond line")
    screen.press("enter")
    screen.wait("There is no folder")
    assert_harmless(screen)
    screen.press("escape", "ctrl+f")
    screen.wait("Find")
    screen.paste(EVIL)
    screen.settle()
    assert_harmless(screen)


PASTES = [
    "\x1b]\x11 quits a naive reader",
    "\x1b[21~ is a key",
    "\x1b\x1b\x11",
    "\x1b[200~ nested \x1b",
    "a\x03\x11\x13\x1a b",
]


@pytest.mark.parametrize("text", PASTES)
def test_a_paste_never_becomes_keys(text: str, window: Open, tmp_path: Path) -> None:
    file = tmp_path / "paste.md"
    screen = window(file)
    screen.wait("ready stand-in")
    screen.paste(f"({text})")
    screen.wait(")")
    screen.type(" still here")
    screen.wait("still here")
    screen.press("ctrl+s")
    screen.wait("saved")
    assert file.read_bytes().decode() == f"({text}) still here"
    assert_harmless(screen)


def test_a_paste_in_pieces_arrives_whole(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "paste.md"
    screen = window(file)
    screen.wait("ready stand-in")
    for piece in ("\x1b", "[20", "0~one\x1b", "[2", "0", "1", "~", " two"):
        screen.write(piece)
    screen.wait("one two")
    screen.press("ctrl+s")
    screen.wait("saved")
    assert file.read_text() == "one two"


def test_a_megabyte_paste(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "paste.md"
    screen = window(file)
    screen.wait("ready stand-in")
    text = "It was a long day in the harbour. " * 30_000
    screen.paste(text + "END")
    screen.wait("END", timeout=40)
    screen.press("ctrl+s")
    screen.wait("saved")
    assert file.read_text() == text + "END"


def test_the_answer_about_colours_is_not_typed(window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "light.md", background="rgb:ffff/fafa/f0f0")
    screen.wait("ready stand-in")
    screen.settle()
    assert "rgb" not in screen.text
    assert re.fullmatch("f[0-9a-f]f[0-9a-f]e[0-9a-f]", screen.style_at(30, 10).bg), (
        "the light theme"
    )


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["latin-1", "ascii", "C without UTF-8"],
)
def test_e4_a_draft_is_shown_as_it_is_in_any_locale(
    window: Open, tmp_path: Path, env: dict[str, str]
) -> None:
    draft = tmp_path / "a.md"
    draft.write_text("Größe “x” 日本\n", "utf-8")
    screen = window(draft, env=env)
    screen.wait("Größe “x” 日本")
    screen.type("ü—")
    screen.wait("ü—Größe “x” 日本")
    assert "\\u" not in screen.text
    assert saved(screen, draft) == "ü—Größe “x” 日本\n"
