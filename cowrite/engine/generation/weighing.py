"""What weighed in what the model saw: how much less likely a continuation is with a piece of it left out.

A piece is left out by hiding its cells from the continuation's tokens: sequences share all other cells of the
prompt, so that pieces are tried side by side in one batch, each at the cost of the judged tokens alone. What
the model made of the piece as it read on is in the cells behind it and stays there, those of the
continuation before a chosen word too: reading all anew would tell more, and take as long as reading the
prompt once for each piece.

The model's own attention is seen in a context of its own. Weights on the start token and on marks say
nothing of a piece ("sinks": Xiao et al., "Efficient streaming language models with attention sinks", 2023),
and are taken out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.backend import Backend, BackendError, Cells, Decoded
from cowrite.engine.generation.kv_cache import BATCH, common_length
from cowrite.engine.generation.prompt import Prompt

ROWS = 64
"""Tokens of a batch, all of whose logits are made: 64 MB for a vocabulary of 262,144, and as much to
compute.
"""

MOST_TOKENS = 8
"""Tokens of a continuation that are judged: its first ones, or those of a word."""

_LAST = 2
"""Tokens before the continuation that are never left out, since positions must follow one another."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """A prompt and a continuation, in tokens.

    prefix: what stands before the tokens that are judged, of which the first `read` are of the prompt.
    target: those that are judged. seen: the places in the prompt of the pieces, one after the other; an
    empty place is one that the model did not see. pieces: what of them can be left out.
    """

    prefix: tuple[int, ...]
    read: int
    target: tuple[int, ...]
    seen: tuple[Range, ...]
    pieces: tuple[Range, ...]


def ends_of(prompt: Prompt, backend: Backend) -> list[int]:
    """Where in the context's text, as bytes, each token before the position ends; a control token ends where it
    begins."""
    sizes = [len(backend.piece(token)) for token in prompt.tokens[: prompt.end]]
    ends, place = [], len(prompt.context.text.encode("utf-8", "replace"))
    for size in reversed(sizes[prompt.body :]):
        ends.append(place)
        place -= size
    head, place = [], 0
    for size in sizes[: prompt.body]:
        place += size
        head.append(place)
    return head + ends[::-1]


def unseen(prompt: Prompt, backend: Backend) -> int:
    """Characters at the draft's beginning for which there was no room."""
    data = prompt.context.text[len(prompt.context.text) - _body_size(prompt) :].encode(
        "utf-8", "replace"
    )
    seen = sum(len(backend.piece(token)) for token in prompt.tokens[prompt.body : prompt.end])
    return len(data[: max(0, len(data) - seen)].decode("utf-8", "ignore"))


def _body_size(prompt: Prompt) -> int:
    """Characters of the text that the tokens behind the head are of; with infilling that is all."""
    context = prompt.context
    whole = prompt.end < len(prompt.tokens)
    return len(context.text) if whole else len(context.body)


def places(text: str, pieces: Sequence[Range], ends: Sequence[int]) -> Iterator[Range]:
    """The tokens of pieces that are given as characters of the text: a token is of the piece that it ends
    in.
    """
    at, size = 0, 0
    data_at = []
    for border in sorted({border for piece in pieces for border in piece}):
        size += len(text[at:border].encode("utf-8", "replace"))
        at = border
        data_at.append((border, size))
    bytes_at = dict(data_at)
    for start, end in pieces:
        low, high = bisect_left(ends, bytes_at[start] + 1), bisect_left(ends, bytes_at[end] + 1)
        yield (low, high) if low < high else (0, 0)


def task_of(
    prompt: Prompt, backend: Backend, text: str, focus: Range | None, pieces: Sequence[Range]
) -> Task:
    """How to weigh a continuation of a prompt. focus: its characters that are judged, None for all of it.

    pieces: as characters of the context's text. A continuation goes on within the last word, so its tokens are
    found together with those before it.
    """
    body = prompt.context.body
    before, whole = backend.tokenize(body), backend.tokenize(body + text)
    same = common_length(before, whole)
    kept = max(1, prompt.end - (len(before) - same))
    target = whole[same:]
    ends, size = [], sum(len(backend.piece(token)) for token in whole[:same])
    size -= len(body.encode("utf-8", "replace"))
    for token in target:
        size += len(backend.piece(token))
        ends.append(size)
    first, last = 0, min(len(target), MOST_TOKENS)
    if focus is not None and target:
        low, high = (len(text[:border].encode("utf-8", "replace")) for border in focus)
        first = min(bisect_left(ends, low + 1), len(target) - 1)
        last = max(first + 1, min(len(target), bisect_left(ends, high) + 1, first + MOST_TOKENS))
    seen = tuple(places(prompt.context.text, pieces, ends_of(prompt, backend)))
    most = max(0, kept - _LAST)
    clipped = tuple((min(low, most), min(high, most)) for low, high in seen)
    prefix = (*prompt.tokens[:kept], *target[:first])
    return Task(prefix, kept, tuple(target[first:last]), seen, clipped)


def losses(task: Task, backend: Backend) -> list[float]:
    """For each piece: by how many nats the judged tokens are less likely without it. The prefix is evaluated in
    sequence 0 of the backend. Raises BackendError, also where it is interrupted."""
    size, count = len(task.prefix), len(task.target)
    at_once = max(1, min(len(task.pieces) + 1, ROWS // count))
    wanted = (*task.pieces, (0, 0))
    with backend.beside(size + at_once * count, at_once + 1, ROWS) as cells:
        if not cells.restore(0, backend.save(0)):
            raise BackendError("the model's state can't be copied")
        _read_on(cells, task, task.read - 1)
        scores: list[float] = []
        for begin in range(0, len(wanted), at_once):
            scores += _scores(task, cells, wanted[begin : begin + at_once])
    return [scores[-1] - score for score in scores[:-1]]


def _scores(task: Task, cells: Cells, pieces: Sequence[Range]) -> list[float]:
    """The log-probability of the judged tokens with each of these pieces left out."""
    size, count = len(task.prefix), len(task.target)
    tokens: list[int] = []
    positions: list[int] = []
    sequences: list[int] = []
    for number, (low, high) in enumerate(pieces, 1):
        cells.forget(number, 0)
        cells.share(0, number, 0, low)
        cells.share(0, number, high, size - 1)
        tokens += [task.prefix[-1], *task.target[:-1]]
        positions += range(size - 1, size - 1 + count)
        sequences += [number] * count
    _done(cells.decode(tokens, positions, sequences, [True] * len(tokens)))
    out = []
    for number in range(len(pieces)):
        rows = range(number * count, (number + 1) * count)
        out.append(sum(_logprob(cells.row(row), task.target[row % count]) for row in rows))
    return out


def _read_on(cells: Cells, task: Task, start: int) -> None:
    """Have the prefix but for its last token in sequence 0, which holds what stands before `start`."""
    cells.forget(0, start)
    last = len(task.prefix) - 1
    while start < last:
        batch = task.prefix[start : min(last, start + ROWS)]
        where = range(start, start + len(batch))
        _done(cells.decode(batch, where, [0] * len(batch), [False] * len(batch)))
        start += len(batch)


def _logprob(row: NDArray[np.float32], token: int) -> float:
    top = float(row.max())
    return float(row[token]) - top - float(np.log(np.exp(row - top).sum(dtype=np.float64)))


def _done(result: Decoded) -> None:
    if result is Decoded.INTERRUPTED:
        raise BackendError("something else was asked meanwhile")
    if result is not Decoded.DONE:
        raise BackendError("there is no room for it in the model's context")


def attention(task: Task, backend: Backend) -> list[float]:
    """For each piece: its share of the attention that the judged tokens paid to the prompt, without sinks.

    Raises BackendError, also where it is interrupted or attention can't be seen.
    """
    size, count = len(task.prefix), len(task.target)
    seen = backend.attention()
    with backend.beside(size + count, 1, BATCH, seen) as cells:
        # Values lie in another order where flash attention is used: then all is read anew.
        kept = cells.restore(0, backend.save(0))
        _read_on(cells, task, task.read - 1 if kept else 0)
        seen.on = True
        batch = (task.prefix[-1], *task.target[:-1])
        where = range(size - 1, size - 1 + count)
        _done(cells.decode(batch, where, [0] * count, [True] * count))
    weights = seen.weights()
    if weights is None or weights.shape[1] < size:
        raise BackendError("llama.cpp does not show its attention here")
    shares = weights[:count, :size].mean(axis=0)
    for place, token in enumerate(task.prefix):
        if place == 0 or not _says_something(backend.piece(token)):
            shares[place] = 0.0
    shares[task.read :] = 0.0
    total = float(shares.sum()) or 1.0
    return [float(shares[low:high].sum()) / total for low, high in task.seen]


def _says_something(piece: bytes) -> bool:
    return any(sign.isalnum() for sign in piece.decode("utf-8", "replace")) or (
        bool(piece) and piece[0] >= 0x80 and not piece.decode("utf-8", "ignore")
    )
