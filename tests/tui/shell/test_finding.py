"""Finding: plain, case, whole words, regular expressions."""

from __future__ import annotations

import re

import pytest
from headless import buffer
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.folding import searched
from cowrite.errors import UsageError
from cowrite.session.ports import NoJournal
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


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        (Query("don't"), "I don\u2019t; don\u02bct, don't", ["don\u2019t", "don\u02bct", "don't"]),
        (Query("don\u2019t"), "I don't", ["don't"]),
        (Query("don't", regex=True), "I don\u2019t", ["don\u2019t"]),
        (Query("don\u2019t", regex=True), "don't don\u2019t", ["don\u2019t"]),
        (Query('"Hi"'), "\u201cHi\u201d", ["\u201cHi\u201d"]),
        (Query("10 km"), "10\u00a0km", ["10\u00a0km"]),
        (Query("caf\u00e9"), "a cafe\u0301 x", ["cafe\u0301"]),
        (Query("cafe\u0301"), "a caf\u00e9 x", ["caf\u00e9"]),
        (Query("caf.\\b", regex=True), "a cafe\u0301 x", ["cafe\u0301"]),
        (Query("\ud55c"), "\u1112\u1161\u11ab", ["\u1112\u1161\u11ab"]),
        (Query("Anna", word=True), "_Anna_ **Anna** Annabel", ["Anna", "Anna"]),
        (Query("Anna", word=True), "Anna\u2019s l\u2019Anna Hanna", ["Anna", "Anna"]),
        (Query("don", word=True), "don\u2019t don", ["don"]),
        (Query("a|ab", word=True, regex=True), "ab_", ["ab"]),
        (Query("e"), "e\u0301 q\u0307e", ["e"]),
        (Query("q"), "q\u0307 q", ["q"]),
        (Query("\U0001f468"), "\U0001f468\u200d\U0001f467 \U0001f468", ["\U0001f468"]),
        (Query("\u2764"), "\u2764\ufe0f", ["\u2764\ufe0f"]),
        (Query("wonderful"), "won\u00adder\u00adful", ["won\u00adder\u00adful"]),
        (Query("\u00ad"), "won\u00adderful", ["\u00ad"]),
    ],
)
def test_t4_what_looks_alike_is_found_and_no_letter_is_cut(
    query: Query, text: str, found: list[str]
) -> None:
    assert [text[start:end] for start, end in find_all(query, text)] == found


@given(
    st.text(max_size=20)
    | st.text(
        "ae\u0301\u0323\u00e9'\u2019\r\n \u00a0\u00ad\u1112\u1161\u11ab\u09c7\u09be", max_size=20
    ),
    st.booleans(),
    st.booleans(),
)
def test_t4_a_view_knows_its_way_back(text: str, like: bool, unseen: bool) -> None:
    view = searched(text, like=like, unseen=unseen)
    for start in range(len(view.text)):
        low, high = view.source(start, start + 1)
        assert view.at(low) <= start
        part = searched(text[low:high], like=like, unseen=unseen).text
        assert view.text[start] in part
    assert view.source(0, len(view.text))[1] == len(text)
    assert view.at(len(text)) == len(view.text)


def replaced(text: str, query: Query, template: str) -> str:
    """The text with all matches replaced, as the bar does it."""
    session = buffer(text, NoJournal())
    newline = session.document.newline
    session.replace_many(replacements(query, text, find_all(query, text), template, newline))
    return session.document.text


def test_t4_half_a_letter_is_not_replaced() -> None:
    assert replaced("cafe\u0301 e", Query("e"), "x") == "cafe\u0301 x"


@pytest.mark.parametrize(
    ("text", "expression", "template", "right"),
    [
        ("one.\r\ntwo.\r\n", r"\.$", "!", "one!\r\ntwo!\r\n"),
        ("one.\r\ntwo.\r\n", r"^(.+)$", r"\1;", "one.;\r\ntwo.;\r\n"),
        ("one.\rtwo.\r", r"^(.+)$", r"\1;", "one.;\rtwo.;\r"),
        ("a\rb\r\nc\nd", r"^(.)$", r"-\1", "-a\r-b\r\n-c\n-d"),
        ("a\rb\r\nc\nd", r"b\nc", r"B\nC", "a\rB\r\nC\nd"),
        ("a\rb\r\nc\nd", r"(a)\n(b)\n", r"\2\n\1\n", "b\ra\r\nc\nd"),
        ("a\rb\r\nc\nd", r"a\nb\nc", r"a b\nc", "a b\r\nc\nd"),
        ("a\r\nb", r"a\nb", r"a\n\n\nb", "a\r\n\r\n\r\nb"),
        ("a b\r\nc", r" ", r"\n", "a\r\nb\r\nc"),
        ("a b\rc", r" ", r"\r\n", "a\rb\rc"),
        ("a\r\n\r\nb", r"\n\n", r"\n", "a\r\nb"),
        ("a\r\n\r\nb", r"\s+", " ", "a b"),
        ("a  \r\nb", r"[ ]+$", "", "a\r\nb"),
    ],
)
def test_e2_an_expression_works_on_lines_and_gives_their_ends_back(
    text: str, expression: str, template: str, right: str
) -> None:
    assert replaced(text, Query(expression, regex=True), template) == right


@given(st.lists(st.tuples(st.sampled_from(["", "a", "bc"]), st.sampled_from(["\r", "\r\n", "\n"]))))
def test_e2_what_is_put_back_as_it_was_is_what_was(lines: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, lines))
    assert replaced(text, Query(r"(?s).+", regex=True), r"\g<0>") == text
    assert replaced(text, Query(r"(\w+)\n", regex=True), r"\1\n") == text


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
