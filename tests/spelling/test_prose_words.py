"""Which parts of a text are words to be checked, and where the next wrong one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.reading import Reading
from cowrite.spelling import exchanged, line_words, misspelling, prose_words


def found_in(text: str) -> list[str]:
    """The words of a draft of one line or more that are checked."""
    document = Document(text)
    reading = Reading(document)
    lines = range(document.line_count)
    return [word for at in lines for _, _, word in line_words(document, reading, at)]


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
        ("caf&eacute; &amp; \\emph ok", ["ok"]),
        ("---\nttle: x\n---\nok", ["ok"]),
        ("<!-- teh\nteh --> ok\n\nok", ["ok", "ok"]),
        ("ok <!-- teh\nteh --> ok", ["ok", "ok"]),
        ("- ```\n  teh\n  ```\n\n      teh\n\nok", ["ok"]),
        ("```Ctrl``` saves", ["saves"]),
        ("| ok | a |\n|----|---|", ["ok", "a"]),
        ("[teh]: http://exmaple.org 'teh'", []),
        ("a *long\nemphasis* `over\nlines` ok", ["a", "long", "emphasis", "ok"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert found_in(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("_We've gone_ and _thier hous_", ["We've", "gone", "and", "thier", "hous"]),
        ("**S**tructured ~~thier~~ __hous__", ["Structured", "thier", "hous"]),
        ("*un*frigging*believable*", ["unfriggingbelievable"]),
        ("won\u00adderful it", ["won\u00adderful", "it"]),
        ("thier—hous–so", ["thier", "hous", "so"]),
        (
            "don\u2019t don\u02bct don\uff07t don\u2018t",
            ["don\u2019t", "don\u02bct", "don\uff07t", "don\u2018t"],
        ),
        ("كَتَبَ الوَلَدُ", ["كَتَبَ", "الوَلَدُ"]),
    ],
)
def test_t3_marks_of_emphasis_are_no_letters(text: str, words: list[str]) -> None:
    assert found_in(text) == words


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
    assert misspelling(TEXT, place, step, lambda word: word != "teh") == found


def test_nothing_is_wrong() -> None:
    assert misspelling(TEXT, 0, 1, lambda word: True) is None
    assert misspelling("", 0, -1, lambda word: False) is None


def test_lines_end_as_the_draft_has_it() -> None:
    assert misspelling("one\rteh\r\nend", 0, 1, lambda word: word != "teh") == (4, 7)


def test_q1_a_line_of_nothing_but_signs_is_gone_through_once() -> None:
    asked: list[str] = []

    def is_right(word: str) -> bool:
        asked.append(word)
        return True

    assert misspelling("**b " * 20_000, 0, 1, is_right) is None
    assert len(asked) == 40_000  # from the cursor to the end, and round to it again


def test_a_very_long_line_is_gone_through_piece_by_piece() -> None:
    text = "some words " * 5000 + "teh " + "more words " * 5000
    assert misspelling(text, 0, 1, lambda word: word != "teh") == (55_000, 55_003)
    assert misspelling(text, len(text), -1, lambda word: word != "teh") == (55_000, 55_003)


@pytest.mark.parametrize(
    ("raw", "word", "fresh", "made"),
    [
        ("teh", "teh", "the", "the"),
        ("**S**tructuerd", "Structuerd", "Structured", "**S**tructured"),
        ("**T**eh", "Teh", "The", "**T**he"),
        ("**Te**h", "Teh", "The", "**Th**e"),
        ("*a*c", "ac", "abc", "*ab*c"),
        ("a**b**c", "abc", "xyz", "x**y**z"),
        ("a**b**c", "abc", "wxyz", "wxyz****"),
    ],
)
def test_a_correction_leaves_marks_of_emphasis_alone(
    raw: str, word: str, fresh: str, made: str
) -> None:
    text = f"<{raw}>"
    for start, end, new in sorted(exchanged(raw, 1, word, fresh), reverse=True):
        text = text[:start] + new + text[end:]
    assert text == f"<{made}>"


@given(st.text(alphabet="a *_`~é\u0301\u00ad'’-<>&;1", max_size=60))
def test_words_are_where_they_are_said_to_be(text: str) -> None:
    reading = Reading(Document(text))
    place = 0
    for start, end, word in prose_words(text, reading.spans(0)):
        assert place <= start < end
        assert (
            "".join(sign for sign in text[start:end] if sign in word or sign not in "*_~") == word
        )
        place = end
