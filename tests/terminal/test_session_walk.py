"""The main job, in a real terminal: ask, take, change, refuse, type on, save, and find it all in the log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import Terminal

pytestmark = pytest.mark.pty

FIRST = " the lamps were lit along the quay."
SECOND = " nobody came to the door."
THIRD = " it began to rain."


def exported(home: Path) -> list[dict[str, object]]:
    """What `cowrite export` says of the suggestions."""
    done = subprocess.run(
        [sys.executable, "-m", "cowrite", "export", "-o", "-"],
        env={**os.environ, "COWRITE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def draft_of(screen: Terminal) -> str:
    """The draft's only row on the screen."""
    return next(line.strip() for line in screen.lines if line.strip())


def test_every_decision_is_in_the_log_and_the_file_is_the_screen(
    window: Callable[..., Terminal], home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "walk.md"
    texts = [[FIRST, " others.", " more."], [SECOND, " b.", " c."], [THIRD, " d.", " e."]]
    screen = window(file, texts=texts)
    screen.wait("ready stand-in")
    screen.type("When evening came")
    screen.press("ctrl+space")
    screen.wait("lit along the quay. 1/3")
    time.sleep(0.9)
    screen.press("ctrl+right")
    screen.wait("came the lamps")
    screen.press("tab")
    screen.wait(lambda: "1/3" not in screen.text)
    screen.press("ctrl+left", "ctrl+shift+left")  # selects `the `, before `quay.`
    screen.type("a ")
    screen.wait("along a quay.")
    screen.press("ctrl+end", "ctrl+space")
    screen.wait("nobody came to the door.")
    time.sleep(0.9)
    screen.press("escape")
    screen.wait(lambda: "nobody" not in screen.text)
    screen.press("ctrl+space")
    screen.wait("it began to rain.")
    time.sleep(0.9)
    screen.type(" Then I slept.")
    screen.wait("Then I slept.")
    screen.press("ctrl+s")
    screen.wait("saved")
    shown = draft_of(screen)
    screen.press("ctrl+q")
    assert screen.ended() == 0

    wanted = "When evening came the lamps were lit along a quay. Then I slept."
    assert shown == wanted
    assert file.read_text() == wanted
    rows = exported(home)
    assert [row["outcome"] for row in rows] == ["edited", "rejected", "ignored"]
    assert rows[0]["inserted_text"] == FIRST
    assert rows[0]["final_text"] == " the lamps were lit along a quay."
    assert rows[1]["candidates"][0]["text"] == SECOND  # type: ignore[index]


def test_a_killed_engine_costs_one_suggestion(
    window: Callable[..., Terminal], tmp_path: Path
) -> None:
    file = tmp_path / "crash.md"
    screen = window(file, texts=[[FIRST] * 3], crash_once=str(tmp_path / "mark"), chunk_delay=0.2)
    screen.wait("ready stand-in")
    screen.type("Once")
    screen.press("ctrl+space")
    screen.wait("The model process ended")
    screen.wait("ready stand-in")
    assert draft_of(screen) == "Once"
    screen.press("ctrl+space")
    screen.wait("lit along the quay.")
    screen.press("tab", "ctrl+s")
    screen.wait("saved")
    assert file.read_text() == "Once" + FIRST


def test_typing_works_while_the_model_loads(
    window: Callable[..., Terminal], tmp_path: Path
) -> None:
    screen = window(tmp_path / "load.md", load_delay=30)
    screen.wait("loading")
    screen.type("Words before the model.")
    screen.wait("Words before the model.")
    screen.wait("4 words")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0


def test_without_a_model_the_reason_is_said(
    window: Callable[..., Terminal], tmp_path: Path
) -> None:
    screen = window(tmp_path / "none.md", fail_load="The model's file is cut short.")
    screen.wait("no model: The model's file is cut short.")
    screen.type("Still here.")
    screen.press("ctrl+space")
    screen.wait("There is no model to ask")
    screen.wait("Still here.")


def test_the_ghost_can_be_changed_before_it_is_taken(
    window: Callable[..., Terminal], home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "pane.md"
    screen = window(file, texts=[[THIRD, " b.", " c."]])
    screen.wait("ready stand-in")
    screen.type("At night")
    screen.press("ctrl+space")
    screen.wait("it began to rain. 1/3")
    time.sleep(0.9)
    screen.press("f4")
    screen.wait("Enter Accept")
    screen.press("backspace", "backspace", "backspace", "backspace", "backspace")
    screen.type("snow.")
    screen.press("enter")
    screen.wait("At night it began to snow.")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    assert file.read_text() == "At night it began to snow."
    rows = exported(home)
    assert [(row["outcome"], row["final_text"]) for row in rows] == [
        ("edited", " it began to snow.")
    ]
