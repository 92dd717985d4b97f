"""Keys that a simulated writer saves on average over all seeds, from the model's own probabilities.

What one seed draws says little: a candidate begins with the true next word or it does not. The probability
that it does is known before anything is drawn, and while a text is read word by word all of it comes along: for
each token of the text, how likely the sampler is to choose it. So a place costs no evaluation of its own, and
thousands of places say what hundreds of thousands of drawn candidates would.

What is left out, since it is rare or the same for all that is compared: tokens that spell the true text in
another way than the tokenizer does, repeats within the candidate, and what makes the engine begin a candidate
anew. `tests/learning/test_expected_keys.py` checks it against drawn keys.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cowrite.core import segmentation
from cowrite.core.beginnings import beginning_at
from cowrite.core.context import Context
from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import Backend, Row
from cowrite.engine.generation.boldness import BOLDNESS, BOLDNESS_OF_STARTS, bolder
from cowrite.engine.generation.first_tokens import FirstTokens
from cowrite.engine.generation.healing import PieceIndex, PromptTail
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.repetition import Repetition
from cowrite.engine.generation.sampling import Scratch, Shortlist, weigh, wide
from cowrite.engine.generation.stopping import first_word
from cowrite.learning.evaluation.places import TOKENS

_BEGINNINGS = 96
"""The likeliest beginnings that are weighed: more than top-k and what the others have taken of it."""

_BRANCHES = 6
"""First words of another candidate that are told apart; their shares hold what all others would."""

_LEAD = 40
"""Characters before a place that the rules for a candidate's beginning look at."""


@dataclass(frozen=True, slots=True)
class Step:
    """How likely the sampler is to choose the text's token at a place, and one that begins with white space.

    One value for the first candidate and one for the others, who dare more.
    """

    right: tuple[float, float]
    spaced: tuple[float, float]


class StepJudge:
    """Tells a `Step` of a shortlist."""

    def __init__(self, backend: Backend, sampling: Sampling) -> None:
        self._piece = backend.piece
        self._ways = tuple(bolder(sampling, number, BOLDNESS) for number in (0, 1))

    def step(self, best: Shortlist, token: int, repetition: Repetition | None) -> Step:
        """What the sampler does with this shortlist. repetition: of the tokens before, None for none."""
        places = np.flatnonzero(best.ids == token)
        penalties = repetition.penalties(self._ways[0]) if repetition is not None else {}
        right, spaced = [], []
        for way in self._ways:
            weights = weigh(best.ids, best.logprobs, way, penalties)
            if weights is None:
                right.append(0.0)
                spaced.append(0.0)
                continue
            right.append(float(weights[places[0]]) if len(places) else 0.0)
            used = np.flatnonzero(weights)
            spaced.append(
                sum(float(weights[i]) for i in used if self._piece(int(best.ids[i]))[:1].isspace())
            )
        return Step((right[0], right[1]), (spaced[0], spaced[1]))

    @property
    def width(self) -> int:
        """How long a shortlist must be."""
        return wide(self._ways[0])


def start_chances(
    rows: Sequence[Row],
    tail: PromptTail,
    before: str,
    true: bytes,
    sampling: Sampling,
    backend: Backend,
    index: PieceIndex,
    scratch: Scratch,
    n: int = 3,
) -> tuple[float, ...]:
    """How likely each of n candidates is to begin with the token whose new bytes are `true`.

    rows, tail: as `healing.starts` takes them. before: the text before the place. The first candidate takes
    the likeliest beginning that the engine allows, each other one another word.
    """
    context = Context((), before[-_LEAD:], "")
    prompt = Prompt(tail.tokens, tail, context, 0, len(tail.tokens))
    kind = beginning_at(before)
    begun = FirstTokens(rows, prompt, 0, backend, index, scratch, kind).allowed[:_BEGINNINGS]
    if not begun:
        return (0.0,) * n
    words = [first_word(start.text.decode("utf-8", "ignore")) for start in begun]
    logprobs = np.array([start.logprob for start in begun])
    place = next((i for i, start in enumerate(begun) if start.text == true), None)
    out = []
    taken: dict[tuple[int, ...], float] = {(): 1.0}
    for number in range(n):
        way = bolder(sampling, number, BOLDNESS_OF_STARTS)
        chance = 0.0
        after: dict[tuple[int, ...], float] = {}
        for gone, weight in taken.items():
            weights = _weights(logprobs, words, gone, way)
            chance += weight * (float(weights[place]) if place is not None else 0.0)
            if number + 1 < n:
                _spread(after, gone, weight, weights, place)
        out.append(chance)
        taken = after
    return tuple(out)


def _weights(
    logprobs: NDArray[np.float64], words: list[str], gone: tuple[int, ...], sampling: Sampling
) -> NDArray[np.float64]:
    """How likely each beginning is where those of `gone` were taken: none of their words comes again."""
    said = {words[place] for place in gone}
    for forbidden in (
        {place: math.inf for place, word in enumerate(words) if word in said},
        dict.fromkeys(gone, math.inf),
    ):
        weights = weigh(np.arange(len(words)), logprobs, sampling, forbidden)
        if weights is not None:
            return weights
    return np.zeros(len(words))


def _spread(
    after: dict[tuple[int, ...], float],
    gone: tuple[int, ...],
    weight: float,
    weights: NDArray[np.float64],
    place: int | None,
) -> None:
    """What may have been taken before the next candidate: the likeliest ways, the rest as one of them."""
    likely = np.argsort(-weights, kind="stable")[:_BRANCHES].tolist()
    likely = [i for i in likely if weights[i] > 0 and i != place]
    if not likely:
        return
    known = sum(float(weights[i]) for i in likely)
    other = 1.0 - known - (float(weights[place]) if place is not None else 0.0)
    for i in likely:
        key = (*gone, int(i))
        share = float(weights[i]) * (1 + max(0.0, other) / known)
        after[key] = after.get(key, 0.0) + weight * share


def expected_keys(
    coming: str, ends: Sequence[int], steps: Sequence[Step], starts: Sequence[float]
) -> float:
    """Keys saved at one place, on average.

    coming: what the text says next. ends: where its tokens end in it, the first being the one that a
    candidate begins with; steps: those of the tokens behind the first. starts: how likely each candidate is
    to begin so.
    """
    pieces = _pieces(coming, ends, min(TOKENS, len(steps) + 1))
    sentence = segmentation.next_sentence_end(coming, 0)
    total = 0.0
    for cycles, chance in enumerate(starts):
        if chance > 0:
            way = 0 if cycles == 0 else 1
            total += chance * _gain(pieces, steps, way, cycles, sentence)
    return total


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of the text: where it ends with and without its marks, and how many tokens that takes."""

    word: int
    word_tokens: int
    end: int
    tokens: int


def _pieces(coming: str, ends: Sequence[int], most: int) -> list[_Piece]:
    """The words that so many tokens can say. A token that goes beyond a word's end says nothing of it."""
    out = []
    at = 0
    for _ in range(most):
        end = segmentation.word_end(coming, at)
        if end == at:
            break
        word = end
        while word > at and not coming[word - 1].isalnum():
            word -= 1
        counts = [_tokens_to(ends, place, coming) for place in (word, end)]
        if counts[1] is None or counts[1] > most:
            break
        kept = word if counts[0] is not None else end
        out.append(_Piece(kept, counts[0] or counts[1], end, counts[1]))
        at = end
    return out


def _tokens_to(ends: Sequence[int], place: int, coming: str) -> int | None:
    """How many tokens spell the text up to a place, white space behind it not counted; None where none ends
    there."""
    for number, end in enumerate(ends):
        if end >= place:
            return None if coming[place:end].strip() else number + 1
    return None


def _gain(
    pieces: list[_Piece], steps: Sequence[Step], way: int, cycles: int, sentence: int
) -> float:
    """Keys that a candidate saves which begins with the true token, after `cycles` keys to come to it."""

    def value(end: int, keys: int) -> float:
        return max(0.0, float(end - keys - cycles))

    alive, at, had, total = 1.0, 1, 0.0, 0.0
    for keys, piece in enumerate(pieces, 1):
        while at < piece.word_tokens:
            alive, at = alive * steps[at - 1].right[way], at + 1
        if piece.word < piece.end:
            total += alive * _spaced(steps, at, way) * (value(piece.word, keys) - had)
            while at < piece.tokens:
                alive, at = alive * steps[at - 1].right[way], at + 1
        gain = value(piece.end, keys)
        if piece.end == sentence:
            return total + alive * (value(piece.end, 1) - had)
        total += alive * _spaced(steps, at, way) * (gain - had)
        had = gain
        if alive < 1e-6:
            break
    return total


def _spaced(steps: Sequence[Step], at: int, way: int) -> float:
    """How likely a word is over behind so many tokens; at a candidate's last token it is."""
    return steps[at - 1].spaced[way] if at - 1 < len(steps) and at < TOKENS else 1.0
