"""What is shown of who wrote what: whole words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.marks import Mark, marks
from cowrite.core.provenance import FILE, PASTE, WRITER, Author, Source, joined

M, N = Source(Author.MODEL, "s1"), Source(Author.MODEL, "s2")
SIGNS = {Mark.MODEL: "M", Mark.CHANGED: "C", Mark.PASTE: "P", Mark.FILE: "F", Mark.WRITER: "w"}
SOURCES = {"w": WRITER, "M": M, "N": N, "P": PASTE, "F": FILE}


def shown(*pieces: tuple[str, str]) -> list[tuple[str, str]]:
    """Pieces of text with who wrote them -> pieces with their marks."""
    text = "".join(piece for _, piece in pieces)
    runs = tuple(joined((len(piece), SOURCES[who]) for who, piece in pieces))
    out, at = [], 0
    for length, mark in marks(text, runs):
        out.append((SIGNS[mark], text[at : at + length]))
        at += length
    assert at == len(text)
    return out


CASES = {
    "one author": ([("M", " walked home.")], [("M", " walked home.")]),
    "the trial": (
        [("w", "He came to"), ("M", " "), ("w", "it"), ("M", ".")],
        [("w", "He came to it.")],
    ),
    "a stop behind the writer's word": (
        [("w", "One"), ("M", "."), ("w", " Two")],
        [("w", "One. Two")],
    ),
    "a break is of the text before": (
        [("F", "One."), ("M", "\n\n"), ("w", "Two")],
        [("F", "One."), ("w", "\n\nTwo")],
    ),
    "pasted signs": ([("w", "One"), ("P", " — "), ("w", "two")], [("w", "One — two")]),
    "signs first": ([("P", "“"), ("w", "One")], [("w", "“One")]),
    "signs alone": ([("M", "…")], [("M", "…")]),
    "an emoji is a word": (
        [("w", "Ha "), ("M", "😀"), ("w", " ha")],
        [("w", "Ha "), ("M", "😀"), ("w", " ha")],
    ),
    "changed between": (
        [("M", "He "), ("w", "slowly "), ("M", "walked."), ("w", " So")],
        [("C", "He slowly walked."), ("w", " So")],
    ),
    "between two suggestions": (
        [("M", "He ran."), ("w", " Then"), ("N", " he sat.")],
        [("M", "He ran."), ("w", " Then"), ("M", " he sat.")],
    ),
    "another ending": (
        [("M", "He walk"), ("w", "s"), ("N", " on.")],
        [("M", "He "), ("C", "walks"), ("M", " on.")],
    ),
    "another beginning and end": ([("w", "un"), ("M", "safe"), ("w", "ly")], [("C", "unsafely")]),
    "finished by the model": (
        [("w", "The wond"), ("M", "er grew.")],
        [("w", "The wonder"), ("M", " grew.")],
    ),
    "mostly the model's": (
        [("w", "The w"), ("M", "onder grew.")],
        [("w", "The "), ("M", "wonder grew.")],
    ),
    "an apostrophe": ([("w", "The do"), ("M", "n't ask.")], [("w", "The "), ("M", "don't ask.")]),
    "letters of marks": (
        [("w", "cafe"), ("P", "\u0301 ole")],
        [("w", "cafe\u0301"), ("P", " ole")],
    ),
    "ideographs": (
        [("w", "他"), ("M", "说"), ("w", "好")],
        [("w", "他"), ("M", "说"), ("w", "好")],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("name", CASES)
def test_l9_marks_are_of_words(name: str) -> None:
    pieces, wanted = CASES[name]
    assert shown(*pieces) == wanted


PIECES = st.lists(
    st.tuples(st.sampled_from("wMNPF"), st.text("ab'’ .\n—é\u0301好😀", min_size=1, max_size=5)),
    max_size=8,
)


@given(PIECES)
def test_l9_no_mark_ends_inside_of_a_word(pieces: list[tuple[str, str]]) -> None:
    found = shown(*pieces)
    for (_, before), (_, behind) in itertools.pairwise(found):
        assert not (before[-1] in "abé" and behind[0] in "abé\u0301")
    assert all(one != other for (one, _), (other, _) in itertools.pairwise(found))


@given(PIECES)
def test_who_wrote_all_is_marked_alone(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece for _, piece in pieces)
    for who in "wMPF":
        assert shown((who, text)) == ([(who, text)] if text else [])
