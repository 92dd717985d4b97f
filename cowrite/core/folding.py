"""Views of a text in which what a reader takes for alike is alike, and the way back from them to the text.

A search looks in a view; what it finds there is then said in places of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from cowrite.core.document import one_line_end
from cowrite.core.entities import ENTITY, meant, without_entities
from cowrite.core.words import APOSTROPHES, INVISIBLE, is_invisible, marks

Exchange = tuple[int, int, str]
"""Start and end of a stretch of a text, and what stands for it in the view."""


class View:
    """A text as it is looked at: the source with exchanges made in it.

    text: what comes of that. exchanges: gives them, in order and without overlaps; it is asked when the first
    place is wanted, since most searches find nothing.
    """

    __slots__ = ("_ends", "_exchanges", "_here", "_there", "text")

    def __init__(self, text: str, exchanges: Callable[[], Iterable[Exchange]] = tuple) -> None:
        self.text = text
        self._exchanges: Callable[[], Iterable[Exchange]] | None = exchanges
        self._here: list[int] = []
        """Where in the view each exchange begins, then where it ends; `_there`: the same in the source."""
        self._there: list[int] = []
        self._ends: list[int] = []
        """Where in the view they end."""

    def _learn(self) -> None:
        if self._exchanges is None:
            return
        gained = 0
        for start, end, fresh in self._exchanges():
            low = start + gained
            high = low + len(fresh)
            gained = high - end
            self._here += (low, high)
            self._there += (start, end)
            self._ends.append(high)
        self._exchanges = None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The places of the source of which `text[start:end]` was made, with what is nothing behind it."""
        self._learn()
        return self._back(start, behind=False), self._back(end, behind=True)

    def _back(self, place: int, *, behind: bool) -> int:
        done = bisect_right(self._ends, place)
        before = 2 * done - 1
        if done < len(self._ends) and self._here[2 * done] < place:  # within what was exchanged
            return self._there[2 * done + behind]
        if before < 0:
            return place
        return self._there[before] + place - self._here[before]

    def at(self, place: int) -> int:
        """Where in the view a place of the source is."""
        self._learn()
        before = bisect_right(self._there, place) - 1
        if before < 0:
            return place
        if before % 2 == 0:  # within what was exchanged
            return self._here[before]
        return self._here[before] + place - self._there[before]


class _Loose(dict[int, str]):
    """A character as the loosest comparison sees it (`loosely`); learned as characters come."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in APOSTROPHES:
            found = "'"
        elif sign.isspace():
            found = "\n" if sign in "\n\r\x85\u2028\u2029" else " "
        elif sign in _DIVIDES:
            found = sign
        elif sign == "\u0131":
            found = "i"
        else:
            found = unicodedata.normalize("NFKD", sign).casefold()
            found = "".join(filter(_is_seen, unicodedata.normalize("NFKD", found)))
        self[code] = found
        return found


_DIVIDES = "\u00ad\u200b"
"""Soft hyphen and zero width space: unseen, but a word may go on behind them in the next line."""


def _is_seen(sign: str) -> bool:
    return not (
        unicodedata.combining(sign)
        or is_invisible(sign)
        or unicodedata.category(sign) in ("Cc", "Cf")
    )


_LOOSE = _Loose()


def loosely(text: str) -> str:
    """The text for the loosest comparison: without case, accents, width, ligatures and what is unseen.

    HTML's entities are what they stand for; then compatibility decomposition (NFKD, UAX #15) and full case
    folding, without marks that have a combining class. Every apostrophe is the straight one, every white
    space a space or, where it ends a line, `\n`. What may divide a word without a sign stays.
    """
    return without_entities(text).translate(_LOOSE)


def loose_view(text: str) -> View:
    """`loosely(text)`, with the way back."""
    return View(loosely(text), lambda: _loosened(text))


def _loosened(text: str) -> Iterator[Exchange]:
    done = 0
    for match in ENTITY.finditer(text):
        yield from _signs_loosened(text, done, match.start())
        yield match.start(), match.end(), meant(match[0]).translate(_LOOSE)
        done = match.end()
    yield from _signs_loosened(text, done, len(text))


def _signs_loosened(text: str, start: int, end: int) -> Iterator[Exchange]:
    for place in range(start, end):
        sign = text[place]
        found = _LOOSE[ord(sign)]
        if found != sign:
            yield place, place + 1, found


# As a search sees it

_ALIKE = {
    "'": APOSTROPHES[1:],
    '"': "\u201c\u201d\u201e\u201f\uff02\u2033",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}
"""The plain sign, and what a search takes for it. The spaces are those of category Zs."""


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(f"[{INVISIBLE}]+")


@cache
def _exchanged(*, composed: bool, unseen: bool) -> re.Pattern[str]:
    """What is longer in a text than in its view.

    composed: its letters are whole. unseen: what is nothing to who reads is among what is looked for.
    """
    found = "" if composed else f"{marks()}\u1160-\u11ff"
    found += INVISIBLE if unseen else ""
    return re.compile(rf"\r\n?|[{found}]+" if found else r"\r\n?")


def has_unseen(text: str) -> bool:
    """Whether there is a character in the text that is nothing to who reads."""
    return not text.isascii() and _unseen().search(text) is not None


def compose(text: str) -> str:
    """A text that is searched for, with its letters as `searched` has them."""
    return unicodedata.normalize("NFC", text)


def alike(text: str) -> str:
    """The same, with the signs that `searched` has for others that look like them."""
    return _with_plain_signs(compose(text))


def _with_plain_signs(text: str) -> str:
    if text.isascii():
        return text
    for plain, others in _ALIKE.items():
        for sign in others:
            if sign in text:
                text = text.replace(sign, plain)
    return text


def searched(text: str, *, like: bool, unseen: bool) -> View:
    """A text as a search sees it: composed (NFC), each line ended by `\\n`.

    like: apostrophes, double quotes and spaces are the straight and plain ones. unseen: what is nothing to
    who reads isn't there.
    """
    if text.isascii() and "\r" not in text:
        return View(text)
    base = _with_plain_signs(text) if like else text
    composed = unicodedata.is_normalized("NFC", base)
    seen = one_line_end(base if composed else compose(base))
    unseen = unseen and has_unseen(base)
    if unseen:
        seen = _unseen().sub("", seen)
    if composed and not unseen and "\r\n" not in base:
        return View(seen)
    pattern = _exchanged(composed=composed, unseen=unseen)
    return View(seen, lambda: _composed(pattern, base, unseen=unseen))


def _composed(pattern: re.Pattern[str], text: str, *, unseen: bool) -> Iterator[Exchange]:
    known: dict[str, str] = {}
    for match in pattern.finditer(text):
        start, end = match.span()
        if text[start] == "\r":
            yield start, end, "\n"
            continue
        start -= start > 0 and text[start - 1] not in "\r\n"
        found = text[start:end]
        fresh = known.get(found)
        if fresh is None:
            fresh = unicodedata.normalize("NFC", found)
            known[found] = fresh = _unseen().sub("", fresh) if unseen else fresh
        if fresh != found:
            yield start, end, fresh
