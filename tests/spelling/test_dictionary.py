"""What is a word, what isn't, and what it may have been meant to be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.config.describing import find
from cowrite.config.editor import EditorSettings
from cowrite.errors import CowriteError
from cowrite.spelling import Dictionary, OwnWords
from cowrite.spelling.dictionary import distance
from cowrite.spelling.wordlist import word_list

RIGHT = {
    "en": "colour color favourite neighbours realise realized travelling centre defence grey fulfil don't "
    "she’d they'd've London Mary's quay bedraggled lamplit NASA x Tōkyō 東京 I",
    "de": "Haus Leuchtturmwärter Wohnungstür straße größe ging",
    "fr": "l'homme qu’il éclairé aujourd'hui",
}
WRONG = {
    "en": "teh recieve seperate untill fourty Teh RECIEVE doesnt",
    "de": "warscheinlich Strase Gefülen",
    "fr": "maisson l'homne",
}


@cache
def dictionary(language: str) -> Dictionary:
    return Dictionary(language, OwnWords(Path("/nowhere/words.txt")))


@pytest.mark.parametrize("language", sorted(RIGHT))
def test_words_are_right_or_wrong(language: str) -> None:
    judged = dictionary(language)
    right, wrong = RIGHT[language].split(), WRONG[language].split()
    if language == "en":
        right.remove("Tōkyō")  # Latin letters, but no English word
    assert [word for word in right if not judged.is_right(word)] == []
    assert [word for word in wrong if judged.is_right(word)] == []


def test_every_language_that_can_be_set_has_a_list() -> None:
    languages = set(find("editor.spelling").choices) - {EditorSettings().spelling}
    assert EditorSettings().spelling == "off"
    assert "en" in languages
    for language in languages:
        assert len(word_list(language)) > 80_000
    with pytest.raises(CowriteError, match="word list for 'xx'"):
        word_list("xx")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("teh", "the"),
        ("Recieve", "Receive"),
        ("DEFINATELY", "DEFINITELY"),
        ("bedragled", "bedraggled"),
        ("accomodate", "accommodate"),
        ("peir", "pier"),
        ("wierd", "weird"),
    ],
)
def test_the_first_suggestion(word: str, meant: str) -> None:
    assert dictionary("en").suggest(word)[0] == meant


def test_more_suggestions() -> None:
    suggest = dictionary("en").suggest
    assert "lighthouse keeper" in suggest("lighthousekeeper")
    assert "a lot" in suggest("alot")
    assert "doesn’t" in suggest("does’nt")
    assert suggest("x" * 100) == []


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_none_for_the_same(one: str, other: str) -> None:
    far = distance(one, other, 9)
    assert far == distance(other, one, 9)
    assert (far == 0) == (one == other)
    assert distance(one, other, 1) == min(far, 2)


def test_two_neighbours_swapped_are_one_slip() -> None:
    assert [distance("abcd", other, 4) for other in ("abdc", "abc", "xbcde", "dcba")] == [
        1,
        1,
        2,
        3,
    ]


def test_own_words_are_kept_in_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "config" / "words.txt"
    own = OwnWords(file)
    assert not dictionary("en").is_right("Ainosaari")
    own.add("Ainosaari")
    own.add("kuu")
    own.add("KUU")
    assert file.read_text() == "Ainosaari\nkuu\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    again = Dictionary("en", OwnWords(file))
    assert again.is_right("ainosaari")
    assert again.is_right("AINOSAARI")


def test_own_words_may_be_edited_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"# names\nAino\n\xff\nlast")
    own = OwnWords(file)
    assert "aino" in own
    assert "# names" not in own
    own.add("next")
    assert file.read_bytes().endswith(b"\nlast\nnext\n")


def test_words_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    (tmp_path / "words.txt").mkdir()
    with pytest.raises(CowriteError, match="can't be kept"):
        OwnWords(tmp_path / "words.txt").add("word")


def test_two_words_come_last_unless_both_are_everyday_ones() -> None:
    suggest = dictionary("en").suggest
    found = suggest("mesage")
    assert found[0] == "message"
    assert "manage" in found
    assert [" " in word for word in found] == sorted(" " in word for word in found)
    assert suggest("infact")[0] == "in fact"


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "won\u00adder\u00adful"),
        ("en", "don‘t"),
        ("en", "donʼt"),
        ("en", "don＇t"),
        ("en", "don\u00b4t"),
        ("fr", "me\u0301moire"),
        ("fr", "l’e\u0301cole"),
        ("ar", "كَتَبَ"),
        ("ar", "الكـــتاب"),
    ],
)
def test_t3_a_word_is_looked_up_plain(language: str, word: str) -> None:
    assert dictionary(language).is_right(word)


@pytest.mark.parametrize(("language", "word"), [("en", "tru\u00adely"), ("ar", "كَتَبَننن")])
def test_t3_and_found_wrong_where_it_is(language: str, word: str) -> None:
    assert not dictionary(language).is_right(word)


def test_t3_a_suggestion_keeps_the_apostrophe_of_its_word() -> None:
    assert "doesn’t" in dictionary("en").suggest("dosen’t")
    assert "doesnʼt" in dictionary("en").suggest("dosenʼt")
