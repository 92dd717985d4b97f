"""Diffs in words: they can be put together to both texts again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import Change, in_lines, in_words, parting
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


def test_candidates_are_marked_where_they_part_first() -> None:
    first, second = parting(["the cat sat on it", "the dog sat by me"])
    assert first == [(False, "the "), (True, "cat"), (False, " sat on it")]
    assert second == [(False, "the "), (True, "dog"), (False, " sat by me")]
    assert parting(["alone"]) == [[(False, "alone")]]
    assert parting([]) == []
    marked = [[text for mark, text in one if mark] for one in parting(["a b c", "a b d", "x b c"])]
    assert marked == [["c"], ["d"], ["x"]]
    assert parting(["the sea", "the sea slept"]) == [
        [(False, "the sea")],
        [(False, "the sea "), (True, "slept")],
    ]
    assert parting(["so it", "so, it"])[0] == [(False, "so "), (True, "it")]
    assert parting(["same", "same"]) == [[(False, "same")]] * 2


@given(st.lists(st.text("ab .,\n", max_size=12), max_size=5))
def test_the_pieces_are_the_text_and_one_at_most_is_marked(texts: list[str]) -> None:
    found = parting(texts)
    assert ["".join(piece for _, piece in one) for one in found] == texts
    for one in found:
        marked = [piece for mark, piece in one if mark]
        assert len(marked) <= 1
        assert all(marked)
        assert not any(piece.isspace() for piece in marked)


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
    for choosable, head in ((True, "2 likely  the cat"), (False, "– likely  the cat")):
        shown = Shown("the cat", "likely", current=False, choosable=choosable)
        assert candidate(1, shown, pieces).plain == head
