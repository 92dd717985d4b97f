"""The terminal goes behind another window and comes back: the log knows, and what was behind was not seen."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open

from cowrite.core.events import Closed, Focused, SessionInfo, Shown, Stamped
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.store import LogReader

pytestmark = pytest.mark.pty

LOST, GOT = "\x1b[O", "\x1b[I"
AWAY_S = 1.2


def asked(window: Open, draft: Path) -> Terminal:
    """A window with a whole ghost on the screen."""
    screen = window(draft, texts=[[" a quiet sea.", " a loud crowd."]])
    screen.wait("ready stand-in")
    screen.press("ctrl+end", "ctrl+space")
    screen.wait("a quiet sea. 1/2")
    return screen


def logged(screen: Terminal, home: Path) -> tuple[SessionInfo, list[Stamped]]:
    """The session, once the window is closed."""
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    with LogReader.open(home / "data" / "log.sqlite3") as log:
        (info,) = log.sessions()
        return info, list(log.events(info.session_id))


def test_l4_focus_is_logged_and_what_is_behind_is_not_counted_as_seen(
    window: Open, draft: Path, home: Path
) -> None:
    screen = asked(window, draft)
    screen.write(LOST)
    time.sleep(AWAY_S)
    screen.write(GOT)
    time.sleep(0.3)
    screen.press("escape")
    screen.wait(lambda: "a quiet sea" not in screen.text)
    info, events = logged(screen, home)
    focus = [(event.body.focused, event.mono_ms) for event in events if type(event.body) is Focused]
    assert [focused for focused, _ in focus] == [False, True]
    (shown,) = (event.mono_ms for event in events if type(event.body) is Shown)
    (closed,) = (event.mono_ms for event in events if type(event.body) is Closed)
    away = focus[1][1] - focus[0][1]
    assert away >= AWAY_S * 1000 - 200
    (row,) = suggestion_rows(info, events)
    assert row.shown_ms == closed - shown - away


@pytest.mark.parametrize(
    "keys", ["x", "\x13", "\x1b[200~pasted\x1b[201~"], ids=["letter", "action", "paste"]
)
def test_l4_what_the_writer_does_counts_as_focus(
    window: Open, draft: Path, home: Path, keys: str
) -> None:
    """Not every terminal says that it got the focus back, and some multiplexers say nothing right."""
    screen = asked(window, draft)
    screen.write(LOST)
    time.sleep(0.4)
    screen.write(keys)
    time.sleep(0.4)
    _, events = logged(screen, home)
    focus = [(event.body.focused, event.seq) for event in events if type(event.body) is Focused]
    assert [focused for focused, _ in focus] == [False, True]
    done = [event.seq for event in events if type(event.body).__name__ in ("Edited", "Saved")]
    assert focus[1][1] < min(done)
