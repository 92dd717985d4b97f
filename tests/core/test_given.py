"""Texts and lists that are given in a call: read as they were meant, or refused."""

from __future__ import annotations

import json
import os

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.given import list_given, list_text, text_given

PHRASES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('["the sun", "sea"]', ["the sun", "sea"]),
        ("['the sun', 'sea',]", ["the sun", "sea"]),
        ('  [\n"the sun",\n"sea" ] ', ["the sun", "sea"]),
        (r'["caf\u00e9", "\ud83d\ude00"]', ["café", "😀"]),
        ("[]", []),
        ("sea", ["sea"]),
        ("the sun", ["the sun"]),
        ("the sun, sea", ["the sun", "sea"]),
        ("sea,, ,sun,", ["sea", "sun"]),
        ("", []),
        ('"the sun", "sea"', ["the sun", "sea"]),
        ("'the sun', 'sea'", ["the sun", "sea"]),
        ('"well, then", sea', ["well, then", "sea"]),
        (r'"he said \"no\"", sea', ['he said "no"', "sea"]),
        ('the "big" sun, sea', ['the "big" sun', "sea"]),
        ("'tis, 'twas, don't", ["'tis", "'twas", "don't"]),
        ('5" nails', ['5" nails']),
        ("a [sic], b", ["a [sic]", "b"]),
    ],
)
def test_s4_a_list_is_a_list_however_it_is_written(text: str, parts: list[str]) -> None:
    assert list_given(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        '["the sun", "sea"',
        '["the sun',
        "[",
        '["a"] b',
        '["a"]\nx = 1',
        "[sic]",
        '"the sun, sea',
        '"a" b',
        r'"\d"',
        "[" * 100_000,
    ],
)
def test_s4_what_is_no_whole_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list_given(text)


@settings(deadline=None)  # the machine may be busy
@given(PHRASES)
def test_s4_lists_come_back_from_each_way_to_write_them(parts: list[str]) -> None:
    assert list_given(list_text(parts)) == parts
    assert list_given(json.dumps(parts)) == parts
    assert list_given(tomlkit.item(parts).as_string()) == parts


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_e4_a_text_that_the_locale_could_not_read_is_what_was_given(text: str) -> None:
    assert text_given(text) == text
    assert text_given(text.encode().decode("ascii", "surrogateescape")) == text


def test_e4_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnicodeError):
        text_given(os.fsdecode(b"caf\xe9"))
