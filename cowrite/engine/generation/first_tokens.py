"""How candidates begin: first tokens that go on from the draft, each candidate with a word of its own."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cowrite.core.beginnings import Beginning
from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import Backend, Row
from cowrite.engine.generation.healing import PieceIndex, Start, starts
from cowrite.engine.generation.prompt import NO_TAIL, Prompt
from cowrite.engine.generation.sampling import Scratch, choose
from cowrite.engine.generation.stopping import first_word

_MOST = 400
"""How many beginnings are weighed."""


_OPENER = re.compile(
    r" ?[\"\u2018\u201c\u201e\u00ab]?(?:[A-Z\u00c0-\u00de][^\W\d_A-Z]*['\u2019]?)?"
)
"""A word with a capital, or half of one, as prose has it: no `NotFoundError`, no `");`."""


_META_TEXT = (
    "original introduction title question answer copyright chapter sentence product option choices code"
    " start begin note step summary conclusion abstract section instructions instruction example exercise"
    " figure table category posted published written edit update description certainly sure recommended"
    " suggestion scenario recipe"
)
_META = frozenset(_META_TEXT.split())
"""Words that begin a lesson, a form or a heading, and hardly ever a paragraph of prose."""


def _is_opener(text: str) -> bool:
    return _OPENER.fullmatch(text) is not None and text.strip().lower() not in _META


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
        beginning: Beginning,
    ) -> None:
        self._beginning = beginning
        count = max(_MOST, logprobs)
        only = index.paragraphs if beginning.prose and not beginning.strange else None
        if only is not None:  # a paragraph begins with the whole of its first word
            rows = rows[-1:]
        tail = prompt.tail if only is None else NO_TAIL
        found = starts(rows, tail, index, backend.piece, scratch, count, only)
        if only is not None:
            whole = len(prompt.tail.tokens)
            found = [
                replace(start, kept=whole, text=start.text.lstrip(b" "))
                for start in found
                if _is_opener(start.text.decode("utf-8", "ignore"))
            ]
        self.allowed = _allowed(found, prompt, backend, beginning)
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
                if not self._beginning.marker:  # which every item of a list begins with
                    self._used.add(place)
                return self.allowed[place]
        return None


def _allowed(
    found: list[Start], prompt: Prompt, backend: Backend, beginning: Beginning
) -> list[Start]:
    """The beginnings without those that end the text, double or miss a space, or are of another kind."""
    before = prompt.context.text
    no_space = not before or before[-1].isspace()
    no_letter = _needs_space(before)
    usable = [s for s in found if s.text and not backend.ends(s.token)]
    spaced = [
        s
        for s in usable
        if not (no_space and s.text[:1].isspace()) and not (no_letter and s.text[:1].isalnum())
    ]
    fitting = [s for s in spaced if beginning.fits(s.text.decode("utf-8", "ignore"))]
    return fitting or spaced or usable


def _needs_space(before: str) -> bool:
    """Whether a word can't follow without a space: behind a mark that ends a word of letters."""
    body = before.rstrip("\"')\u2019\u201d")
    return body[-1:] in tuple(".,;:!?") and body[-3:-1].isalpha() and len(body) > 2
