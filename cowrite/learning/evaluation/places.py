"""A simulated writer: what suggestions are worth to somebody who knows the next words already.

At each place the writer, who is about to write what the text says next, does what saves the most keys: accept
words of a candidate while they are the right ones (a key a word, or one for the whole candidate where it is
the true sentence), after cycling to it (a key each), or nothing. A word is right when it is the text's word
with the punctuation behind it. Keys for asking are not counted: they are the same for all.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.core import segmentation
from cowrite.core.document import Document

RUN = 10
"""Places in a run, some words apart, so that most of the prompt is evaluated already."""

TOKENS = 12
"""The most tokens of a candidate."""

KINDS = ("word end", "behind the space", "inside a word")

_AHEAD = 400
"""Characters of what comes next that are looked at."""


@dataclass(frozen=True)
class Place:
    """A place in a text: what was written, what comes next, and what kind of place it is."""

    chapter: Document
    offset: int
    kind: str
    run: int

    @property
    def coming(self) -> str:
        """What the text says next."""
        return self.chapter.slice(self.offset, min(len(self.chapter), self.offset + _AHEAD))


def drawn_places(texts: Sequence[str], count: int, seed: int) -> list[Place]:
    """Runs of places, each run somewhere in one of the texts; all choices follow from the seed.

    Fewer than `count` where the texts have too few words.
    """
    rng = random.Random(seed)
    documents = [(Document(text), word_ends(text)) for text in texts]
    documents = [(document, ends) for document, ends in documents if len(ends) > RUN * 12]
    found: list[Place] = []
    run = 0
    while documents and len(found) < count:
        document, ends = documents[run % len(documents)]
        last = max(1, len(ends) - RUN * 12)
        at = rng.randrange(min(250, last - 1), last)
        for number in range(RUN):
            at += rng.randint(4, 12)
            if at + 2 >= len(ends):
                break
            offset, kind = place_at(document.text, ends[at], number, rng)
            found.append(Place(document, offset, kind, run))
        run += 1
    return found[:count]


def word_ends(text: str) -> list[int]:
    """Where words end that one space and another word follow."""
    return [match.end() for match in re.finditer(r"\w+(?= \w)", text)]


def place_at(text: str, end: int, number: int, rng: random.Random) -> tuple[int, str]:
    """Offset and kind of the place that `number` says: at a word's end, or in the word behind it."""
    kind = KINDS[number % len(KINDS)]
    if kind == KINDS[1]:
        return end + 1, kind
    if kind == KINDS[2]:
        word = re.match(r"\w+", text[end + 1 : end + 60])
        size = len(word.group()) if word else 0
        if size >= 4:
            return end + 1 + rng.randint(2, size - 2), kind
    return end, KINDS[0]


def saved(candidates: list[str], coming: str) -> int:
    """Keys saved by the best that the writer can do with these candidates."""
    best = 0
    for cycles, text in enumerate(candidates):
        at = keys = 0
        while at < len(text):
            end = segmentation.word_end(text, at)
            piece = text[:end]
            right = coming.startswith(piece) and not coming[end : end + 1].isalnum()
            if not right or end == at:
                break
            at, keys = end, keys + 1
            best = max(best, at - keys - cycles)
        if text and coming.startswith(text) and not coming[len(text) : len(text) + 1].isalnum():
            best = max(best, len(text) - 1 - cycles)
    return best
