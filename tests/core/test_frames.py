"""What a model is told of a draft that has hardly begun."""

from __future__ import annotations

import pytest

from cowrite.core.frames import ENOUGH, TextKind, frame_for, kind_of, title_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("letter-to-anna", TextKind.LETTER),
        ("2026-11-26", TextKind.DIARY),
        ("why-i-walk", TextKind.ESSAY),
        ("On Keeping Bees", TextKind.ESSAY),
        ("Shopping", TextKind.NOTES),
        ("chapter1", TextKind.STORY),
        ("the-man-on-the-hill", None),
        ("untitled", None),
        ("", None),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: TextKind | None) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("the-salt-road", "The Salt Road"),
        ("Untitled", ""),
        ("draft_2", ""),
        ("notes", ""),
        ("", ""),
    ],
)
def test_a_name_as_a_title(name: str, title: str) -> None:
    assert title_of(name) == title


def test_an_empty_draft_has_its_name_and_a_chapter() -> None:
    assert frame_for("", "the-salt-road") == "The Salt Road\n\nChapter One\n\n"
    assert frame_for("", "") == "Chapter One\n\n"
    assert frame_for("", "one", "The Orchard").startswith("The Orchard\n\n")


def test_a_heading_tells_and_a_list_has_none() -> None:
    assert "essay" in frame_for("# On Keeping Bees\n\n", "untitled")
    assert "novel" in frame_for("# The Salt Road\n\n", "untitled")
    assert frame_for("- bread\n- ", "shopping") == ""


def test_a_draft_that_speaks_for_itself_has_none() -> None:
    prose = "The committee met on Tuesday. " * 8
    assert frame_for(prose, "untitled") == ""
    assert frame_for(prose, "essay")
    assert frame_for("x" * (ENOUGH + 1), "essay") == ""
    german = "Der Mann und die Frau sind nicht in dem Haus, und ich bin auch nicht mit ihm."
    assert frame_for(german, "essay") == ""
