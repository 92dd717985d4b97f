"""The newest tenth is held out, by time and by document."""

from hypothesis import given
from hypothesis import strategies as st

from cowrite.learning.library import Work
from cowrite.learning.screening import Screened
from cowrite.learning.split import HELD_OUT, characters, mark_of, split


def works_of(sizes):
    return [
        Work(
            f"d{n}", f"{n}.md", f"/{n}.md", False, n, 0, "",
            Screened(tuple(f"{n}.{m} " + "x" * size for m, size in enumerate(inner))),
        )
        for n, inner in enumerate(sizes)
    ]  # fmt: skip


@given(st.lists(st.lists(st.integers(1, 3000), max_size=12), max_size=8))
def test_nothing_is_lost_and_what_judges_is_newer_than_what_is_trained_on(sizes):
    works = works_of(sizes)
    corpus = split(works)
    every = [text for work in works for text in work.screened.paragraphs]
    trained = [text for piece in corpus.train for text in piece.paragraphs]
    held = [text for piece in corpus.held_out for text in piece.paragraphs]
    assert trained + held == every


def test_about_a_tenth_of_a_long_text_is_held_out():
    works = works_of([[500] * 100, [500] * 300])
    corpus = split(works)
    share = characters(corpus.held_out) / (characters(corpus.held_out) + characters(corpus.train))
    assert 0.8 * HELD_OUT < share <= HELD_OUT
    assert {piece.document_id for piece in corpus.held_out} == {"d1"}


def test_small_works_are_held_out_whole():
    corpus = split(works_of([[900]] * 40))
    assert {piece.document_id for piece in corpus.held_out} == {f"d{n}" for n in range(34, 40)}


def test_what_was_seen_is_told_apart():
    corpus = split(works_of([[900] * 40]))
    seen = frozenset(map(mark_of, corpus.train[0].paragraphs[:10]))
    assert corpus.unseen(seen)[0].paragraphs == corpus.train[0].paragraphs[10:]
    assert corpus.already(seen)[0].paragraphs == corpus.train[0].paragraphs[:10]
