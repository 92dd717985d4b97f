"""A small real evaluation, before a model is used on a machine for the first time.

It does what requests do: reads a few words at once, writes a token, and writes three candidates together. The
library takes other products for each. Where one of them is wrong on this processor, the process ends here,
and the client goes on in another way (`engine.ladder`).
"""

from __future__ import annotations

import numpy as np

from cowrite.engine.backend import Backend, Decoded

WORDS = 17
"""Tokens that are read at once: a whole tile of AMX (16 rows) and a rest."""

CANDIDATES = 3


class WrongNumbersError(Exception):
    """What came out of the evaluation can't be the likelihoods of anything."""


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
