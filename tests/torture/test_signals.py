"""Signals and closed terminals at bad moments: the journal is closed, the terminal given back, nothing lost."""

from __future__ import annotations

import signal
import sqlite3
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal
from windows import Open

from cowrite.core.events import Ended
from cowrite.store import Store

pytestmark = pytest.mark.pty

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
WORDS = "Words that nobody saved."
SLOW = {"texts": [[" and on and on." * 20] * 3], "chunk_delay": 0.2}


def loading(window: Open, file: Path) -> Terminal:
    screen = window(file, load_delay=60)
    screen.wait("loading")
    return screen


def writing(window: Open, file: Path) -> Terminal:
    screen = window(file, **SLOW)
    screen.wait("ready stand-in")
    return screen


MOMENTS: dict[str, tuple[Callable[[Open, Path], Terminal], Callable[[Terminal], object]]] = {
    "while the model loads": (loading, lambda screen: None),
    "while a ghost grows": (writing, lambda s: (s.press("ctrl+space"), s.wait("and on"))),
    "with a dialog open": (writing, lambda s: (s.press("ctrl+q"), s.wait("is not saved"))),
    "in the find bar": (writing, lambda s: (s.press("ctrl+f"), s.wait("Find"))),
    "in the pane for a ghost": (
        writing,
        lambda s: (s.press("ctrl+space"), s.wait("and on"), s.press("f4"), s.wait("Enter Accept")),
    ),
    "inside of a paste": (writing, lambda s: s.write("\x1b[200~never ended")),
}
"""How the window is opened, and what is done once the words are in it."""


def modes(screen: Terminal) -> list[object]:
    """The terminal's modes, without the speed."""
    return termios.tcgetattr(screen._fd)[:4]


MATRIX = [(moment, number) for moment in MOMENTS for number in SIGNALS]
EVERYDAY = {
    ("with a dialog open", signal.SIGTERM),
    ("while a ghost grows", signal.SIGHUP),
    ("inside of a paste", signal.SIGINT),
}


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param(
            *one, marks=() if one in EVERYDAY else pytest.mark.slow, id=f"{one[1].name} {one[0]}"
        )
        for one in MATRIX
    ],
)
def test_a_signal(
    moment: str, number: signal.Signals, window: Open, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    begin, then = MOMENTS[moment]
    plain = Terminal(["sleep", "60"])
    cooked = modes(plain)
    plain.close()
    screen = begin(window, file)
    screen.type(WORDS)
    screen.wait(WORDS)
    then(screen)
    screen.kill(number)
    assert screen.ended(10) == 128 + number
    assert screen.sent.rfind(ALTERNATE_OFF) > screen.sent.rfind(ALTERNATE_ON)
    for off in (b"\x1b[?2004l", b"\x1b[?1000l", b"\x1b[?1006l", b"\x1b[?25h"):
        on = off[:-1] + (b"l" if off.endswith(b"h") else b"h")
        assert screen.sent.rfind(off) > screen.sent.rfind(on), off
    assert modes(screen) == cooked, "the terminal is cooked again"
    _closed_with(home, file, "hangup" if number == signal.SIGHUP else "terminated")


def test_a_closed_terminal(window: Open, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = writing(window, file)
    screen.type(WORDS)
    screen.wait(WORDS)
    screen.hang_up()
    screen.ended(10)
    _closed_with(home, file, "hangup")


@pytest.mark.slow
def test_stopped_and_continued_ten_times(window: Open, tmp_path: Path) -> None:
    screen = writing(window, tmp_path / "draft.md")
    for count in range(1, 11):
        screen.kill(signal.SIGTSTP)
        screen.wait(lambda: screen.sent.rfind(ALTERNATE_OFF) > screen.sent.rfind(ALTERNATE_ON))
        _wait_stopped(screen.pid)
        screen.kill(signal.SIGCONT)
        screen.wait(lambda: screen.sent.rfind(ALTERNATE_ON) > screen.sent.rfind(ALTERNATE_OFF))
        screen.type("x")
        screen.wait("x" * count)


@pytest.mark.slow
def test_signals_in_a_burst(window: Open, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = writing(window, file)
    screen.type(WORDS)
    screen.wait(WORDS)
    for number in (signal.SIGWINCH, signal.SIGTERM, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        screen.kill(number)
    assert screen.ended(10) > 128
    _closed_with(home, file, "terminated", "hangup")


def _closed_with(home: Path, file: Path, *hows: str) -> None:
    """The log is whole and closed, holds no tail, and gives the words back."""
    log = home / "data" / "log.sqlite3"
    tails = list((home / "data").rglob("*.tail"))
    assert tails == [], "the tail went into the log"
    with Store.open(log) as store:
        (info,) = store.reader.sessions()
        last = list(store.reader.events(info.session_id))[-1].body
        assert isinstance(last, Ended)
        assert last.how in hows
        assert not last.saved
        found = store.reader.unsaved(str(file))
        assert found is not None
        assert found.text == WORDS
    db = sqlite3.connect(log)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def _wait_stopped(pid: int) -> None:
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < deadline
        time.sleep(0.02)
