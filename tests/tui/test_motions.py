"""Where motions lead, what is a word, a sentence, a paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.tui.editor import motions

HARD = (
    "It was a bright cold day in April, and the clocks were striking\n"
    "thirteen. Nobody looked up from the newspapers that they held in\n"
    "front of them.\n"
    "\n"
    "- a list\n"
    "- of two"
)


@pytest.mark.parametrize(
    ("text", "offset", "left", "right"),
    [
        ("one two", 3, 0, 7),
        ("one two", 5, 4, 7),
        ("don't stop", 0, 0, 5),
        ("a  b", 1, 0, 4),
        ("ab\ncd", 3, 2, 5),
        ("ab\ncd", 2, 0, 3),
        ("漢字とカナ", 0, 0, 2),
        ("漢字とカナ", 3, 2, 5),
        ("e\u0301te\u0301 x", 0, 0, 5),
    ],
)
def test_words(text: str, offset: int, left: int, right: int) -> None:
    document = Document(text)
    assert motions.word_left(document, offset) == left
    assert motions.word_right(document, offset) == right


@pytest.mark.parametrize(
    ("offset", "word"), [(0, "one"), (2, "one"), (3, ", "), (5, "two"), (7, "two"), (8, "")]
)
def test_the_word_under_a_double_click(offset: int, word: str) -> None:
    document = Document("one, two")
    low, high = motions.word_around(document, offset)
    assert document.text[low:high] == word


def test_lines_broken_by_hand_are_one_paragraph() -> None:
    document = Document(HARD)
    assert motions.paragraph_around(document, 1) == (0, 2)
    assert motions.paragraph_around(document, 3) == (3, 3)
    assert motions.paragraph_around(document, 4) == (4, 4)
    assert motions.paragraph_down(document, 10) == document.line_start(4)
    assert motions.paragraph_up(document, document.line_start(4)) == 0
    assert motions.paragraph_up(document, 100) == 0
    assert motions.paragraph_down(document, len(document)) == len(document)


def test_sentences_run_over_lines_broken_by_hand() -> None:
    document = Document(HARD)
    second = HARD.index("Nobody")
    assert motions.sentence_right(document, 0) == second
    assert motions.sentence_left(document, second + 5) == second
    assert motions.sentence_left(document, second) == 0
    assert motions.sentence_right(document, second) == document.line_start(4)
    start, end, _ = motions.sentences(document, second + 60)
    assert document.slice(start, end) == HARD[second : HARD.index("them.") + 5]


TEXT = st.lists(
    st.sampled_from(["a", "b ", "word. ", "\n", "\r\n", "漢", "e\u0301", "🇨🇭", "\u200d", " "]),
    max_size=30,
)


@given(TEXT, st.integers(0, 100))
def test_every_motion_makes_progress_and_stays_on_boundaries(pieces: list[str], at: int) -> None:
    document = Document("".join(pieces))
    offset = motions.on_boundary(document, at % (len(document) + 1))
    for name in ("right", "word_right", "sentence_right", "paragraph_down"):
        found = getattr(motions, name)(document, offset)
        assert offset < found <= len(document) or offset == len(document) == found, name
        assert motions.on_boundary(document, found) == found, name
    for name in ("left", "word_left", "sentence_left", "paragraph_up"):
        found = getattr(motions, name)(document, offset)
        assert 0 <= found < offset or offset == 0 == found, name
        assert motions.on_boundary(document, found) == found, name


@given(TEXT)
def test_left_undoes_right(pieces: list[str]) -> None:
    document = Document("".join(pieces))
    offset = 0
    while offset < len(document):
        following = motions.right(document, offset)
        assert motions.left(document, following) == offset
        offset = following
