"""Noise from the terminal, through the real input thread: the window lives, and takes keys as before.

The long form is a minute a seed: `pytest -m slow -s tests/torture/test_fuzzed_keys.py`; TORTURE_SEED says
where the seeds begin, TORTURE_NOISE how many seconds each takes.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from keynoise import Noise
from terminal import Terminal
from windows import Open

pytestmark = pytest.mark.pty

SEED = int(os.environ.get("TORTURE_SEED", "1"))
SECONDS = float(os.environ.get("TORTURE_NOISE", "60"))
LEADS_AWAY = ("quit", "palette", "open", "save-as", "settings", "outline")
"""Actions that noise must not call: they lead to another draft, to the shell, or out."""


def last_words(screen: Terminal, home: Path) -> str:
    """What is known of a window that doesn't write any more."""
    told = [path.read_text() for path in (home / "state").glob("crashes/*")]
    return "\n".join(
        [f"{len(screen.shown.sent)} bytes written, the last: {screen.shown.sent[-600:]!r}", *told]
    )


def quiet(screen: Terminal) -> None:
    """Wait until little is written for so long that a paste without an end is over: a cursor blinks on."""
    deadline = time.monotonic() + 60
    before = 0
    while len(screen.sent) - before > 2000 and time.monotonic() < deadline:
        before = len(screen.sent)
        screen.read_for(2.0)


def sounds(window: Open, home: Path, file: Path, seed: int, seconds: float) -> None:
    file.write_text("# Draft\n")
    screen = window(
        file,
        settings={f"keys.{name}": "" for name in LEADS_AWAY},
        texts=[[" grey words.", " b", " c"]],
    )
    screen.wait("ready stand-in")
    end = time.monotonic() + seconds
    sent = 0
    for data, pause in Noise(seed).chunks():
        screen.write(data)
        screen.read(pause)
        sent += len(data)
        if time.monotonic() > end:
            break
    quiet(screen)
    for _ in range(4):
        screen.press("escape")
        screen.read(0.3)
    screen.press("ctrl+end")
    screen.type(" it lives")
    # A draft of nonsense is slow, and keys wait behind one another. The screen isn't looked at: pyte fails
    # where a row begins with an accent.
    deadline = time.monotonic() + 120
    while not file.read_bytes().endswith(b" it lives"):
        assert time.monotonic() < deadline, f"seed {seed}, {sent} bytes; {last_words(screen, home)}"
        screen.press("ctrl+s")
        screen.read(0.5)
    print(f"seed {seed}: {sent} bytes, {len(file.read_bytes())} bytes in the draft")
    assert not list((home / "state").glob("crashes/*"))


def test_two_seconds_of_noise(window: Open, home: Path, tmp_path: Path) -> None:
    sounds(window, home, tmp_path / "draft.md", SEED, 2.0)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(SEED, SEED + 3))
def test_a_minute_of_noise(window: Open, home: Path, tmp_path: Path, seed: int) -> None:
    sounds(window, home, tmp_path / "draft.md", seed, SECONDS)
