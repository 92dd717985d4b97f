"""Ghost and choices in a real terminal: one walk for each thing that can be done with a suggestion."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open, saved

pytestmark = pytest.mark.pty

LONG = [[" one two. Three four.\n\nFive six. Seven.", " else.", " more."]]
THREE = [[" a quiet sea.", " a loud crowd.", " nothing more."]]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return tmp_path / "draft.md"


def at_end(screen: Terminal) -> Terminal:
    """The window, when it is ready, with the cursor at the draft's end."""
    screen.wait("ready stand-in")
    screen.press("ctrl+end")
    return screen


def asked(screen: Terminal, wanted: str) -> None:
    """Ask, and wait until all of the answer is there."""
    screen.press("ctrl+space")
    screen.wait(wanted)
    screen.wait(lambda: "writing" not in screen.lines[-2])


def left(screen: Terminal) -> None:
    screen.press("ctrl+q")
    assert screen.ended() == 0


def style_of(screen: Terminal, word: str) -> tuple[str, str, bool, bool]:
    """How a word on the screen looks: colours, struck through, italic."""
    row = next(y for y, line in enumerate(screen.lines) if word in line)
    cell = screen.style_at(screen.lines[row].index(word), row)
    return cell.fg, cell.bg, cell.strikethrough, cell.italics


def test_a_ghost_stands_in_its_paragraph_and_is_taken_by_parts(window: Open, draft: Path) -> None:
    draft.write_text("It was the end.\n\nBehind.\n")
    screen = window(draft, texts=LONG)
    screen.wait("ready stand-in")
    for _ in range(6):
        screen.press("right")
    asked(screen, "It was one two. Three four.")
    screen.wait("Five six. Seven. the end. 1/3")
    assert draft.read_text() == "It was the end.\n\nBehind.\n"
    screen.press("ctrl+right")
    screen.wait(lambda: not style_of(screen, "one")[3])
    assert style_of(screen, "two.")[3]
    screen.press("ctrl+l")
    screen.wait(lambda: not style_of(screen, "two.")[3])
    screen.press("alt+l")
    screen.wait(lambda: not style_of(screen, "four.")[3])
    assert style_of(screen, "Five")[3]
    screen.press("tab")
    screen.wait(lambda: not style_of(screen, "Seven.")[3])
    taken = "It was one two. Three four.\n\nFive six. Seven. the end.\n\nBehind.\n"
    assert saved(screen, draft) == taken
    screen.press("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z")
    screen.wait("Five six. Seven. the end. 1/3")  # the ghost is back
    left_text = saved(screen, draft)
    assert left_text == "It was the end.\n\nBehind.\n"


def test_typing_what_it_says_takes_it_and_backspace_gives_it_back(
    window: Open, draft: Path
) -> None:
    screen = at_end(window(draft, texts=THREE))
    screen.type("There was")
    asked(screen, "a quiet sea. 1/3")
    screen.type(" a q")
    screen.wait(lambda: not style_of(screen, "a quiet")[3])
    screen.press("backspace", "backspace", "backspace", "backspace")
    screen.wait("There was a quiet sea. 1/3")
    screen.wait(lambda: style_of(screen, "a quiet")[3])
    screen.type(" x")
    screen.wait(lambda: "quiet" not in screen.text)
    assert saved(screen, draft) == "There was x"


def test_going_through_the_candidates(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=THREE))
    screen.type("There was")
    asked(screen, "a quiet sea. 1/3")
    screen.press("ctrl+n")
    screen.wait("a loud crowd. 2/3")
    screen.press("f3")
    screen.wait("nothing more. 3/3")
    screen.press("f3")
    screen.wait("a quiet sea. 1/3")
    screen.press("shift+tab")
    screen.wait("nothing more. 3/3")
    screen.press("escape")
    screen.wait(lambda: "nothing more" not in screen.text)
    assert saved(screen, draft) == "There was"


def test_the_candidates_pane_says_what_its_figures_are(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=THREE, chunk_delay=0.3))
    screen.type("There was")
    screen.press("f5")
    screen.wait("Candidates appear here when you ask.")
    screen.press("ctrl+space")
    screen.wait("2 … a loud")
    screen.wait("Candidates, and how likely the model finds")
    screen.wait("2 very likely a loud crowd.")
    screen.press("2")
    screen.wait(lambda: "Candidates appear here" in screen.text)
    assert saved(screen, draft) == "There was a loud crowd."


def test_alt_and_a_number_takes_one_and_undo_brings_all_back(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=THREE))
    screen.type("There was")
    screen.press("ctrl+space")
    screen.wait("a quiet sea. 1/3")
    screen.write("\x1b2")  # as terminals send Alt+2
    screen.wait(lambda: "There was a loud crowd." in screen.text and "/3" not in screen.text)
    screen.press("ctrl+z")
    screen.wait("a loud crowd. 2/3")
    screen.press("f4")  # the pane in which it can be changed has the focus now
    screen.wait("Ctrl+J New line")
    screen.write("\x1b3")
    screen.wait(lambda: "There was nothing more." in screen.text and "Ctrl+J" not in screen.text)
    screen.write("\x1b1")
    screen.wait("no suggestion to take")
    assert saved(screen, draft) == "There was nothing more."


def test_another_word_in_text_that_was_accepted(window: Open, draft: Path) -> None:
    texts = [THREE[0], [" end."] * 3]
    screen = at_end(window(draft, texts=texts, others={" quiet": [" dead"]}))
    screen.type("There was")
    asked(screen, "a quiet sea. 1/3")
    screen.press("tab")
    screen.type(" It slept.")
    screen.wait("sea. It slept.")
    left_behind = "There was a quiet sea. It slept."
    assert saved(screen, draft) == left_behind
    left(screen)

    again = window(draft, texts=[texts[1]])
    again.wait("ready stand-in")
    again.wait("It slept.")
    again.press("ctrl+home")
    for _ in range(13):
        again.press("right")
    again.press("alt+t")
    again.wait("quiet 37% 1 quiet 37% 2 dead 14%")
    again.press("2")
    again.wait("There was a dead end. quiet sea. It slept. 1/3")
    assert style_of(again, "quiet sea")[2]
    assert saved(again, draft) == left_behind
    again.press("escape")
    again.wait(lambda: "dead end" not in again.text)
    again.press("alt+t")
    again.wait(lambda: "2 dead" not in again.text)
    again.press("alt+t", "2")  # what was looked up is not looked up again: no key is lost
    again.wait("dead end. quiet sea. It slept. 1/3")
    again.press("tab")
    again.wait("There was a dead end. It slept.")
    assert saved(again, draft) == "There was a dead end. It slept."
    again.press("ctrl+z")  # the ghost is there again, over what it would replace
    again.wait("There was a dead end. quiet sea. It slept. 1/3")
    again.press("escape")
    again.wait(left_behind)
    assert saved(again, draft) == left_behind


def test_the_history_of_a_place_is_a_tree_over_sessions(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=[THREE[0], [" It slept.", " It rose.", " Gone."]]))
    screen.type("There was")
    asked(screen, "a quiet sea. 1/3")
    screen.press("tab")
    asked(screen, "It slept. 1/3")
    screen.press("escape")
    assert saved(screen, draft) == "There was a quiet sea."
    left(screen)

    again = at_end(window(draft))
    again.press("alt+h")
    again.wait("6 texts")
    again.wait("a quiet sea. in the draft")
    again.wait("It slept. refused")
    again.press("home", "down", "down", "enter")
    again.wait(lambda: "6 texts" not in again.text)
    again.wait("There was a quiet sea. It rose. 2/3")
    again.press("tab", "alt+h")
    again.wait("a loud crowd.")
    again.press("home", "down", "down", "down", "down", "enter")
    again.wait("There was a loud crowd. a quiet sea. It rose. 2/3")
    assert style_of(again, "quiet sea")[2]
    again.press("tab")
    again.wait(lambda: "quiet" not in again.text)
    assert saved(again, draft) == "There was a loud crowd."
    again.press("ctrl+z")
    again.wait("There was a loud crowd. a quiet sea. It rose. 2/3")
    again.press("escape")
    again.wait("There was a quiet sea. It rose.")


def test_a_place_without_a_history(window: Open, draft: Path) -> None:
    screen = at_end(window(draft))
    screen.type("Nothing")
    screen.press("alt+h")
    screen.wait("Nothing was suggested at this place before.")
    screen.press("escape")
    screen.wait(lambda: "Suggested here" not in screen.text)
    screen.type(" yet")
    screen.wait("Nothing yet")


def test_poor_ghosts_that_nobody_asked_for_stay_away(window: Open, draft: Path) -> None:
    record = draft.with_name("record")
    settings = {"suggestions.auto": "on", "suggestions.auto_pause_ms": "200"}
    settings["suggestions.auto_threshold"] = "0.5"
    screen = at_end(window(draft, settings=settings, texts=THREE, record=str(record)))
    screen.type("There was")
    screen.wait(lambda: record.exists() and '"type":"suggest"' in record.read_text())
    time.sleep(0.5)
    screen.settle()
    assert "quiet" not in screen.text
    screen.press("f10")
    screen.wait("auto-suggest off")
    screen.press("ctrl+space")
    screen.wait("a quiet sea. 1/3")


def test_origins_survive_save_and_reopening(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=THREE))
    screen.type("There was")
    asked(screen, "a quiet sea. 1/3")
    screen.press("tab")
    screen.type(" Mine.")
    screen.paste(" Pasted.")
    screen.press("f12")
    screen.wait("36% the model's")
    looks = [style_of(screen, word)[1] for word in ("There", "quiet", "Mine", "Pasted")]
    assert looks[0] == looks[2]
    assert len(set(looks)) == 3
    assert saved(screen, draft) == "There was a quiet sea. Mine. Pasted."
    left(screen)

    again = window(draft)
    again.wait("ready stand-in")
    again.press("f12")
    again.wait("36% the model's")
    words = ("There", "quiet", "Mine", "Pasted")
    again.wait(lambda: [style_of(again, word)[1] for word in words] == looks)


def test_f4_while_the_model_writes(window: Open, draft: Path) -> None:
    texts = [[" one two three four five six seven eight nine ten.", " b.", " c."]]
    screen = at_end(window(draft, texts=texts, chunk_delay=0.2))
    screen.type("Count")
    screen.press("ctrl+space")
    screen.wait("one two")
    screen.press("f4")
    screen.wait("Still being written; what you type stops the model")
    screen.wait("four")
    screen.write("!")
    screen.wait("The model has stopped")
    screen.write("\r and on")
    screen.wait("! and on")
    text = saved(screen, draft)
    assert text.startswith("Count one two three four")
    assert text.endswith("! and on")
    assert "ten" not in text


def test_keys_with_alt_in_the_same_moment_write_nothing_and_take_nothing(
    window: Open, draft: Path
) -> None:
    screen = at_end(window(draft))
    screen.type("Words")
    screen.write("\x1bt\x1btx\x1bhy")
    screen.wait("Wordsxy")
    screen.press("alt+h")
    screen.wait("Suggested here before")
    screen.type("z")
    screen.wait(lambda: "Wordsxyz" in screen.text and "Suggested here" not in screen.text)
    assert saved(screen, draft) == "Wordsxyz"


def test_an_empty_draft_is_begun(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=[["There was a sea.", "b", "c"]]))
    asked(screen, "There was a sea. 1/3")
    screen.press("tab")
    screen.wait(lambda: "1/3" not in screen.text)
    assert saved(screen, draft) == "There was a sea."


@pytest.mark.parametrize("columns", [60, 100])
def test_what_became_of_a_killed_engine_is_said_whole(
    columns: int, window: Open, draft: Path
) -> None:
    screen = at_end(window(draft, columns=columns, texts=THREE, crash_on=[1], load_delay=0.7))
    screen.type("Some words to stand there")
    screen.press("ctrl+space")
    screen.wait("ended by SIGKILL.")
    screen.wait("ready")


def test_saying_why_with_one_key_and_a_digit(window: Open, draft: Path) -> None:
    screen = at_end(window(draft, texts=THREE))
    screen.type("There was")
    screen.press("ctrl+space")
    screen.wait("a quiet sea. 1/3")
    screen.press("escape")
    screen.wait("Alt+/ Why")
    screen.write("\x1b/")  # as terminals send Alt+/
    screen.wait("Why not what was refused?")
    screen.press("3")
    screen.wait("noted: dull")
    screen.write("\x1b/")  # as terminals send Alt+/
    screen.wait("Why not what was refused?")
    screen.type("x!")
    screen.wait(lambda: "Why not" not in screen.text)
    assert saved(screen, draft) == "There wasx!"
