"""Token healing: the first token of a candidate, chosen as if the text had not been cut where it was.

A prompt that ends in `wond` ends in tokens that a model has hardly seen at that place, since it learned
` wonder` as one. So the last tokens are backed off, up to the beginning of the word, and what comes next
must agree with the characters that were typed. The ways to do so are weighed exactly: for each number k
of the backed-off tokens that is kept, the probability of those k, times that of each token that begins
with the characters which are left. The rows of logits that this needs come from the prompt's evaluation,
so it costs no decode.

The fault and its name: Lundberg and Ribeiro, "Prompt Boundaries and Token Healing" (guidance, 2023), where one
token is backed off, and what goes on from it is chosen by a mask; weighing all the ways is ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.backend import Backend, Row
from cowrite.engine.generation.sampling import Scratch, Shortlist, log_sum, shortlist

LONGEST_TAIL = 4
"""The most tokens that are backed off."""

_MOST_OF_SOME = 600

_WIDTH = 24
"""Bytes of a piece that the index compares; longer pieces are rare and never typed."""


_OPENERS = (
    (b"A", b"Z"),
    (b'"', b'"'),
    ("\u00c0".encode(), "\u00de".encode()),
    ("\u201c".encode(), "\u201c".encode()),
    ("\u2018".encode(), "\u2018".encode()),
    ("\u201e".encode(), "\u201e".encode()),
    ("\u00ab".encode(), "\u00ab".encode()),
)
"""The first and the last of each kind of letter or mark that a paragraph begins with, in UTF-8."""


@dataclass(frozen=True, slots=True)
class PromptTail:
    """The end of a prompt that may be backed off: its tokens, and the bytes of each."""

    tokens: tuple[int, ...] = ()
    pieces: tuple[bytes, ...] = ()

    def rest(self, kept: int) -> bytes:
        """The bytes that the next token must begin with when `kept` tokens of the tail stay."""
        return b"".join(self.pieces[kept:])


def find_tail(tokens: Sequence[int], piece: Callable[[int], bytes], floor: int) -> PromptTail:
    """The tokens of the last word, or of the white space at the end; never those before `floor`."""
    first = len(tokens)
    while first > floor and len(tokens) - first < LONGEST_TAIL:
        data = piece(tokens[first - 1])
        if not data:
            break
        if first < len(tokens) and data[-1:].isspace():
            break
        first -= 1
        if data[:1].isspace():
            break
    else:
        if first > floor:
            first = len(tokens) - 1
    return PromptTail(tuple(tokens[first:]), tuple(piece(token) for token in tokens[first:]))


class PieceIndex:
    """Which tokens begin with given bytes: the pieces of a vocabulary in sorted order."""

    def __init__(self, sorted_pieces: NDArray[np.bytes_], order: NDArray[np.int32]) -> None:
        self._sorted = sorted_pieces
        self._order = order
        self._paragraphs: NDArray[np.int64] | None = None

    @property
    def paragraphs(self) -> NDArray[np.int64]:
        """The tokens that a paragraph of Latin script may begin with: a capital, or a quotation mark, also
        behind a space, which some models want before every word.
        """
        if self._paragraphs is None:
            first = np.zeros(len(self._sorted), dtype=np.bool_)
            spaced = [(b" " + low, b" " + high) for low, high in _OPENERS]
            for low, high in [*_OPENERS, *spaced]:
                start = int(np.searchsorted(self._sorted, low, side="left"))
                end = int(np.searchsorted(self._sorted, high + b"\xff" * 8, side="right"))
                first[start:end] = True
            self._paragraphs = self._order[first].astype(np.int64)
        return self._paragraphs

    @classmethod
    def build(cls, backend: Backend) -> PieceIndex:
        """Read every piece: half a second for 262,144 of them."""
        pieces = np.zeros(backend.facts.vocabulary, dtype=f"S{_WIDTH}")
        for token in range(len(pieces)):
            pieces[token] = backend.piece(token)[:_WIDTH]
        order = np.argsort(pieces, kind="stable").astype(np.int32)
        return cls(pieces[order], order)

    @classmethod
    def load(cls, path: Path, vocabulary: int) -> PieceIndex | None:
        """The index that was saved at `path`, None where there is none that fits."""
        try:
            order = np.load(path.with_suffix(".order.npy"), allow_pickle=False)
            pieces = np.load(path.with_suffix(".pieces.npy"), mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError):
            return None
        if len(order) != vocabulary or pieces.shape != order.shape or pieces.dtype != f"S{_WIDTH}":
            return None
        return cls(pieces, order)

    def save(self, path: Path) -> None:
        """Raises OSError."""
        np.save(path.with_suffix(".order.npy"), self._order)
        np.save(path.with_suffix(".pieces.npy"), self._sorted)

    def beginning_with(self, data: bytes) -> NDArray[np.int32]:
        """The tokens whose bytes begin with `data` and go on behind it."""
        if not data or len(data) >= _WIDTH or data[-1] == 0:
            return np.empty(0, dtype=np.int32)
        first = int(np.searchsorted(self._sorted, data, side="right"))
        last = int(
            np.searchsorted(self._sorted, data + b"\xff" * (_WIDTH - len(data)), side="right")
        )
        return self._order[first:last]


@dataclass(frozen=True, slots=True)
class Start:
    """One way for a candidate to begin: keep `kept` tokens of the tail, then `token`.

    text: what the token adds to the typed text. logprob: natural, given the typed text.
    """

    kept: int
    token: int
    text: bytes
    logprob: float


def starts(
    rows: Sequence[Row],
    tail: PromptTail,
    index: PieceIndex,
    piece: Callable[[int], bytes],
    scratch: Scratch,
    count: int,
    only: NDArray[np.int64] | None = None,
) -> list[Start]:
    """The `count` likeliest beginnings, likeliest first. only: the tokens that may begin one, where not all.

    rows: the logits before each token of the tail, and those behind the last, so one more than tokens.
    """
    found: list[Start] = []
    parts: list[float] = []
    kept_logprob = 0.0
    for kept, row in enumerate(rows):
        total = log_sum(row, scratch)
        if kept == len(tail.tokens):
            best = shortlist(row, count, scratch, total) if only is None else _of(only, row, total)
            parts.append(kept_logprob)
            found += _entries(best, kept, kept_logprob, b"", piece)
        else:
            rest = tail.rest(kept)
            ids = index.beginning_with(rest).astype(np.int64)
            if len(ids):
                values = row[ids].astype(np.float64) - total
                parts.append(kept_logprob + float(np.logaddexp.reduce(values)))
                order = np.argsort(-values, kind="stable")[:count]
                found += _entries(
                    Shortlist(ids[order], values[order]), kept, kept_logprob, rest, piece
                )
            kept_logprob += float(row[tail.tokens[kept]]) - total
    norm = float(np.logaddexp.reduce(parts)) if parts else 0.0
    if not math.isfinite(norm):
        norm = 0.0
    found.sort(key=lambda start: -start.logprob)
    most = count if only is None else len(found)
    return [Start(s.kept, s.token, s.text, s.logprob - norm) for s in found[:most]]


def _of(only: NDArray[np.int64], row: Row, total: float) -> Shortlist:
    """Some tokens, likeliest first."""
    values = row[only].astype(np.float64) - total
    order = np.argsort(-values, kind="stable")[:_MOST_OF_SOME]
    return Shortlist(only[order], values[order], total)


def _entries(
    best: Shortlist, kept: int, before: float, rest: bytes, piece: Callable[[int], bytes]
) -> list[Start]:
    return [
        Start(kept, token, piece(token)[len(rest) :], before + logprob)
        for token, logprob in best.top(len(best.ids))
    ]
