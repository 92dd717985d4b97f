"""What a key and an action cost on lines that are hard to read: signs by the thousand, without a space.

    python tests/bench/nasty_lines.py                 # the table: lines of 8 kB and of 1 MB
    python tests/bench/nasty_lines.py --line stars    # one of them

Through a real pseudo-terminal, with the whole program: Markdown is coloured and spelling checked. Keys are
typed at the line's start and at its end; an action is followed by a letter, whose paint stops the clock.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pty_latency import Terminal, running

SMALL, LARGE = 8_000, 1_000_000
START = "The river lay here.\n\n"
"""What is above the line: its first words tell that the draft is painted."""

LINES = {
    "prose": "The river lay wide and grey under the bridge. ",
    "one word": "a",
    "stars": "**b ",
    "tildes": "~~b ",
    "low lines": "_a ",
    "stars in words": "a**b",
    "only stars": "*",
    "ticks": "`a ",
    "only ticks": "`",
    "brackets": "[",
    "links": "[a](b",
    "whole links": "[a](b) ",
    "images": "![[a](",
    "angles": "<",
    "tags": "<a b=",
    "comments": "<!-- ",
    "closed comments": "<!-- a -->",
    "entities": "&amp",
    "backslashes": "\\",
    "bars": "a|",
    "quotations": "> ",
    "hyphens": "-",
    "equals": "=",
    "straight quotes": "\"a' ",
    "apostrophes": "'",
    "urls": "http://a.b/",
    "addresses": "a@b.c ",
    "digits": "1",
    "stops": "a. ",
    "only stops": ".",
    "spaces": " ",
    "tabs": "\t",
    "han": "\u6f22\u5b57",
    "thai": "\u0e01\u0e34\u0e19\u0e02\u0e49\u0e32\u0e27",
    "arabic": "\u0645\u0650\u0631\u062d\u0628\u0627 ",
    "marks": "e\u0301\u0302\u0303",
    "only marks": "\u0301",
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "flags": "\U0001f1e9",
    "joiners": "\u200d",
    "soft hyphens": "a\u00ad",
    "jamo": "\u1112\u1161\u11ab",
    "controls": "\x01",
    "far letters": "\U0001d4d0",
}
"""What a line is made of, by name: it is repeated until the line is long enough."""

_KEYS = 8


@dataclass(frozen=True)
class Cost:
    """Milliseconds: the slowest but one key at the start and at the end; the slowest action, and its name.

    work: processor time of a key, the mean of all, which says more where the machine does other things too.
    """

    start: float
    end: float
    work: float
    action: float
    name: str

    @property
    def is_kept(self) -> bool:
        """Whether it is within the bounds of docs/performance.md."""
        return max(self.start, self.end) <= KEY_MS and self.action <= ACTION_MS


KEY_MS, ACTION_MS = 50, 200


ACTIONS = {
    "word left": "\x1b[1;5D",
    "delete word": "\x17",
    "undo": "\x1a",
    "next misspelling": "\x1bn",
    "page up": "\x1b[5~",
    "draft's start": "\x1b[1;5H",
}
"""Keys of actions, as a terminal sends them."""


def line_of(name: str, size: int) -> str:
    """A line of so many characters."""
    unit = LINES[name]
    return (unit * (size // len(unit) + 1))[:size]


def _quiet(terminal: Terminal, longest: float = 60.0) -> None:
    """Wait until the program has nothing to do."""
    terminal.settle(0.2, 10.0)
    until = time.perf_counter() + longest
    before = terminal.cpu()
    while time.perf_counter() < until:
        terminal.watch(0.3)
        now = terminal.cpu()
        if now - before < 0.04:
            return
        before = now


def _keys(terminal: Terminal) -> float:
    """Milliseconds from a key to its paint, of the slowest but one."""
    times = sorted(seconds * 1000 for seconds in terminal.keystrokes(_KEYS, 0.1))
    return times[-2]


def _action(terminal: Terminal, keys: str) -> float:
    """Milliseconds until a letter that is typed behind an action is on the screen, less those of a letter."""
    terminal.seen.clear()
    begin = time.perf_counter()
    terminal.send(keys + "\u0178")
    painted = terminal.wait_for("\u0178".encode(), 20.0) or begin + 20.0
    terminal.send("\x7f")
    _quiet(terminal)
    return (painted - begin) * 1000


def measured(name: str, size: int) -> Cost:
    """What a line costs with the whole program, spelling checked."""
    os.environ["COWRITE_EDITOR_SPELLING"] = "en"
    with running("cowrite", START + line_of(name, size)) as terminal:
        _quiet(terminal)
        terminal.send("\x1b[B\x1b[B")
        terminal.settle(0.2, 5.0)
        before = terminal.cpu()
        start = _keys(terminal)
        middle = terminal.cpu() - before
        terminal.send("\x1b[1;5F")
        _quiet(terminal)
        between = terminal.cpu()
        end = _keys(terminal)
        worked = terminal.cpu() - between + middle
        found = {action: _action(terminal, keys) for action, keys in ACTIONS.items()}
    slowest = max(found, key=lambda action: found[action])
    return Cost(start, end, worked * 1000 / (2 * _KEYS), found[slowest], slowest)


def growth(name: str = "stars", size: int = SMALL, keys: int = 1500) -> tuple[float, float]:
    """Megabytes that the program takes before and after so many keys at the end of a line."""
    os.environ["COWRITE_EDITOR_SPELLING"] = "en"
    with running("cowrite", START + line_of(name, size)) as terminal:
        terminal.send("\x1b[1;5F")
        _quiet(terminal)
        for _ in range(100):
            terminal.send("x ")
            terminal.watch(0.02)
        _quiet(terminal)
        before = _resident(terminal.pid)
        for _ in range(keys):
            terminal.send("y")
            terminal.watch(0.02)
        _quiet(terminal)
        return before, _resident(terminal.pid)


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--line", choices=[*LINES], action="append")
    parser.add_argument("--size", type=int, choices=[SMALL, LARGE], action="append")
    options = parser.parse_args()
    broken = 0
    for name in options.line or LINES:
        for size in options.size or (SMALL, LARGE):
            cost = measured(name, size)
            broken += not cost.is_kept
            print(
                f"{name:16}{size:9,}  key at its start {cost.start:6.1f} ms, at its end {cost.end:6.1f} ms,"
                f" work {cost.work:5.1f} ms   slowest action {cost.action:6.1f} ms ({cost.name})",
                flush=True,
            )
    if options.line is None:
        print("megabytes before and after 1,500 keys: {:.0f}, {:.0f}".format(*growth()))
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
