"""A tiny language model that checks how it is used.

Its logits are a pure function of all tokens that a sequence holds, so a mistake in the bookkeeping of the
cache shows as another text. It refuses what llama.cpp would refuse, and what it would silently get wrong:
a position that does not follow the last one, a sequence that is full, logits that were not wanted.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from cowrite.engine.backend import BackendError, Decoded, Facts, Row

WORDS = [
    *("the", "a", "and", "of", "to", "in", "he", "she", "was", "river", "boat", "light", "over"),
    *("under", "house", "morning", "then", "said", "had", "not"),
    *("wonder", "wonderful", "won", "wo", "wond", "erful"),
]
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
PIECES: list[bytes] = [
    b"",  # 0: the start token
    b"",  # 1: the end token
    *(letter.encode() for letter in LETTERS),
    *(letter.upper().encode() for letter in LETTERS),
    *(mark.encode() for mark in " \n.,!?'\"-"),
    *(f" {word}".encode() for word in WORDS),
    *(word.encode() for word in WORDS if len(word) > 1),
    b"\xe2\x80",  # half of a dash
    b"\x94",  # its other half
    "\u00e9".encode(),
    "\u5ddd".encode(),
    "\u3002".encode(),
]
START, END = 0, 1


class ToyCells:
    """Which token each sequence holds at each place, and the logits of the last batch."""

    def __init__(self, sequences: int) -> None:
        self.cells: dict[int, dict[int, int]] = {s: {} for s in range(sequences)}
        self._rows: dict[int, Row] = {}

    def row(self, index: int) -> Row:
        return self._rows[index]

    def share(self, source: int, target: int, start: int, end: int) -> None:
        for position, token in self.cells[source].items():
            if start <= position < end:
                self.cells[target][position] = token

    def forget(self, sequence: int, start: int, end: int = -1) -> bool:
        cells = self.cells[sequence]
        for position in [p for p in cells if p >= start and (end < 0 or p < end)]:
            del cells[position]
        return True


class ToyBackend(ToyCells):
    """See the module. `batches` counts decodes, `tokens_decoded` their tokens."""

    def __init__(
        self, context: int = 1024, *, logits: Callable[[tuple[int, ...]], Row] | None = None
    ) -> None:
        self.facts = Facts(
            vocabulary=len(PIECES),
            context=context,
            sequences=10,
            start=START,
            blank=PIECES.index(b"\n"),
        )
        self.logits = logits or natural_logits
        self.adapted = False
        self.batches = 0
        self.tokens_decoded = 0
        self.stopped = False
        self.stop_after: int | None = None
        super().__init__(self.facts.sequences)
        self.besides: list[ToyBeside] = []

    # Tokens

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        data, tokens = text.encode("utf-8", "replace"), []
        by_length = sorted(range(2, len(PIECES)), key=lambda token: -len(PIECES[token]))
        while data:
            token = next((t for t in by_length if data.startswith(PIECES[t])), None)
            if token is None:
                data = data[1:]
                continue
            tokens.append(token)
            data = data[len(PIECES[token]) :]
        return tokens

    def piece(self, token: int) -> bytes:
        return PIECES[token]

    def ends(self, token: int) -> bool:
        return token == END

    # Evaluation

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        assert 0 < len(tokens) <= 128, "a batch of this size is refused"
        assert len(tokens) == len(positions) == len(sequences) == len(wanted)
        if self.stop_after is not None and self.stop_after <= 0:
            self.stopped = True
        if self.stopped:
            self._half(tokens, positions, sequences)
            return Decoded.INTERRUPTED
        if self.stop_after is not None:
            self.stop_after -= 1
        if self.used() + len(tokens) > self.facts.context:
            return Decoded.FULL
        self.batches += 1
        self.tokens_decoded += len(tokens)
        self._rows.clear()
        for index, (token, position, sequence) in enumerate(
            zip(tokens, positions, sequences, strict=True)
        ):
            cells = self.cells[sequence]
            if position != len(cells) or sorted(cells) != list(range(len(cells))):
                raise BackendError(
                    f"position {position} does not follow {len(cells)} in sequence {sequence}"
                )
            cells[position] = token
            if wanted[index]:
                self._rows[index] = self.logits(
                    tuple(cells[place] for place in range(position + 1))
                )
        return Decoded.DONE

    def _half(
        self, tokens: Sequence[int], positions: Sequence[int], sequences: Sequence[int]
    ) -> None:
        """An interrupted decode may leave rubbish behind that has to be forgotten."""
        self.cells[sequences[0]][positions[0]] = tokens[0]

    def used(self) -> int:
        """Cells in use: those that sequences share count once."""
        return len(
            {(p, tuple(c[q] for q in sorted(c) if q <= p)) for c in self.cells.values() for p in c}
        )

    def save(self, sequence: int) -> bytes:
        return bytes(self.cells[sequence][place] for place in sorted(self.cells[sequence]))

    def restore(self, sequence: int, state: bytes) -> bool:
        if not state or max(state) >= len(PIECES):
            return False
        self.cells[sequence] = dict(enumerate(state))
        return True

    def attention(self) -> ToyWeights:
        return ToyWeights()

    @contextmanager
    def beside(
        self, tokens: int, sequences: int, rows: int, attention: ToyWeights | None = None
    ) -> Iterator[ToyBeside]:
        """A second context: see `ToyBeside`."""
        beside = ToyBeside(self, tokens, sequences, rows, attention)
        self.besides.append(beside)
        yield beside

    def adapt(self, *, on: bool) -> None:
        """This one has no adapter: see `test_plain_answers` for one that has."""

    def interrupt(self) -> None:
        self.stopped = True

    def resume(self) -> None:
        self.stopped = False
        self.stop_after = None


class ToyWeights:
    """Attention that was paid to each cell as much as its place says."""

    def __init__(self) -> None:
        self.on = False
        self.seen: np.ndarray | None = None

    def weights(self) -> np.ndarray | None:
        return self.seen


class ToyBeside(ToyCells):
    """A second context whose sequences may have holes: logits are a function of the tokens that are left."""

    def __init__(
        self,
        model: ToyBackend,
        tokens: int,
        sequences: int,
        rows: int,
        attention: ToyWeights | None,
    ) -> None:
        self.model, self.rows_at_most, self.attention = model, rows, attention
        super().__init__(sequences)
        self._size = tokens
        self.batches: list[int] = []

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        assert 0 < len(tokens) <= max(self.rows_at_most, 128)
        if self.model.stopped:
            return Decoded.INTERRUPTED
        assert sum(wanted) <= max(self.rows_at_most, 128)
        self._rows.clear()
        self.batches.append(len(tokens))
        for index, (token, place, sequence) in enumerate(
            zip(tokens, positions, sequences, strict=True)
        ):
            cells = self.cells[sequence]
            assert not cells or place == max(cells) + 1, "llama.cpp refuses a hole before the end"
            cells[place] = token
            if wanted[index]:
                held = tuple(cells[place] for place in sorted(cells))
                self._rows[index] = self.model.logits(held)
        new = len(
            {(p, s) for s, cells in self.cells.items() if s for p in cells if p >= min(positions)}
        )
        assert len(self.cells[0]) + new <= -(-self._size // 256) * 256
        if self.attention is not None and self.attention.on:
            size = max(positions) + 1
            self.attention.seen = np.tile(np.arange(size, dtype=float), (len(tokens), 1))
        return Decoded.DONE

    def restore(self, sequence: int, state: bytes) -> bool:
        self.cells[sequence] = dict(enumerate(state))
        return bool(state)


def natural_logits(tokens: tuple[int, ...]) -> Row:
    """Made-up logits that write something like words: a function of the tokens alone."""
    digest = hashlib.blake2b(bytes(tokens), digest_size=8).digest()
    rng = random.Random(int.from_bytes(digest, "big"))
    row = np.array([rng.gauss(0, 1.5) for _ in PIECES], dtype=np.float32)
    last = PIECES[tokens[-1]]
    for token, piece in enumerate(PIECES):
        if not piece:
            row[token] = -9.0
        elif piece[:1] == b" " and len(piece) > 1:
            row[token] += 4.0
        elif piece in (b".", b","):
            row[token] += 3.0 if last[:1] == b" " else -3.0
        elif piece.isspace() or piece[0] >= 0x80:
            row[token] -= 1.0
    return row
