"""The document against a plain string."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cowrite.core.document import Document, split_lines

TEXT = st.text(alphabet=st.sampled_from("ab \n\n\r\r\t\f\u2028é😀"), max_size=20)
Steps = list[tuple[int, int, str]]
STEPS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 15), TEXT), max_size=25)
ENDING = re.compile(r"\r\n|\r|\n")


def starts(text: str) -> list[int]:
    return [0, *(match.end() for match in ENDING.finditer(text))]


def shown(text: str, line: int) -> str:
    """The line without its ending."""
    return ENDING.split(text)[line]


def check(document: Document, text: str) -> None:
    first = starts(text)
    assert document.text == text
    assert len(document) == len(text)
    assert document.line_count == len(first)
    assert [document.line_start(line) for line in range(len(first))] == first
    assert [document.line(line) for line in range(len(first))] == [
        shown(text, line) for line in range(len(first))
    ]
    for offset in range(len(text) + 1):
        line = max(index for index, start in enumerate(first) if start <= offset)
        assert document.line_at(offset) == line
        column = min(offset - first[line], len(shown(text, line)))
        assert document.locate(offset) == (line, column)
        assert document.offset(line, column) <= offset
    for line, start in enumerate(first):
        assert document.line_end(line) == start + len(shown(text, line))
        assert document.offset(line, 10_000) == document.line_end(line)


def edit(document: Document, text: str, step: tuple[int, int, str]) -> str:
    """The same edit in both; what the document says of it is checked."""
    start = step[0] % (len(text) + 1)
    end = min(len(text), start + step[1])
    version = document.version
    deleted, first, before, after = document.replace(start, end, step[2])
    fresh = text[:start] + step[2] + text[end:]
    assert deleted == text[start:end]
    assert document.version == version + 1
    old, new = split_lines(text), split_lines(fresh)
    assert new[:first] == old[:first]
    assert new[first + after :] == old[first + before :]
    assert len(new) - len(old) == after - before
    assert before <= len(ENDING.findall(text[start:end])) + 2
    return fresh


@given(TEXT)
def test_lines_keep_their_endings(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    assert [len(ENDING.split(line)) for line in lines] == [2] * (len(lines) - 1) + [1]


def test_an_edit_between_two_halves_of_an_ending_joins_them() -> None:
    document = Document("a\rX\nb")
    assert document.line_count == 3
    assert document.replace(2, 3, "") == ("X", 0, 2, 1)
    assert document.line_count == 2
    assert document.replace(2, 2, "Y") == ("", 0, 1, 2)
    assert [document.line(line) for line in range(3)] == ["a", "Y", "b"]


@settings(max_examples=150, deadline=None)
@given(TEXT, STEPS)
@example("", [(0, 0, "a\nb\r\n")])
@example("a\nb\nc\nd", [(6, 0, "\n\n"), (0, 3, ""), (4, 0, "x"), (0, 0, "\n")])
def test_a_document_is_its_text(text: str, steps: Steps) -> None:
    document = Document(text)
    check(document, text)
    for step in steps:
        text = edit(document, text, step)
        check(document, text)


@settings(max_examples=100, deadline=None)
@given(TEXT, STEPS, st.data())
def test_slices_are_the_texts(text: str, steps: Steps, data: st.DataObject) -> None:
    document = Document(text)
    for step in steps:
        text = edit(document, text, step)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(0, len(text)))
        assert document.slice(start, end) == text[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 4), (3, 2), (4, 4)])
def test_a_range_outside_changes_nothing(start: int, end: int) -> None:
    document = Document("abc")
    with pytest.raises(IndexError, match="outside of 0:3"):
        document.replace(start, end, "x")
    assert (document.text, document.version) == ("abc", 0)


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        *(("", "\n"), ("one", "\n"), ("one\r", "\r"), ("a\r\nb\nc", "\r\n"), ("a\nb\r\nc", "\n")),
        *(("a\rb\rc", "\r"), ("a\rb\nc", "\r"), ("\n\r", "\n")),
    ],
)
def test_new_lines_end_as_the_first_one(text: str, newline: str) -> None:
    assert Document(text).newline == newline


def test_e6_a_carriage_return_ends_a_line() -> None:
    document = Document("a\rb\r\r\nc\r")
    assert [document.line(line) for line in range(document.line_count)] == ["a", "b", "", "c", ""]


def test_edits_near_one_another_cost_the_same_in_a_long_text() -> None:
    """The starts behind the place of work are not touched for each key."""
    document = Document("a line of text\n" * 20_000)
    place = document.line_start(10_000)
    document.replace(place, place, "x")
    far = document._starts[15_000]
    for _ in range(50):
        document.replace(place, place, "y")
    assert document._starts[15_000] == far
    assert document.line_start(15_000) == far + 51
