"""The rows of a vocabulary that a training needs: small models of many languages are half vocabulary.

Chances are made over these rows alone, so that a row which is left out is never made less likely. Where a good
part of what the model would write is left out, training moves likelihood there, and looks good while the model
gets worse: with the rows that the tokeniser merged first, a Gemma that had learned a novel gave 17 % of its
likelihood to rows outside, where it had given 6 %. So the rows are those which the model itself expects.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from cowrite.learning.job import LIKELY_ROWS
from cowrite.learning.lora.network import Network
from cowrite.learning.lora.weights import Weights

LOOKED_AT = 512
"""Places of the text from which the likely rows are told."""

_PART = 16_384
"""Rows that are looked at together."""


def used_rows(texts: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """The rows that stand in the texts, ascending."""
    return np.unique(np.concatenate([np.asarray(text, dtype=np.int64) for text in texts]))


def kept_rows(
    network: Network, weights: Weights, used: NDArray[np.int64], texts: Sequence[Sequence[int]]
) -> NDArray[np.int64]:
    """The rows to keep, ascending: those used, and those that the model finds likeliest in the texts.

    network: holds the rows `used`. texts: tokens, some of which are read.
    """
    if weights.vocabulary <= len(used) + LIKELY_ROWS:
        return np.arange(weights.vocabulary, dtype=np.int64)
    likely = np.argsort(-_chances(network, weights, used, texts), kind="stable")[:LIKELY_ROWS]
    return np.union1d(used, likely)


def _chances(
    network: Network, weights: Weights, used: NDArray[np.int64], texts: Sequence[Sequence[int]]
) -> NDArray[np.float32]:
    """For each row how likely it is in the mean, by a measure that is the same for all rows."""
    chances = np.zeros(weights.vocabulary, dtype=np.float32)
    with torch.no_grad():
        hidden = _looked_at(network, used, texts)
        known = network.logits(hidden).logsumexp(-1, keepdim=True)
        for start in range(0, weights.vocabulary, _PART):
            rows = np.arange(start, min(start + _PART, weights.vocabulary), dtype=np.int64)
            logits = torch.nn.functional.linear(hidden, weights.output_rows(rows))
            # The sum over all rows is not known yet; that over the used ones orders them as well.
            chances[rows] = (logits - known).clamp(max=0.0).exp().mean(0).numpy()
    return chances


def _looked_at(
    network: Network, used: NDArray[np.int64], texts: Sequence[Sequence[int]]
) -> torch.Tensor:
    """Hidden values at places from all over the texts, of shape (places, width)."""
    every = max(1, len(texts) * len(max(texts, key=len)) // (4 * LOOKED_AT))
    found: list[torch.Tensor] = []
    for text in texts[::every]:
        places = torch.from_numpy(np.searchsorted(used, np.asarray(text)))
        found.append(network.hidden(places[None])[0, 1:])
    hidden = torch.cat(found)
    return hidden[:: max(1, len(hidden) // LOOKED_AT)][:LOOKED_AT]
