"""What is what within a paragraph, against a parser that keeps CommonMark's rules; and what it costs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_oracle import expected_rendering, rendered

from cowrite.core import inline as module
from cowrite.core.inline import COMMENT, LONGEST, comment_left_open, inline

PIECES = st.sampled_from(
    [
        *("*", "**", "***", "_", "__", "~~", "`", "``", "a", "b", " ", ".", " c ", "[", "]", "(x)"),
        *("](u)", '](u "t")', "](<u v>)", "\\", "<a>", "<!-- x -->", "<http://x>", "\n", "(", "'"),
        *('"', "é", "—", "_a_", "*b*", "<a b='*'>", "漢", "\u00a0", "£"),
    ]
)
TEXT = st.lists(PIECES, max_size=14).map("".join).map(str.strip)


@settings(max_examples=800, deadline=None)
@given(TEXT)
def test_it_says_what_a_well_kept_parser_says(text: str) -> None:
    assume("~~~" not in text)  # three are none to GitHub, and two and one to markdown-it
    assert rendered(text) == expected_rendering(text)


@pytest.mark.slow
@settings(max_examples=30_000, deadline=None)
@given(TEXT)
def test_it_says_what_a_well_kept_parser_says_30000_times(text: str) -> None:
    assume("~~~" not in text)
    assert rendered(text) == expected_rendering(text)


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("see https://a.b/c or www.x.y, a@b.org", "url", ["https://a.b/c", "www.x.y,", "a@b.org"]),
        ("a/b and/or 3.5 e.g. x.org/y", "url", ["x.org/y"]),
        ("caf&eacute; &amp; &nosemi", "entity", ["&eacute;", "&amp;"]),
        ("<!-- a --> b <!-- c", "comment", ["<!-- a -->"]),
        ("`<!-- a`", "comment", []),
        (
            "<?php x ?> <!DOCTYPE y> <![CDATA[z]]>",
            "comment",
            ["<?php x ?>", "<!DOCTYPE y>", "<![CDATA[z]]>"],
        ),
        ("a <b>c</b> < d", "html", ["<b>", "</b>"]),
        ("**S**tructured", "delimiter", ["**", "**"]),
        ("snake_case_name", "delimiter", []),
    ],
)
def test_kinds(text: str, kind: str, found: list[str]) -> None:
    assert [text[low:high] for low, high, name in inline(text) if name == kind] == found


def test_a_comment_may_go_on_below() -> None:
    assert comment_left_open("a <!-- b", 0) == "-->"
    assert comment_left_open("a `<!-- b`", 0) == ""
    assert comment_left_open("b --> c", 0, "-->") == ""
    assert comment_left_open("b", 0, "-->") == "-->"
    assert inline("a <!-- *b*", whole=False) == ((2, 10, "comment"),)
    assert inline("b --> c", opened="-->") == ((0, 5, "comment"),)


NASTY = [
    *(
        "**b ",
        "~~b ",
        "[[[[",
        "((((",
        "____ ",
        "`",
        "` `` ",
        "<!--",
        "&amp;",
        "[a](",
        "[a](b) ",
        "<a ",
    ),
    *("<a b='", "*a_ ", "*a **b ", "@a", "a@b.", "http://", "![[", "[a](<b", '[a](b "', "\\", "<?"),
    *("<![CDATA[", "a.b/", "[[a](b)", "*_", "a**", "<a@", "e\u0301", "](", "[x](((("),
]


def calls(act: Callable[[], Any]) -> int:
    """How many Python functions are called meanwhile."""
    count = 0

    def on_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(on_call)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", NASTY)
def test_q1_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    small, large = (piece * 2000)[:2000], (piece * 16_000)[:16_000]
    assert calls(lambda: module.inline(large)) <= 9 * calls(lambda: module.inline(small)) + 100


@pytest.mark.parametrize(
    "text", ["a <!-- b", "a <!-- b --> c", "<!-- a --><!-- b", "<!--> b", "no"]
)
def test_q1_a_long_lines_comments_are_found_as_a_short_ones(text: str) -> None:
    long = "a" * (LONGEST + 1) + " " + text
    assert comment_left_open(long, 0) == comment_left_open(text, 0)
    spans = inline(text, whole=False)
    found = [match.span() for match in COMMENT.finditer(text)]
    assert found == [(low, high) for low, high, kind in spans if kind == "comment"]
