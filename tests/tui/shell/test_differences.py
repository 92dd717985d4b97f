"""Diffs in words: they can be put together to both texts again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import Change, differing, in_lines, in_words
from cowrite.core.words import pieces
from cowrite.tui.draft.candidates_pane import Shown
from cowrite.tui.draft.candidates_pane import painted as candidate
from cowrite.tui.screens.differing import painted

texts = st.text(alphabet="ab c,.\n'", max_size=60)


@given(st.text(max_size=80))
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(texts, texts)
def test_both_texts_are_in_the_diff(old: str, new: str) -> None:
    found = in_words(old, new)
    assert "".join(text for kind, text in found if kind is not Change.NEW) == old
    assert "".join(text for kind, text in found if kind is not Change.GONE) == new


def side(old: str, new: str, without: Change) -> list[str]:
    """The lines of one of the texts, read from the diff."""
    lines = []
    for paragraph in in_lines(old, new, around=1000):
        assert paragraph.number is not None
        lines.append("".join(text for kind, text in paragraph.pieces if kind is not without))
    return [line for line in lines if line]


@given(texts, texts)
def test_both_texts_can_be_read_from_the_lines(old: str, new: str) -> None:
    assert side(old, new, Change.NEW) == [line for line in old.split("\n") if line]
    assert side(old, new, Change.GONE) == [line for line in new.split("\n") if line]


def test_long_texts_that_are_alike_are_not_shown() -> None:
    old = "\n".join(f"line {number}" for number in range(1000))
    (before, left, changed, right, after) = in_lines(old, old.replace("line 500", "row 500"))
    assert before.pieces[0][1] == "499 lines alike"
    assert changed.pieces == ((Change.GONE, "line"), (Change.NEW, "row"), (Change.SAME, " 500"))
    assert (left.number, right.number) == (500, 502)
    assert after.pieces[0][1] == "498 lines alike"


def test_what_differs_between_candidates() -> None:
    first, second = differing(["the cat sat", "the dog sat"])
    assert first == [(False, "the "), (True, "cat"), (False, " sat")]
    assert second == [(False, "the "), (True, "dog"), (False, " sat")]
    assert differing(["alone"]) == [[(False, "alone")]]


def test_what_was_only_added_or_taken_away_leaves_the_rest_as_it_was() -> None:
    short, long = "The cat sat.", "The cat sat." + " And so on and on it went." * 2000
    assert in_words(short, long) == ((Change.SAME, short), (Change.NEW, long[len(short) :]))
    assert in_words(long, short) == ((Change.SAME, short), (Change.GONE, long[len(short) :]))


def test_a_line_has_brackets_where_not_all_terminals_strike_out() -> None:
    (line,) = in_lines("the red fox", "the blue fox")
    assert painted(line).plain == "the redblue fox"
    assert painted(line, bare=True).plain == "the [-red-]{+blue+} fox"


def test_a_candidate_that_cant_be_chosen_has_no_number() -> None:
    pieces = [(False, "the "), (True, "cat")]
    for choosable, head in ((True, "2  50%  the cat"), (False, "–  50%  the cat")):
        shown = Shown("the cat", 0.5, current=False, choosable=choosable)
        assert candidate(1, shown, pieces).plain == head
