"""Which words a language has and how they begin, small and quick enough to be asked at each token.

A dictionary of 160,000 entries takes 25 MB; the same words, joined by their first letters, take 2.
"""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

from cowrite.errors import CowriteError
from cowrite.spelling.own import folded
from cowrite.spelling.wordlist import word_list

WHOLE_WORDED = frozenset(("en", "fr", "es", "it", "pt"))
"""Languages whose words stand in the list as they are: German and Dutch make new ones of two."""

_KEY = 2

_lock = Lock()


class Lexicon:
    """The words of a language."""

    def __init__(self, language: str) -> None:
        words = word_list(language)
        groups: dict[str, list[str]] = {}
        for word in words:
            groups.setdefault(word[:_KEY], []).append(word)
        self._words = {key: "\n".join(["", *group, ""]) for key, group in groups.items()}

    def __contains__(self, word: str) -> bool:
        plain = folded(word)
        return f"\n{plain}\n" in self._words.get(plain[:_KEY], "")

    def begins(self, part: str) -> bool:
        """Whether a word begins so, or is this."""
        plain = folded(part)
        if len(plain) < _KEY:
            return any(key.startswith(plain) for key in self._words)
        return f"\n{plain}" in self._words.get(plain[:_KEY], "")


@lru_cache(maxsize=2)
def _read(language: str) -> Lexicon | None:
    try:
        return Lexicon(language)
    except (CowriteError, ImportError):
        return None


def lexicon(language: str) -> Lexicon | None:
    """The words of a language, read once (half a second); None where there are none that can be asked so."""
    if language not in WHOLE_WORDED:
        return None
    with _lock:
        return _read(language)
