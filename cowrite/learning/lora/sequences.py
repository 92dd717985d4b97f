"""Texts as sequences of tokens, in the order in which a training sees them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from cowrite.learning.job import Job

SHORTEST = 32
"""Tokens below which the rest of a text goes with the sequence before it."""


class Kind(Enum):
    """Whose text it is: new of the writer's, seen before, or by others."""

    OWN = "own"
    EARLIER = "earlier"
    GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens that are evaluated together. end: characters of the document that are seen with this one."""

    tokens: tuple[int, ...]
    kind: Kind
    document: str = ""
    end: int = 0

    @property
    def learned(self) -> int:
        """Tokens that are predicted."""
        return len(self.tokens) - 1


class Cutter:
    """Cuts texts into sequences of `size` tokens. start: what each begins with, None for nothing."""

    def __init__(
        self,
        tokenize: Callable[[str], list[int]],
        piece: Callable[[int], bytes],
        start: int | None,
        size: int,
    ) -> None:
        self._tokenize, self._piece = tokenize, piece
        self._start = [] if start is None else [start]
        self._size = size - len(self._start)

    def cut(self, text: str, kind: Kind, document: str = "") -> Iterator[Part]:
        """The sequences of a text, which cover it whole where it has two tokens or more."""
        tokens = self._tokenize(text)
        places = list(range(0, len(tokens), self._size))
        if len(places) > 1 and len(tokens) - places[-1] < SHORTEST:
            places.pop()
        data = b""
        for place, following in zip(places, [*places[1:], len(tokens)], strict=True):
            part = tokens[place:following]
            data += b"".join(map(self._piece, part))
            end = min(len(text), len(data.decode("utf-8", "ignore")))
            if following == len(tokens):
                end = len(text)
            whole = (*self._start, *part)
            if len(whole) > 1:
                yield Part(whole, kind, document, end)


def plan(job: Job, cutter: Cutter) -> list[list[Part]]:
    """The steps of a training: the writer's text in order, and behind it, by their shares, the other texts."""
    rng = random.Random(job.seed)
    own = [part for name, text in job.texts for part in cutter.cut(text, Kind.OWN, name)]
    others = [
        _Share(rng, [p for text in texts for p in cutter.cut(text, kind)], share)
        for texts, kind, share in (
            (job.earlier, Kind.EARLIER, job.earlier_share),
            (job.general, Kind.GENERAL, job.general_share),
        )
    ]
    ordered: list[Part] = []
    for part in own:
        ordered.append(part)
        for other in others:
            ordered += other.due(part.learned)
    return list(_steps(ordered, job.sequence))


def _steps(ordered: Sequence[Part], size: int) -> Iterator[list[Part]]:
    step: list[Part] = []
    for part in ordered:
        step.append(part)
        if sum(one.learned for one in step) >= size - 1:
            yield step
            step = []
    if step:
        yield step


class _Share:
    """Sequences of which some are seen again and again, in an order of chance, all of them equally often."""

    def __init__(self, rng: random.Random, parts: list[Part], share: float) -> None:
        self._rng, self._parts, self._share = rng, parts, share
        self._left: list[Part] = []
        self._owed = 0.0

    def due(self, tokens: int) -> list[Part]:
        """What comes behind so many tokens of the writer's."""
        self._owed += tokens * self._share if self._parts else 0.0
        out = []
        while self._owed > 0 and self._parts:
            if not self._left:
                self._left = self._rng.sample(self._parts, len(self._parts))
            if self._owed < self._left[-1].learned:
                break
            out.append(self._left.pop())
            self._owed -= out[-1].learned
        return out
