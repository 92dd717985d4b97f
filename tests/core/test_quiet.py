"""Why a ghost is not shown: the tests of a text, and of a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.edits import Edit, Origin
from cowrite.core.places import Place, place_of
from cowrite.core.quiet import (
    Judge,
    Quiet,
    TakenAway,
    is_reversal,
    is_short,
    place_reason,
    repeats,
)


@pytest.mark.parametrize("text", [".", ' "', " a", " -", "…", "b"])
def test_what_is_too_short(text: str) -> None:
    assert is_short(text, "The sea was ")


@pytest.mark.parametrize(
    ("before", "text"),
    [("The sea was", " it calm."), ("walk", "ed."), ("海", "は青い"), ("The ", "sea")],
)
def test_what_is_long_enough(before: str, text: str) -> None:
    assert not is_short(text, before)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("The sea", " was calm.", " Was calm. It slept."),
        ("The sea", " was calm. It slept. A gull cried", " was calm. It slept."),
        ("The sea was calm that night. He saw that", " the sea was calm", ""),
        ("He saw the", " the sea", ""),
        ("He saw the ", "the sea", ""),
        ("So", " it went and it went and it went and it went and it went", ""),
    ],
)
def test_what_only_repeats(before: str, text: str, after: str) -> None:
    assert repeats(text, before, after)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ("The sea", " was calm.", " It slept."),
        ("The sea was calm that night. He saw that", " the sea was rough", ""),
        ("He saw the", "se men", ""),
        ("He was in", "deed.", "d"),
        ("", "Once upon a time", ""),
        ("The boats came home and", " the lamps were lit along the quay of the old town", ""),
    ],
)
def test_what_says_something_new(before: str, text: str, after: str) -> None:
    assert not repeats(text, before, after)


def test_what_would_put_back_what_was_taken_away() -> None:
    assert is_reversal(" slowly home.", "slowly")
    assert is_reversal("lowly home.", "slowly", "s")
    assert is_reversal(" slowly down", "slowly down to the quay")
    assert not is_reversal(" slow", "slowly")
    assert not is_reversal(" slowly", "slowly down to the quay"), "one word of many"
    assert not is_reversal(" quickly home.", "slowly")
    assert not is_reversal(" slowly", "")
    assert not is_reversal(" , and", ", ")


def typed(start: int, deleted: str, inserted: str, origin: Origin = Origin.TYPED) -> Edit:
    return Edit(start, deleted, inserted, origin)


def test_what_was_taken_away_is_followed_letter_by_letter() -> None:
    taken = TakenAway()
    for place, letter in zip(range(9, 2, -1), reversed(" slowly"), strict=True):
        taken.follow(typed(place, letter, ""))
    assert taken.at(3) == (" slowly", "")
    assert taken.at(4) == ("", "")
    taken.follow(typed(3, "", " "))
    taken.follow(typed(4, "", "q"))
    assert taken.at(5) == (" slowly", " q")
    taken.follow(typed(4, "q", ""))
    assert taken.at(4) == (" slowly", " ")
    taken.follow(typed(4, "", "s"))
    assert Judge("He" + " s", "", *taken.at(5)).why_not("lowly on.") is Quiet.REVERSAL
    taken.follow(typed(0, "", "x"))
    assert taken.at(6) == ("", "")


def test_forward_over_a_selection_and_by_other_hands() -> None:
    taken = TakenAway()
    taken.follow(typed(3, "ab", ""))
    taken.follow(typed(3, "c", ""))
    assert taken.at(3) == ("abc", "")
    taken.follow(typed(10, "slowly", "q"))
    assert taken.at(11) == ("slowly", "q")
    taken.follow(typed(10, "", "slowly", Origin.UNDO))
    assert taken.at(10) == taken.at(16) == ("", "")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.text("ab ", max_size=4))))
def test_what_was_typed_since_is_what_stands_there(acts: list[tuple[int, int, str]]) -> None:
    text, taken = "the old man and the sea", TakenAway()
    for place, size, fresh in acts:
        start = min(place, len(text))
        gone = text[start : start + size]
        text = text[:start] + fresh + text[start + len(gone) :]
        taken.follow(typed(start, gone, fresh))
        for position in range(len(text) + 1):
            found, since = taken.at(position)
            if found:
                assert text[:position].endswith(since)


@given(st.text("ab .\n", max_size=30), st.text("ab .\n", max_size=30), st.text("ab .\n"))
def test_a_text_that_stands_there_is_never_shown(before: str, text: str, after: str) -> None:
    if any(map(str.isalnum, text)):
        assert Judge(before, text + " " + after).why_not(text) is not None
    assert Judge(before, after).why_not(" \n") is Quiet.EMPTY


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("Text.\n\n# The sea", "", Quiet.HEADING),
        ("Text.\n\n", "", Quiet.BEGINNING),
        ("Text.\n", "\nMore.", Quiet.BEGINNING),
        ("Text.\n\n", "There was", None),
        ("Text. ", "", None),
        ("- one\n- ", "", None),
    ],
)
def test_where_nothing_is_said_unasked(before: str, after: str, reason: Quiet | None) -> None:
    assert place_reason(before, after) is reason


@pytest.mark.parametrize(
    ("before", "text", "place"),
    [
        ("## Ev", "ening", Place.HEADING),
        ("1. one", "", Place.LIST),
        ("* ", "", Place.LIST),
        ("He walk", "ed", Place.WORD),
        ("He walk", " on", Place.MIDDLE),
        ('"I know', " that", Place.DIALOGUE),
        ("„Ich weiß", " das", Place.DIALOGUE),
        ("— Oui", " oui", Place.DIALOGUE),
        ("“No.” He", " went", Place.MIDDLE),
        ("«No»", " he said", Place.MIDDLE),
        ("", "Once", Place.PARAGRAPH),
        ("One.\n\n", "Two", Place.PARAGRAPH),
        ("One. ", "Two", Place.SENTENCE),
        ("“No.” ", "He went", Place.SENTENCE),
        ("一。", "二", Place.SENTENCE),
        ("The sea ", "was", Place.MIDDLE),
    ],
)
def test_kinds_of_places(before: str, text: str, place: Place) -> None:
    assert place_of(before, text) is place


def test_each_reason_has_three_words_at_most() -> None:
    assert all(1 <= len(reason.words.split()) <= 3 for reason in Quiet)
