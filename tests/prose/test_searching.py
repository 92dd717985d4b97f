"""The next problem of grammar, by a judge that knows one word as wrong."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cowrite.prose.problems import Problem
from cowrite.prose.searching import problem_from

DRAFT = st.lists(
    st.sampled_from(["bad ", "good. ", "😀", "*bad* ", "`bad` ", "\r\n", "\n\n", "> ", "End. "]),
    max_size=30,
).map("".join)


def judge(sentence: str) -> tuple[Problem, ...]:
    return tuple(
        Problem(m.start(), m.end(), "Bad", "Bad", "It is bad.")
        for m in re.finditer("bad", sentence)
    )


def every(text: str) -> list[int]:
    """Where they stand, by going from one to the next from the start on."""
    out: list[int] = []
    place = 0
    while (found := problem_from(text, place, 1, "en", judge)) and found.start >= place:
        assert text[found.start : found.end] == found.text == "bad"
        out.append(found.start)
        place = found.end
    return out


@given(DRAFT)
def test_forwards_finds_what_backwards_does(text: str) -> None:
    forwards = every(text)
    backwards: list[int] = []
    place = len(text)
    while (found := problem_from(text, place, -1, "en", judge)) and found.end <= place:
        backwards.append(found.start)
        place = found.start
    assert backwards[::-1] == forwards


@given(DRAFT, st.integers(0, 200))
def test_it_goes_round_the_end_once(text: str, place: int) -> None:
    place = min(place, len(text))
    found = problem_from(text, place, 1, "en", judge)
    assert (found is None) == (every(text) == [])


def test_another_language_is_left_alone() -> None:
    german = "Der Mann und die Frau sind nicht bad, und das ist auch gut."
    assert problem_from(german, 0, 1, "", judge) is None
    assert problem_from("Kurz bad.", 0, 1, "de", judge) is None
    assert problem_from("Short bad.", 0, 1, "en-gb", judge) is not None


def test_it_can_be_stopped() -> None:
    assert problem_from("bad " * 9, 0, 1, "en", judge, stopped=lambda: True) is None
