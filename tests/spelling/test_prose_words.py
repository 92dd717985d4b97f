"""Which parts of a text are words to be checked, and where the next wrong one is."""

from __future__ import annotations

import pytest

from cowrite.spelling import misspelling, prose_words
from cowrite.tui.editor.markdown import highlight


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat's paw.", ["The", "cat's", "paw"]),
        ("she’d well-known 'quoted'", ["she’d", "well", "known", "quoted"]),
        ("mp3 x_y 3rd a1 ok", ["ok"]),
        ("use `teh code` **bold** here", ["use", "bold", "here"]),
        ("[label](http://exmaple.org/teh) go", ["label", "go"]),
        ("see https://exmaple.org/x or me@exmaple.org now", ["see", "or", "now"]),
        ("a <spann class='x'>b</spann> c", ["a", "b", "c"]),
        ("# Heading", ["Heading"]),
        ("cafe\u0301 au lait", ["cafe\u0301", "au", "lait"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found = prose_words(text, highlight)
    assert [word for _, _, word in found] == words
    assert all(text[start:end] == word for start, end, word in found)


TEXT = "teh one\n\n```\nteh code\n```\nfine\nand teh end teh"
FIRST, SECOND, THIRD = (0, 3), (35, 38), (43, 46)


@pytest.mark.parametrize(
    ("place", "step", "found"),
    [
        (0, 1, FIRST),
        (1, 1, SECOND),
        (3, 1, SECOND),
        (38, 1, THIRD),
        (46, 1, FIRST),
        (46, -1, THIRD),
        (43, -1, SECOND),
        (35, -1, FIRST),
        (0, -1, THIRD),
    ],
)
def test_the_next_wrong_word_goes_round(place: int, step: int, found: tuple[int, int]) -> None:
    assert TEXT[slice(*found)] == "teh"
    assert misspelling(TEXT, place, step, lambda word: word != "teh", highlight) == found


def test_nothing_is_wrong() -> None:
    assert misspelling(TEXT, 0, 1, lambda word: True, highlight) is None
    assert misspelling("", 0, -1, lambda word: False, highlight) is None
