"""Phrases that the writer strikes out of accepted text again and again, to be proposed for the ban list.

None is ever put there by itself.
Pure functions of the log's rows. A phrase is one to four words that stood in what was taken and are gone from
what stands there at the end, while the text around them was kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Protocol

from cowrite.core.rows import SuggestionRow

MOST_WORDS = 4
"""Words of a phrase at most: a longer one is a sentence, which hardly comes twice."""

LEAST = 3
"""Suggestions that a phrase must have been struck out of, in two sessions or more."""

SHARE = 0.6
"""The share of its appearances in accepted text that must have been struck out."""

_LEFT = 0.3
"""The share of the words that must still be there: a text that was written anew says nothing of its parts."""
_LONGEST = 400
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


class Rows(Protocol):
    """Where the rows of suggestions are from: `logbook.source.LogSource`."""

    def suggestions(self) -> Iterator[SuggestionRow]: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase for `sampling.banned`. struck, kept: in how many accepted texts it was struck out, and stayed.

    sessions: in how many writing sessions it was struck out.
    """

    phrase: str
    struck: int
    kept: int
    sessions: int


@dataclass(slots=True)
class _Struck:
    """Where a phrase was struck out, and how it was written there."""

    suggestions: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    kept: int = 0
    forms: Counter[str] = field(default_factory=Counter)


Phrase = tuple[str, ...]
Accepted = tuple[list[str], list[bool]]
"""The words of an accepted text in small letters, and which of them are gone."""


def proposals(source: Rows, *, banned: Iterable[str] = (), most: int = 10) -> list[Proposal]:
    """The phrases that are worth banning, the one with the most evidence first.

    banned: those that are banned already.
    """
    struck: dict[Phrase, _Struck] = {}
    accepted: list[Accepted] = []
    for row in source.suggestions():
        if row.final_text is not None and row.inserted_text.strip():
            _look(row, struck, accepted)
    often = {
        phrase: one
        for phrase, one in struck.items()
        if len(one.suggestions) >= LEAST and len(one.sessions) >= 2
    }
    for words, gone in accepted:
        for phrase in {phrase for phrase, _ in _runs(words, gone, wanted=False)} & often.keys():
            often[phrase].kept += 1
    known = [tuple(_words(phrase.casefold())) for phrase in banned]
    found = {
        phrase: Proposal(
            one.forms.most_common(1)[0][0], len(one.suggestions), one.kept, len(one.sessions)
        )
        for phrase, one in often.items()
        if len(one.suggestions) >= SHARE * (len(one.suggestions) + one.kept)
    }
    chosen = [
        one
        for phrase, one in found.items()
        if not _said_by_another(phrase, found) and not any(_inside(ban, phrase) for ban in known)
    ]
    return sorted(chosen, key=lambda one: (-one.struck, one.kept, one.phrase))[:most]


def _look(row: SuggestionRow, struck: dict[Phrase, _Struck], accepted: list[Accepted]) -> None:
    """Note one accepted text, and the phrases that were struck out of it."""
    text = row.inserted_text
    places = list(_WORD.finditer(text))[:_LONGEST]
    words = [place.group().casefold() for place in places]
    gone = _gone(words, _words((row.final_text or "").casefold()))
    if gone is None:
        return
    accepted.append((words, gone))
    for phrase, start in _runs(words, gone, wanted=True):
        one = struck.setdefault(phrase, _Struck())
        one.suggestions.add(row.suggestion_id)
        one.sessions.add(row.session_id)
        shown = text[places[start].start() : places[start + len(phrase) - 1].end()]
        one.forms[" ".join(shown.split())] += 1


def _runs(words: list[str], gone: list[bool], *, wanted: bool) -> Iterator[tuple[Phrase, int]]:
    """The phrases all of whose words are gone (or are still there), each with the place of its first word."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
            if gone[end - 1] is not wanted:
                break
            yield tuple(words[start:end]), start


def _gone(before: list[str], after: list[str]) -> list[bool] | None:
    """Which words are gone; None where too little is left to tell a correction from another text."""
    struck = [True] * len(before)
    for start, _, size in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_matching_blocks():
        struck[start : start + size] = [False] * size
    return struck if before and struck.count(False) >= _LEFT * len(before) else None


def _said_by_another(words: Phrase, found: dict[Phrase, Proposal]) -> bool:
    """Whether a longer phrase says as much, or a shorter one says more."""
    own = found[words].struck
    for other, proposal in found.items():
        longer = len(other) > len(words) and _inside(words, other)
        shorter = len(other) < len(words) and _inside(other, words)
        if (longer and proposal.struck >= own) or (shorter and proposal.struck > own):
            return True
    return False


def _inside(one: Phrase, other: Phrase) -> bool:
    """Whether the words of one stand in the other, in a row."""
    size = len(one)
    return bool(one) and any(other[at : at + size] == one for at in range(len(other) - size + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)[:_LONGEST]
