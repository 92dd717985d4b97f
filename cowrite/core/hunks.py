"""The hunks of a passage that is being made anew: each can be taken or refused. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cowrite.core.diff import Change, Piece
from cowrite.core.edits import Edit
from cowrite.core.named import names_and_numbers
from cowrite.core.provenance import Run, Runs, Source, joined
from cowrite.core.word_diff import alike
from cowrite.core.words import words


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


@dataclass(frozen=True, slots=True)
class Decided:
    """pieces: those after a hunk was decided on. head: how many of them end with it; read: how much of the
    new text those stand for."""

    pieces: list[Piece]
    head: int
    read: int


def decide(pieces: Sequence[Piece], at: int, gone: str, new: str | None) -> Decided | None:
    """Make the hunk at a place of the passage plain text; None where it is not there.

    gone: what it would take away. new: what it brings, which is taken; None to refuse it.
    """
    place = read = 0
    for index, (kind, text) in enumerate(pieces):
        if place == at and kind is not Change.SAME:
            return _decided(pieces, index, gone, new, read)
        place += len(text) if kind is not Change.NEW else 0
        read += len(text) if kind is not Change.GONE else 0
    return None


def _decided(
    pieces: Sequence[Piece], index: int, gone: str, new: str | None, read: int
) -> Decided | None:
    stop = index
    while stop < len(pieces) and pieces[stop][0] is not Change.SAME:
        stop += 1
    hunk = pieces[index:stop]
    old = "".join(text for kind, text in hunk if kind is Change.GONE)
    fresh = "".join(text for kind, text in hunk if kind is Change.NEW)
    if old != gone or (new is not None and fresh != new):
        return None
    kept = old if new is None else fresh
    plain: list[Piece] = [(Change.SAME, kept)] if kept else []
    fresh_pieces = [*pieces[:index], *plain, *pieces[stop:]]
    return Decided(fresh_pieces, index + len(plain), read + len(fresh))


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
