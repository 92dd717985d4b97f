"""Finding: plain, case, whole words, regular expressions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.errors import UsageError
from cowrite.tui.draft.finding import Marker, Query, at_or_after, before, find_all, replacements

TEXT = "The cat. the catalogue; THE end (.*)"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query("the"), ["The", "the", "THE"]),
        (Query("the", case=True), ["the"]),
        (Query("cat"), ["cat", "cat"]),
        (Query("cat", word=True), ["cat"]),
        (Query(".*"), [".*"]),
        (Query(r"\bc\w+", regex=True), ["cat", "catalogue"]),
        (Query(""), []),
        (Query("x*", regex=True), []),
    ],
)
def test_find(query: Query, found: list[str]) -> None:
    assert [TEXT[start:end] for start, end in find_all(query, TEXT)] == found


@given(st.text(alphabet="aAb ", max_size=30), st.text(alphabet="aAb", min_size=1, max_size=3))
def test_a_plain_query_finds_what_is_there(text: str, wanted: str) -> None:
    found = find_all(Query(wanted, case=True), text)
    assert len(found) == text.count(wanted)
    assert all(text[start:end] == wanted for start, end in found)


@pytest.mark.parametrize("text", ["(", "[a", "(?P<x", "*"])
def test_a_broken_expression_is_told(text: str) -> None:
    with pytest.raises(UsageError, match="no regular expression"):
        find_all(Query(text, regex=True), TEXT)


def test_groups_in_the_replacement() -> None:
    query = Query(r"(\w+) (\w+)", regex=True)
    places = find_all(query, "one two")
    assert replacements(query, "one two", places, r"\2 \1") == [(0, 7, "two one")]
    assert replacements(Query("one"), "one two", [(0, 3)], r"\1") == [(0, 3, r"\1")]
    with pytest.raises(UsageError, match="can't be put"):
        replacements(query, "one two", places, r"\7")


def test_groups_see_what_is_around_a_match() -> None:
    query = Query(r"(?<=a)b", regex=True)
    places = find_all(query, "ab")
    assert replacements(query, "ab", places, r"[\g<0>]") == [(1, 2, "[b]")]


@pytest.mark.parametrize("text", ["(a+)+$", "(a|aa)+$", "(?:(?:a{1,50}){1,50}){1,50}$"])
def test_an_expression_that_never_ends_is_given_up(text: str) -> None:
    query = Query(text, regex=True)
    with pytest.raises(UsageError, match="takes too long"):
        find_all(query, "a" * 20_000 + "b", 0.05)
    marks = Marker(query)
    assert marks("a" * 20_000 + "b") == []
    assert marks("aaa") == []  # it isn't tried again
    assert Marker(query)("aaa") == [(0, 3)]


def test_repeats_that_would_take_all_memory_are_refused() -> None:
    with pytest.raises(UsageError, match="takes too long"):
        find_all(Query("(((a{1000}){1000}){1000})", regex=True), TEXT)
    assert find_all(Query("(?:a{3}){2}", regex=True), "aaaaaaa") == [(0, 6)]


def test_an_expression_may_not_warn_over_the_screen(recwarn: pytest.WarningsRecorder) -> None:
    assert find_all(Query("[[a]", regex=True), "a[") == [(0, 1), (1, 2)]
    assert list(recwarn) == []


def test_stepping_goes_round() -> None:
    found = [match.span() for match in re.finditer("a", "a a a")]
    assert [at_or_after(found, place) for place in (0, 1, 4, 5)] == [0, 1, 2, 0]
    assert [before(found, place) for place in (5, 4, 1, 0)] == [2, 1, 0, 2]
    assert at_or_after([], 3) == before([], 3) == -1
