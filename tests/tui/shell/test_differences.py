"""Diffs in words: they can be put together to both texts again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import Kind, differing, in_lines, in_words
from cowrite.core.words import pieces

texts = st.text(alphabet="ab c,.\n'", max_size=60)


@given(st.text(max_size=80))
def test_words_join_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(texts, texts)
def test_both_texts_are_in_the_diff(old: str, new: str) -> None:
    found = in_words(old, new)
    assert "".join(text for kind, text in found if kind is not Kind.NEW) == old
    assert "".join(text for kind, text in found if kind is not Kind.GONE) == new


def side(old: str, new: str, without: Kind) -> list[str]:
    """The lines of one of the texts, read from the diff."""
    lines = []
    for paragraph in in_lines(old, new, around=1000):
        assert paragraph.number is not None
        lines.append("".join(text for kind, text in paragraph.pieces if kind is not without))
    return [line for line in lines if line]


@given(texts, texts)
def test_both_texts_can_be_read_from_the_lines(old: str, new: str) -> None:
    assert side(old, new, Kind.NEW) == [line for line in old.split("\n") if line]
    assert side(old, new, Kind.GONE) == [line for line in new.split("\n") if line]


def test_long_texts_that_are_alike_are_not_shown() -> None:
    old = "\n".join(f"line {number}" for number in range(1000))
    (before, left, changed, right, after) = in_lines(old, old.replace("line 500", "row 500"))
    assert before.pieces[0][1] == "499 lines alike"
    assert changed.pieces == ((Kind.GONE, "line"), (Kind.NEW, "row"), (Kind.SAME, " 500"))
    assert (left.number, right.number) == (500, 502)
    assert after.pieces[0][1] == "498 lines alike"


def test_what_differs_between_candidates() -> None:
    first, second = differing(["the cat sat", "the dog sat"])
    assert first == [(False, "the "), (True, "cat"), (False, " sat")]
    assert second == [(False, "the "), (True, "dog"), (False, " sat")]
    assert differing(["alone"]) == [[(False, "alone")]]


def test_what_was_only_added_or_taken_away_leaves_the_rest_as_it_was() -> None:
    short, long = "The cat sat.", "The cat sat." + " And so on and on it went." * 2000
    assert in_words(short, long) == ((Kind.SAME, short), (Kind.NEW, long[len(short) :]))
    assert in_words(long, short) == ((Kind.SAME, short), (Kind.GONE, long[len(short) :]))
