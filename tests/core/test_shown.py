"""What the model is shown, in parts and in sentences: all of the text, in order, each of one part."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.context import (
    NEAR,
    ContextPart,
    PartKind,
    context_at,
    near_place,
    sentences,
    whole_sentences,
)
from cowrite.core.document import Document
from cowrite.core.shown import draft_offset, pieces, place_in_draft, stretches

PROSE = st.lists(
    st.sampled_from(
        ["He went. ", "Why? ", "\n", "\n\n", "\r\n", "word ", "Mr. Quill", "日本。", "x" * 30]
    ),
    max_size=80,
).map("".join)
PARTS = st.lists(st.builds(ContextPart, st.sampled_from(PartKind), PROSE), max_size=5).map(tuple)


@given(PROSE, PARTS, st.integers(0, 400), st.data())
def test_pieces_cover_all_that_is_sent(
    text: str, parts: tuple[ContextPart, ...], budget: int, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(text)))
    context = context_at(Document(text), position, budget=budget, parts=parts)
    for found in (stretches(context), pieces(context), pieces(context, 5)):
        assert "".join(context.text[one.start : one.end] for one in found) == context.text
        assert all(one.end == other.start for one, other in pairwise(found))
    own = "".join(
        context.text[one.start : one.end] for one in stretches(context) if one.part is None
    )
    assert own == context.before


@given(PROSE, PARTS, st.data())
def test_a_place_of_the_draft_is_found_again(
    text: str, parts: tuple[ContextPart, ...], data: st.DataObject
) -> None:
    context = context_at(Document(text), len(text), budget=200, parts=parts)
    offset = data.draw(st.integers(0, max(0, len(context.text) - 1)))
    place = place_in_draft(context, offset)
    if place is not None:
        assert context.before[place] == context.text[offset]
        there = draft_offset(context, text[context.start :], place)
        assert text[there] == context.before[place] or (text[there], context.before[place]) == (
            "\r",
            "\n",
        )


def test_neighbours_are_joined_where_there_are_many() -> None:
    text = "A word. " * 300
    context = context_at(Document(text), len(text), budget=10_000)
    sizes = [one.end - one.start for one in pieces(context, 40)]
    assert len(sizes) == 40
    assert max(sizes) <= 3 * min(sizes)


# Parts near the position

LONG = "".join(f"{number}. " + "The wind blew all the day. " * 5 + "\n\n" for number in range(60))


def test_parts_near_the_position_move_once_in_half_of_their_reach() -> None:
    places, document = [], Document()
    for at, sign in enumerate(LONG):
        document.replace(at, at, sign)
        places.append(near_place(document, 0, at + 1))
    moves = [at for at, (one, other) in enumerate(pairwise(places)) if one != other]
    assert places == sorted(places)
    assert len(moves) <= len(LONG) / (NEAR / 2) + 1
    assert all(LONG[:place].endswith("\n\n") for place in places if place)
    assert all(at - place <= 1.3 * NEAR for at, place in enumerate(places))
    assert all(at - place >= NEAR / 4 - 1 for at, place in enumerate(places) if place)


def test_a_change_near_the_position_leaves_what_stands_before() -> None:
    document = Document(LONG)
    one = ContextPart(PartKind.LORE, "Marta is a clockmaker.")
    other = ContextPart(PartKind.LORE, "Tom is a sailor, and always was one.")
    first = context_at(document, len(LONG), budget=5000, parts=(one,), reserved=500)
    second = context_at(document, len(LONG), budget=5000, parts=(other,), reserved=500)
    same = next(i for i, (a, b) in enumerate(zip(first.text, second.text, strict=False)) if a != b)
    assert (first.before, first.start) == (second.before, second.start)
    assert len(first.text) - same <= 1.5 * NEAR


def test_stable_parts_come_first_whatever_their_order_was() -> None:
    parts = tuple(ContextPart(kind, f"The {kind}.") for kind in reversed(PartKind))
    context = context_at(Document(LONG), len(LONG), budget=5000, parts=parts)
    assert [part.kind for part in context.parts] == list(PartKind)
    assert context.head.startswith("The head.The notes.\n\nThe summary.\n\nThe passage.")
    assert context.text.index("The lore.") > context.text.index("The passage.")


# Nothing is cut within a sentence


@given(PROSE, st.integers(0, 200), st.booleans())
def test_only_whole_sentences_are_kept(text: str, size: int, last: bool) -> None:
    kept = whole_sentences(text, size, last=last)
    assert len(kept) <= max(size, 0)
    assert text.endswith(kept) if last else text.startswith(kept)
    borders = {0, len(text)} | {end for _, end in sentences(text)}
    if last:
        assert len(text) - len(kept) in borders
    elif kept:
        assert any(text[:border].rstrip() == kept or text[:border] == kept for border in borders)


def test_as_many_sentences_as_there_is_room_for() -> None:
    text = "One went. Two went. Three went."
    assert whole_sentences(text, 20) == "One went. Two went."
    assert whole_sentences(text, 18) == "One went."
    assert whole_sentences(text, 5) == ""
    assert whole_sentences(text, 23, last=True) == "Two went. Three went."
    assert whole_sentences(text, 99) == text
