"""What stops small models from looping: DRY, and a bar on repeats that no prose makes by chance.

DRY ("don't repeat yourself", https://github.com/oobabooga/text-generation-webui/pull/5677) takes from a token
the more, the longer the run is that it would repeat. On top, a run of four tokens is never written twice in
one candidate, nor one of eight that stands in the prompt, and four words are not written twice in whatever
tokens, capitals and punctuation they come.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import Backend

OWN_RUN = 4
PROMPT_RUN = 8
REACH = 2048
"""How many tokens back a repeat is looked for."""

BREAKERS = frozenset('\n:"*\u201c\u201d')
"""Characters across which no repeat is counted."""


def breaking(backend: Backend) -> Callable[[int], bool]:
    """Whether a token of this model has one of them."""

    def breaks(token: int) -> bool:
        return not BREAKERS.isdisjoint(backend.piece(token).decode("utf-8", "ignore"))

    return breaks


_LONGEST = 24

_WORD = re.compile(r"\w+")


class Repetition:
    """The tokens so far, of the prompt and of one candidate, and what they forbid next."""

    def __init__(
        self, prompt: list[int], breaks: Callable[[int], bool], own_run: int = OWN_RUN
    ) -> None:
        """`breaks`: whether a token ends a run, for instance a quotation mark. `own_run`: as OWN_RUN."""
        recent = prompt[-REACH:]
        self._prompt = len(recent)
        self._tokens: NDArray[np.int64] = np.empty(len(recent) + 256, dtype=np.int64)
        self._tokens[: len(recent)] = recent
        self._size = len(recent)
        self._breaks = breaks
        self._own_run = own_run

    def push(self, token: int) -> None:
        if self._size == len(self._tokens):
            self._tokens = np.concatenate([self._tokens, np.empty_like(self._tokens)])
        self._tokens[self._size] = token
        self._size += 1

    def settle(self, token: int) -> None:
        """Take a token that is the draft's own: it and all before it count as the prompt."""
        self.push(token)
        self._prompt = self._size

    def pop(self, count: int) -> None:
        """Take the last `count` tokens back."""
        self._size -= count

    def penalties(self, sampling: Sampling) -> dict[int, float]:
        """Nats to take from each token that would go on with a repeat."""
        found: dict[int, float] = {}
        if sampling.dry_multiplier > 0:
            self._dry(sampling, found)
        if sampling.repeat_penalty > 1.0:
            extra = float(np.log(sampling.repeat_penalty))
            for token in set(self._tokens[max(0, self._size - 64) : self._size].tolist()):
                found[token] = found.get(token, 0.0) + extra
        return found

    def _dry(self, sampling: Sampling, found: dict[int, float]) -> None:
        tokens, size = self._tokens, self._size
        if size < 2 or self._breaks(int(tokens[size - 1])):
            return
        places = np.flatnonzero(tokens[: size - 1] == tokens[size - 1])
        length = 1
        while len(places) and length <= _LONGEST:
            own = places >= self._prompt + length - 1
            for place, inside in zip(places.tolist(), own.tolist(), strict=True):
                token = int(tokens[place + 1])
                limit = self._own_run if inside else PROMPT_RUN
                if length + 1 >= limit:
                    found[token] = float("inf")
                elif length >= sampling.dry_allowed_length:
                    penalty = sampling.dry_multiplier * sampling.dry_base ** (
                        length - sampling.dry_allowed_length
                    )
                    found[token] = max(found.get(token, 0.0), penalty)
            if length >= size or self._breaks(int(tokens[size - 1 - length])):
                return
            places = places[places >= length]
            places = places[tokens[places - length] == tokens[size - 1 - length]]
            length += 1


def repeated_words(text: str, *, final: bool) -> int | None:
    """Where the last word of the text begins, when with it four words are written for the second time.

    A word at the very end may yet become another one, unless the text is `final`.
    """
    found = list(_WORD.finditer(text))
    if found and not final and found[-1].end() == len(text):
        found.pop()
    words = [match.group().casefold() for match in found]
    return found[-1].start() if _again(words, words[-1:]) else None


def half_repeated(text: str) -> int:
    """How many characters at the end are a word, or half of one, that may yet become such a repeat."""
    found = list(_WORD.finditer(text))
    if not found or found[-1].end() != len(text):
        return 0
    words = [match.group().casefold() for match in found]
    half = words[-1]
    likely = [word for word in words[:-1] if word.startswith(half)]
    return len(text) - found[-1].start() if _again(words, likely) else 0


def _again(words: list[str], endings: list[str]) -> bool:
    """Whether the three words before the last one stand earlier too, with one of `endings` behind them."""
    before = words[-OWN_RUN:-1]
    if len(words) <= OWN_RUN:
        return False
    return any(
        words[at : at + OWN_RUN - 1] == before and words[at + OWN_RUN - 1] in endings
        for at in range(len(words) - OWN_RUN)
    )


class Copying:
    """So many words in a row that stand in another text: no candidate may say them again.

    Before the draft stand passages of earlier works, which a model likes to go on copying once it has begun;
    and what stands behind a candidate is likeliest where the candidate has said it already.
    """

    def __init__(self, text: str, run: int = PROMPT_RUN) -> None:
        self._run = run
        self._runs = _runs_of(text, run)

    def at(self, text: str, *, final: bool) -> int | None:
        """Where the last word of the text begins, when with it so many words are copied.

        A word at the very end may yet become another one, unless the text is `final`.
        """
        if not self._runs:
            return None
        found = list(_WORD.finditer(text))
        if found and not final and found[-1].end() == len(text):
            found.pop()
        words = tuple(match.group().casefold() for match in found[-self._run :])
        return found[-1].start() if words in self._runs.get(words[:-1], ()) else None

    def half(self, text: str) -> int:
        """How many characters at the end are a word, or half of one, that may yet become such a copy."""
        if not self._runs:
            return 0
        found = list(_WORD.finditer(text))
        if not found or found[-1].end() != len(text):
            return 0
        words = tuple(match.group().casefold() for match in found[-self._run :])
        runs = self._runs.get(words[:-1], ())
        copied = any(run[-1].startswith(words[-1]) for run in runs)
        return len(text) - found[-1].start() if copied else 0


@lru_cache(maxsize=4)
def _runs_of(text: str, size: int) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Every `size` words in a row of a text, by all but the last of them."""
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    runs: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for at in range(len(words) - size + 1):
        run = tuple(words[at : at + size])
        runs.setdefault(run[:-1], set()).add(run)
    return runs
