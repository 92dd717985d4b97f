"""How much a terminal is offered for its clipboard."""

from __future__ import annotations

import base64

import pytest

from cowrite.tui.terminal.clipboard import MOST, MOST_OF_LARGE, fits, most


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("xterm-256color", MOST),
        ("tmux-256color", MOST),
        ("screen.xterm-kitty", MOST),
        ("xterm-kitty-direct", MOST),
        ("", MOST),
        ("xterm-kitty", MOST_OF_LARGE),
        ("xterm-ghostty", MOST_OF_LARGE),
    ],
)
def test_s1_a_text_fits_up_to_its_terminals_bound(kind: str, limit: int) -> None:
    terminal = {"TERM": kind} if kind else {}
    assert most(terminal) == limit
    assert fits("a" * limit, terminal)
    assert not fits("a" * (limit + 1), terminal)
    assert not fits("é" * (limit // 2 + 1), terminal)  # bytes, not characters


def test_s1_the_sequence_stays_within_the_bound_of_hterm() -> None:
    assert len(b"\x1b]52;c;" + base64.b64encode(b"a" * MOST) + b"\x07") == 100_000


def test_s1_a_text_that_has_no_utf8_is_no_failure() -> None:
    assert fits("\ud800", {})
