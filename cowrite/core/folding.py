"""Views of a text in which what a reader takes for alike is alike, and the way back from them to the text.

A search looks in a view; what it finds there is then said in places of the text itself.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from typing import NamedTuple

from cowrite.core.words import APOSTROPHES, is_invisible


class View(NamedTuple):
    """A text as it is looked at. places: where in the source each of its characters comes from, and a last
    one for the source's end; none where view and source are the same, character for character."""

    text: str
    places: list[int]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The places of the source that `text[start:end]`, which is not empty, was made of."""
        if not self.places:
            return start, end
        return self.places[start], max(self.places[end], self.places[end - 1] + 1)

    def at(self, place: int) -> int:
        """Where in the view a place of the source is."""
        return bisect_left(self.places, place) if self.places else place


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
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")


def loosely(text: str) -> str:
    """The text for the loosest comparison: without case, accents, width, ligatures and what is unseen.

    HTML's entities are what they stand for; then compatibility decomposition (NFKD, UAX #15) and full case
    folding, without marks that have a combining class. Every apostrophe is the straight one, every white
    space a space or, where it ends a line, `\n`. What may divide a word without a sign stays.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text.translate(_LOOSE)


def loose_view(text: str) -> View:
    """`loosely(text)`, with the way back."""
    out: list[str] = []
    places: list[int] = []

    def add(place: int, piece: str) -> None:
        out.append(piece)
        places.extend([place] * len(piece))

    done = 0
    for match in _ENTITY.finditer(text):
        for place in range(done, match.start()):
            add(place, _LOOSE[ord(text[place])])
        add(match.start(), html.unescape(match[0]).translate(_LOOSE))
        done = match.end()
    for place in range(done, len(text)):
        add(place, _LOOSE[ord(text[place])])
    return View("".join(out), [*places, len(text)])
