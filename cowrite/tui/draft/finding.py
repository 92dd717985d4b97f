"""Finding in a draft. Pure: a query and a text give ranges.

Both are looked at as a reader sees them (`core.folding`), and what is found is said in places of the text.

A regular expression is a little program that the writer wrote, and some never end: those are searched for
with `regex`, which takes a deadline, and not with the standard library, which can't be interrupted.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

from cowrite.core.diff import difference
from cowrite.core.document import one_line_end, split_lines
from cowrite.core.folding import View, alike, compose, has_unseen, searched
from cowrite.core.words import APOSTROPHES, cuts_letter, is_whole
from cowrite.errors import UsageError

if TYPE_CHECKING:
    import regex

MOST_FOUND = 100_000
PATIENCE = 0.3
"""Seconds that an expression may take over a draft: a writer feels it, and goes on typing."""

TOO_LONG = "This expression takes too long."

_MOST_REPEATS = 20_000
_REPEATS = re.compile(r"\{(\d+)(?:,\d*)?\}")
"""`regex` writes `(a{1000}){1000}` out, which takes all memory there is; nobody looks for such a thing."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `case`: capital and small letters differ. `word`: only whole words."""

    text: str
    case: bool = False
    word: bool = False
    regex: bool = False

    @property
    def body(self) -> str:
        """The query as an expression over a view of the draft."""
        if self.regex:
            body = alike(self.text) if self._any_apostrophe else compose(self.text)
        else:
            body = re.escape(alike(self.text))
        return rf"(?<![^\W_])(?:{body})(?![^\W_])" if self.word else body

    @property
    def _any_apostrophe(self) -> bool:
        """Whether an expression means apostrophes of every shape: it has a straight one and no other."""
        return "'" in self.text and not any(sign in self.text for sign in APOSTROPHES[1:])

    def view(self, text: str) -> View:
        """The text as this query looks at it.

        Lines end with `\\n` and letters are composed. What looks alike is alike, and what can't be seen isn't
        there, where the query doesn't name it; an expression says what it wants of these by itself.
        """
        like = not self.regex or self._any_apostrophe
        unseen = not self.regex and not has_unseen(self.text)
        make = searched if len(text) < _LONG else _kept
        return make(text, like=like, unseen=unseen)


_LONG = 10_000
"""Characters of a text whose view is kept for the next query: it is the draft and not a line of it."""

_kept = lru_cache(maxsize=1)(searched)


def find_all(query: Query, text: str, patience: float = PATIENCE) -> list[tuple[int, int]]:
    """Where the query is in the text, in order, as code points.

    Left out are empty matches, and those that begin or end within a letter: `e` is not in a decomposed `é`.
    patience: seconds that a regular expression is given.
    Raises UsageError where it is none, or takes longer.
    """
    if not query.text:
        return []
    view = query.view(text)
    if not query.regex:
        found = _plain(query.body, query.case).finditer(view.text)
        return _places(query, view, text, (match.span() for match in found))
    try:
        matches = _expression(query).finditer(view.text, timeout=patience)
        return _places(query, view, text, (match.span() for match in matches))
    except (TimeoutError, MemoryError):
        raise UsageError(TOO_LONG) from None


@lru_cache(maxsize=8)
def _plain(body: str, case: bool) -> re.Pattern[str]:
    return re.compile(body, re.MULTILINE if case else re.MULTILINE | re.IGNORECASE)


def _places(
    query: Query, view: View, text: str, found: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    out = []
    simple = text.isascii() and not query.word
    for low, high in found:
        if low == high:
            continue
        start, end = view.source(low, high)
        if not simple:
            if cuts_letter(view.text, low) or cuts_letter(text, start) or cuts_letter(text, end):
                continue
            if query.word and not is_whole(text, start, end):
                continue
        out.append((start, end))
        if len(out) >= MOST_FOUND:
            break
    return out


def replacements(
    query: Query,
    text: str,
    places: list[tuple[int, int]],
    template: str,
    newline: str = "\n",
) -> list[tuple[int, int, str]]:
    r"""The edits that put `template` in the place of matches; `\1` and `\g<name>` are an expression's groups.

    newline: what ends a line that a match had none for; lines that it had end as they did.
    Raises UsageError where the template names a group that isn't there, or the matches take too long.
    """
    if not query.regex:
        return [(start, end, template) for start, end in places]
    view = query.view(text)
    edits = []
    for start, end in places:
        seen, fresh = _expanded(query, view, (start, end), template)
        if "\n" in fresh:
            fresh = with_ends_of(fresh, seen, text[start:end], newline)
        edits.append((start, end, fresh))
    return edits


def _expanded(query: Query, view: View, place: tuple[int, int], template: str) -> tuple[str, str]:
    """What was found at a place of the draft, as it was looked at, and what comes in its place."""
    import regex

    try:
        match = _expression(query).match(view.text, view.at(place[0]), timeout=PATIENCE)
        if match is None or view.source(*match.span()) != place:
            return "", template
        return match[0], one_line_end(match.expand(template))
    except (TimeoutError, MemoryError):
        raise UsageError(TOO_LONG) from None
    except (regex.error, IndexError) as error:
        what = getattr(error, "msg", "no such group")
        raise UsageError(f"That can't be put in its place: {what}.") from None


def with_ends_of(fresh: str, seen: str, source: str, newline: str) -> str:
    r"""A text whose lines end with `\n`, with the line ends of the one that it takes the place of.

    seen: that one as it was looked at; source: as it is. What both texts begin and end with keeps its line
    ends one by one; those between take theirs in turn, and the last one's where there are more of them.
    """
    ends = [line[len(line.rstrip("\r\n")) :] for line in split_lines(source)[:-1]]
    if not ends:
        return fresh.replace("\n", newline)
    start, _, high = difference(seen, fresh)
    first = fresh.count("\n", 0, start)
    last = fresh.count("\n", high)
    between = ends[first : len(ends) - last]
    missing = fresh.count("\n", start, high) - len(between)
    if missing > 0:
        between += [(between or ends)[-1]] * missing
    ends = [*ends[:first], *between[: fresh.count("\n", start, high)], *ends[len(ends) - last :]]
    lines = fresh.split("\n")
    return "".join(map("".join, zip(lines, [*ends, ""], strict=True)))


@lru_cache(maxsize=8)
def _expression(query: Query) -> regex.Pattern[str]:
    import regex

    if prod(max(1, int(count)) for count in _REPEATS.findall(query.text)) > _MOST_REPEATS:
        raise UsageError(TOO_LONG)
    flags = regex.MULTILINE if query.case else regex.MULTILINE | regex.IGNORECASE
    try:
        with warnings.catch_warnings():  # a warning would be written over the screen
            warnings.simplefilter("ignore")
            return regex.compile(query.body, flags)
    except (regex.error, OverflowError, RecursionError, MemoryError, ValueError) as error:
        what = getattr(error, "msg", "too large")
        raise UsageError(f"That is no regular expression: {what}.") from None


def at_or_after(found: list[tuple[int, int]], place: int) -> int:
    """The index of the first match at `place` or behind it, round the end; -1 where there is none."""
    if not found:
        return -1
    return next((index for index, (start, _) in enumerate(found) if start >= place), 0)


def before(found: list[tuple[int, int]], place: int) -> int:
    """The index of the last match that begins before `place`, round the start; -1 where there is none."""
    if not found:
        return -1
    behind = [index for index, (start, _) in enumerate(found) if start < place]
    return behind[-1] if behind else len(found) - 1


class Marker:
    """Finds the query in the paragraphs on screen, until that has taken too long once."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._left = PATIENCE

    def __call__(self, text: str) -> list[tuple[int, int]]:
        """The matches in a paragraph; none any more once an expression was too slow."""
        if self._left <= 0:
            return []
        try:
            return find_all(self._query, text, self._left)
        except UsageError:
            self._left = 0.0
            return []
