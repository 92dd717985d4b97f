"""The pieces of a diff: hunks settled one by one, in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import Change, Piece
from cowrite.core.diff_pieces import DiffPieces
from cowrite.core.hunks import hunks_of

WORDS = st.sampled_from(["the ", "lamp ", "was ", "lit\n", "é ", ""])
PIECES = st.lists(st.tuples(st.sampled_from(Change), WORDS), max_size=12)


def text(pieces: list[Piece], *left_out: Change) -> str:
    return "".join(text for kind, text in pieces if kind not in left_out)


@given(PIECES, st.data())
def test_hunks_settled_in_any_order_give_the_new_text_where_they_are_taken(
    pieces: list[Piece], data: st.DataObject
) -> None:
    diff = DiffPieces(pieces)
    assert diff.passage == text(pieces, Change.NEW)
    while found := hunks_of(diff.told, whole=True):
        hunk = data.draw(st.sampled_from(found))
        takes = data.draw(st.booleans())
        before = diff.passage
        decided = diff.settle(hunk.at, hunk.gone, hunk.new if takes else None)
        assert decided is not None
        kept = hunk.new if takes else hunk.gone
        assert diff.passage == before[: hunk.at] + kept + before[hunk.end :]
        assert diff.size == len(diff.passage)
        assert decided.fresh == len(hunk.new)
        assert diff.passage_behind(decided.head) == before[hunk.end :]
        assert [one.new for one in hunks_of(diff.told, whole=True)] == [
            one.new for one in found if one is not hunk
        ]


@given(PIECES)
def test_all_hunks_from_the_last_to_the_first_give_the_new_text(pieces: list[Piece]) -> None:
    diff = DiffPieces(pieces)
    for hunk in reversed(hunks_of(diff.told, whole=True)):
        assert diff.settle(hunk.at, hunk.gone, hunk.new) is not None
    assert diff.passage == text(pieces, Change.GONE)
    assert all(kind is Change.SAME for kind, _ in diff.told)


def test_what_is_not_there_is_not_settled() -> None:
    diff = DiffPieces([(Change.SAME, "one "), (Change.GONE, "two"), (Change.NEW, "three")])
    for at, gone, new in ((0, "two", "three"), (4, "tw", "three"), (4, "two", "four"), (9, "", "")):
        assert diff.settle(at, gone, new) is None
    assert diff.passage == "one two"
