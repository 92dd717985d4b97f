"""A small real evaluation, before a model is used on a machine for the first time.

It does what requests do: reads a few words at once, writes a token, and writes three candidates together. The
library takes other products for each. Where one of them is wrong on this processor, the process ends here,
and the client goes on in another way (`engine.ladder`). So it does where our kernel is slower than the library,
and where a graphics processor is slower than the processor, or disagrees with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.backend import Backend, Decoded

WORDS = 17
"""Tokens that are read at once: a whole tile of AMX (16 rows) and a rest."""

CANDIDATES = 3

ROUNDS = 5
"""Steps of each side, in turns; the quickest counts, since a busy machine makes no step quicker."""

MUCH = 1.2
"""What a way may take of the other one's time before it is left out: less could be chance, and what is left out
stays out."""

SENTENCE = "The old clock in the hall had stopped, and nobody in the house remembered when"

FAR = 0.3
"""How much of the likelihood may lie on other tokens than the processor says: half the sum of differences.
Rounding moves some hundredths at most, and wrong products nearly everything."""


class WrongNumbersError(Exception):
    """What came out of the evaluation can't be the likelihoods of anything."""


class SlowerError(Exception):
    """The other way takes less time on this machine."""


def compare(
    ours: Backend,
    theirs: Backend,
    alive: Callable[[], None] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Time steps of one and of three candidates in both ways, in turns.

    Raises SlowerError where ours takes longer.

    alive: called between steps. clock: seconds.
    """
    for count in (1, CANDIDATES):
        taken: dict[int, list[float]] = {0: [], 1: []}
        for turn in range(2 * ROUNDS):
            side = turn % 2
            taken[side].append(_step((ours, theirs)[side], count, clock))
            alive()
        if min(taken[0]) > MUCH * min(taken[1]):
            raise SlowerError


def agree(ours: Backend, theirs: Backend) -> None:
    """Have both read a sentence. Raises WrongNumbersError where they think of other next tokens."""
    far = np.abs(_next(ours) - _next(theirs)).sum() / 2
    if not far <= FAR:
        raise WrongNumbersError


def _next(llama: Backend) -> NDArray[np.float64]:
    """How likely each token is behind the sentence."""
    start = llama.facts.start
    tokens = [*(() if start is None else (start,)), *llama.tokenize(SENTENCE)]
    _evaluate(llama, tokens, list(range(len(tokens))), [0] * len(tokens), [len(tokens) - 1])
    row = llama.row(len(tokens) - 1).astype(np.float64)
    llama.forget(0, 0)
    weights = np.exp(row - row.max())
    likely: NDArray[np.float64] = weights / weights.sum()
    return likely


def _step(llama: Backend, count: int, clock: Callable[[], float]) -> float:
    """Seconds of a step of so many sequences."""
    token, sequences = llama.facts.blank, range(count)
    began = clock()
    decoded = llama.decode([token] * count, [0] * count, sequences, [True] * count)
    taken = clock() - began
    for sequence in sequences:
        llama.forget(sequence, 0)
    if decoded is not Decoded.DONE:
        raise WrongNumbersError
    return taken


def try_out(llama: Backend) -> None:
    """Evaluate a little, and forget it. Raises WrongNumbersError."""
    token = llama.facts.blank
    _evaluate(llama, [token] * WORDS, list(range(WORDS)), [0] * WORDS, [WORDS - 1])
    _evaluate(llama, [token], [WORDS], [0], [0])
    sequences = list(range(1, CANDIDATES + 1))
    for sequence in sequences:
        llama.share(0, sequence, 0, WORDS + 1)
    places = [WORDS + 1] * CANDIDATES
    _evaluate(llama, [token] * CANDIDATES, places, sequences, list(range(CANDIDATES)))
    for sequence in (0, *sequences):
        llama.forget(sequence, 0)


def _evaluate(
    llama: Backend, tokens: list[int], positions: list[int], sequences: list[int], looked: list[int]
) -> None:
    """One batch; the logits at the places `looked` have to be numbers, and not all the same."""
    wanted = [place in looked for place in range(len(tokens))]
    if llama.decode(tokens, positions, sequences, wanted) is not Decoded.DONE:
        raise WrongNumbersError
    for place in looked:
        row = llama.row(place)
        if not np.isfinite(row).all() or row.min() == row.max():
            raise WrongNumbersError
