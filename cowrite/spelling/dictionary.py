"""One language: is a word spelt as its word list has it, and what else may it be?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from cowrite.core.words import APOSTROPHES
from cowrite.slips import distance
from cowrite.spelling.own import OwnWords, folded
from cowrite.spelling.variants import is_british
from cowrite.spelling.wordlist import word_list

MOST_SUGGESTED = 7
_SWAPPED = 0.5
"""How far a word with two letters swapped is: fingers do that more often than they take another letter."""
_COMMON = 500
"""How often a word is in the list that may be meant before or behind a space that is missing."""
_EVERYDAY = 30_000
"""How often a word is that everybody writes: a space between two of these is forgotten as a letter is."""
_LAST = 3.0
"""How far two words are of which one is rarer: behind every single word."""
_COMPOUNDING = ("de", "nl")
"""Languages that write words together: a word is right where its parts are."""
_ELIDING = ("fr", "it")
"""Languages in which `l'` and the like stand before a word."""
_FIRST_PART, _LAST_PART = 4, 3
"""Letters that a part of a compound has at least: shorter ones would make words of slips."""
_LONGEST = 40
_LATIN, _ARABIC = (
    re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff']+"),
    re.compile(r"[\u0600-\u06ff']+"),
)
_CONTRACTED = re.compile(r"(?:'(?:s|d|ll|ve|re))+$")


class Dictionary:
    """The words of a language and the writer's own. Takes 0.1 to 0.5 seconds to make.

    Raises CowriteError where there is no such word list.
    """

    def __init__(self, language: str, own: OwnWords) -> None:
        self.language = language
        self._own = own
        self._words = word_list(language)
        self._letters = "".join(sorted({letter for word in self._words for letter in word}))
        self._script = _ARABIC if language == "ar" else _LATIN

    def is_right(self, word: str) -> bool:
        """Whether a word is known, or none that could be: one letter, an acronym, another script."""
        plain = folded(word)
        if len(plain) < 2 or word in self._own or not self._script.fullmatch(plain):
            return True
        if any(letter.isupper() for letter in word[1:]):
            return not word.isupper() or len(word) < 6 or self._known(plain)
        return self._known(plain)

    def _known(self, plain: str) -> bool:
        words = self._words
        if plain in words:
            return True
        if self.language == "en":
            base = _CONTRACTED.sub("", plain)
            return base in words or is_british(base, words)
        if "'" in plain and self.language in _ELIDING:
            return plain.rpartition("'")[2] in words
        return self.language in _COMPOUNDING and self._is_compound(plain)

    def _is_compound(self, plain: str) -> bool:
        """Whether it is two or more words with at most an `s` between them."""
        if len(plain) > _LONGEST:
            return False
        for cut in range(_FIRST_PART, len(plain) - _LAST_PART + 1):
            if plain[:cut] not in self._words:
                continue
            rest = plain[cut:]
            for tail in (rest, rest.removeprefix("s")):
                if len(tail) >= _LAST_PART and (tail in self._words or self._is_compound(tail)):
                    return True
        return False

    # What a word may be

    def suggest(self, word: str) -> list[str]:
        """What the word may have been meant to be, the likeliest first, in its capitals and apostrophes."""
        plain = folded(word)
        if not 1 < len(plain) <= _LONGEST:
            return []
        found = {other: 1.0 for other in self._near(plain) if other in self._words}
        found |= {other: _SWAPPED for other in swapped(plain) if other in self._words}
        for cut in range(1, len(plain)):
            first, second = plain[:cut], plain[cut:]
            if self._stands_alone(first) and self._stands_alone(second):
                both = f"{first} {second}"
                found[both] = 1.0 if self._used(both) > _EVERYDAY else _LAST
        if len(found) < MOST_SUGGESTED:
            for other in self._words:
                if abs(len(other) - len(plain)) <= 2 and other[:1] == plain[:1]:
                    far = distance(plain, other, 2)
                    if far <= 2:
                        found.setdefault(other, float(far))
        best = sorted(found, key=lambda other: (found[other], -self._used(other), other))
        return [_dressed(other, word) for other in best[:MOST_SUGGESTED]]

    def _stands_alone(self, word: str) -> bool:
        return word in ("a", "i") or (len(word) > 1 and self._words.get(word, 0) > _COMMON)

    def _used(self, words: str) -> int:
        return min(self._words.get(word, 0) for word in words.split())

    def _near(self, word: str) -> Iterator[str]:
        """Every text one slip away: a letter missing, doubled, changed or added."""
        for place in range(len(word) + 1):
            head, tail = word[:place], word[place:]
            if tail:
                yield head + tail[1:]
            for letter in self._letters:
                yield head + letter + tail
                if tail:
                    yield head + letter + tail[1:]


def swapped(word: str) -> Iterator[str]:
    """The word with two neighbouring letters in the other order, for each two."""
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _dressed(plain: str, like: str) -> str:
    """A suggestion written as the word was: its capitals, its apostrophe."""
    for shape in APOSTROPHES[1:]:
        if shape in like:
            plain = plain.replace("'", shape)
    if len(like) > 1 and like.isupper():
        return plain.upper()
    if like[:1].isupper():
        plain = plain[:1].upper() + plain[1:]
    return unicodedata.normalize("NFC", plain)
