"""The hunks of a passage that is being made anew: each can be taken or refused. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cowrite.core.diff import Change, Piece
from cowrite.core.edits import Edit
from cowrite.core.named import names_and_numbers
from cowrite.core.provenance import Run, Runs, Source, joined
from cowrite.core.word_diff import alike
from cowrite.core.words import words

_SIGNS = re.compile(r"\w+|[^\w\s]|[\r\n]")
"""No bigger than the words that are compared: texts without one in common are alike in nothing."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change that can be taken or refused.

    at: where it is in the passage as the draft has it now, in code points. gone: what of that would go, new:
    what would come in its place. settled: whether the model has written past it, so that it can be decided on.
    """

    at: int
    gone: str
    new: str
    settled: bool = True

    @property
    def end(self) -> int:
        """Where it ends in the passage."""
        return self.at + len(self.gone)


def hunks_of(pieces: Sequence[Piece], *, whole: bool) -> list[Hunk]:
    """What is to be decided on still, in the order of the text. whole: whether nothing is being written."""
    out: list[Hunk] = []
    place, gone, new = 0, "", ""
    for kind, text in (*pieces, (Change.SAME, "")):
        if kind is Change.GONE:
            gone += text
        elif kind is Change.NEW:
            new += text
        else:
            if gone or new:
                out.append(Hunk(place, gone, new))
                place += len(gone)
                gone = new = ""
            place += len(text)
    if out and not whole:
        out[-1] = replace(out[-1], settled=False)
    return out


@lru_cache(maxsize=4)
def missing(passage: str, fresh: str) -> frozenset[str]:
    """The names and numbers of a passage that a text made of it does not say, in small letters."""
    kept = {named.value for named in names_and_numbers(fresh, passage)}
    kept |= {fresh[start:end].casefold() for start, end in words(fresh)}
    found = names_and_numbers(passage)
    return frozenset(named.text.casefold() for named in found if named.value not in kept)


def places_of(wanted: frozenset[str], pieces: Sequence[Piece]) -> tuple[tuple[int, int], ...]:
    """Where in the passage these words stand in what would go."""
    out: list[tuple[int, int]] = []
    place = 0
    for kind, text in pieces if wanted else ():
        if kind is Change.GONE:
            out += [
                (place + start, place + end)
                for start, end in words(text)
                if text[start:end].casefold() in wanted
            ]
        place += len(text) if kind is not Change.NEW else 0
    return tuple(out)


def authors(hunk: Hunk, before: Runs, source: Source) -> Runs:
    """Who wrote what a hunk brings: words that stood there keep their author, the others are of `source`.

    before: who wrote what goes.
    """
    if set(_SIGNS.findall(hunk.gone)).isdisjoint(_SIGNS.findall(hunk.new)):
        return tuple(
            joined([(len(hunk.new), source)])
        )  # most hunks: no word of the old one is kept
    out: list[Run] = []
    place = 0
    for at, there, length in (*alike(hunk.gone, hunk.new), (0, len(hunk.new), 0)):
        out.append((there - place, source))
        out += _part(before, at, at + length)
        place = there + length
    return tuple(joined(out))


def _part(runs: Runs, start: int, end: int) -> list[Run]:
    out: list[Run] = []
    place = 0
    for length, source in runs:
        low, high = max(start, place), min(end, place + length)
        if low < high:
            out.append((high - low, source))
        place += length
    return out


@dataclass(frozen=True, slots=True)
class Taken:
    """A hunk that is in the draft, and what the rewrite was like before: undo brings that back."""

    edit: Edit
    pieces: tuple[Piece, ...]
    head: int
    read: int
    index: int
    written: bool


def undoes(edit: Edit, other: Edit) -> bool:
    """Whether an edit takes back the other one."""
    return (edit.start, edit.deleted, edit.inserted) == (other.start, other.inserted, other.deleted)


def repeats(edit: Edit, other: Edit) -> bool:
    """Whether an edit does the same as the other one."""
    return (edit.start, edit.deleted, edit.inserted) == (other.start, other.deleted, other.inserted)
