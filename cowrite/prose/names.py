"""Names that are nearly another, much more frequent one: Martha, where it was always Marta."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from cowrite.core.words import plain
from cowrite.prose.remarks import Kind, Prose, Read, Remark

_RARE = 2
"""How often the slip may stand in the draft."""
_TIMES = 3
"""How many times as often the name it is near to stands there."""
_LEAST = 4
"""Letters of a name, at least."""
_TWO_SLIPS = 7
"""Letters of names that may differ in two letters."""
_ENDINGS = ("'s", "'")


class _Names:
    """How often each word with a capital stands in a draft, and where those are that stand there seldom."""

    def __init__(self, prose: Prose) -> None:
        self.count: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        """How often within a sentence, where no capital is due."""
        self.small: set[str] = set()
        self.places: dict[str, list[tuple[Read, int, int]]] = defaultdict(list)
        for one in prose:
            self._read(one)

    def _read(self, one: Read) -> None:
        text = one.passage.text
        starts = {_first_letter(text, sentence.start) for sentence in one.passage.sentences()}
        for low, high in one.words:
            if high - low < _LEAST:
                continue
            word = text[low:high]
            if not word[0].isupper():
                self.small.add(word)
                continue
            word = plain(word)
            for ending in _ENDINGS:
                word = word.removesuffix(ending)
            if len(word) < _LEAST or not word.isalpha() or not word[1:].islower():
                continue
            self.count[word] += 1
            self.inside[word] += low not in starts
            if self.count[word] <= _RARE:
                self.places[word].append((one, low, low + len(word)))

    def all(self) -> list[str]:
        """Words with a capital that aren't written without one."""
        return [name for name in self.count if name.casefold() not in self.small]


def name_slips(prose: Prose) -> Iterator[Remark]:
    """A rare name beside a frequent one that it differs from by a letter or two.

    Names are words with a capital that aren't written without; the frequent one stands within sentences too.
    """
    names = _Names(prose)
    count, german = names.count, prose.language == "de"
    frequent: dict[str, list[str]] = defaultdict(list)
    for name in names.all():
        if count[name] >= _TIMES and 10 * names.inside[name] >= count[name]:
            frequent[name[0]].append(name)
    for name in names.all():
        prose.go_on()
        if count[name] > _RARE:
            continue
        likely = [
            other
            for other in frequent[name[0]]
            if count[other] >= _TIMES * count[name] and _is_near(name, other, german=german)
        ]
        if likely:
            best = max(likely, key=lambda other: count[other])
            for one, low, high in names.places[name]:
                says = f"“{name}”: elsewhere “{best}”, {count[best]} times"
                yield one.remark(low, high, Kind.NAME, says)


def _first_letter(text: str, start: int) -> int:
    while start < len(text) and not text[start].isalnum():
        start += 1
    return start


def _is_near(name: str, other: str, *, german: bool) -> bool:
    """Whether one of them may be a slip for the other, and isn't its plural or another form.

    German gives every noun a capital, so there names that begin alike alone are taken.
    """
    if name == other:
        return False
    short, long = sorted((name.casefold(), other.casefold()), key=len)
    if long.startswith(short) and long[len(short) :] in _FORMS:
        return False
    if german and (long.startswith(short) or short[:3] != long[:3]):
        return False
    allowed = 2 if len(short) >= _TWO_SLIPS else 1
    return _distance(short, long, allowed) <= allowed


_FORMS = ("s", "es", "n", "en", "e", "ian", "an", "y", "ie", "er", "i", "ish")


def _distance(one: str, other: str, most: int) -> int:
    """Letters put in, left out, exchanged, or two that change places (Damerau, 1964); at most `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, letter in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != letter))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == letter:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return row[-1]
