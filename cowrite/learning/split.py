"""What is trained on and what judges: the newest tenth is held out, by time and by document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cowrite.learning.library import Work
from cowrite.learning.screening import without_repeats

HELD_OUT = 0.1
"""The share of all characters that judges: the newest."""

LEAST_HELD_OUT = 6_000
"""Characters without which nothing can be judged; some fifteen hundred tokens."""

LEAST_NEW = 8_000
"""New characters from which on training is worth its time; some two thousand tokens."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Paragraphs of one work that follow one another."""

    document_id: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between two."""
        return "\n\n".join(self.paragraphs)

    @property
    def characters(self) -> int:
        return sum(map(len, self.paragraphs))


@dataclass(frozen=True, slots=True)
class Corpus:
    """The pieces to learn from and those that judge, each in the order in which they were written."""

    train: tuple[Piece, ...]
    held_out: tuple[Piece, ...]

    def unseen(self, seen: frozenset[str]) -> tuple[Piece, ...]:
        """The paragraphs to train on that are not among the `seen` marks (`mark_of`)."""
        return _only(self.train, lambda text: mark_of(text) not in seen)

    def already(self, seen: frozenset[str]) -> tuple[Piece, ...]:
        """The paragraphs to train on that are."""
        return _only(self.train, lambda text: mark_of(text) in seen)


def mark_of(paragraph: str) -> str:
    """What a paragraph is known by without being kept: sixteen digits of its SHA-256."""
    return hashlib.sha256(paragraph.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def characters(pieces: Sequence[Piece]) -> int:
    """How many characters some pieces hold."""
    return sum(piece.characters for piece in pieces)


def distinct(works: Sequence[Work]) -> list[Work]:
    """The works without what stands in newer ones, oldest first."""
    screened = without_repeats([work.screened for work in works])
    return [replace(work, screened=one) for work, one in zip(works, screened, strict=True)]


def split(works: Sequence[Work]) -> Corpus:
    """Divide works that are `distinct`, oldest first.

    From the newest on, works are held out whole while they fit into the tenth; of the one that does not,
    its last paragraphs.
    """
    whole = sum(map(len, (one for work in works for one in work.screened.paragraphs)))
    left = max(round(HELD_OUT * whole), min(LEAST_HELD_OUT, whole // 2))
    train: list[Piece] = []
    held: list[Piece] = []
    for work in reversed(works):
        paragraphs = work.screened.paragraphs
        at = _place_of_last(paragraphs, left)
        # Where a paragraph was too long for what is left, nothing older is held out.
        left = left - sum(map(len, paragraphs[at:])) if at == 0 else 0
        for out, part in ((held, paragraphs[at:]), (train, paragraphs[:at])):
            if part:
                out.append(Piece(work.document_id, work.title, part))
    return Corpus(tuple(train[::-1]), tuple(held[::-1]))


def _place_of_last(paragraphs: Sequence[str], size: int) -> int:
    """The number of the first of the last paragraphs that together are at most `size` characters long."""
    at = len(paragraphs)
    while at > 0 and size >= len(paragraphs[at - 1]):
        size -= len(paragraphs[at - 1])
        at -= 1
    return at


def _only(pieces: Sequence[Piece], wanted: Callable[[str], bool]) -> tuple[Piece, ...]:
    found = (
        Piece(piece.document_id, piece.title, tuple(filter(wanted, piece.paragraphs)))
        for piece in pieces
    )
    return tuple(piece for piece in found if piece.paragraphs)
