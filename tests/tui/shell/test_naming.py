"""The name that a draft without one is proposed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.files.naming import proposed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "untitled.md"),
        ("  ...\n", "untitled.md"),
        ("It was a dark and stormy night; the rain fell.", "it-was-a-dark-and-stormy.md"),
        ("A line.\n\n## The Keeper’s Lamp ##\n", "the-keepers-lamp.md"),
        ("# \n\nWords here", "words-here.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        ("-rf / ~", "rf.md"),
        ("海の話\n", "海の話.md"),
        ("# Été à la mer", "été-à-la-mer.md"),
        ("x" * 300, "x" * 48 + ".md"),
    ],
)
def test_proposed(tmp_path: Path, text: str, name: str) -> None:
    assert proposed(text, tmp_path) == name


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "one-two.md").touch()
    (tmp_path / "one-two-2.md").symlink_to("nowhere")
    assert proposed("One two", tmp_path) == "one-two-3.md"


@given(st.text(max_size=200))
def test_any_text_gives_a_name_that_a_file_can_have(text: str) -> None:
    name = proposed(text, Path("/nowhere"))
    assert name.endswith(".md")
    assert len(name.encode()) <= 255
    assert not set(name) & set("/\\\0\n ~*?\"'")
    assert name[0] not in "-."
