"""The writer's own words in a text, however they are written there.

A name that is left in is a leak, a word too much that is taken out is none: so this errs on the side of
taking out. Case, accents, width, invisible signs and the shapes of apostrophes make no difference; neither
does what stands between the parts of a phrase (white space, line breaks with their signs of quotation,
hyphens, marks of emphasis, links, tags, or nothing), nor what divides a word that a reader sees as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from cowrite import small_text
from cowrite.core.folding import View, loose_view, loosely
from cowrite.core.words import DASHES, IDEOGRAPHS, SPACELESS, marks

_MOST_WORDS = 4_000_000
"""Bytes of a list of words to take out."""

_HYPHENS = "\\-\u2010-\u2015\u2212"
_DIVIDES = "\u00ad\u200b"
_TAG = r"<[^<>]{0,200}>"
_LINK = r"\]\([^()\n]{0,500}\)"
_SEPARATORS = rf"{_LINK}|{_TAG}|%20|[\s'._*~`\\>|/+\[\]{_HYPHENS}{_DIVIDES}]"
"""What may stand between two parts of a phrase."""

_WITHIN = re.compile(
    rf"(?<=[^\W_])(?:[*_~`\\{_DIVIDES}]|[{_HYPHENS}{_DIVIDES}][ ]*\n[ \n>|]*|{_TAG})+(?=[^\W_])"
)
"""What divides a word for the file alone: marks of emphasis, tags, a hyphen at a line's end."""

_JOINED = rf"{IDEOGRAPHS}{SPACELESS}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7fb"
"""A class of the letters at whose side a word may end without a sign: scripts without spaces, and Hangul
(as it is decomposed), whose words take their endings on."""

_AROUND = "_*~`\"'()[]{}<>\u201c\u201d\u201e\u00ab\u00bb " + DASHES
"""What may stand around an entry of a list without being meant."""


def listed_words(source: Path) -> list[str]:
    """The words and phrases of a list: one a line; lines that begin with `#` are notes. Raises UsageError."""
    lines = small_text.read(source, f"The words in {source}", most=_MOST_WORDS, pipes=True).lines
    return [line for line in lines if not line.startswith("#")]


class OwnWords:
    """Finds the words and phrases of a list. Without any it finds nothing."""

    def __init__(self, words: Iterable[str]) -> None:
        groups: dict[str, set[str]] = {}
        for word in words:
            before, body = _expression(word)
            if body:
                groups.setdefault(before, set()).add(body)
        each = (f"{before}(?:{_longest_first(bodies)})" for before, bodies in groups.items())
        self._pattern = re.compile("|".join(each)) if groups else None

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where they are in the text, as code points: in order, without overlaps."""
        if self._pattern is None:
            return []
        folded = loosely(text)
        whole = _WITHIN.sub("", folded)
        places: list[tuple[int, int]] = []
        if self._pattern.search(folded) is not None:
            view = loose_view(text)
            places += [view.source(*place) for place in self._in(folded)]
        if whole != folded and self._pattern.search(whole) is not None:
            view = loose_view(text)
            within = View(whole, lambda: ((*one.span(), "") for one in _WITHIN.finditer(folded)))
            places += [view.source(*within.source(*place)) for place in self._in(whole)]
        return _joined(places)

    def _in(self, text: str) -> list[tuple[int, int]]:
        assert self._pattern is not None
        return [match.span() for match in self._pattern.finditer(text) if match.group()]


def _longest_first(bodies: set[str]) -> str:
    return "|".join(sorted(bodies, key=lambda body: (-len(body), body)))


def _expression(word: str) -> tuple[str, str]:
    """A word or phrase as an expression over a folded text: what may not stand before it, and itself.

    The second is empty where nothing is left of it. Words with the same first part are searched for together.
    """
    folded = _divisions().sub("", loosely(word)).strip().strip(_AROUND).rstrip(".,;:!?")
    parts = list(_part().finditer(folded))
    if not parts:  # signs alone
        return "", re.escape(folded)
    head, tail = folded[: parts[0].start()], folded[parts[-1].end() :]
    before = "" if head else _border(parts[0][0][0], behind=False)
    out = [re.escape(head)]
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        out.append(re.escape(part[0]))
        if following is not None:
            others = "|".join(map(re.escape, set(folded[part.end() : following.start()])))
            out.append(f"(?:{_SEPARATORS}|{others})*+")
    out.append(re.escape(tail) or _border(parts[-1][0][-1], behind=True))
    return before, "".join(out)


@cache
def _divisions() -> re.Pattern[str]:
    return re.compile(f"[{_DIVIDES}]")


@cache
def _part() -> re.Pattern[str]:
    return re.compile(rf"[^\W_](?:[^\W_]|[{marks()}])*")


def _border(sign: str, *, behind: bool) -> str:
    """What must not stand before, or behind, a word with this letter or digit there."""
    look = "?!" if behind else "?<!"
    if sign.isdigit():
        return rf"({look}\d)"
    if re.match(f"[{_JOINED}]", sign):
        return ""
    mark = f"({look}[{marks()}])" if behind else ""
    return rf"({look}[^\W\d_{_JOINED}]){mark}"


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
