"""Names and numbers in a text: what a rewriting must not lose. Pure.

A name is a word with a capital where none is due: not at a sentence's beginning, unless it has one in the
middle of a sentence elsewhere. German gives capitals to every noun, so there no word is known to be a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cowrite.core.language import spoken


@dataclass(frozen=True, slots=True)
class Named:
    """A name or a number: where it stands, [start, end) in code points, how it is written, and what it is
    compared by.
    """

    start: int
    end: int
    text: str
    value: str


_TOKEN = re.compile(r"\d+(?:[.,:/\u2019']\d+)*|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\u2026]|\n)[\s\"'\u201c\u2018\u201e\u00ab(\[*_\u2014-]*$")
_INSIDE = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr)\.)\s*$")
_NUMERALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
_COUNTS = {
    **{word: str(number) for number, word in enumerate(_NUMERALS.split()) if number > 2},
    **{word: str(10 * number) for number, word in enumerate(_TENS.split(), 3)},
    "thousand": "1000",
}
"""Numbers in words, but for those that are used for other things too, as `one` is."""

_DATES = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_TITLES = "mr mrs ms dr st prof sr jr"
_NO_NAMES = frozenset(f"i i'm i'd i'll i've {_TITLES} {_DATES}".split())
"""Capitals that make no name of their own; a date may be said otherwise."""


@lru_cache(maxsize=8)
def names_and_numbers(text: str, around: str = "") -> tuple[Named, ...]:
    """All of them in a text, in their order. around: what is known besides, where names can be seen too."""
    german = spoken(text) == "de"
    known = set() if german else {value for value, plain in _capitals(text) if not plain}
    if around and not german and spoken(around) != "de":
        known |= {value for value, plain in _capitals(around) if not plain}
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        value = _number(word)
        if value is None and word[0].isupper():
            name = _name(word)
            value = name if name in known else None
        if value is not None:
            found.append(Named(match.start(), match.end(), word, value))
    return tuple(found)


def _capitals(text: str) -> list[tuple[str, bool]]:
    """Words with a capital, and whether it is due to where they stand."""
    out = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        name = _name(word)
        if word[0].isupper() and name and name not in _NO_NAMES:
            before = text[max(0, match.start() - 12) : match.start()]
            due = bool(_SENTENCE_START.search(before)) and not _INSIDE.search(before)
            out.append((name, due))
    return out


def _name(word: str) -> str:
    """The word without what makes it a genitive."""
    plain = word.casefold().replace("\u2019", "'")
    return plain.removesuffix("'s").removesuffix("'")


def _number(word: str) -> str | None:
    if word[0].isdigit():
        return re.sub(r"[,\u2019'](?=\d{3}\b)", "", word)
    return _COUNTS.get(word.casefold())
