"""Counting words line by line gives what counting all of them gives; what nobody reads doesn't count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core import counting
from cowrite.core.counting import WordCounter, draft_word_count
from cowrite.core.document import Document
from cowrite.core.segmentation import word_count

texts = st.text(alphabet="ab c\n'中—-", max_size=40)
LINE = st.sampled_from(
    [
        "one two",
        "",
        "<!-- three",
        "four --> five",
        "a <!-- b --> c",
        "---",
        "title: x",
        "```",
        "x <!--",
    ]
)
Edits = list[tuple[int, int, str]]


def edit(counter: WordCounter, document: Document, start: int, end: int, text: str) -> None:
    """One edit of which the counter is told."""
    _, first, before, after = document.replace(start, end, text)
    counter.changed(first, before, after)


@given(
    texts,
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), texts), max_size=8),
    st.booleans(),
)
def test_it_follows_edits(text: str, edits: Edits, at_once: bool) -> None:
    document = Document(text)
    counter = WordCounter(document)
    if at_once:
        assert counter.words == sum(word_count(line) for line in text.split("\n"))
    for place, size, inserted in edits:
        start = min(place, len(document))
        edit(counter, document, start, min(start + size, len(document)), inserted)
        assert counter.words == draft_word_count(document.text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(LINE, min_size=1, max_size=10),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 12), st.lists(LINE, max_size=3)), max_size=6
    ),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_it_follows_comments_that_begin_and_end(
    lines: list[str], edits: list[tuple[int, int, list[str]]], looks: list[bool]
) -> None:
    document = Document("\n".join(lines))
    counter = WordCounter(document)
    for (place, size, fresh), looked in zip(edits, looks, strict=False):
        if looked:
            counter.count(0.001)
        start = min(place, len(document))
        edit(counter, document, start, min(start + size, len(document)), "\n".join(fresh))
    assert counter.words == draft_word_count(document.text)


@given(st.integers(0, 8000), st.integers(0, 40), st.text(alphabet="ab c—ก中", max_size=30))
def test_a_long_line_is_counted_around_the_change_alone(place: int, size: int, text: str) -> None:
    document = Document("some words of a line, and more " * 260)
    counter = WordCounter(document)
    assert counter.words == 1820
    end = min(place + size, len(document))
    edit(counter, document, place, end, text)
    assert counter.words == word_count(document.text)


def test_q1_a_key_in_a_very_long_line_counts_a_few_thousand_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = Document("some words " * 90_000)
    counter = WordCounter(document)
    assert counter.words == 180_000
    counted: list[int] = []

    def count(text: str) -> int:
        counted.append(len(text))
        return word_count(text)

    monkeypatch.setattr(counting, "word_count", count)
    edit(counter, document, 500_000, 500_000, "x y")
    assert counter.words == 180_001
    assert sum(counted) < 20_000


def test_a_long_draft_is_counted_in_bits_and_edited_meanwhile() -> None:
    document = Document("one two\n" * 1000)
    counter = WordCounter(document)
    assert not counter.count(0)
    for place in (0, 5000, 700 * 8):
        edit(counter, document, place, place + 3, "a\nb c")
    assert counter.known == 0
    while not counter.count(0):
        pass
    assert counter.words == counter.known == sum(map(word_count, document.text.split("\n")))


def test_a_very_long_line_is_counted_in_bits_too() -> None:
    counter = WordCounter(Document("some words " * 90_000))
    rounds = 1
    while not counter.count(0):
        rounds += 1
    assert rounds > 20
    assert counter.known == 180_000


FRONT = "---\ntitle: A long title of eight words here now\nauthor: Me\n---\n\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (FRONT + "Two words.", 2),
        ("Two words. <!-- todo: more -->", 2),
        ("<!-- todo\n\nmore of it\n--> \n\nTwo words.", 2),
        ("Two <!-- not\nthese --> words.", 2),
        ("Two<!-- not -->words", 2),
        ("`<!--` is code", 2),
        ("```\n<!-- code\n```", 1),
        ("\n" + FRONT, 11),
        ("<!-- never closed\nTwo words.", 0),
    ],
)
def test_t5_front_matter_and_comments_do_not_count(text: str, count: int) -> None:
    assert draft_word_count(text) == count


@pytest.mark.parametrize(
    "line", ["a b <!-- c d --> e <!-- f", "<!-- <!-- ", "a <!-- b --> c ", "a <!--> b c"]
)
def test_q1_comments_of_a_very_long_line_are_found_as_those_of_a_short_one(line: str) -> None:
    long = line + " word" * 2000
    short = draft_word_count(line + " word" * 20)
    assert draft_word_count(long) == (short if short < 20 else short - 20 + 2000)
