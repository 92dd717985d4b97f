"""A session is written in a real terminal, then played in another, with the log untouched."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted import Scripted
from terminal import ALTERNATE_OFF, Terminal

from cowrite.store import Store

pytestmark = pytest.mark.pty

LAMPS = " the lamps were lit along the quay."


@pytest.fixture
def written(window: Callable[..., Terminal], tmp_path: Path) -> Path:
    """A draft with one suggestion shown and half taken, saved and left."""
    file = tmp_path / "walk.md"
    screen = window(file, texts=[[LAMPS, " others.", " more."]])
    screen.wait("ready stand-in")
    screen.type("When evening came")
    screen.press("ctrl+space")
    screen.wait("lit along the quay. 1/3")
    time.sleep(0.5)
    screen.press("ctrl+right")
    screen.wait("came the lamps")
    time.sleep(0.3)
    screen.press("escape")
    screen.wait(lambda: "lamps" not in screen.text)
    screen.type(" rain fell.")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    return file


@pytest.fixture
def play(home: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def run(*words: str, columns: int = 100, rows: int = 30) -> Terminal:
        command = [sys.executable, "-m", "cowrite", "replay", *words]
        env = {"COWRITE_HOME": str(home)}
        opened.append(Terminal(command, columns=columns, rows=rows, env=env))
        return opened[-1]

    yield run
    for terminal in opened:
        terminal.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def draft(screen: Terminal) -> str:
    """The words left of the events."""
    return " ".join(" ".join(line[:60] for line in screen.lines[:-2]).split())


def test_what_was_written_is_played(
    written: Path, play: Callable[..., Terminal], home: Path
) -> None:
    log = home / "data" / "log.sqlite3"
    before = digest(log)
    screen = play(str(written), "--speed", "8")
    screen.wait("playing")
    screen.wait("When evening came the rain fell.")
    screen.wait("paused")
    for told in ("asked", "shown 1/3 the lamps were", "took a word the", "refused", "saved"):
        assert told in screen.prose
    screen.press("home")
    screen.wait(lambda: draft(screen) == "")
    screen.press("shift+right", "shift+right")
    screen.wait(lambda: draft(screen) == "When evening came the lamps were lit along the quay.")
    screen.press("shift+right")
    screen.wait(lambda: draft(screen) == "When evening came the")
    screen.press("q")
    assert screen.ended() == 0
    assert ALTERNATE_OFF in screen.sent
    assert digest(log) == before
    text = subprocess.run(
        [sys.executable, "-m", "cowrite", "replay", "last", "--text-at", "end"],
        env={**os.environ, "COWRITE_HOME": str(home)},
        capture_output=True,
        check=True,
    ).stdout
    assert text == written.read_bytes()


def test_on_a_terminal_the_text_is_made_safe(play: Callable[..., Terminal], home: Path) -> None:
    made = Scripted("a\x1b[2Jb\r\n").type("\x9b1m").end()
    with Store.open(home / "data" / "log.sqlite3") as store:
        store.add_session(made.info, made.events)
    screen = play("last", "--text-at", "end")
    assert screen.ended() == 0
    assert screen.sent.decode() == "a␛[2Jb␍\r\n\ufffd1m\r\n"


def test_a_small_terminal_shows_the_draft_alone(
    written: Path, play: Callable[..., Terminal]
) -> None:
    screen = play("last", "--speed", "64", columns=60, rows=20)
    screen.wait("When evening came the rain fell.")
    screen.wait("Q leave")
    assert "took a word" not in screen.text
    screen.resize(100, 30)
    screen.wait("took a word")
    screen.press("escape")
    assert screen.ended() == 0
