"""What keeps candidates from saying the same again: words that the draft has worn out, a simile that comes back
to its own noun, three candidates about one thing.

Measured with tests/bench/sameness.py; see docs/performance.md.
"""

from __future__ import annotations

import re
from collections import Counter

from cowrite.core.words import words
from cowrite.engine.backend import Backend

_NEAR = 600
"""Characters before the cursor whose words count: the last paragraph, about."""

_LEAST = 5
"""Letters of a word that can be worn out."""

_OFTEN = 3
_WORN = 0.7
_MOST_WORN = 2.1
"""Nats taken from a word for each time that it stands there from the third on, and at most."""

SHARED = 3.0
"""Nats taken from the first content word of another candidate."""

_SMALL_TEXT = (
    "about after again also always another around back because been before being between both could down"
    " each even ever every first from going good have having here hers himself herself into just know last"
    " like little long made make many more most much must never next nothing only other over said same"
    " several shall should some something still such than that their them then there these they thing"
    " things this those though thought through time under until upon very want well went were what when"
    " where which while whole will with within without would your yours"
)
_SMALL = frozenset(_SMALL_TEXT.split())
_SIMILE = re.compile(
    r"(?:\blike|\bas(?: [\w'\u2019]+ as)?) (?:an?|the|some|another) "
    r"(?:([\w'\u2019-]+) )?([\w'\u2019-]+)(?=[^\w'\u2019-])"
)
_SENTENCE = re.compile(r"[.!?\u2026\n]")


def is_content(word: str) -> bool:
    """Whether a word says something: no small word, and more than three letters."""
    return len(word) > 3 and word.isalpha() and word.lower() not in _SMALL


def worn_words(before: str) -> dict[str, float]:
    """The words that the draft has used up before the cursor, and what is taken from each in nats.

    Names are left alone: they have to come again.
    """
    near = before[-_NEAR:]
    near = near[near.find("\n\n") + 2 :] if "\n\n" in near[:-2] and len(near) == _NEAR else near
    found = Counter(near[low:high] for low, high in words(near))
    return {
        word: min(_MOST_WORN, _WORN * (count - _OFTEN + 1))
        for word, count in found.items()
        if count >= _OFTEN and len(word) >= _LEAST and word.islower() and is_content(word)
    }


def worn_tokens(before: str, backend: Backend) -> dict[int, float]:
    """The first tokens of those words, where a token is most of its word."""
    out: dict[int, float] = {}
    for word, nats in worn_words(before).items():
        tokens = backend.tokenize(f" {word}")
        piece = backend.piece(tokens[0]).decode("utf-8", "ignore").strip() if tokens else ""
        if len(piece) >= min(4, len(word)) and word.startswith(piece):
            out[tokens[0]] = nats
    return out


class Sameness:
    """What is taken from words in one request: worn out ones, and what other candidates have said first."""

    def __init__(self, before: str, backend: Backend) -> None:
        self._worn = worn_tokens(before, backend)
        self._said_first: dict[int, int] = {}
        """By candidate: the token of its first word that says something."""

    def forget(self, number: int) -> None:
        """The candidate is begun anew."""
        self._said_first.pop(number, None)

    def note(self, number: int, token: int, piece: bytes) -> None:
        """The candidate goes on with this token."""
        if number not in self._said_first and is_content(piece.decode("utf-8", "ignore").strip()):
            self._said_first[number] = token

    def penalties(self, number: int) -> dict[int, float]:
        """Nats taken by token: for what the others have said, until this candidate has said something."""
        if number in self._said_first:
            return self._worn
        taken = self._worn.copy()
        for token in self._said_first.values():
            taken[token] = taken.get(token, 0.0) + SHARED
        return taken


def same_simile(lead: str, text: str) -> int | None:
    """Where in the text a simile comes back to a word of its own sentence: `a gull walked like a gull`."""
    whole = lead + text
    for match in _SIMILE.finditer(whole):
        start = max((m.end() for m in _SENTENCE.finditer(whole, 0, match.start())), default=0)
        own = {_plain(word) for word in re.findall(r"[\w'\u2019-]+", whole[start : match.start()])}
        for group in (1, 2):
            word = match[group]
            if word and match.start(group) >= len(lead) and len(word) > 2 and _plain(word) in own:
                return match.start(group) - len(lead)
    return None


def _plain(word: str) -> str:
    low = word.lower()
    return low[:-1] if low.endswith("s") and len(low) > 3 else low
