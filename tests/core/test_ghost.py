"""The ghost: taken in parts, given back, cycled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    GHOST,
    PANE,
    Body,
    Closed,
    Edited,
    Generated,
    Moved,
    Requested,
    Shown,
)
from cowrite.core.ghost import Effect, Ghosts, Suggestion
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, Params, Timings

TEXTS = ["It was late. They went home.", "It was early; they stayed.", "Nobody knew."]


def suggestion(*texts: str, position: int = 10) -> Suggestion:
    return Suggestion("s1", position, list(texts or TEXTS))


def take(ghost: Suggestion, text: str) -> None:
    """The beginning of the ghost goes into the draft."""
    edit = Edit(
        ghost.position,
        "",
        text,
        Origin.SUGGESTION,
        suggestion_id=ghost.suggestion_id,
        part=Part.WORD,
    )
    assert ghost.edited(edit) is Effect.TOOK


def give_back(ghost: Suggestion, text: str) -> bool:
    """Delete these characters before the ghost; whether it got them back."""
    if not ghost.accepted.ends_with(text):
        return False
    edit = Edit(ghost.position - len(text), text, "", Origin.TYPED)
    return ghost.edited(edit) is Effect.GAVE_BACK


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
        take(ghost, taken)
        got += taken
        assert (ghost.taken, ghost.ghost, ghost.position) == (got, text[len(got) :], 7 + len(got))
    for sign in reversed(got):
        assert give_back(ghost, sign)
    assert (ghost.taken, ghost.ghost, ghost.position) == ("", text, 7)


def test_only_what_was_taken_last_is_given_back() -> None:
    ghost = suggestion()
    take(ghost, "It was")
    assert not give_back(ghost, "It")
    assert not give_back(ghost, "")
    assert not give_back(ghost, "xIt was")
    assert give_back(ghost, " was")
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
    take(ghost, "It was ")
    assert ghost.choices == [0, 1]
    assert ghost.cycle(1)
    assert ghost.ghost == "early; they stayed."
    assert ghost.cycle(1)
    assert ghost.index == 0
    take(ghost, "late.")
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
    take(ghost, "It was ")
    ghost.texts[0] = "Rewritten."
    assert ghost.ghost == ""
    assert ghost.choices == [1]


# What the events of a session make of it


def asked(name: str = "s1", position: int = 10, n: int = 3) -> Requested:
    return Requested(name, position, 0, position, Params(n=n), "small", "")


def after(*bodies: Body) -> Ghosts:
    ghosts = Ghosts()
    for body in bodies:
        ghosts.apply(body)
    return ghosts


def typed(start: int, text: str, origin: Origin = Origin.TYPED) -> Edited:
    return Edited(Edit(start, "", text, origin))


def answered(name: str = "s1") -> Generated:
    return Generated(name, tuple(map(Candidate, TEXTS)), Timings())


def test_it_is_on_its_way_from_its_request_to_its_end() -> None:
    assert after().current is None
    current = after(asked(), answered(), Shown("s1", 1)).current
    assert current is not None
    assert (current.ghost, current.index, current.done) == (TEXTS[1], 1, True)
    assert after(asked(), Closed("s1", Closing.MOVED, 0)).current is None
    other = after(asked(), Closed("s0", Closing.MOVED, 0)).current
    assert other is not None
    assert other.closing is None


def test_a_failed_answer_leaves_what_was_there() -> None:
    failed = Generated("s1", (), Timings(), error="it ended")
    current = after(asked(), answered(), failed).current
    assert current is not None
    assert current.ghost == TEXTS[0]


def test_the_ghost_is_alone_and_the_pane_shows_others_beside_it() -> None:
    current = after(asked(), Shown("s1", 0), Shown("s1", 0, PANE), Shown("s1", 2, PANE)).current
    assert current is not None
    assert current.index == 0
    assert current.on_screen == {(0, GHOST), (0, PANE), (2, PANE)}
    current.shown(2)
    assert (current.index, current.on_screen) == (2, {(2, GHOST)})


def test_what_gave_way_is_back_after_an_undo() -> None:
    ghosts = after(asked(position=4), answered(), Shown("s1", 0))
    current = ghosts.current
    assert current is not None
    current.take_place_of(3)
    ghosts.apply(Edited(Edit(4, "old", "", Origin.REPLACE)))
    assert (current.replaces, current.position) == (0, 4)
    word = Edit(4, "", "It", Origin.SUGGESTION, suggestion_id="s1", candidate=0, part=Part.WORD)
    ghosts.apply(Edited(word))
    assert (current.taken, current.position) == ("It", 6)
    ghosts.apply(Edited(Edit(4, "It", "", Origin.UNDO)))
    ghosts.apply(Edited(Edit(4, "", "old", Origin.UNDO)))
    assert (current.taken, current.position, current.replaces) == ("", 4, 3)
    assert ghosts.current is current


def test_an_edit_before_it_moves_it_and_one_in_its_place_breaks_it() -> None:
    ghosts = after(asked(), answered(), Shown("s1", 0), typed(0, "Now: "))
    assert ghosts.current is not None
    assert ghosts.current.position == 15
    ghosts.apply(typed(15, "x"))
    assert ghosts.current is None


def test_before_anything_is_shown_its_place_goes_along_with_what_is_typed() -> None:
    current = after(asked(), typed(10, "xy")).current
    assert current is not None
    assert current.position == 12


def test_a_known_suggestion_that_is_shown_again_stands_at_the_cursor() -> None:
    ghosts = Ghosts({"s1": ("a\r\nb",)})
    for body in (asked(), Shown("s1", 0), Closed("s1", Closing.REJECTED, 0), Moved(3, 3)):
        ghosts.apply(body)
    assert ghosts.current is None
    ghosts.apply(Shown("s1", 0))
    assert ghosts.current is not None
    assert (ghosts.current.position, ghosts.current.ghost) == (3, "a\nb")
    for unknown in (Shown("s1", 7), Shown("s2", 0)):
        ghosts.apply(unknown)
    assert ghosts.current.on_screen == {(0, GHOST)}


def test_a_copy_goes_on_by_itself() -> None:
    ghosts = after(asked(), answered(), Shown("s1", 0))
    copy = ghosts.copy()
    take_it = Edit(10, "", "It", Origin.SUGGESTION, suggestion_id="s1", candidate=0, part=Part.WORD)
    copy.apply(Edited(take_it))
    copy.apply(Shown("s1", 1))
    assert ghosts.current is not None
    assert copy.current is not None
    assert (ghosts.current.taken, ghosts.current.index, ghosts.current.position) == ("", 0, 10)
    assert (copy.current.taken, copy.current.index, copy.current.position) == ("It", 1, 12)
    copy.current.grow(0, "!")
    assert ghosts.current.texts == TEXTS
