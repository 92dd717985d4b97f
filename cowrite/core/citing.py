"""Which passages of a draft a question is about, or an answer rests on: those that share its rare words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cowrite.core.document import Document

_WORD = re.compile(r"\w{2,}")
_MOST = 2_000_000
"""Characters of a draft that are looked at, those around the cursor."""
_SHARE = 0.25
"""A passage has so much of what the best one has, at least, to be named beside it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the draft, from `start` to `end` (code points). score: how much it says of a query."""

    start: int
    end: int
    text: str
    score: float = 0.0


def passages(document: Document, near: int = 0) -> Iterator[Passage]:
    """The lines of a draft that hold words; of a very long one those around an offset."""
    first, last = 0, document.line_count
    if len(document) > _MOST:
        first = document.line_at(max(0, near - _MOST // 2))
        last = document.line_at(min(len(document), near + _MOST // 2)) + 1
    for index in range(first, last):
        text = document.line(index)
        if _WORD.search(text):
            start = document.line_start(index)
            yield Passage(start, start + len(text), text)


def related(found: list[Passage], query: str) -> list[Passage]:
    """Those that have words of the query, the best first. Rare words count more, long passages less."""
    wanted = _words(query)
    if not wanted:
        return []
    theirs = [_words(one.text) for one in found]
    often = Counter(word for words in theirs for word in words & wanted)
    out = []
    for one, words in zip(found, theirs, strict=True):
        shared = words & wanted
        if shared:
            weight = sum(math.log(1 + len(found) / often[word]) for word in shared)
            score = weight / (1 + math.log(1 + len(words)))
            out.append(Passage(one.start, one.end, one.text, score))
    return sorted(out, key=lambda one: (-one.score, one.start))


def cited(found: list[Passage], answer: str, most: int = 3) -> list[Passage]:
    """The passages that an answer rests on, the best first; none where it has no word of any."""
    best = related(found, answer)[:most]
    return [one for one in best if one.score >= _SHARE * best[0].score]


def gathered(found: list[Passage], query: str, near: int, budget: int) -> list[Passage]:
    """What a model is shown to answer a query: the best passages and those at an offset, in order."""
    around = sorted(found, key=lambda one: abs(one.start - near))
    out: dict[int, Passage] = {}
    left = budget
    for one in (*around[:1], *related(found, query), *around[1:]):
        if one.start in out or len(one.text) > left:
            continue
        out[one.start] = one
        left -= len(one.text) + 2
    return [out[start] for start in sorted(out)]


def _words(text: str) -> set[str]:
    return {match.group().casefold() for match in _WORD.finditer(text)}
