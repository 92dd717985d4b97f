"""What is known of a candidate before it is shown, as numbers: what P(accept) is computed from.

The live session and the training read them here, from the same facts, so that what was learned from the log
holds for what is shown. Nothing in them tells who writes or when: no clock, no date, no word.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cowrite.core import segmentation
from cowrite.core.places import in_heading
from cowrite.core.suggestion import Token

NEAR = 2000
"""Characters of the draft before the place that are looked at."""

_SCALES: dict[str, tuple[float, float]] = {
    "odds": (-1.5, 1.8),
    "share": (0.33, 0.25),
    "mean": (-1.6, 0.6),
    "lowest": (-5.0, 2.0),
    "words": (3.0, 1.0),
    "letters": (1.5, 0.5),
    "behind_space": (0.5, 1.0),
    "inside_word": (0.0, 1.0),
    "sentence": (0.0, 1.0),
    "paragraph": (0.0, 1.0),
    "heading": (0.0, 1.0),
    "capital": (0.0, 1.0),
    "mark": (0.0, 1.0),
    "own": (0.3, 0.3),
    "refused": (0.0, 0.3),
    "refused_word": (0.0, 1.0),
    "since": (0.0, 1.0),
    "taken": (0.3, 0.2),
    "auto": (0.5, 1.0),
}
"""Each feature's usual middle and width, so that all of them are of one size. They are never fitted: a
writer's few decisions could not say them, and what was learned must mean the same later.

Its place among the candidates is none of them: who reads one after the other comes to a later one where those
before it were wrong, so that it looks worse than it is. Measured with the simulated writer, that feature cost
a third of what the others bring."""

NAMES = tuple(_SCALES)
"""The features in their order; a saved order names them, so that one of other features is known by that."""

_LEAST = 1e-4
_RAREST = -20.0
"""Nats below which a token is as rare as any: a sampled one can be as rare as the model says, down to never."""
_FAR = 6.0
"""Widths from the middle beyond which a feature says no more: one odd token must not decide alone."""
_STILL = 60.0
"""Seconds after which two thirds of a refusal are forgotten."""
_PACE = 1 / 8
_REFUSED = 5
_USUAL = 0.3
_BREAK = re.compile(r"(?:^|\n)[ \t]*\n[ \t]*$|^\s*$")
_SENTENCE = re.compile(r"[.!?\u2026]['\")\]\u2019\u201d]*\s+['\"(\u2018\u201c]*$")


class Offered(Protocol):
    """A candidate, live or as the log has it."""

    @property
    def text(self) -> str: ...

    @property
    def tokens(self) -> tuple[Token, ...]: ...


@dataclass(slots=True)
class Recent:
    """What the writer did with the last suggestions. `now` is seconds of any clock that only goes on.

    taken: the share of the last ones of which something was taken, the newest counting most. refused: the
    words of the last refused texts, the newest last.
    """

    taken: float = _USUAL
    refused: deque[tuple[frozenset[str], str]] = field(
        default_factory=lambda: deque(maxlen=_REFUSED)
    )
    refused_at: float | None = None

    def decided(self, text: str, *, took: bool, refused: bool, now: float) -> None:
        """The writer took some of a text, or refused it; what is neither says nothing."""
        if not took and not refused:
            return
        self.taken += _PACE * (took - self.taken)
        if refused:
            self.refused.append((_words(text), first_word(text)))
            self.refused_at = now

    def since(self, now: float) -> float:
        """How fresh the last refusal is: 1 right behind it, towards 0 with time, 0 where there is none."""
        if self.refused_at is None:
            return 0.0
        return math.exp(-max(0.0, now - self.refused_at) / _STILL)


def vectors(
    candidates: Sequence[Offered], before: str, *, auto: bool, recent: Recent, now: float
) -> list[tuple[float, ...] | None]:
    """The features of each candidate of one request, in the order of NAMES, each about -2 to 2.

    before: the draft before the place, of which the last `NEAR` characters are looked at. None for a
    candidate without text or without tokens: nothing is known of how likely it is.
    """
    before = before[-NEAR:]
    firsts = [_first(one) for one in candidates]
    total = sum(math.exp(first) for first in firsts if first is not None)
    place = _place(before)
    own = _words(before)
    out: list[tuple[float, ...] | None] = []
    for one, first in zip(candidates, firsts, strict=True):
        if first is None:
            out.append(None)
            continue
        found = {
            "odds": _logit(math.exp(first)),
            "share": math.exp(first) / total if total > 0 else 0.0,
            "inside_word": float(before[-1:].isalnum() and one.text[:1].isalnum()),
            **_of_text(one, own, recent, place),
            **place,
            "since": recent.since(now),
            "taken": recent.taken,
            "auto": float(auto),
        }
        out.append(tuple(_scaled(name, found[name]) for name in NAMES))
    return out


def _scaled(name: str, value: float) -> float:
    middle, width = _SCALES[name]
    return min(_FAR, max(-_FAR, (value - middle) / width))


def first_word(text: str) -> str:
    """What accepting a word of the text would take, without white space around it, in small letters."""
    return text[: segmentation.word_end(text)].strip().casefold()


def _of_text(
    one: Offered, own: frozenset[str], recent: Recent, place: dict[str, float]
) -> dict[str, float]:
    logprobs = [max(_RAREST, token.logprob) for token in one.tokens]
    word, words = first_word(one.text), _words(one.text)
    opening = place["sentence"] or place["paragraph"] or place["heading"]
    start = one.text.lstrip()[:1]
    return {
        "mean": sum(logprobs) / len(logprobs),
        "lowest": min(logprobs),
        "words": math.log2(1 + segmentation.word_count(one.text)),
        "letters": math.log1p(len(word)),
        "capital": float(start.isupper() and not opening),
        "mark": float(not start.isalnum()),
        "own": len(words & own) / len(words) if words else 0.0,
        "refused": max((_likeness(words, gone) for gone, _ in recent.refused), default=0.0),
        "refused_word": float(any(word == gone for _, gone in recent.refused)),
    }


def _first(one: Offered) -> float | None:
    """The log-probability of the first word, with what stands before it."""
    if not one.text.strip() or not one.tokens:
        return None
    end, at, total = segmentation.word_end(one.text), 0, 0.0
    for token in one.tokens:
        total += token.logprob
        at += len(token.text)
        if at >= end:
            break
    return max(total, math.log(_LEAST)) if math.isfinite(total) else math.log(_LEAST)


def _place(before: str) -> dict[str, float]:
    line = before[before.rfind("\n") + 1 :]
    paragraph = _BREAK.search(before) is not None
    heading = in_heading(line)
    sentence = not paragraph and _SENTENCE.search(before) is not None
    last, second = before[-1:], before[-2:-1]
    return {
        "behind_space": float(last.isspace() and not second.isspace()),
        "sentence": float(sentence),
        "paragraph": float(paragraph),
        "heading": float(heading),
    }


def _words(text: str) -> frozenset[str]:
    """The words that say something: those of four letters or more."""
    return frozenset(word for word in re.findall(r"[^\W\d_]+", text.casefold()) if len(word) > 3)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the words of both that they have in common (Jaccard)."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def _logit(p: float) -> float:
    p = min(max(p, _LEAST), 1 - 0.01)
    return math.log(p / (1 - p))
