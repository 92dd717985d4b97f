"""Writing in a real terminal: the page, its keys, its settings; several things in each run of the program."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open, saved, saved_bytes

pytestmark = pytest.mark.pty

FAMILY = "👨\u200d👩\u200d👧"
CANDIDATES = [[" a quiet sea.", " a loud crowd.", " nothing more."]]


def row_of(screen: Terminal, text: str) -> int:
    return next(y for y, line in enumerate(screen.lines) if text in line)


def style_of(screen: Terminal, text: str) -> tuple[str, bool]:
    """The colour and the underline of the first letter of a text on the screen."""
    row = row_of(screen, text)
    cell = screen.style_at(screen.lines[row].index(text), row)
    return cell.fg, cell.underscore


def leave(screen: Terminal, title: str) -> None:
    """Close what has this title; a key that came at once behind the escape would be another key."""
    screen.press("escape")
    screen.wait(lambda: title not in screen.text)


def type_in(screen: Terminal, text: str) -> None:
    """Type into a field that has just been opened."""
    screen.settle(0.1)
    screen.type(text)


def test_the_column_wraps_words_and_ideographs_and_graphemes_stay_whole(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "a.md"
    screen = window(file, settings={"editor.column": "60"})
    screen.wait("ready stand-in")
    words = "Every morning the keeper counted the boats and wrote them down. "
    screen.type(words * 2)
    screen.wait(lambda: screen.text.count("down.") == 2)
    shown = [line.strip() for line in screen.lines if "keeper" in line or "down." in line]
    assert max(map(len, shown)) <= 60
    assert " ".join(shown) == (words * 2).strip()
    screen.press("enter")
    screen.paste("海" * 70)
    screen.wait(lambda: screen.text.count("海") == 70)
    assert [line.count("海") for line in screen.lines if "海" in line] == [30, 30, 10]
    screen.press("enter")
    screen.paste("שלום עולם e\u0301" + FAMILY)
    screen.press("backspace")
    screen.type("x")
    screen.press("left", "left", "delete")
    assert saved(screen, file) == f"{words * 2}\n{'海' * 70}\nשלום עולם x"


def test_undo_takes_back_what_belongs_together(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    screen = window(file, texts=CANDIDATES)
    screen.wait("ready stand-in")
    screen.type("alpha beta")
    screen.press("ctrl+space")
    screen.wait("a quiet sea. 1/3")
    screen.press("tab")
    screen.wait(lambda: "1/3" not in screen.text)
    screen.press("ctrl+z")  # its ghost is there again
    screen.wait("alpha beta a quiet sea. 1/3")
    presses = 0
    while "alpha" in screen.text:
        screen.press("ctrl+z")
        screen.settle(0.1)
        presses += 1
    assert 1 <= presses <= 2, "typing is taken back in words or sentences, not in letters"
    screen.press(*["ctrl+y"] * (presses + 1))
    screen.wait("alpha beta a quiet sea.")
    screen.paste("one\ntwo \x1b]0;title\x07")
    screen.wait("two")
    screen.press("ctrl+z")
    screen.wait(lambda: "two" not in screen.text)
    assert saved(screen, file) == "alpha beta a quiet sea."


def test_an_expression_that_never_ends_does_not_hold_up_the_writer(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "a.md"
    file.write_text("b " + "a" * 5000 + "b")
    screen = window(file)
    screen.wait("ready stand-in")
    screen.press("ctrl+f")
    screen.wait("Find")
    screen.press("alt+x")
    type_in(screen, "(a+)+$")
    screen.wait("This expression takes too long.")
    screen.press("backspace")
    screen.wait("1 of 1")
    screen.press("escape")
    screen.wait("Ctrl+S Save")
    screen.press("ctrl+home")
    screen.type("Go on. ")
    screen.wait("Go on. b")
    assert saved(screen, file).startswith("Go on. b aaa")


def test_quotes_and_dashes(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    english = {"LC_ALL": "C.UTF-8"}  # before any word tells what is spoken
    screen = window(file, settings={"editor.smart_quotes": "true"}, env=english)
    screen.wait("ready stand-in")
    screen.type('"It\'s" -- he said...')
    assert saved(screen, file) == "“It’s” – he said…"


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}], ids=["colour", "no colour"])
def test_spelling(window: Open, home: Path, tmp_path: Path, env: dict[str, str]) -> None:
    file = tmp_path / "a.md"
    file.write_text("A seperate line, `teh code`.\n\nAinosaari lies far out.\n")
    screen = window(file, env=env, settings={"editor.spelling": "en"})
    screen.wait(lambda: "seperate" in screen.text and style_of(screen, "seperate")[1])
    screen.wait(lambda: style_of(screen, "Ainosaari")[1])
    assert not style_of(screen, "teh code")[1]
    assert not style_of(screen, "line")[1]
    screen.press("alt+e")
    screen.wait("seperate may be")
    screen.press("enter")
    screen.wait("A separate line")
    screen.press("ctrl+z")
    screen.wait("A seperate line")
    screen.press("ctrl+y", "alt+n")
    screen.settle()
    screen.press("alt+k")
    screen.wait("'Ainosaari' is a word")
    screen.press("ctrl+end")
    screen.wait(lambda: not style_of(screen, "Ainosaari")[1])
    assert (home / "config" / "words.txt").read_text() == "Ainosaari\n"
    screen.press("alt+n")
    screen.wait("no misspelling found")
    screen.press("alt+o")
    screen.wait("spelling: off")
    assert saved(screen, file).startswith("A separate line, `teh code`.")


def test_focus_typewriter_full_screen_and_counts(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("".join(f"Paragraph {n} is here. It has two sentences.\n\n" for n in range(40)))
    screen = window(file)
    screen.wait("ready stand-in")
    plain = style_of(screen, "Paragraph 3")
    screen.press("f11")
    screen.wait("focus: paragraph")
    screen.wait(lambda: style_of(screen, "Paragraph 3") != plain)
    assert style_of(screen, "It has two") == style_of(screen, "aragraph 0") == plain
    screen.press("f11")
    screen.wait("focus: sentence")
    screen.wait(lambda: style_of(screen, "It has two") != plain)
    screen.press("f11", "alt+y")
    screen.wait("typewriter on")
    screen.press("ctrl+end")
    screen.wait("Paragraph 39")
    screen.settle(0.1)
    assert abs(row_of(screen, "Paragraph 39") - screen.rows // 2) <= 4
    screen.press("alt+i")
    screen.wait("320 words")
    screen.wait("2 min to read")
    leave(screen, "min to read")
    screen.press("alt+z")
    screen.wait(lambda: "Ctrl+S Save" not in screen.text)
    screen.press("alt+z")
    screen.wait("Ctrl+S Save")


def test_goal_time_and_streak_are_there_where_they_are_wanted(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    wanted = {"word_goal": "4", "show_time": "true", "show_streak": "true"}
    screen = window(file, settings={f"editor.{name}": value for name, value in wanted.items()})
    screen.wait("ready stand-in")
    screen.wait("day 0")
    screen.type("one two three")
    screen.wait("3/4")
    screen.wait("day 1")
    screen.wait("0 min")
    screen.press("alt+i")
    screen.wait("3 of 4 words of this session's goal")
    leave(screen, "words of this session")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    plain = window(file)
    plain.wait("3 words")
    plain.settle()
    assert "day 1" not in plain.text
    assert "0 min" not in plain.text


def test_autosave(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    screen = window(file, settings={"editor.autosave_s": "1"})
    screen.wait("ready stand-in")
    screen.type("Kept.")
    screen.wait(lambda: file.exists() and file.read_text() == "Kept.", timeout=10)
    screen.press("ctrl+q")
    assert screen.ended() == 0


def test_a_draft_without_a_name_is_proposed_one(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.press("ctrl+p")
    screen.wait("Commands")
    type_in(screen, "begin a new")
    screen.press("enter")
    screen.wait("untitled")
    type_in(screen, "# The Keeper’s Lamp")
    screen.press("ctrl+s")
    screen.wait("Save the draft as")
    screen.wait("the-keepers-lamp.md")
    leave(screen, "Save the draft as")
    screen.press("ctrl+p")
    screen.wait("Commands")
    type_in(screen, "go to draft")
    screen.press("enter")
    screen.wait("The cat sat on the mat.")
    screen.press("ctrl+q")
    screen.wait("untitled is not saved")
    screen.press("d")
    assert screen.ended() == 0


def test_an_old_encoding_is_told_with_what_to_do(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "old.md"
    file.write_bytes("Ein Café am Meer.".encode("latin-1"))
    screen = window(file)
    screen.wait("read-only")
    screen.type("x")
    screen.wait("0xe9")
    screen.press("ctrl+s")
    screen.wait("Close")
    said = " ".join(screen.prose.replace("│", "").replace("▌", "").split())
    for part in (
        "byte 0xe9 at 7.",
        "It looks like Windows-1252 (Café)",
        "cowrite convert",
        "makes a copy in UTF-8",
    ):
        assert part in said
    assert "Save the draft as" not in said


def test_what_was_not_saved_comes_back_after_a_kill(window: Open, draft: Path) -> None:
    screen = window(draft)
    screen.wait("ready stand-in")
    screen.type("Almost lost. ")
    screen.wait("Almost lost. # One")
    time.sleep(2.5)
    screen.kill()
    assert screen.ended() == -9
    again = window(draft)
    again.wait("was not saved when its last session ended")
    again.press("r")
    again.wait("recovered, not saved yet")
    again.press("ctrl+s")
    again.wait(lambda: draft.read_text().startswith("Almost lost. # One"))


def test_the_settings_screen_says_what_goes_before(window: Open, home: Path, draft: Path) -> None:
    (draft.parent / "cowrite.toml").write_text("[editor]\ncolumn = 70\n")
    screen = window(draft, env={"COWRITE_EDITOR_WORD_GOAL": "7"})
    screen.wait("ready stand-in")
    screen.press("alt+p")
    screen.wait("Settings")
    screen.wait("Longest candidate (tokens)")
    type_in(screen, "goal")
    screen.wait("set by the environment")
    screen.press(*["backspace"] * 4)
    type_in(screen, "width of the text")
    screen.wait("set by cowrite.toml")
    screen.press("enter")
    screen.wait("Empty: as it is by default.")
    screen.wait("which goes before")  # the rest is on the next line where the path is long
    screen.press("backspace", "backspace")
    screen.type("90")
    screen.press("enter")
    screen.wait("This holds until cowrite ends.")
    assert "column = 90" in (home / "config" / "config.toml").read_text()
    screen.press(*["backspace"] * 17)
    type_in(screen, "smart")
    screen.wait("Smart quotes and dashes off")
    screen.press("enter")
    screen.wait("Smart quotes and dashes on")
    leave(screen, "Smart quotes")
    screen.type('"')
    screen.wait("“# One")


def test_keys_of_the_writers_own_are_in_help_and_footer(window: Open, draft: Path) -> None:
    screen = window(draft, settings={"keys.save": "f10"})
    screen.wait("ready stand-in")
    screen.wait("F10 Save")
    screen.press("f1")
    screen.wait("Keys")
    for _ in range(60):
        if "F10  " in screen.text:
            break
        screen.press("down")
        screen.settle(0.05)
    assert "Save the draft" in screen.lines[row_of(screen, "F10  ")]
    leave(screen, "Keys")
    screen.type("x")
    screen.press("f10")
    screen.wait("saved")
    assert draft.read_text().startswith("x# One")


def test_themes_and_the_palette(window: Open, draft: Path) -> None:
    screen = window(draft, texts=CANDIDATES)
    screen.wait("ready stand-in")
    assert screen.style_at(0, 2).bg == "16171a"
    screen.press("ctrl+p")
    screen.wait("Commands")
    type_in(screen, "theme")
    screen.press("enter")
    screen.wait("cowrite-paper")
    type_in(screen, "paper")
    screen.press("enter")
    screen.wait(lambda: screen.style_at(0, 2).bg == "f8f4ec")
    screen.press("ctrl+end", "ctrl+space")
    screen.wait("a quiet sea.")
    screen.wait("Tab Accept")
    screen.press("ctrl+p")
    screen.wait("Commands")
    type_in(screen, "accept")
    screen.press("enter")
    screen.wait("Ctrl+S Save")
    assert saved(screen, draft).endswith("The end.\n a quiet sea.")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    again = window(draft)
    again.wait("ready stand-in")
    assert again.style_at(0, 2).bg == "f8f4ec"


def test_the_theme_follows_the_terminal_and_nothing_moves(window: Open, draft: Path) -> None:
    screen = window(draft, background="rgb:ffff/ffff/ffff", settings={"ui.reduced_motion": "true"})
    screen.wait(lambda: screen.style_at(0, 2).bg == "f8f4ec")
    screen.wait("ready stand-in")
    screen.settle(0.5)
    written = len(screen.sent)
    deadline = time.monotonic() + 1.5
    while time.monotonic() < deadline:
        screen.read(0.1)
    assert len(screen.sent) == written


def test_everything_fits_into_a_small_terminal(window: Open, draft: Path) -> None:
    screen = window(draft, columns=60, rows=15)
    screen.wait("ready")
    for key, title in (
        ("f1", "Keys"),
        ("ctrl+p", "Commands"),
        ("alt+p", "Characters shown to the mod"),
        ("ctrl+g", "Go to heading"),
        ("alt+r", "Replace"),
        ("alt+i", "to read"),
    ):
        screen.press(key)
        screen.wait(title)
        screen.settle(0.1)
        leave(screen, title)
    screen.type("x")
    assert saved(screen, draft).startswith("x# One")


def test_e6_a_draft_with_carriage_returns_alone(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"one\rtwo\rthree")
    screen = window(file)
    screen.wait("ready stand-in")
    rows = [row_of(screen, word) for word in ("one", "two", "three")]
    assert rows == list(range(rows[0], rows[0] + 3))
    screen.press("down", "end", "enter")
    screen.type("new")
    assert saved_bytes(screen, file) == b"one\rtwo\rnew\rthree"
    screen.press("alt+r")
    screen.wait("Replace")
    screen.press("alt+x")
    type_in(screen, r"^(t.*)$")
    screen.press("tab")
    type_in(screen, r"\1;")
    screen.press("alt+a")
    screen.wait("replaced 2")
    screen.press("escape")
    screen.wait("Ctrl+S Save")
    assert saved_bytes(screen, file) == b"one\rtwo;\rnew\rthree;"


def test_e2_lines_of_windows_are_found_and_replaced_as_lines(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"one.\r\ntwo.\r\n")
    screen = window(file)
    screen.wait("ready stand-in")
    screen.press("alt+r")
    screen.wait("Replace")
    screen.press("alt+x")
    type_in(screen, r"\.$")
    screen.wait("1 of 2")
    screen.press("tab")
    type_in(screen, "!")
    screen.press("alt+a")
    screen.wait("replaced 2")
    screen.press("escape")
    screen.wait("Ctrl+S Save")
    assert saved_bytes(screen, file) == b"one!\r\ntwo!\r\n"
