"""How candidates begin: first tokens that go on from the draft, each candidate with a word of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import Backend, Row
from cowrite.engine.generation.healing import PieceIndex, Start, starts
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.sampling import Scratch, choose
from cowrite.engine.generation.stopping import first_word

_MOST = 400
"""How many beginnings are weighed."""


class FirstTokens:
    """The likeliest first tokens of one request, each given away once.

    rows: the scores behind the prompt and behind the tokens of its tail that may be backed off.
    logprobs: alternatives that are told.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        prompt: Prompt,
        logprobs: int,
        backend: Backend,
        index: PieceIndex,
        scratch: Scratch,
    ) -> None:
        found = starts(rows, prompt.tail, index, backend.piece, scratch, max(_MOST, logprobs))
        self.allowed = _allowed(found, prompt, backend)
        """Those that may begin a candidate, likeliest first."""
        self._used: set[int] = set()
        self.alternatives = tuple((start.text, start.logprob) for start in self.allowed[:logprobs])
        """The likeliest ones, as bytes and natural log-probability."""

    def take(self, sampling: Sampling, words: set[str], rng: random.Random) -> Start | None:
        """One that was not taken yet, its first word none of `words` where that can be had."""
        logprobs = np.array([start.logprob for start in self.allowed])
        ids = np.arange(len(self.allowed))
        for avoid_words in (True, False):
            forbidden = {
                place: float("inf")
                for place, start in enumerate(self.allowed)
                if place in self._used
                or (avoid_words and first_word(start.text.decode("utf-8", "ignore")) in words)
            }
            place = choose(ids, logprobs, sampling, forbidden, rng)
            if place is not None:
                self._used.add(place)
                return self.allowed[place]
        return None


def _allowed(found: list[Start], prompt: Prompt, backend: Backend) -> list[Start]:
    """The beginnings without those that end the text or double or miss a space."""
    before = prompt.context.text
    no_space = not before or before[-1].isspace()
    no_letter = _needs_space(before)
    usable = [s for s in found if s.text and not backend.ends(s.token)]
    spaced = [
        s
        for s in usable
        if not (no_space and s.text[:1].isspace()) and not (no_letter and s.text[:1].isalnum())
    ]
    return spaced or usable


def _needs_space(before: str) -> bool:
    """Whether a word can't follow without a space: behind a mark that ends a word of letters."""
    body = before.rstrip("\"')\u2019\u201d")
    return body[-1:] in tuple(".,;:!?") and body[-3:-1].isalpha() and len(body) > 2
