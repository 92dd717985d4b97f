"""The names and numbers of a text: what nobody wants to lose when it is made anew. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from cowrite.core.diff import Change, Piece
from cowrite.core.words import words

_NO_NAMES = frozenset(("i", "i'm", "i’m", "i'd", "i’d", "i'll", "i’ll", "i've", "i’ve"))
_CAPITALS = 0.2
"""The share of words with a capital letter, within sentences, from which on a capital says nothing: as in
German, where every noun has one."""
_ENDS = frozenset(".!?…:\n\r。！？")
_CLOSES = frozenset("\"'“”‘’»«›‹)]*_ \t")


def names_and_numbers(text: str) -> list[tuple[int, int]]:
    """Where they begin and end, in order. A word that begins a sentence is a name where it is one elsewhere."""
    within: list[tuple[int, int]] = []
    first: list[tuple[int, int]] = []
    numbers: list[tuple[int, int]] = []
    count = 0
    for start, end in words(text):
        word = text[start:end]
        if any(map(str.isdigit, word)):
            numbers.append((start, end))
            continue
        begins = _begins_sentence(text, start)
        count += not begins
        if word[0].isupper() and word.casefold() not in _NO_NAMES:
            (first if begins else within).append((start, end))
    if len(within) > max(3, _CAPITALS * count):
        return numbers
    known = {text[start:end] for start, end in within}
    again = [(start, end) for start, end in first if text[start:end] in known]
    return sorted([*numbers, *within, *again])


def _begins_sentence(text: str, start: int) -> bool:
    place = start - 1
    while place >= 0 and text[place] in _CLOSES:
        place -= 1
    return place < 0 or text[place] in _ENDS


@lru_cache(maxsize=2)
def lost(pieces: tuple[Piece, ...]) -> tuple[tuple[int, int], ...]:
    """Where in the passage the names and numbers are that would go, and not come again."""
    passage = "".join(text for kind, text in pieces if kind is not Change.NEW)
    fresh = "".join(text for kind, text in pieces if kind is not Change.GONE)
    kept = {fresh[start:end].casefold() for start, end in words(fresh)}
    going = list(_going(pieces))
    return tuple(
        (start, end)
        for start, end in names_and_numbers(passage)
        if passage[start:end].casefold() not in kept
        and any(low <= start and end <= high for low, high in going)
    )


def _going(pieces: tuple[Piece, ...]) -> Iterator[tuple[int, int]]:
    place = 0
    for kind, text in pieces:
        if kind is Change.GONE:
            yield place, place + len(text)
        if kind is not Change.NEW:
            place += len(text)
