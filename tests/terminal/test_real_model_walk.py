"""The main job with the real default model: `cowrite FILE` as a writer starts it, then the log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from terminal import Terminal

pytestmark = [pytest.mark.pty, pytest.mark.model]

PROSE = (
    "The harbour was quiet that evening. The boats had come home early, and the old men sat on the "
    "wall and talked about the weather. When the lamps were lit,"
)


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One home, so that the model is unpacked and tried once."""
    return {"COWRITE_HOME": str(tmp_path_factory.mktemp("home"))}


def started(file: Path, env: dict[str, str]) -> Terminal:
    screen = Terminal([sys.executable, "-m", "cowrite", str(file)], env=env)
    screen.wait("ready gemma-3-270m", timeout=120)
    return screen


def words_of(screen: Terminal) -> str:
    """What is on the page, in one line, without the status and the keys."""
    return " ".join(" ".join(screen.lines[:-2]).split())


def ask(screen: Terminal) -> str:
    """Ask, and wait until the suggestion is complete; returns the ghost."""
    before = words_of(screen)
    screen.press("ctrl+space")
    screen.wait(lambda: words_of(screen) != before, timeout=60)
    screen.wait("ready gemma-3-270m", timeout=60)
    screen.settle(0.3)
    time.sleep(0.8)
    after = words_of(screen)
    assert after.startswith(before.strip())
    return after[len(before) :].rpartition(" ")[0] if after[-2:-1] == "/" else after[len(before) :]


def test_every_decision_on_real_suggestions(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "harbour.md"
    with started(file, env) as screen:
        screen.type(PROSE)
        screen.wait("were lit,")
        ask(screen)
        screen.press("ctrl+right", "tab")
        screen.wait("ready gemma-3-270m")
        screen.settle()
        accepted = words_of(screen)
        screen.press("ctrl+left", "ctrl+shift+left")
        screen.type("odd ")
        screen.press("ctrl+end")
        screen.settle()
        assert words_of(screen) != accepted
        ask(screen)
        screen.press("escape")
        screen.settle()
        ask(screen)
        screen.type(" Zebras slept.")
        screen.press("ctrl+s")
        screen.wait("saved")
        shown = words_of(screen)
        screen.press("ctrl+q")
        assert screen.ended() == 0
    text = file.read_text()
    assert " ".join(text.split()) == shown
    done = subprocess.run(
        [sys.executable, "-m", "cowrite", "export", "--document", str(file), "-o", "-"],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["outcome"] for row in rows] == ["edited", "rejected", "ignored"]
    assert rows[0]["final_text"] in text
    assert rows[0]["final_text"] != rows[0]["inserted_text"]
    assert rows[1]["inserted_text"] == rows[2]["inserted_text"] == ""
    assert all(row["model"]["name"] == "gemma-3-270m" for row in rows)
    assert all(len(row["candidates"]) >= 1 and row["candidates"][0]["text"] for row in rows)


def test_the_engine_is_killed_in_mid_suggestion(env: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "harbour.md"
    with started(file, env) as screen:
        screen.type(PROSE)
        screen.wait("were lit,")
        screen.press("ctrl+space")
        screen.wait("writing")
        for child in _children(screen.pid):
            os.kill(child, signal.SIGKILL)
        screen.wait("The model process ended")
        screen.wait("ready gemma-3-270m", timeout=60)
        assert words_of(screen).endswith("were lit,") or "ended" in screen.text
        screen.wait(lambda: words_of(screen) == PROSE, timeout=60)  # the notice goes
        ask(screen)
        screen.press("tab", "ctrl+s")
        screen.wait("saved")
    assert file.read_text().startswith(PROSE)
    assert len(file.read_text()) > len(PROSE)


def _children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]
