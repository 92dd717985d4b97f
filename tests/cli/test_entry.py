"""The short way to the screen: taken for drafts alone, and the same in what it tells."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cowrite.cli.commands import COMMANDS
from cowrite.cli.entry import is_plainly_a_draft


@pytest.mark.parametrize("word", ["draft.md", "./stats", "a/b", "/tmp/x", "..", "名.txt"])
def test_drafts(word: str) -> None:
    assert is_plainly_a_draft(word)


@pytest.mark.parametrize(
    "word", [*COMMANDS, "", "draft", "--version", "-h", "--model=a.gguf", "-m./x"]
)
def test_not_plainly_drafts(word: str) -> None:
    assert not is_plainly_a_draft(word)


def called(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cowrite", *words],
        env={**os.environ, "COWRITE_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_both_ways_tell_the_same(tmp_path: Path) -> None:
    short, long = (called(*words, home=tmp_path) for words in (["a.md"], ["write", "a.md"]))
    assert (short.returncode, short.stdout, short.stderr) == (
        long.returncode,
        long.stdout,
        long.stderr,
    )
    assert short.returncode == 2
    assert "cowrite complete a.md" in short.stderr


def test_the_short_way_loads_no_parser(tmp_path: Path) -> None:
    program = (
        "import sys, cowrite.cli.opening as o; o.open_draft = lambda file: print('typer' in sys.modules) or 0\n"
        "sys.argv = ['cowrite', 'a.md']; import cowrite.cli.entry as e; e.run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "False\n", done.stderr
