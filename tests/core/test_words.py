"""What a letter and a word is, in any script."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.words import (
    cuts_letter,
    goes_on,
    is_whole,
    marks,
    pieces,
    plain,
    words,
)


def test_all_marks_of_unicode_are_known() -> None:
    pattern = re.compile(f"[{marks()}]")
    wrong = [
        hex(code)
        for code in range(0x110000)
        if (unicodedata.category(chr(code))[0] == "M") != bool(pattern.match(chr(code)))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_Anna_ **b**old snake_case_", ["Anna", "b", "old", "snake_case"]),
        (
            "don't don’t donʼt don＇t don‘t o'clock",
            ["don't", "don’t", "donʼt", "don＇t", "don‘t", "o'clock"],
        ),
        ("'quoted' ‘so’ rock'n'roll", ["quoted", "so", "rock'n'roll"]),
        ("well-known one—two three–four", ["well", "known", "one", "two", "three", "four"]),
        ("won\u00adder e\u0301te\u0301 नमस्ते", ["won\u00adder", "e\u0301te\u0301", "नमस्ते"]),
        ("Tokyo東京カナかな", ["Tokyo", "東京", "カナ", "かな"]),
        ('צה״ל צה"ל col·lecció', ["צה״ל", 'צה"ל', "col·lecció"]),
        ("a\u200bb a\u00a0b", ["a", "b", "a", "b"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [text[low:high] for low, high in words(text)] == expected


@given(st.text(alphabet="aé _'’-—\u0301\u00ad漢か\n.", max_size=40))
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "word", "whole"),
    [
        ("_Anna_", "Anna", True),
        ("**Anna**", "Anna", True),
        ("Anna—so", "Anna", True),
        ("Anna's", "Anna", True),
        ("Anna’s hat", "Anna", True),
        ("Annaʼs", "Anna", True),
        ("l’eau", "eau", True),
        ("O’Brien", "Brien", True),
        ("Annabel", "Anna", False),
        ("Joanna", "anna", False),
        ("don't", "don", False),
        ("don’t", "t", False),
        ("we've", "ve", False),
        ("'tis", "tis", True),
        ("Anna\u0301", "Anna", False),
        ("an\u00adna", "an", False),
        ("Anna2", "Anna", False),
        ("(Anna)", "Anna", True),
        ("--", "-", True),
    ],
)
def test_t4_whole_words(text: str, word: str, whole: bool) -> None:
    start = text.index(word)
    assert is_whole(text, start, start + len(word)) is whole


@pytest.mark.parametrize(
    ("text", "place", "cuts"),
    [
        ("e\u0301", 1, True),
        ("ab", 1, False),
        ("\r\n", 1, True),
        ("👩\u200d👧", 1, True),
        ("👩\u200d👧", 2, True),
        ("👍🏽", 1, True),
        ("🇨🇭🇩🇪", 1, True),
        ("🇨🇭🇩🇪", 2, False),
        ("🇨🇭🇩🇪", 3, True),
        ("☀\ufe0f", 1, True),
        ("1\u20e3", 1, True),
        ("\u1112\u1161\u11ab", 1, True),
        ("하\u11ab", 1, True),
        ("कि", 1, False),
        ("क्ष", 1, True),
        ("กั", 1, False),
        ("a", 0, False),
        ("a", 1, False),
    ],
)
def test_t4_borders_that_cut_a_letter(text: str, place: int, cuts: bool) -> None:
    assert cuts_letter(text, place) is cuts


@pytest.mark.parametrize(
    ("before", "after", "on"),
    [
        ("don", "'t", True),
        ("don’", "t", True),
        ("e", "\u0301", True),
        ("wor", "d", True),
        ("won\u00ad", "der", True),
        ("dogs", "' tails", False),
        ("word", " next", False),
        ("word", "—next", False),
        ("*", "word", False),
        ("", "a", False),
        ("a", "", False),
        ("\u00ad", "a", False),
    ],
)
def test_a_word_goes_on_over_a_border(before: str, after: str, on: bool) -> None:
    assert goes_on(before, after) is on


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("don’t", "don't"),
        ("won\u00adder", "wonder"),
        ("cafe\u0301", "café"),
        ("كَتَبَ", "كتب"),
        ("كـــتب", "كتب"),
        ("أَحمد", "أحمد"),
    ],
)
def test_t3_words_are_compared_plain(word: str, expected: str) -> None:
    assert plain(word) == expected
