"""Which entries a text names: their keys are looked up word by word, whatever their number.

Case, accents and the shape of apostrophes make no difference, but for one: a key with a capital (`Will`,
`Rose`) wants one in the draft. An instruction, which is typed in haste, needs none. A genitive `'s` belongs
to no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cowrite.core.folding import loosely
from cowrite.core.words import IDEOGRAPHS, SPACELESS, words
from cowrite.memory.lore import Entry

_BESIDE = 3
"""Characters that may stand between two words of a key: `Mr. Quill`, `Jean-Paul`."""

_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Named:
    """A key that stands in a text: from `start` to `end`, and the entry's number."""

    start: int
    end: int
    entry: int


_SIGNS = "\0"
"""Before a key of signs, which no word begins with."""

_MOST_ALIKE = 64
"""Entries that may have one key; a place that names more of them names none in particular."""

_Holders = tuple[tuple[int, bool], ...]
"""Entries by number, and whether each wants a capital. Plain tuples: the garbage collector looks no more
than once at what can't be part of a circle, and a key of the writer's would wait for it."""


class LoreIndex:
    """The entries by their keys. What it finds costs some look-ups a word, however many keys begin alike."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._keys: dict[tuple[str, ...], _Holders] = {}
        """By a key's words, or by all its signs where it is of a script without spaces."""
        self._sizes: dict[str, tuple[int, ...]] = {}
        """By the first word, or the first two signs: how many there are of them in keys, the most first."""
        self._signs = False
        for number, entry in enumerate(self.entries):
            for key in entry.keys:
                self._add(key, number)

    def _add(self, key: str, number: int) -> None:
        capital = next((sign.isupper() for sign in key if sign.isalpha()), False)
        if _SPACELESS.search(key):
            folded = _sign_by_sign(key)
            if len(folded) >= 2:
                self._signs = True
                self._put((_SIGNS, folded), _SIGNS + folded[:2], len(folded), (number, False))
            return
        parts = tuple(_folded(key, words(key)))
        if parts and len(parts) <= _MOST_WORDS:
            self._put(parts, parts[0], len(parts), (number, capital))

    def _put(self, key: tuple[str, ...], first: str, size: int, holder: tuple[int, bool]) -> None:
        known, sizes = self._keys.get(key, ()), self._sizes.get(first, ())
        if len(known) < _MOST_ALIKE:
            self._keys[key] = (*known, holder)
        if size not in sizes:
            self._sizes[first] = tuple(sorted((*sizes, size), reverse=True))

    def __len__(self) -> int:
        return len(self.entries)

    def named(self, text: str, *, loose: bool = False) -> list[Named]:
        """The keys that stand in a text, in its order; of those that begin at one place the longest.

        loose: whether a key with a capital is found without it, too.
        """
        places = list(words(text))
        folded = _folded(text, places)
        found: list[Named] = []
        behind = 0
        for index, (low, _) in enumerate(places):
            if low < behind:
                continue
            here = self._at(text, places, folded, index, loose=loose)
            found += here
            behind = here[0].end if here else behind
        if self._signs:
            found += self._among_signs(text)
            found.sort(key=lambda named: (named.start, named.end))
        return found

    def _at(
        self,
        text: str,
        places: Sequence[tuple[int, int]],
        folded: Sequence[str],
        index: int,
        *,
        loose: bool,
    ) -> list[Named]:
        """The longest keys that begin with a word."""
        low = places[index][0]
        capital = loose or text[low].isupper()
        for size in self._sizes.get(folded[index], ()):
            last = index + size - 1
            if last >= len(places):
                continue
            holders = self._keys.get(tuple(folded[index : last + 1]), ())
            gaps = zip(places[index:last], places[index + 1 : last + 1], strict=True)
            if not holders or any(after[0] - before[1] > _BESIDE for before, after in gaps):
                continue
            end = places[last][1]
            here = [Named(low, end, entry) for entry, wants in holders if capital or not wants]
            if here:
                return here
        return []

    def _among_signs(self, text: str) -> Iterator[Named]:
        """Keys of scripts without spaces, which stand within runs of letters."""
        view = _sign_by_sign(text)
        behind = 0
        for place in range(len(view) - 1):
            first = _SIGNS + view[place : place + 2]
            sizes = self._sizes.get(first, ()) if place >= behind else ()
            for size in sizes:
                holders = self._keys.get((_SIGNS, view[place : place + size]), ())
                if holders:
                    behind = place + size
                    yield from (Named(place, behind, entry) for entry, _ in holders)
                    break


def _folded(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    return [_without_genitive(loosely(text[low:high])) for low, high in places]


def _without_genitive(word: str) -> str:
    return word.removesuffix("'s").rstrip("'") or word


def _sign_by_sign(text: str) -> str:
    """The text folded in such a way that it keeps its places."""
    return "".join((loosely(sign) or sign)[0] for sign in text)


_SPACELESS = re.compile(f"[{SPACELESS}{IDEOGRAPHS}]")
