"""Finding in a draft. Pure: a query and a text give ranges.

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
        """The query as an expression."""
        body = self.text if self.regex else re.escape(self.text)
        return rf"(?<!\w)(?:{body})(?!\w)" if self.word else body


def find_all(query: Query, text: str, patience: float = PATIENCE) -> list[tuple[int, int]]:
    """Where the query is in the text, in order, as code points. Empty matches are left out.

    patience: seconds that a regular expression is given.
    Raises UsageError where it is none, or takes longer.
    """
    if not query.text:
        return []
    if not query.regex:
        flags = re.MULTILINE if query.case else re.MULTILINE | re.IGNORECASE
        return _spans(match.span() for match in re.finditer(query.body, text, flags))
    try:
        found = _expression(query).finditer(text, timeout=patience)
        return _spans(match.span() for match in found)
    except (TimeoutError, MemoryError):
        raise UsageError(TOO_LONG) from None


def replacements(
    query: Query, text: str, places: list[tuple[int, int]], template: str
) -> list[tuple[int, int, str]]:
    r"""The edits that put `template` in the place of matches; `\1` and `\g<name>` are an expression's groups.

    Raises UsageError where the template names a group that isn't there, or the matches take too long.
    """
    if not query.regex:
        return [(start, end, template) for start, end in places]
    return [(start, end, _expanded(query, text, (start, end), template)) for start, end in places]


def _expanded(query: Query, text: str, place: tuple[int, int], template: str) -> str:
    import regex

    try:
        match = _expression(query).match(text, place[0], timeout=PATIENCE)
        return template if match is None or match.span() != place else match.expand(template)
    except (TimeoutError, MemoryError):
        raise UsageError(TOO_LONG) from None
    except (regex.error, IndexError) as error:
        what = getattr(error, "msg", "no such group")
        raise UsageError(f"That can't be put in its place: {what}.") from None


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


def _spans(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out = []
    for start, end in found:
        if start < end:
            out.append((start, end))
            if len(out) >= MOST_FOUND:
                break
    return out


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
