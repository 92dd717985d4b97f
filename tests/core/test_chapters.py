"""A book's chapters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.chapters import LEAST, chapters

BODY = "It was a quiet morning by the river, and nobody said a word. " * 20
LINES = st.sampled_from(
    [
        "CHAPTER I",
        "Chapter 2: On",
        "# One",
        "## Sub",
        "",
        "text",
        BODY,
        "Chapter and verse.",
        "====",
    ]
)


def titles(text: str) -> list[str]:
    return [chapter.title for chapter in chapters(text)]


def test_lines_that_say_chapter() -> None:
    for names in (
        ["CHAPTER I: A MARKET", "CHAPTER II: THE ROAD"],
        ["Chapter One", "Chapter Two"],
        ["chapter 1", "chapter 2"],
        ["Kapitel 1", "Kapitel 2"],
    ):
        assert titles("".join(f"{name}\n\n{BODY}\n\n" for name in names)) == names


def test_headings_of_the_highest_level_that_comes_more_than_once() -> None:
    text = f"# The Book\n\n## First\n\n{BODY}\n\n### Part\n\n{BODY}\n\n## Second\n\n{BODY}"
    assert titles(text) == ["First", "Second"]
    assert titles(f"One\n===\n\n{BODY}\n\nTwo\n===\n\n{BODY}") == ["One", "Two"]


def test_a_heading_in_code_is_none() -> None:
    text = f"{BODY}\n\n```\n# no\n```\n\n{BODY}\n\n```\n# no\n```\n\n{BODY}"
    assert len(chapters(text)) == 1


def test_a_table_of_contents_is_no_chapters() -> None:
    names = ["CHAPTER I", "CHAPTER II"]
    text = "\n".join(names) + "\n\n" + "".join(f"{name}\n\n{BODY}\n\n" for name in names)
    found = chapters(text)
    assert [chapter.title for chapter in found] == names
    assert found[0].start == 0


def test_prose_that_speaks_of_chapters_is_not_divided() -> None:
    assert len(chapters(f"Chapter and verse.\n{BODY}\nchapter by chapter\n{BODY}")) == 1
    assert chapters("") == []
    assert len(chapters("short")) == 1


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_every_character_is_in_one_chapter_and_no_chapter_is_short(text: str) -> None:
    found = chapters(text)
    assert "".join(text[c.start : c.end] for c in found) == text
    assert len(found) < 2 or all(c.end - c.start >= LEAST for c in found)
