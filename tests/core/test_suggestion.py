"""The ghost: taken in parts, given back, cycled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.edits import Part
from cowrite.core.suggestion import PRESETS, Candidate, Params, Sampling, Suggestion, Token

TEXTS = ["It was late. They went home.", "It was early; they stayed.", "Nobody knew."]


def suggestion(*texts: str, position: int = 10) -> Suggestion:
    return Suggestion("s1", position, list(texts or TEXTS))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (Part.ALL, " It was late. They went.\n\nNext one."),
        (Part.PANE, " It was late. They went.\n\nNext one."),
        (Part.WORD, " It"),
        (Part.SENTENCE, " It was late."),
        (Part.PARAGRAPH, " It was late. They went."),
        (Part.TYPED, " "),
    ],
)
def test_parts(part: Part, text: str) -> None:
    assert suggestion(" It was late. They went.\n\nNext one.").part(part) == text


def test_every_part_of_an_empty_ghost_is_empty() -> None:
    empty = suggestion("")
    assert [empty.part(part) for part in Part] == [""] * len(Part)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="ab. \n日。“”!", max_size=30),
    st.lists(st.sampled_from(list(Part)), max_size=40),
)
def test_parts_are_beginnings_and_add_up_to_the_whole(text: str, parts: list[Part]) -> None:
    ghost = suggestion(text, position=7)
    got = ""
    for part in parts:
        if not ghost.ghost:
            break
        taken = ghost.part(part)
        assert taken, "what is shown can be taken"
        assert ghost.ghost.startswith(taken)
        ghost.take(taken)
        got += taken
        assert (ghost.taken, ghost.ghost, ghost.position) == (got, text[len(got) :], 7 + len(got))
    for sign in reversed(got):
        assert ghost.give_back(sign)
    assert (ghost.taken, ghost.ghost, ghost.position) == ("", text, 7)


def test_only_what_was_taken_last_is_given_back() -> None:
    ghost = suggestion()
    ghost.take("It was")
    assert not ghost.give_back("It")
    assert not ghost.give_back("")
    assert not ghost.give_back("xIt was")
    assert ghost.give_back(" was")
    assert (ghost.taken, ghost.position) == ("It", 12)


def test_cycling_goes_round() -> None:
    ghost = suggestion()
    seen = []
    for _ in range(4):
        assert ghost.cycle(1)
        seen.append(ghost.index)
    assert seen == [1, 2, 0, 1]
    assert ghost.cycle(-1)
    assert ghost.cycle(-1)
    assert ghost.index == 2


def test_only_candidates_that_begin_with_what_was_taken_are_shown() -> None:
    ghost = suggestion()
    ghost.take("It was ")
    assert ghost.choices == [0, 1]
    assert ghost.cycle(1)
    assert ghost.ghost == "early; they stayed."
    assert ghost.cycle(1)
    assert ghost.index == 0
    ghost.take("late.")
    assert ghost.choices == [0]
    assert not ghost.cycle(1)


def test_empty_candidates_are_skipped() -> None:
    ghost = suggestion("", "a", "", "b")
    assert ghost.choices == [1, 3]
    assert ghost.cycle(1)
    assert ghost.index == 1
    ghost.index = 0
    assert ghost.cycle(-1)
    assert ghost.index == 3
    nothing = suggestion("", "")
    assert not nothing.cycle(1)
    assert nothing.index == 0


def test_one_other_candidate_can_be_shown_where_this_one_can_not() -> None:
    ghost = suggestion("", "a")
    assert ghost.cycle(1)
    assert ghost.ghost == "a"


def test_a_ghost_that_contradicts_what_was_taken_is_none() -> None:
    ghost = suggestion()
    ghost.take("It was ")
    ghost.texts[0] = "Rewritten."
    assert ghost.ghost == ""
    assert ghost.choices == [1]


def test_the_mean_log_probability() -> None:
    assert Candidate("a").mean_logprob is None
    assert Candidate("ab", (Token("a", -1.0), Token("b", -2.0))).mean_logprob == -1.5


def test_presets_are_told_apart_and_balanced_is_the_default() -> None:
    assert PRESETS["balanced"] == Sampling() == Params().sampling
    assert PRESETS["precise"].temperature < Sampling().temperature < PRESETS["wild"].temperature
