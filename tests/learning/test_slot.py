"""The slot before the draft: a reducer that changes seldom."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from cowrite.learning.passages import Passage, PassageIndex
from cowrite.learning.slot import CLEARLY, EMPTY, FAR, Slot, decide, look_again, searched

A, B, C = (Passage("doc", number, 0.0, f"Passage {number}.") for number in range(3))


def test_the_first_search_fills_it() -> None:
    assert look_again(EMPTY, 0)
    slot = decide(EMPTY, 10, [A, B], 1.0, 0.0)
    assert slot == Slot((A, B), 10)
    assert slot.head == "Passage 0.\n\nPassage 1.\n\n"
    assert EMPTY.head == ""


def test_it_is_looked_at_again_only_far_from_there() -> None:
    slot = Slot((A,), 1000)
    assert not look_again(slot, 1000 + FAR - 1)
    assert not look_again(slot, 1000 - FAR + 1)
    assert look_again(slot, 1000 + FAR)
    assert look_again(slot, 1000 - FAR)


def test_it_changes_only_for_what_is_clearly_better() -> None:
    slot = Slot((A,), 0)
    assert decide(slot, 900, [B], CLEARLY * 0.99, 1.0) == Slot((A,), 900)
    assert decide(slot, 900, [B], CLEARLY * 1.01, 1.0) == Slot((B,), 900)
    assert decide(slot, 900, [], 0.0, 0.0) == Slot((A,), 900)


def test_what_stays_keeps_its_place_at_the_beginning() -> None:
    slot = Slot((A, B), 0)
    assert decide(slot, 900, [C, B], 10.0, 1.0).passages == (B, C)


@given(
    st.lists(st.sampled_from([A, B, C]), unique=True),
    st.floats(0, 10),
    st.floats(0, 10),
    st.integers(0, 9999),
)
def test_a_second_search_with_the_same_end_changes_nothing(
    found: list[Passage], worth: float, held: float, position: int
) -> None:
    slot = decide(Slot((A, B), 0), position, found, worth, held)
    again = decide(slot, position + FAR, found, worth, worth if slot.passages != (A, B) else held)
    assert again.passages == slot.passages
    assert again.looked_at == position + FAR


def test_walking_through_a_text_changes_it_seldom() -> None:
    index = PassageIndex(None)
    for number in range(30):
        body = f"Person{number} lived in Town{number} with Thing{number}. " * 12
        index.replace(str(number), body, float(number))
    text = "".join(
        f"Then Person{number // 4} spoke of Town{number // 4}. " * 12 for number in range(40)
    )
    slot, heads = EMPTY, []
    for at in range(0, len(text), 200):
        if look_again(slot, at):
            slot = searched(slot, [(index, 400, None)], text[:at][-2400:], at)
        heads.append(slot.head)
    changes = sum(before != after for before, after in itertools.pairwise(heads))
    assert 3 <= changes <= 15
    assert "Person9" in heads[-1]
