"""kill -9 at random moments while somebody writes in a real terminal.

What comes back holds every keystroke that was painted more than 100 ms before. TORTURE_KILLS: how many.
"""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import time
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open

from cowrite.store import Store

pytestmark = pytest.mark.pty

SEED = int(os.environ.get("TORTURE_SEED", "1"))
LOSS = 0.1
"""Seconds before the kill in which a painted key may be lost, if nothing has to wait for a processor."""
LATELY = 0.5
"""Seconds before the kill in which it is seen how long a key took here."""

LETTERS = "αβγδεζηθικλμνξοπρςστυφχψω"
"""Greek ones: nothing that the window says itself, in a toast over the page, may count as a letter typed."""

GHOST = " AND THE RIVER RAN ON."


class Typist:
    """Types the letters over and over, so that a count of letters says how far it has come."""

    def __init__(self, screen: Terminal, name: str, draw: random.Random) -> None:
        self.screen, self._name, self._draw = screen, name, draw
        self.typed = 0
        self.painted: list[tuple[float, int]] = []
        self._took: list[tuple[float, float]] = []
        """When each letter was read from the screen, and how long that took, in seconds."""

    def letter(self) -> None:
        """One key; when it is on the screen, its time is noted."""
        begun = time.monotonic()
        self.screen.write(LETTERS[self.typed % len(LETTERS)])
        self.typed += 1
        self.screen.read(0.002)
        self._note()
        now = time.monotonic()
        self._took.append((now, now - begun))

    def due(self, killed: float) -> int:
        """How many letters have to come back: those painted `LOSS` before, and earlier on a busy machine, where
        also this process waits."""
        busy = max((took for when, took in self._took if when > killed - LATELY), default=0.0)
        until = killed - LOSS - 2 * busy
        return max((count for when, count in self.painted if when < until), default=0)

    def _note(self) -> None:
        shown = letters(self.screen.text.partition(self._name)[0])
        assert shown <= self.typed
        self.painted.append((time.monotonic(), shown))

    def act(self) -> None:
        chance = self._draw.random()
        if chance < 0.93:
            self.letter()
        elif chance < 0.96:
            self.screen.write("\x13")  # save
            self.screen.read(0.02)
        elif chance < 0.975:
            self._instruct()
        else:
            self.screen.write("\x00")  # ask, and take it if it comes
            deadline = time.monotonic() + 0.15
            while "RIVER" not in self.screen.text and time.monotonic() < deadline:
                self.screen.read(0.02)
            self.screen.write("\t")
            self.screen.read(0.01)
            self._note()

    def _instruct(self) -> None:
        """Have a diff stand in what was typed, and go on behind it: it may be there when the end comes."""
        self.screen.write("\x0b7\r")
        deadline = time.monotonic() + 0.3
        while "Instruct " not in self.screen.text and time.monotonic() < deadline:
            self.screen.read(0.02)
        while "words" in self.screen.text.partition(self._name)[0] and time.monotonic() < deadline:
            self.screen.read(0.02)
        self.screen.write("\x1b[1;5F")  # ctrl+end
        self.screen.read(0.02)


def letters(text: str) -> int:
    """How many letters of the typist's own are in a text; what suggestions brought is Latin."""
    count = 0
    for character in text:
        if character == LETTERS[count % len(LETTERS)]:
            count += 1
    return count


def kill_once(window: Open, home: Path, file: Path, seed: int) -> int:
    """One life; returns how many letters came back."""
    draw = random.Random(seed)
    screen = window(file, texts=[[GHOST] * 3], settings={"suggestions.count": "1"})
    screen.wait("ready stand-in")
    typist = Typist(screen, file.name, draw)
    until = time.monotonic() + draw.uniform(0.1, 3.0)
    while time.monotonic() < until:
        typist.act()
    killed = time.monotonic()
    screen.kill()
    screen.ended()
    screen.close()
    return _check(home, file, typist.due(killed), typist, seed)


def _check(home: Path, file: Path, due: int, typist: Typist, seed: int) -> int:
    log = home / "data" / "log.sqlite3"
    with Store.open(log) as store:
        found = store.reader.unsaved(str(file))
        saved = file.read_text() if file.exists() else ""
        text = found.text if found is not None else saved
        back = letters(text)
        assert back >= due, f"seed {seed}: {back} letters of {due} that were painted came back"
        assert back <= typist.typed
    with contextlib.closing(sqlite3.connect(log)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], f"seed {seed}"
    return back


def campaign(window: Open, home: Path, folder: Path, rounds: int) -> None:
    total = 0
    for seed in range(SEED, SEED + rounds):
        total += kill_once(window, home, folder / f"{seed}.md", seed)
    print(f"\n{rounds} kills, seeds {SEED} to {SEED + rounds - 1}, {total:,} letters came back")
    assert total > rounds


def test_a_few_kills(window: Open, home: Path, tmp_path: Path) -> None:
    campaign(window, home, tmp_path, 2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_kills(window: Open, home: Path, tmp_path: Path) -> None:
    campaign(window, home, tmp_path, int(os.environ.get("TORTURE_KILLS", "200")))
