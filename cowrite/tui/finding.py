"""Finding in a draft. Pure: a query and a text give ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.errors import UsageError

MOST_FOUND = 100_000


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `case`: capital and small letters differ. `word`: only whole words."""

    text: str
    case: bool = False
    word: bool = False
    regex: bool = False

    def pattern(self) -> re.Pattern[str]:
        """The query as a pattern. Raises UsageError where it is no regular expression."""
        body = self.text if self.regex else re.escape(self.text)
        if self.word:
            body = rf"(?<!\w)(?:{body})(?!\w)"
        flags = re.MULTILINE if self.case else re.MULTILINE | re.IGNORECASE
        try:
            return re.compile(body, flags)
        except (re.error, OverflowError, RecursionError) as error:
            what = getattr(error, "msg", "too large")
            raise UsageError(f"That is no regular expression: {what}.") from None


def find_all(query: Query, text: str) -> list[tuple[int, int]]:
    """Where the query is in the text, in order, as code points. Empty matches are left out.

    Raises UsageError as `Query.pattern` does.
    """
    if not query.text:
        return []
    out = []
    for match in query.pattern().finditer(text):
        if match.start() < match.end():
            out.append(match.span())
            if len(out) >= MOST_FOUND:
                break
    return out


def replacement(query: Query, text: str, place: tuple[int, int], template: str) -> str:
    r"""What takes the place of a match; in a regular expression `\1` and `\g<name>` are its groups.

    Raises UsageError where the template names a group that isn't there.
    """
    if not query.regex:
        return template
    match = query.pattern().match(text, place[0])
    if match is None or match.span() != place:
        return template
    try:
        return match.expand(template)
    except (re.error, IndexError) as error:
        what = getattr(error, "msg", "no such group")
        raise UsageError(f"That can't be put in its place: {what}.") from None


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
