"""Counting words line by line gives what counting all of them gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.segmentation import word_count
from cowrite.tui.draft.counts import WordCounter, reading_minutes

texts = st.text(alphabet="ab c\n'中", max_size=40)


@given(
    texts,
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20), texts), max_size=8),
    st.booleans(),
)
def test_it_follows_edits(text: str, edits: list[tuple[int, int, str]], at_once: bool) -> None:
    document = Document(text)
    counter = WordCounter(document)
    if at_once:
        assert counter.words == sum(word_count(line) for line in text.split("\n"))
    for place, size, inserted in edits:
        start = min(place, len(document))
        end = min(start + size, len(document))
        _, first, before, after = document.replace(start, end, inserted)
        counter.changed(first, before, after)
        assert counter.words == sum(word_count(line) for line in document.text.split("\n"))


def test_a_long_draft_is_counted_in_bits_and_edited_meanwhile() -> None:
    document = Document("one two\n" * 1000)
    counter = WordCounter(document)
    assert not counter.count(0)
    for place in (0, 5000, 700 * 8):
        _, first, before, after = document.replace(place, place + 3, "a\nb c")
        counter.changed(first, before, after)
    while not counter.count(0):
        pass
    assert counter.words == sum(word_count(line) for line in document.text.split("\n"))


def test_reading_time() -> None:
    assert [reading_minutes(words) for words in (0, 1, 230, 231, 2300)] == [0, 1, 1, 2, 10]
