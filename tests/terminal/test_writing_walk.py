"""The editor's surroundings in a real terminal, one walk for each thing a writer does there."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import pytest
from windows import TWO_HEADINGS, Open, saved

pytestmark = pytest.mark.pty

CANDIDATES = [[" a quiet sea.", " a loud crowd.", " nothing more."]]


def test_find_and_replace(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("alt+r")
    screen.wait("Replace")
    screen.type("the")
    screen.wait(".* 1 of 4")
    screen.press("alt+c")
    screen.wait(".* 1 of 1")
    screen.press("alt+c")
    screen.wait("of 4")
    screen.press("tab")
    time.sleep(0.2)
    screen.type("A")
    screen.press("alt+a")
    screen.wait("replaced 4")
    screen.press("escape")
    screen.wait("Ctrl+S Save")
    screen.press("ctrl+z")
    screen.wait("The dog slept. The end.")
    screen.press("ctrl+y")
    assert saved(screen, draft) == TWO_HEADINGS.replace("The", "A").replace("the", "A")


def test_a_regular_expression_that_is_broken(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("ctrl+f")
    screen.wait("Find")
    screen.press("alt+x")
    screen.type("([a")
    screen.wait("no regular expression")
    screen.press("escape")
    screen.wait("Ctrl+S Save")


def test_go_to_a_heading_and_come_back_there(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("ctrl+g")
    screen.wait("Go to heading")
    screen.type("two")
    screen.press("enter")
    screen.wait(lambda: "Go to heading" not in screen.text)
    screen.type("!")
    screen.wait("!## Two")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    again = window(draft)
    again.wait("ready stand-in")
    again.type("?")
    again.wait("!?## Two")


def test_the_mouse_takes_a_candidate_and_the_footer_saves(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "new.md"
    screen = window(file, texts=CANDIDATES)
    screen.wait("ready stand-in")
    screen.type("There was")
    screen.press("f5", "ctrl+space")
    screen.wait("a loud crowd.")
    screen.settle()
    row = next(y for y, line in enumerate(screen.lines) if "a loud crowd." in line)
    screen.click(screen.lines[row].index("a loud crowd.") + 2, row)
    screen.wait("There was a loud crowd.")
    screen.wait("Ctrl+S Save")
    footer = screen.lines[-1]
    screen.click(footer.index("Save"), screen.rows - 1)
    screen.wait("saved")
    assert file.read_text() == "There was a loud crowd."


def test_the_start_screen_knows_recent_drafts(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    start = window(None)
    start.wait("draft.md")
    start.wait("New draft")
    start.press("enter")
    start.wait("The cat sat on the mat.")
    start.press("ctrl+q")
    assert start.ended() == 0


def test_the_tour(window: Open) -> None:
    screen = window(None)
    screen.wait("Take the tour")
    screen.press("enter")
    screen.wait("Two minutes with cowrite")
    screen.press("ctrl+q")
    assert screen.ended() == 0


def test_a_file_that_another_program_writes(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.type("Mine. ")
    draft.write_text("Theirs.\n")
    screen.wait("was changed by another program", timeout=10)
    screen.press("ctrl+s")
    screen.wait("Overwrite the file with this draft")
    assert "Theirs." in screen.text
    screen.press("o")
    screen.wait("saved")
    assert draft.read_text() == "Mine. " + TWO_HEADINGS


def test_a_file_in_another_encoding_is_told_how_to_be_converted(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "bytes.md"
    file.write_bytes(b"caf\xe9 \xff\xfe\x00\x01")
    screen = window(file)
    screen.wait("read-only")
    screen.type("x")
    screen.wait("This draft is read-only")
    screen.press("ctrl+s")
    screen.wait("cowrite convert")
    assert "Save the draft as" not in screen.text
    assert file.read_bytes() == b"caf\xe9 \xff\xfe\x00\x01"


@pytest.mark.parametrize("target", ["folder", "missing/draft.md"])
def test_what_is_no_draft_is_one_sentence(target: str, window: Open, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    screen = window(tmp_path / target)
    assert screen.ended() == 1
    assert b"\x1b[?1049h" not in screen.sent
    assert str(tmp_path / target).split("/")[-1] in bytes(screen.sent).decode().replace("\r\n", "")


def test_a_terminal_that_is_too_small_and_grows(window: Open, draft: Path) -> None:
    screen = window(draft, columns=20, rows=5)
    screen.wait("A little more room, please.")
    screen.resize(60, 15)
    screen.wait("The cat sat on the mat.")
    screen.type("x")
    for size in ((1, 1), (20, 6), (200, 3), (3, 60), (60, 15)):
        screen.resize(*size)
        screen.settle(0.1)
        screen.type("y")
    screen.wait("xyyyyy# One")
    screen.press("ctrl+q")
    screen.wait("is not saved")
    screen.press("d")
    assert screen.ended() == 0


def test_no_color(window: Open, draft: Path) -> None:
    screen = window(draft, env={"NO_COLOR": "1"}, texts=CANDIDATES)
    screen.wait("ready stand-in")
    screen.press("ctrl+end", "ctrl+space")
    screen.wait("a quiet sea.")
    cells = [screen.style_at(x, y) for x in range(screen.columns) for y in range(screen.rows)]
    for colour in {cell.fg for cell in cells} | {cell.bg for cell in cells}:
        if len(colour) == 6:
            assert colour[:2] == colour[2:4] == colour[4:], f"{colour} is no grey"


def test_auto_suggest_comes_by_itself_and_goes(window: Open, tmp_path: Path) -> None:
    record = tmp_path / "record"
    settings = {"suggestions.auto_pause_ms": "300", "suggestions.run_ahead": "off"}
    screen = window(tmp_path / "a.md", settings=settings, texts=CANDIDATES, record=str(record))
    screen.wait("ready stand-in")
    screen.type("It was")
    time.sleep(0.8)
    screen.settle()
    assert "quiet sea" not in screen.text
    screen.press("f10")
    screen.wait("auto")
    screen.type(" then")
    screen.wait("a quiet sea. 1/3")
    screen.press("escape", "f10")
    screen.wait("auto-suggest off")
    asked = record.read_text().count('"type":"suggest"')
    screen.type(" gone")
    time.sleep(0.8)
    screen.settle()
    assert record.read_text().count('"type":"suggest"') == asked


def test_copy_reaches_the_clipboard_of_the_terminal(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("f7", "ctrl+c")
    screen.wait(lambda: b"\x1b]52;c;" in screen.sent)
    screen.press("ctrl+end", "ctrl+v")
    assert saved(screen, draft) == TWO_HEADINGS + TWO_HEADINGS


def test_s1_what_is_too_much_for_a_terminal_is_cut_and_pasted_within_cowrite(
    window: Open, draft: Path
) -> None:
    text = "A long letter to an old friend.\n" * 9400
    draft.write_text(text)
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("f7", "ctrl+x")
    screen.wait("Cut 300,800 characters, within cowrite alone.")
    screen.wait("whose clipboard is as it was")
    assert b"\x1b]52;" not in screen.sent
    assert saved(screen, draft) == ""
    screen.press("ctrl+v")
    assert saved(screen, draft) == text
    screen.press("shift+left", "shift+left", "ctrl+c")
    screen.wait("copied 2 characters, offered to the terminal too")
    assert b"\x1b]52;c;" + base64.b64encode(b".\n") + b"\x07" in screen.sent


def test_origins_and_the_share_in_the_status_line(window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "a.md", texts=CANDIDATES)
    screen.wait("ready stand-in")
    screen.type("There was it")
    screen.press("ctrl+space")
    screen.wait("a quiet sea.")
    screen.press("tab", "f12")
    screen.wait("yours  model's  changed  pasted")
    screen.wait("52% the model's")
    before = screen.style_at(12, 1).bg
    row = next(y for y, line in enumerate(screen.lines) if "quiet" in line)
    column = screen.lines[row].index("quiet")
    assert screen.style_at(column, row).bg != before


def test_a_stale_size_in_the_environment_is_not_believed(window: Open, draft: Path) -> None:
    screen = window(draft, columns=60, rows=15, env={"COLUMNS": "133", "LINES": "7"})
    screen.wait("ready stand-in")
    screen.settle()
    assert "Ctrl+S Save" in screen.lines[-1]
    assert "draft.md" in screen.lines[-2]
