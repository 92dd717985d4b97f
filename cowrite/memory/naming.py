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


@dataclass(frozen=True, slots=True)
class _Key:
    rest: tuple[str, ...]
    entry: int
    capital: bool


class LoreIndex:
    """The entries by their keys. What it finds costs a look-up a word, not one an entry."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self._by_word: dict[str, list[_Key]] = {}
        self._by_signs: dict[str, list[tuple[str, int]]] = {}
        for number, entry in enumerate(self.entries):
            for key in entry.keys:
                self._add(key, number)

    def _add(self, key: str, number: int) -> None:
        if _SPACELESS.search(key):
            folded = _sign_by_sign(key)
            if len(folded) >= 2:
                self._by_signs.setdefault(folded[:2], []).append((folded, number))
            return
        parts = _folded(key, words(key))
        if parts and len(parts) <= _MOST_WORDS:
            capital = next((sign.isupper() for sign in key if sign.isalpha()), False)
            one = _Key(tuple(parts[1:]), number, capital)
            self._by_word.setdefault(parts[0], []).append(one)

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
            here = list(self._at(text, places, folded, index, loose=loose))
            if here:
                behind = max(named.end for named in here)
                found += [named for named in here if named.end == behind]
        if self._by_signs:
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
    ) -> Iterator[Named]:
        low = places[index][0]
        capital = loose or text[low].isupper()
        for key in self._by_word.get(folded[index], ()):
            last = index + len(key.rest)
            if (key.capital and not capital) or tuple(folded[index + 1 : last + 1]) != key.rest:
                continue
            gaps = zip(places[index:last], places[index + 1 : last + 1], strict=True)
            if all(after[0] - before[1] <= _BESIDE for before, after in gaps):
                yield Named(low, places[last][1], key.entry)

    def _among_signs(self, text: str) -> Iterator[Named]:
        """Keys of scripts without spaces, which stand within runs of letters."""
        view = _sign_by_sign(text)
        behind = 0
        for place in range(len(view) - 1):
            keys = self._by_signs.get(view[place : place + 2], ()) if place >= behind else ()
            ends = [(place + len(key), entry) for key, entry in keys if view.startswith(key, place)]
            if ends:
                behind = max(end for end, _ in ends)
                yield from (Named(place, end, entry) for end, entry in ends if end == behind)


def _folded(text: str, places: Iterable[tuple[int, int]]) -> list[str]:
    return [_without_genitive(loosely(text[low:high])) for low, high in places]


def _without_genitive(word: str) -> str:
    return word.removesuffix("'s").rstrip("'") or word


def _sign_by_sign(text: str) -> str:
    """The text folded in such a way that it keeps its places."""
    return "".join((loosely(sign) or sign)[0] for sign in text)


_SPACELESS = re.compile(f"[{SPACELESS}{IDEOGRAPHS}]")
