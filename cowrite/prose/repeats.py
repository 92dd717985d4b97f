"""Words that are there twice: one behind the other by a slip, or a rare one near itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from cowrite.core.segmentation import is_ideograph
from cowrite.core.words import plain
from cowrite.prose.remarks import Kind, Prose, Read, Remark

_MEANT = {
    "": "ha he hi ho la tut bye night so no yes yeah very ever well there now far many much more on oh ah",
    "en": "had that is do her",
    "de": "die der das den dem sie was wir ihr",
    "fr": "nous vous en",
    "nl": "dat die het zijn",
    "it": "piano via man poco quasi così",
    "es": "muy casi",
}
"""Words that stand twice on purpose, in any language (''), and in one."""

_SPACE = re.compile(r"\s+")

_APART = 14
"""Words between two rare ones of a kind that a reader still hears, at most."""
_CLOSE = 3
"""Words between them, at least: nearer they are a figure (`step by step`)."""
_LEAST = 6
"""Letters of a word that is heard again."""
_RARE = 12_000
"""A word is rare where it stands at most once in so many words, besides the two."""


def doubled(prose: Prose) -> Iterator[Remark]:
    """A word that stands twice, one behind the other, with only space between."""
    meant = {*_MEANT[""].split(), *_MEANT.get(prose.language, "").split()}
    for one in prose:
        text = one.passage.text
        before = (0, 0)
        last = ""
        for low, high in one.words:
            word = plain(text[low:high]).casefold()
            if (
                word == last
                and word.isalpha()
                and word not in meant
                and not is_ideograph(word[0])
                and not text[low].isupper()
                and _SPACE.fullmatch(text, before[1], low)
            ):
                yield one.remark(before[0], high, Kind.DOUBLED, f"“{text[low:high]}” stands twice")
            before, last = (low, high), word


class _Heard(NamedTuple):
    number: int
    where: Read
    low: int
    high: int


def near(prose: Prose) -> Iterator[Remark]:
    """A rare word that stands again a few words further on."""
    count: Counter[str] = Counter()
    total = 0
    for one in prose.paragraphs():
        for low, high in one.words:
            total += 1
            if high - low >= _LEAST:
                count[_root(one.passage.text[low:high])] += 1
    heard: dict[str, _Heard] = {}
    number = 0
    for one in prose.paragraphs():
        text = one.passage.text
        for low, high in one.words:
            number += 1
            word = text[low:high]
            if (
                high - low < _LEAST
                or not word.isalpha()
                or not word.islower()
                or is_ideograph(word[0])
            ):
                continue
            root = _root(word)
            if count[root] > 2 + total // _RARE:
                continue
            before = heard.get(root)
            heard[root] = _Heard(number, one, low, high)
            if before is None or before.where is not one:
                continue
            between = number - before.number - 1
            if _CLOSE <= between <= _APART:
                yield one.remark(low, high, Kind.NEAR, f"“{word}” again, {between} words on")


def _root(word: str) -> str:
    """What two forms of a word have in common, near enough: no plural, no genitive."""
    word = plain(word).casefold().removesuffix("'s")
    return word.removesuffix("s") if len(word) > _LEAST else word
