"""Distances against the definition, which is slow and plain."""

from hypothesis import given
from hypothesis import strategies as st

from cowrite.feedback.distance import (
    character_distance,
    common_subsequence,
    kept_share,
    levenshtein,
    word_distance,
)

TEXTS = st.text(alphabet="abcé \n😀", max_size=25)


def by_table(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for index, character in enumerate(one, 1):
        before, row = row, [index]
        for column, item in enumerate(other, 1):
            row.append(
                min(before[column] + 1, row[-1] + 1, before[column - 1] + (character != item))
            )
    return row[-1]


def subsequence_by_table(one: str, other: str) -> int:
    row = [0] * (len(other) + 1)
    for character in one:
        before, row = row, [0]
        for column, item in enumerate(other, 1):
            same = before[column - 1] + 1 if character == item else 0
            row.append(max(same, before[column], row[-1]))
    return row[-1]


@given(TEXTS, TEXTS)
def test_levenshtein_is_that_of_the_table(one: str, other: str) -> None:
    assert levenshtein(one, other) == by_table(one, other) == levenshtein(other, one)


@given(TEXTS, TEXTS)
def test_the_common_subsequence_is_that_of_the_table(one: str, other: str) -> None:
    assert common_subsequence(one, other) == subsequence_by_table(one, other)


def test_words_and_characters() -> None:
    assert character_distance("river", "lake") == by_table("river", "lake")
    assert word_distance(" down to the river.", " down to a lake.") == 2
    assert kept_share("the river", "the big river") == 1.0
    assert kept_share("the river", "the ") == 4 / 9
    assert kept_share("abc", "") == 0.0
