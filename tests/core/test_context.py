"""What a model is shown: a pure function whose beginning stays where it is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.context import Context, ContextPart, PartKind, context_at, window_start
from cowrite.core.document import Document, one_line_end

PROSE = ("A sentence of some words, and one more of them. " * 7 + "\n\n") * 60
TEXT = st.lists(
    st.sampled_from(["word ", "\n", "\r\n", "\n\n", "日本", "x" * 40]), max_size=60
).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.integers(1, 300), st.data())
def test_the_window_fits_and_shows_enough(text: str, budget: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text)))
    start = window_start(Document(text), position, budget)
    assert 0 <= start <= position
    assert position - start <= budget
    if position <= budget:
        assert start == 0
    elif budget >= 16:
        assert position - start >= budget // 4 - 4


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(16, 200), st.data())
def test_what_stands_behind_the_position_changes_nothing(
    text: str, budget: int, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(text)))
    behind = data.draw(TEXT)
    whole, cut = Document(text), Document(text[:position] + behind)
    assert window_start(whole, position, budget) == window_start(cut, position, budget)


def test_the_beginning_moves_once_in_half_a_budget() -> None:
    budget = 2000
    document = Document()
    starts = []
    for place, sign in enumerate(PROSE):
        document.replace(place, place, sign)
        starts.append(window_start(document, place + 1, budget))
    moves = [index for index in range(1, len(starts)) if starts[index] != starts[index - 1]]
    expected = (len(PROSE) - budget) / (budget // 2)
    assert expected - 1 <= len(moves) <= expected + 1
    assert all(later - earlier >= budget // 2 for earlier, later in pairwise(moves))
    assert sorted(starts) == starts, "it never goes back while the writer goes on"


def test_it_begins_with_a_paragraph() -> None:
    document = Document(PROSE)
    crlf = Document(PROSE.replace("\n", "\r\n"))
    for position in range(3000, len(PROSE), 577):
        start = window_start(document, position, 2000)
        assert PROSE[:start].endswith("\n\n")
        start = window_start(crlf, position, 2000)
        assert crlf.slice(start - 4, start) == "\r\n\r\n"


def test_in_one_long_paragraph_it_begins_with_a_word() -> None:
    text = "word " * 4000
    for position in (5000, 12_345, 20_000):
        start = window_start(Document(text), position, 1000)
        assert text[start - 1 : start + 4] == " word"
    assert window_start(Document("x" * 5000), 5000, 1000) == 4000


def test_the_context_has_both_sides_with_plain_line_ends() -> None:
    document = Document("One.\r\n\r\nTwo three.\r\nFour.\r\nFive.")
    parts = (ContextPart(PartKind.HEAD, "Notes."),)
    context = context_at(document, 12, budget=100, parts=parts, reserved=6, after_budget=9)
    assert context == Context(parts, "One.\n\nTwo ", "three.\nF", 0, 21)
    assert document.slice(12, context.end) == "three.\r\nF"


@settings(max_examples=200, deadline=None)
@given(TEXT, st.integers(1, 300), st.integers(0, 50), st.integers(0, 300), st.data())
def test_a_context_is_a_part_of_the_draft(
    text: str, budget: int, head: int, after: int, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(text)))
    context = context_at(Document(text), position, budget=budget, reserved=head, after_budget=after)
    assert context.before == one_line_end(text[context.start : position])
    assert context.after == one_line_end(text[position : context.end])
    assert context.end - position <= after
    assert head + len(context.before) <= max(budget, head + 1)
