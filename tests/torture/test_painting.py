"""What stands in a real terminal after many small paints is what one paint of everything would give.

A random writer types in a pty; from time to time the program is stopped and continued, which makes it paint
all anew on a screen that was wiped, and the two are compared. TORTURE_PAINTS: how many comparisons.
"""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest
from hostile import CJK, ESCAPES
from terminal import Terminal
from windows import Open

pytestmark = pytest.mark.pty

SEED = int(os.environ.get("TORTURE_SEED", "1"))
TEXTS = [
    [
        " the lamps were lit.\nAnd then some more of it, for a row or two, or three of them.",
        " b",
        " 春は",
    ]
]
WORDS = [
    "when",
    "evening",
    "came",
    "# a",
    "*lamps*",
    "were",
    "`lit`",
    "—",
    "quay",
    "nobody",
    CJK[:7],
    "\t",
]
MOVES = ["left", "right", "up", "down", "home", "end", "pageup", "pagedown", "ctrl+left", "ctrl+right",
         "ctrl+home", "ctrl+end", "shift+left", "shift+right", "alt+a", "f6"]  # fmt: skip
EDITS = ["enter", "enter", "backspace", "delete", "ctrl+w", "alt+x", "ctrl+u", "ctrl+z", "ctrl+y", "ctrl+x",
         "ctrl+v", "alt+d"]  # fmt: skip
GHOST = ["ctrl+space", "tab", "ctrl+right", "ctrl+l", "ctrl+n", "f3"]
VIEW = ["f12", "alt+t", "alt+y", "f11", "f5"]


def act(screen: Terminal, draw: random.Random) -> None:
    chance = draw.random()
    if chance < 0.45:
        screen.write(" ".join(draw.choices(WORDS, k=draw.randint(1, 6))) + " ")
    elif chance < 0.65:
        screen.press(*draw.choices(MOVES, k=draw.randint(1, 4)))
    elif chance < 0.8:
        screen.press(draw.choice(EDITS))
    elif chance < 0.93:
        screen.press(draw.choice(GHOST))
    elif chance < 0.96:
        screen.press(draw.choice(VIEW))
    elif chance < 0.98:
        screen.paste(draw.choice([*ESCAPES.values()]).replace("\x1b[201~", ""))
    else:
        screen.click(draw.randint(10, 80), draw.randint(1, 20))
    screen.read(0.01)


def stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def painted_anew(screen: Terminal) -> list[str]:
    """The rows of the draft after everything was painted on a wiped screen."""
    screen.kill(signal.SIGTSTP)
    screen.wait(lambda: stopped(screen.pid))
    screen.settle(0.05)
    screen.shown.wipe()
    screen.kill(signal.SIGCONT)
    screen.wait(" words ")
    screen.settle(0.4)
    return rows(screen)


def rows(screen: Terminal) -> list[str]:
    """The rows of the draft: those above the status line, without a toast over them."""
    return [row.partition("▌")[0].rstrip() for row in screen.lines[:-2]]


def compare(screen: Terminal, draw: random.Random, where: str) -> None:
    for _ in range(draw.randint(5, 40)):
        act(screen, draw)
    screen.press("right")  # a stop brings the cursor into view, so let it be there
    screen.settle(0.4)
    toast = "▌" in screen.text
    before = rows(screen)
    after = painted_anew(screen)
    toast = toast or "▌" in screen.text
    for y, (one, other) in enumerate(zip(before, after, strict=True)):
        size = min(len(one), len(other)) if toast else max(len(one), len(other))
        assert one[:size] == other[:size], (
            f"{where}, row {y}: {one!r} is {other!r} when painted anew"
        )


def campaign(window: Open, folder: Path, count: int) -> None:
    done, seed = 0, SEED
    while done < count:
        screen = window(folder / f"{seed}.md", texts=TEXTS)
        screen.wait("ready stand-in")
        draw = random.Random(seed)
        for number in range(min(10, count - done)):
            compare(screen, draw, f"seed {seed}, comparison {number}")
            done += 1
        screen.close()
        seed += 1
    print(f"\n{done} screens compared, seeds {SEED} to {seed - 1}")


def test_small_paints_add_up(window: Open, tmp_path: Path) -> None:
    campaign(window, tmp_path, 2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_many_small_paints_add_up(window: Open, tmp_path: Path) -> None:
    campaign(window, tmp_path, int(os.environ.get("TORTURE_PAINTS", "100")))
