"""A model process that dies, hangs, babbles or eats all memory: the window lives, says so, and goes on."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

import pytest
from heard import Heard, child_of
from terminal import Terminal
from windows import Open

from cowrite.engine.client import EngineState

TEXTS = [[" and the river went on." * 5] * 3]


def goes_on(screen: Terminal, file: Path, words: str) -> None:
    """Typing and saving work."""
    screen.type(words)
    screen.wait(words)
    screen.press("ctrl+s")
    screen.wait("saved")
    assert words in file.read_text()


@pytest.mark.slow
@pytest.mark.pty
def test_killed_again_and_again(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = window(file, texts=TEXTS, chunk_delay=0.05)
    for count in range(3):
        screen.wait("ready stand-in")
        screen.press("ctrl+space")
        screen.wait("river")
        os.kill(child_of(screen.pid), signal.SIGKILL)
        screen.wait("The model process ended")
        goes_on(screen, file, f" Line {count}.")
    screen.wait("ready stand-in")


@pytest.mark.pty
@pytest.mark.parametrize(
    "asked", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["asked", "not asked"]
)
def test_stopped(asked: bool, window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = window(file, texts=TEXTS, chunk_delay=0.05, hang_seconds=1.5)
    screen.wait("ready stand-in")
    os.kill(child_of(screen.pid), signal.SIGSTOP)
    if asked:
        screen.press("ctrl+space")
        screen.wait("river")  # the process that took its place has answered, and nothing is told
        screen.press("escape")
    goes_on(screen, file, "Once more.")
    if asked:
        screen.wait("ready stand-in")
        screen.press("ctrl+space")
        screen.wait("river")
        screen.press("escape")
    screen.press("ctrl+q")
    assert screen.ended() == 0


BABBLE = {
    "zeros without an end": ("cat", "/dev/zero"),
    "noise": ("cat", "/dev/urandom"),
    "the same line for ever": ("yes", '{"type": "nonsense"}'),
    "no program": ("/no/such/program",),
    "an end at once": ("true",),
    "deaf": ("sleep", "1000"),
}


@pytest.mark.pty
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if n.startswith("zeros") else pytest.mark.slow) for n in BABBLE],
)
def test_babbling(name: str, window: Open, tmp_path: Path) -> None:
    """Memory stays small and the window answers, whatever comes out of the pipe."""
    file = tmp_path / "draft.md"
    screen = window(file, command=BABBLE[name], hang_seconds=2.0)
    screen.wait("draft.md")
    goes_on(screen, file, "Written beside it all.")
    if name != "deaf":
        screen.wait("no model", timeout=40)
    goes_on(screen, file, " And after.")
    resident = (
        int(Path(f"/proc/{screen.pid}/statm").read_text().split()[1]) * resource.getpagesize()
    )
    assert resident < 250 << 20
    screen.press("ctrl+q")
    assert screen.ended() == 0


@pytest.mark.slow
@pytest.mark.pty
def test_slow(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = window(file, texts=TEXTS, load_delay=2, first_delay=2, chunk_delay=0.5)
    screen.wait("loading")
    goes_on(screen, file, "While it loads.")
    screen.wait("ready stand-in")
    screen.press("ctrl+space")
    goes_on(screen, file, " While it thinks.")
    screen.press("ctrl+space")
    screen.wait("river")
    goes_on(screen, file, " While it writes.")


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("megabytes", [150, 300])
def test_out_of_memory(megabytes: int, tmp_path: Path, smollm: Path) -> None:
    """With an address space too small for it, the process fails in some way; the client says why."""
    shell = f"ulimit -v {megabytes * 1024}; exec {sys.executable} -m cowrite.engine.host.main"
    heard = Heard(smollm, tmp_path / "engine.log", "sh", "-c", shell)
    try:
        said = heard.outcome()
        assert said.state is EngineState.NO_MODEL
        assert said.reason
    finally:
        heard.client.close()
