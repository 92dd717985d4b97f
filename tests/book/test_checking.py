"""What `cowrite book --check` finds, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import ONE, small_book

from cowrite.book.checking import Found, check
from cowrite.book.gathering import gather, source_of


def said(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return [f"{one.line} {one.says}" for one in check([source_of(path)])]


def test_a_book_that_is_right_has_one_note(tmp_path: Path) -> None:
    book = small_book(tmp_path / "mill")
    assert check(gather([book]).sources) == [
        Found(
            book / "chapters" / "10.md",
            1,
            "no heading: it follows as a scene of the file before",
            note=True,
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](gone.md)", "3 the link gone.md: there is no such file"),
        ("[a](#gone)", "3 the link #gone: there is no such heading here"),
        ("[a]()", "3 a link leads nowhere"),
        ("[a][gone]", "3 the link by reference [gone] is defined nowhere"),
        ("[a][b]\n\n[b]: gone.md", "5 the link gone.md: there is no such file"),
        ("![a](gone.png)", "3 the picture gone.png: there is no such file"),
        (
            "![a](<gone too.png> 'title')",
            "3 the picture gone too.png: there is no such file",
        ),
        (
            "![a](https://example.com/a.png)",
            "3 the picture https://example.com/a.png is not on this machine",
        ),
        ('<img src="a.png">', "3 a picture in HTML is left out of books: write ![words](file)"),
        ("Text.[^1]", "3 the footnote [^1] is nowhere in this file"),
        ("[^1]: Text.", "3 nothing refers to the footnote [^1]"),
        ("Text.[^1]\n\n[^1]: a\n[^1]: b", "6 the footnote [^1] is there twice"),
        ("### Deep", "3 a heading of level 3 follows one of level 1"),
        ("He saw the the sea.", "3 “the” stands twice"),
        ("He saw the\nthe sea.", "3 “the” stands twice"),
    ],
)
def test_what_is_wrong_is_found_at_its_line(tmp_path: Path, text: str, expected: str) -> None:
    assert said(tmp_path / "a.md", f"# One\n\n{text}\n") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.com/gone.md) and <mailto:a@b.example>",
        "[a](#one), [b][c]\n\n[c]: #one",
        "`[a](gone.md)` and\n\n```\n![a](gone.png)\nthe the [^9]\n```",
        "<!-- [a](gone.md) [^4] the the -->",
        "Text.[^n]\n\n[^n]: Note.",
        "She had had enough. He said that that was all.",
        "a \\[b](gone.md)",
        "#\n\n***",
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, text: str) -> None:
    assert said(tmp_path / "a.md", f"# One\n\n{text}\n") == []


def test_links_are_followed_into_other_chapters_and_lines_counted_behind_front_matter(
    tmp_path: Path,
) -> None:
    book = small_book(tmp_path / "mill")
    first = book / "chapters" / "01.md"
    first.write_text(ONE.replace("02.md#the-end", "02.md#the-beginning"))
    found = [one for one in check(gather([book]).sources) if not one.note]
    assert [(one.path, one.line) for one in found] == [(first, 9)]
    assert found[0].says == "the link 02.md#the-beginning: there is no such heading in 02.md"


def test_a_file_that_is_in_the_book_twice_is_checked_by_its_first_name(tmp_path: Path) -> None:
    first, again = tmp_path / "01.md", tmp_path / "02.md"
    first.write_text("# One\n\n[a](gone.md)\n")
    again.symlink_to(first)
    assert check([source_of(first), source_of(again)]) == [
        Found(first, 3, "the link gone.md: there is no such file"),
        Found(again, 1, "the same file as 01.md: it stands in the book more than once", note=True),
    ]
