"""What `doctor` says of terminals: by their own answer where they give one, else by the environment."""

from __future__ import annotations

import os
import pty
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal

from cowrite.cli import terminal_checks
from cowrite.cli.finding import Finding, Verdict
from cowrite.cli.terminal_checks import Answer, keyboard, understood
from cowrite.tui.terminal.kinds import ALL, FEW, KINDS, SOME, kind_of


def finding(environ: dict[str, str], answer: Answer | None = None, **kept: str | None) -> Finding:
    (found,) = keyboard(environ, answer or Answer(), **kept)
    return found


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"\x1bP>|kitty(0.35.2)\x1b\\\x1b[?0u\x1b[?62;c", Answer("kitty(0.35.2)", True)),
        (b"\x1bP>|XTerm(390)\x1b\\\x1b[?64;1;2c", Answer("XTerm(390)", False)),
        (b"\x1b[?1;2c", Answer("", False)),
        (b"", Answer("", None)),
        (b"typed\x1b[?1u ahead", Answer("", True)),
        (b"\x1bP>|evil\x07\r\x1b\\\x1b[?1c", Answer("evil␇␍", False)),
    ],
)
def test_answers_are_understood(said: bytes, answer: Answer) -> None:
    assert understood(said) == answer


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "foot"}, "foot"),
        ({"TERM_PROGRAM": "ghostty"}, "Ghostty"),
        ({"TERM_PROGRAM": "WezTerm"}, "WezTerm"),
        ({"TERM_PROGRAM": "iTerm.app"}, "iTerm2"),
        ({"LC_TERMINAL": "iTerm2", "SSH_TTY": "/dev/pts/1"}, "iTerm2"),
        ({"TERM": "alacritty"}, "Alacritty"),
        ({"TERM_PROGRAM": "vscode"}, "VS Code"),
        ({"WT_SESSION": "1"}, "Windows Terminal"),
        ({"VTE_VERSION": "7600"}, "GNOME Terminal and others with VTE"),
        ({"KONSOLE_VERSION": "220401"}, "Konsole"),
        ({"TERM_PROGRAM": "Apple_Terminal"}, "Terminal.app"),
        ({"XTERM_VERSION": "XTerm(390)"}, "xterm"),
        ({"TMUX": "/tmp/tmux", "LC_TERMINAL": "iTerm2"}, "tmux"),
        ({"STY": "1.pts", "TERM": "screen.xterm"}, "GNU screen"),
        ({"TERM": "linux"}, "Linux console"),
    ],
)
def test_the_environment_names_the_terminal(environ: dict[str, str], name: str) -> None:
    kind = kind_of(environ)
    assert kind is not None
    assert kind.name == name
    assert finding(environ).facts["kind"] == name


def test_its_own_answer_goes_before_the_environment() -> None:
    found = finding({"KITTY_WINDOW_ID": "1"}, Answer("XTerm(390)", False))
    assert found.facts["kind"] == "xterm"
    assert found.facts["keys"] == SOME
    assert found.text.startswith("XTerm(390) ")


def test_what_the_kitty_protocol_means() -> None:
    assert finding({"TERM": "xterm"}, Answer("", True)).facts["keys"] == ALL
    assert finding({"TERM": "xterm"}, Answer("", False)).facts["keys"] == FEW
    assert finding({"TERM_PROGRAM": "vscode"}, Answer("xterm.js(5.5)", False)).facts["keys"] == FEW
    assert finding({"TERM_PROGRAM": "WezTerm"}, Answer("WezTerm 2025", True)).facts["keys"] == ALL


def test_k9_doctor_says_what_iterm_is_not_asked_for() -> None:
    found = finding({"TERM_PROGRAM": "iTerm.app"}, Answer("iTerm2 3.6.5", True))
    assert "does not ask for reports of all keys" in found.text
    assert "Esc+" in found.hint


def test_tmux_is_told_to_pass_keys_on_unless_it_does() -> None:
    environ = {"TMUX": "/tmp/tmux-0/default,1,0"}
    assert "extended-keys on" in finding(environ, tmux_option="off").hint
    assert finding(environ, tmux_option="off").verdict is Verdict.NOTE
    assert finding(environ, tmux_option="on").hint == ""
    assert finding(environ, tmux_option="on").verdict is Verdict.OK


def test_over_a_network_escape_waits_longer_and_doctor_says_so() -> None:
    assert "400 ms" in finding({"TERM": "xterm", "SSH_CONNECTION": "a b"}).text
    assert "30 ms" in finding({"TERM": "xterm", "SSH_TTY": "x", "ESCDELAY": "30"}).text
    assert "ms" not in finding({"TERM": "xterm"}).text


def test_terminals_have_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {kind.keys for kind in KINDS} == {ALL, SOME, FEW}


# A real terminal


@pytest.fixture
def pair() -> Iterator[tuple[int, int]]:
    """The two ends of a pty: the terminal's and the program's."""
    outer, inner = pty.openpty()
    yield outer, inner
    os.close(outer)
    os.close(inner)


def ask_in(pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch, answers: bytes) -> Answer:
    """Ask with a terminal at the other end that answers so."""
    outer, inner = pair
    monkeypatch.setattr(terminal_checks.os, "tcgetpgrp", lambda _: os.getpgrp())
    monkeypatch.setenv("TERM", "xterm-256color")

    def answer() -> None:
        os.read(outer, 100)
        os.write(outer, answers)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    before = termios.tcgetattr(inner)
    found = terminal_checks.ask(inner, inner, 1.0)
    assert termios.tcgetattr(inner) == before
    thread.join(2)
    return found


def test_a_terminal_is_asked(pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    said = b"\x1bP>|foot(1.20)\x1b\\\x1b[?0u\x1b[?62;4c"
    assert ask_in(pair, monkeypatch, said) == Answer("foot(1.20)", True)


def test_what_comes_behind_the_answers_is_not_taken(
    pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask_in(pair, monkeypatch, b"\x1b[?62;4cls\n") == Answer("", False)
    assert os.read(pair[1], 10) == b"ls\n"


def test_nothing_is_asked_where_keys_wait_already(
    pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.write(pair[0], b"ls")
    time.sleep(0.05)
    assert ask_in(pair, monkeypatch, b"") == Answer()
    assert os.read(pair[1], 10) == b"ls"


def test_a_mute_terminal_costs_a_moment(
    pair: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_checks, "PATIENCE", 0.05)
    assert ask_in(pair, monkeypatch, b"") == Answer()


def test_what_is_no_terminal_is_not_asked(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert terminal_checks.ask(file.fileno(), file.fileno()) == Answer()


@pytest.mark.pty
def test_doctor_in_a_terminal_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cowrite", "doctor"]
    env = {"COWRITE_HOME": str(tmp_path / "home"), "TERM_PROGRAM": "iTerm.app"}
    with Terminal(command, env=env, columns=200, rows=50) as screen:
        screen.wait(lambda: b"\x1b[>q" in screen.sent)
        screen.write("\x1bP>|iTerm2 3.6.5\x1b\\\x1b[?1u\x1b[?62;4c")
        assert screen.ended(60) in (0, 1)
        said = screen.prose
    assert "iTerm2 3.6.5 tells all keys apart" in said
    assert "Esc+" in said
