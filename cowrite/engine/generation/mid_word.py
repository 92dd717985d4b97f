"""A word that was begun is finished as a word: of the language, of the draft, or as one of its names."""

from __future__ import annotations

import re
from functools import cached_property

from cowrite.core.language import spoken
from cowrite.core.words import words
from cowrite.spelling.lexicon import Lexicon, lexicon
from cowrite.spelling.own import folded

_FRAGMENT = re.compile(r"[^\W\d_]+\Z")
_REST = re.compile(r"[^\W\d_]*(?:['\u2019][^\W\d_]*)?")
_NEAR = 2000
"""Characters before the cursor that are read for the language."""


class MidWord:
    """The word at the cursor, and what it may become.

    Where nothing known begins so, it is a name or a word of the writer's own, and anything may come.
    """

    def __init__(self, before: str, after: str) -> None:
        match = _FRAGMENT.search(before)
        self._fragment = match.group() if match else ""
        self._before, self._after = before, after

    @cached_property
    def _lexicon(self) -> Lexicon | None:
        near = self._before[-_NEAR:]
        return lexicon(spoken(near) or ("en" if near.isascii() else ""))

    @cached_property
    def _own(self) -> frozenset[str]:
        """The words of the draft, without the one that is being written."""
        text = self._before[: len(self._before) - len(self._fragment)]
        found = {folded(text[low:high]) for low, high in words(text)}
        return frozenset(
            found | {folded(self._after[low:high]) for low, high in words(self._after)}
        )

    @cached_property
    def _asked(self) -> bool:
        """Whether there is a begun word, and words that begin so."""
        if not self._fragment or self._lexicon is None or not self._fragment.isascii():
            return False
        return self._begins(self._fragment)

    def _begins(self, part: str) -> bool:
        low = folded(part)
        known = self._lexicon is not None and self._lexicon.begins(low)
        return known or any(word.startswith(low) for word in self._own)

    def _is_word(self, word: str) -> bool:
        low = folded(word)
        return low in self._own or (self._lexicon is not None and low in self._lexicon)

    def wrong_at(self, text: str, *, final: bool) -> int | None:
        """Where in a candidate the begun word goes wrong; None where it does not, or not yet."""
        match = _REST.match(text) if self._fragment and text else None
        if match is None or not self._asked:
            return None
        rest = match.group()
        word = (self._fragment + rest).rstrip("'\u2019")
        over = final or match.end() < len(text)
        if self._is_word(word) or (not over and self._begins(word)):
            return None
        if not rest and not over:
            return None
        return max(0, len(rest) - 1)
