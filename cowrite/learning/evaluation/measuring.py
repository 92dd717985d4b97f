"""One text measured with one model: nats of each token, keys at each place, both by passage."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import Backend, Row
from cowrite.engine.generation.healing import PieceIndex, PromptTail, find_tail
from cowrite.engine.generation.repetition import Repetition, breaking
from cowrite.engine.generation.sampling import Scratch, shortlist
from cowrite.learning.evaluation.expected import Step, StepJudge, expected_keys, start_chances
from cowrite.learning.evaluation.forced import ForcedReader, windows
from cowrite.learning.evaluation.places import TOKENS, place_at, word_ends

WINDOW = 1536
"""Tokens of the text that the model sees at most: about what the engine shows it of a draft."""

LEAST = 128
"""Tokens of a window in a small context."""

STEP = 512
"""Tokens after which the passages before a text may be others."""

GROUP = 128
"""Tokens of a passage: the unit of the bootstrap, since neighbours are alike."""

_KEPT_ROWS = 8

Head = Callable[[int], str]
"""What stands before the text when it has been written up to this offset (code points)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a text where keys are measured: its offset, kind, and how the model comes to it.

    first, last: the tokens before which the scores are looked at. start: the token that says what is next.
    """

    offset: int
    kind: str
    first: int
    last: int
    tail: PromptTail
    true: bytes
    start: int


@dataclass(slots=True)
class Read:
    """A text as tokens: where each ends (code points), and the places to look at."""

    text: str
    tokens: list[int]
    ends: list[int]
    spots: list[Spot]

    @classmethod
    def of(cls, text: str, backend: Backend, *, every: int, seed: int) -> Read:
        """every: words from one place to the next, 0 for none."""
        tokens = backend.tokenize(text)
        data, ends, at = bytearray(), [], 0
        for token in tokens:
            data += backend.piece(token)
            at += len(data.decode("utf-8", "ignore"))
            ends.append(at)
            del data[: len(data.decode("utf-8", "ignore").encode())]
        if ends and ends[-1] != len(text):  # a vocabulary that changes the text: nats alone
            return cls(text, tokens, ends, [])
        spots = list(_spots(text, tokens, ends, backend, every, seed)) if every else []
        return cls(text, tokens, ends, spots)


def _spots(
    text: str, tokens: list[int], ends: list[int], backend: Backend, every: int, seed: int
) -> Iterator[Spot]:
    rng = random.Random(seed)
    piece = backend.piece
    for number, end in enumerate(word_ends(text)[every::every]):
        offset, kind = place_at(text, end, number, rng)
        begin = bisect_left(ends, end)
        if ends[begin] != end:
            continue
        begin += 1
        if offset == end:
            tail = find_tail(tokens[:begin], piece, max(0, begin - 4))
            first = begin - len(tail.tokens)
            yield Spot(offset, kind, first, begin, tail, piece(tokens[begin]), begin)
            continue
        typed = text[end:offset].encode()
        start, pieces = begin, []
        while start < len(tokens) and typed and len(piece(tokens[start])) <= len(typed):
            pieces.append(piece(tokens[start]))
            typed = typed[len(pieces[-1]) :]
            start += 1
        if start >= len(tokens) or start - begin > 4:
            continue
        tail = PromptTail(tuple(tokens[begin:start]), tuple(pieces))
        if typed:  # the rest of the typed letters: a token that has to go on with them
            tail = PromptTail((*tail.tokens, 0), (*tail.pieces, typed))
        yield Spot(offset, kind, begin, start, tail, piece(tokens[start])[len(typed) :], start)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way to read a text brought. By group: nats, characters, keys and places."""

    nats: dict[int, float] = field(default_factory=dict)
    chars: dict[int, int] = field(default_factory=dict)
    keys: dict[int, float] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    spots: list[tuple[int, float]] = field(default_factory=list)
    """The group and the keys of each place."""

    def spot_keys(self, text: int) -> Iterator[tuple[tuple[int, int], float]]:
        """The keys of each place, with a group that no other text has."""
        return (((text, group), keys) for group, keys in self.spots)


class Measure:
    """Measures texts with one model. sampling: as suggestions are drawn. penalise_head: whether words of what
    stands before the text count as repeats."""

    def __init__(
        self,
        reader: ForcedReader,
        index: Callable[[], PieceIndex],
        sampling: Sampling,
        *,
        n: int = 3,
        penalise_head: bool = False,
    ) -> None:
        self._reader, self._index, self._n = reader, index, n
        self._backend = reader.backend
        self._sampling = sampling
        self._judge = StepJudge(self._backend, sampling)
        self._scratch = Scratch(self._backend.facts.vocabulary)
        self._penalise_head = penalise_head

    def read(self, text: str, *, every: int, seed: int) -> Read:
        """A text as this model's tokens. every: words from one place to the next, 0 for none."""
        return Read.of(text, self._backend, every=every, seed=seed)

    def windows(self, read: Read, before: int) -> list[tuple[int, int, int]]:
        """The windows in which a text is read, with room for so many tokens before it."""
        room = self._backend.facts.context - before - before // 4 - 8
        return list(windows(len(read.tokens), max(LEAST, min(WINDOW, room))))

    def window(self, read: Read, head: Head, bounds: tuple[int, int, int], into: Figures) -> None:
        """Measure one of the `windows` of a text, and add it to `into`. Raises BackendError.

        head: what stands before the text; it may be another after each `STEP` tokens.
        """
        start, first, end = bounds
        steps: dict[int, Step] = {}
        chances: list[tuple[Spot, tuple[float, ...]]] = []
        rows: dict[int, Row] = {}
        due = self._due(read, first, end)
        while first < end:
            stop = min(end, first + STEP)
            written = read.ends[first - 1] if first else 0
            before = self._prompt(head(written))
            self._segment(read, before, (start, first, stop), rows, due, steps, chances, into)
            first = stop
        for spot, chance in chances:
            self._add_keys(read, spot, chance, steps, into)

    def _due(self, read: Read, first: int, end: int) -> dict[int, list[Spot]]:
        """The places whose words all come in this window, by the last token that they need."""
        due: dict[int, list[Spot]] = {}
        for spot in read.spots:
            if first <= spot.first and spot.start + TOKENS <= end:
                due.setdefault(spot.last, []).append(spot)
        return due

    def _prompt(self, head: str) -> list[int]:
        facts = self._backend.facts
        begin = [] if facts.start is None else [facts.start]
        return [*begin, *(self._backend.tokenize(head) if head else [])] or [facts.blank]

    def _segment(
        self,
        read: Read,
        before: list[int],
        bounds: tuple[int, int, int],
        rows: dict[int, Row],
        due: dict[int, list[Spot]],
        steps: dict[int, Step],
        chances: list[tuple[Spot, tuple[float, ...]]],
        into: Figures,
    ) -> None:
        start, first, end = bounds
        prompt = [*before, *read.tokens[start:first]]
        penalised = prompt if self._penalise_head else read.tokens[start:first]
        repetition = Repetition(penalised, breaking(self._backend))
        for number, row in self._reader.rows(prompt, read.tokens[first:end]):
            place = first + number
            token = read.tokens[place]
            best = shortlist(row, self._judge.width, self._scratch)
            group = place // GROUP
            into.nats[group] = into.nats.get(group, 0.0) + best.total - float(row[token])
            chars = read.ends[place] - (read.ends[place - 1] if place else 0)
            into.chars[group] = into.chars.get(group, 0) + chars
            if due:
                steps[place] = self._judge.step(best, token, repetition)
                repetition.settle(token)
                rows[place] = row.copy()
                rows.pop(place - _KEPT_ROWS, None)
            chances += [
                (spot, self._start(read, spot, rows))
                for spot in due.get(place, ())
                if spot.first in rows
            ]

    def _start(self, read: Read, spot: Spot, rows: dict[int, Row]) -> tuple[float, ...]:
        return start_chances(
            [rows[place] for place in range(spot.first, spot.last + 1)],
            spot.tail,
            read.text[max(0, spot.offset - 80) : spot.offset],
            spot.true,
            self._sampling,
            self._backend,
            self._index(),
            self._scratch,
            self._n,
        )

    def _add_keys(
        self,
        read: Read,
        spot: Spot,
        chance: tuple[float, ...],
        steps: dict[int, Step],
        into: Figures,
    ) -> None:
        last = spot.start + TOKENS
        if any(place not in steps for place in range(spot.start + 1, last)):
            return
        ends = [read.ends[place] - spot.offset for place in range(spot.start, last)]
        behind: Sequence[Step] = [steps[place] for place in range(spot.start + 1, last)]
        coming = read.text[spot.offset : spot.offset + 400]
        keys = expected_keys(coming, ends, behind, chance)
        group = spot.start // GROUP
        into.keys[group] = into.keys.get(group, 0.0) + keys
        into.places[group] = into.places.get(group, 0) + 1
        into.spots.append((group, keys))
