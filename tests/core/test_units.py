"""Columns in other programs' units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.units import Units, code_points, whole_characters, width

LINE = "a\u00e9\u6f22\U0001f600b"


@pytest.mark.parametrize(
    ("units", "columns"),
    [
        (Units.UTF8, [0, 1, 3, 6, 10, 11]),
        (Units.UTF16, [0, 1, 2, 3, 5, 6]),
        (Units.UTF32, range(6)),
    ],
)
def test_each_character_is_as_wide_as_it_is(units: Units, columns: list[int]):
    assert [width(LINE[:at], units) for at in range(6)] == list(columns)
    assert [code_points(LINE, column, units) for column in columns] == list(range(6))


def test_the_middle_of_a_character_is_before_it():
    assert code_points(LINE, 4, Units.UTF16) == 3
    assert [code_points(LINE, at, Units.UTF8) for at in (7, 8, 9)] == [3, 3, 3]


def test_columns_out_of_the_line_are_at_its_border():
    for units in Units:
        assert code_points(LINE, 999, units) == len(LINE)
        assert code_points(LINE, -3, units) == 0
        assert code_points("", 5, units) == 0


def test_halves_of_characters_keep_their_width():
    text = "a\ud83d b\ude00 \U0001f600"
    assert whole_characters(text) == "a\ufffd b\ufffd \U0001f600"
    assert width(whole_characters(text), Units.UTF16) == 8


@given(st.text(), st.sampled_from(Units))
def test_there_and_back(text: str, units: Units):
    for at in range(len(text) + 1):
        assert code_points(text, width(text[:at], units), units) == at
