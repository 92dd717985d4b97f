"""A session in terminals that people use, with keys from a keyboard: what is typed is in the file.

Left out where a terminal isn't installed. On Debian: `apt-get install xvfb xdotool x11-xkb-utils
x11-xserver-utils xclip kitty foot weston wl-clipboard xterm tmux`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from real_terminals import TERMINALS, Opened, RealTerminal, Recording
from windows import RUN

pytestmark = [pytest.mark.slow, pytest.mark.pty, pytest.mark.timeout(900)]

SIZES = [(100, 30), (60, 20)]
GHOST = " a quiet sea, and nobody came."
Open = Callable[..., RealTerminal]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens cowrite in a terminal: `opened(kind, file, columns=, rows=, layout=)`."""
    terminals: list[RealTerminal] = []

    def open_terminal(
        kind: str, file: Path, *, columns: int = 100, rows: int = 30, layout: str = "us"
    ) -> RealTerminal:
        missing = TERMINALS[kind].missing()
        if missing:
            pytest.skip(f"{kind} can't be had here: {missing} is not installed")
        recording = Recording(tmp_path / f"recording-{len(terminals)}", columns, rows)
        script = json.dumps({"texts": [[GHOST]]})
        command = recording.command([sys.executable, str(RUN), str(file), script])
        environment = {"COWRITE_HOME": str(tmp_path / "home")}
        terminal = TERMINALS[kind](Opened(recording, command, environment, columns, rows, layout))
        terminals.append(terminal)
        recording.wait("ready stand-in" if columns >= 80 else "ready")
        terminal.reach()
        return terminal

    yield open_terminal
    for terminal in terminals:
        terminal.close()


def holds(terminal: RealTerminal, file: Path, wanted: str) -> None:
    """Wait until the file is this."""
    terminal.recording.wait(lambda: file.exists() and file.read_text() == wanted, 60)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("kind", TERMINALS)
def test_a_session_in_latin_and_han(
    kind: str, size: tuple[int, int], opened: Open, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    terminal = opened(kind, file, columns=size[0], rows=size[1])
    shown = terminal.recording
    terminal.type("It was")
    shown.wait("It was")
    terminal.press("ctrl+space")
    shown.wait("nobody came.")
    terminal.press("ctrl+Right")  # a word of it
    terminal.press("alt+l")  # and the rest
    terminal.type(" Then ")
    terminal.han("黄昏")
    shown.wait("黄昏" if size[0] > 60 else "黄")
    terminal.press("Return")
    terminal.press("F2")
    shown.wait("Esc Reject")
    terminal.press("Escape")
    shown.wait("Ctrl+S Save")
    terminal.type("End.")
    shown.wait("End.")
    terminal.press("ctrl+s")
    wanted = f"It was{GHOST} Then 黄昏\nEnd."
    holds(terminal, file, wanted)
    terminal.press("ctrl+q")
    assert shown.ended() == 0
    assert file.read_text() == wanted


@pytest.mark.parametrize("kind", TERMINALS)
def test_a_session_with_a_russian_keyboard(kind: str, opened: Open, tmp_path: Path) -> None:
    """The keys are those of a Russian layout, Ctrl with them too; where those send nothing, the keys with F."""
    file = tmp_path / "draft.md"
    terminal = opened(kind, file, layout="ru")
    shown = terminal.recording
    terminal.cyrillic("ghbdtn")
    shown.wait("привет")
    terminal.press("ctrl+space")
    shown.wait("nobody came.")
    terminal.press("Tab")
    other = terminal.sends_other_ctrl
    terminal.cyrillic_ctrl("s") if other else terminal.press("shift+F2")
    wanted = f"привет{GHOST}"
    holds(terminal, file, wanted)
    terminal.cyrillic_ctrl("q") if other else terminal.press("shift+F4")
    assert shown.ended() == 0
    assert file.read_text() == wanted


@pytest.mark.parametrize("kind", TERMINALS)
def test_a_paste_is_in_the_draft_and_does_nothing(kind: str, opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    terminal = opened(kind, file)
    terminal.type("a")
    terminal.recording.wait(" ●")
    terminal.paste("two\nlines, привет 黄昏")
    terminal.recording.wait("lines, привет")
    terminal.type("b")
    terminal.press("ctrl+s")
    holds(terminal, file, "atwo\nlines, привет 黄昏b")
    terminal.press("ctrl+q")
    assert terminal.recording.ended() == 0


@pytest.mark.parametrize("kind", TERMINALS)
def test_keys_that_look_alike_and_are_none(kind: str, opened: Open, tmp_path: Path) -> None:
    """Shift+Enter is a line break everywhere; keys that mean nothing write nothing."""
    file = tmp_path / "draft.md"
    terminal = opened(kind, file)
    terminal.type("one")
    terminal.press("shift+Return")
    terminal.type("two")
    terminal.press("ctrl+Return")
    terminal.type("Three")
    terminal.press("shift+F12")
    terminal.press("ctrl+Left")
    terminal.type("3")
    terminal.recording.wait("3Three")
    terminal.press("ctrl+s")
    holds(terminal, file, "one\ntwo\n3Three")
    terminal.press("ctrl+q")
    assert terminal.recording.ended() == 0
