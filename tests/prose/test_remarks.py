"""Remarks on prose: what is found, what is left alone, and that it can be stopped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.prose.proofreading import proofread
from cowrite.prose.remarks import Kind, Remark, StoppedError

PAST = (
    "She opened the door. She walked into the room. She looked at the clock. He came at noon. He went out. "
    "She asked him why. He turned away. She listened. She took her coat. "
)


def said(text: str, kind: Kind) -> list[str]:
    return [text[one.start : one.end] for one in proofread(text) if one.kind is kind]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She went to the the door.", ["the the"]),
        ("The\r\nthe door.", ["The\r\nthe"]),
        ("> so it\n> it goes", ["it\n> it"]),
        ("the *the* door", ["the *the"]),
        ("😀😀 an an end", ["an an"]),
        ("She had had enough, and that that he knew was very very little.", []),
        ("`the the` and the `x` the end.", []),
        ("```\nthe the\n```", []),
        ("He said the, the end.", []),
        ("Duran Duran", []),
        ("人人 都 慢慢 慢慢", []),
        ("Die Frau, die die Tür und das Haus und die Stadt nicht sah, ist der Rest.", []),
    ],
)
def test_words_that_stand_twice(text: str, found: list[str]) -> None:
    assert said(text, Kind.DOUBLED) == found


def test_a_rare_word_near_itself_but_no_figure_and_no_frequent_one() -> None:
    text = "The melancholy wheel turned in its own melancholy way."
    assert said(text, Kind.NEAR) == ["melancholy"]
    assert said("He went from window to window.", Kind.NEAR) == []
    assert said(text + " A melancholy day was over, and a melancholy night.", Kind.NEAR) == []


def test_a_sentence_that_is_long_for_its_draft() -> None:
    long = "The road " + "went on and on over the hills " * 9 + "until it ended."
    assert said(f"Short. Very short. {long} Short again.", Kind.LONG) == [long]
    assert said(" ".join([long] * 5), Kind.LONG) == []  # this writer means to


def test_sentences_all_of_one_length() -> None:
    text = " ".join(["He walked to the door."] * 6)
    assert said(text, Kind.EVEN) == [text]
    assert said("He walked to the door. He stayed. " * 6, Kind.EVEN) == []


def test_a_slip_of_tense_but_not_in_what_is_said() -> None:
    slip = "He is standing by the glass and says nothing."
    assert said(f"{PAST}{slip} {PAST}", Kind.TENSE) == ["He is"]
    assert said(f"{PAST}\n\n“{slip}”\n\n{PAST}", Kind.TENSE) == []
    assert said(PAST, Kind.TENSE) == []


def test_a_name_that_is_spelt_otherwise_elsewhere() -> None:
    text = "They saw Marta. " * 8 + "They met Martha. They left Marta's house."
    assert said(text, Kind.NAME) == ["Martha"]
    assert said("They saw Marta. " * 8 + "They met Martas.", Kind.NAME) == []
    assert said("They saw Marta. " * 8 + "They met Peter.", Kind.NAME) == []


@given(st.text(max_size=300), st.sampled_from(["", "the the ", "Ana saw Anna. "]))
def test_places_are_the_draft_s(text: str, more: str) -> None:
    draft = text + more * 3
    for one in proofread(draft):
        assert 0 <= one.start < one.end <= len(draft)


def test_it_can_be_stopped() -> None:
    asked = iter([False] * 10)
    with pytest.raises(StoppedError):
        proofread("A line of it.\n\n" * 100, lambda: next(asked, True))


def test_remarks_stand_in_the_draft_s_order() -> None:
    found = proofread("It was the the end.\n\nAnd and so.\n\nOf of it.")
    assert found == sorted(found, key=lambda one: one.start)
    assert [type(one) for one in found] == [Remark] * 3
