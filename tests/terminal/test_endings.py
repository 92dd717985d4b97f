"""Ends that nobody chose: signals, a closed window, kill -9, a failure inside. The draft survives each."""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from pathlib import Path

import pytest
from terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal
from windows import Open

pytestmark = pytest.mark.pty

LOST = "Words that were never saved."


def begun(window: Open, file: Path, **script: object) -> Terminal:
    """A window with unsaved words in it."""
    screen = window(file, **script)
    screen.wait("ready stand-in")
    screen.type(LOST)
    screen.wait(LOST)
    time.sleep(0.2)
    return screen


def recovers(window: Open, file: Path) -> None:
    """Opening the draft again offers the words, and takes them over."""
    screen = window(file)
    screen.wait("was not saved when its last session ended")
    screen.wait(LOST)
    screen.wait("Recover it")
    screen.press("r")
    screen.wait("recovered, not saved yet")
    screen.press("ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0
    assert file.read_text() == LOST


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_gives_the_terminal_back_and_loses_nothing(
    number: signal.Signals, window: Open, tmp_path: Path
) -> None:
    screen = begun(window, tmp_path / "draft.md")
    screen.kill(number)
    assert screen.ended() == 128 + number
    assert screen.sent.rfind(ALTERNATE_OFF) > screen.sent.rfind(ALTERNATE_ON)
    assert b"\x1b[?2004l" in screen.sent
    assert b"\x1b[?1000l" in screen.sent
    recovers(window, tmp_path / "draft.md")


def test_a_closed_window_loses_nothing(window: Open, tmp_path: Path) -> None:
    screen = begun(window, tmp_path / "draft.md")
    screen.hang_up()
    assert screen.ended() in (128 + signal.SIGHUP, -signal.SIGHUP)
    recovers(window, tmp_path / "draft.md")


def test_a_killed_program_loses_nothing(window: Open, tmp_path: Path) -> None:
    screen = begun(window, tmp_path / "draft.md")
    screen.kill(signal.SIGKILL)
    assert screen.ended() == -signal.SIGKILL
    recovers(window, tmp_path / "draft.md")


def test_a_draft_without_a_name_comes_back(window: Open, tmp_path: Path) -> None:
    screen = window(None)
    screen.wait("New draft")
    screen.press("escape")
    screen.wait(lambda: "New draft" not in screen.text)
    screen.type(LOST)
    screen.wait(LOST)
    time.sleep(0.2)
    screen.kill(signal.SIGKILL)
    screen.ended()
    again = window(None)
    again.wait("untitled was not saved when its last session ended")
    again.press("r")
    again.wait("recovered, not saved yet")
    again.press("ctrl+s")
    again.wait("words-that-were-never-saved.md")
    again.type(str(tmp_path / "named.md"))
    again.press("enter")
    again.wait((tmp_path / "named.md").exists)
    again.wait(lambda: "not saved" not in again.prose)
    assert (tmp_path / "named.md").read_text() == LOST


def test_a_discarded_draft_is_not_offered_again(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    screen.press("ctrl+q")
    screen.wait("draft.md is not saved")
    screen.press("d")
    assert screen.ended() == 0
    assert not file.exists()
    again = window(file)
    again.wait("ready stand-in")
    again.settle()
    assert "not saved" not in again.prose


def test_no_model_process_stays_behind(window: Open, tmp_path: Path) -> None:
    record = tmp_path / "record"
    screen = begun(window, tmp_path / "draft.md", record=str(record))
    children = _children(screen.pid)
    assert children
    screen.kill(signal.SIGKILL)
    screen.ended()
    deadline = time.monotonic() + 10
    while any(_alive(child) for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_stop_and_go_on(window: Open, tmp_path: Path) -> None:
    screen = begun(window, tmp_path / "draft.md")
    screen.kill(signal.SIGTSTP)
    screen.wait(lambda: screen.sent.rfind(ALTERNATE_OFF) > screen.sent.rfind(ALTERNATE_ON))
    _wait_state(screen.pid, "T")
    screen.kill(signal.SIGCONT)
    screen.wait(lambda: screen.sent.rfind(ALTERNATE_ON) > screen.sent.rfind(ALTERNATE_OFF))
    screen.type(" More.")
    screen.wait(f"{LOST} More.")


def test_a_failure_inside_leaves_a_report_without_the_draft(home: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cowrite.config import Settings\n"
        "from cowrite.paths import user_paths\n"
        "from cowrite.session.draft import DraftSession\n"
        "from cowrite.tui import app\n"
        "def broken(self):\n"
        "    words = self.document.text\n"
        "    raise ValueError(words)\n"
        "DraftSession.undo = broken\n"
        "app.EngineService.start = lambda self: None\n"
        "sys.exit(app.run(Path(sys.argv[1]), settings=Settings(), paths=user_paths()))\n"
    )
    file = tmp_path / "draft.md"
    command = [sys.executable, "-c", program, str(file)]
    with Terminal(command, env={"COWRITE_HOME": str(home)}) as screen:
        screen.wait("draft.md")
        screen.type(LOST)
        screen.wait(LOST)
        screen.press("ctrl+z")
        assert screen.ended() == 1
        assert screen.sent.rfind(ALTERNATE_OFF) > screen.sent.rfind(ALTERNATE_ON)
        said = bytes(screen.sent[screen.sent.rfind(ALTERNATE_OFF) :]).decode()
    assert "cowrite has failed and ended." in said
    assert LOST not in said
    (report,) = (home / "state" / "crashes").iterdir()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text()
    assert "ValueError" in text
    assert "in broken" in text
    assert LOST not in text


def _children(pid: int) -> list[int]:
    out = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                out.append(int(entry.name))
    return out


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_state(pid: int, state: str) -> None:
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != state:
        assert time.monotonic() < deadline
        time.sleep(0.02)
