"""What the log says of suggestions that were seen: taken or not, with what was known of them before.

Only what the writer's hand said is a decision. What was never seen, was shown and hidden again, or failed says
nothing. A refused text that begins with the word that was typed in its place was right all the same (Lee et
al., "CoAuthor", 2022, and Bhat et al., arXiv 2208.00636, saw writers take up parts of what they had refused).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cowrite.core.outcome import SEEN_MS, Outcome, verdict
from cowrite.core.rows import CONTINUE, CandidateRow, SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.features import Recent, first_word, vectors
from cowrite.store import LogReader

WEAK = 0.5
"""The weight of a sign that says less: others were asked for, or the first word came anyway."""

KEPT = 0.5
"""The share of what was taken that must stand at the end: less was deleted again, or written anew."""

NEWEST = 20_000
"""Decisions that are read at most, the newest ones: a year of much writing, and 20 seconds of reading."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One candidate that was on screen, and whether some of it was taken.

    features: as `features.vectors` has them. weight: 1, less for a weak sign. auto: whether nobody asked.
    tokens: how many tokens of it were taken, None where none was.
    """

    features: tuple[float, ...]
    took: bool
    weight: float
    auto: bool
    tokens: int | None = None


def decisions(rows: Iterable[SuggestionRow]) -> Iterator[Decision]:
    """The decisions of one session's rows, which come in the order of its requests."""
    recent = Recent()
    for row in rows:
        asked = datetime.fromisoformat(row.requested_at).timestamp()
        yield from _of_row(row, recent, asked)
        told = verdict(row.outcome, row.closing)
        if told is not None:
            left = asked + ((row.latency_ms.first or 0) + row.shown_ms) / 1000
            recent.decided(row.offered, took=told, refused=not told, now=left)


def logged_decisions(log: LogReader, newest: int = NEWEST) -> list[Decision]:
    """The newest decisions of the log, the oldest first. A damaged session is read up to the damage.

    Sessions come one by one, and only numbers of them are kept. Raises StoreError.
    """
    sessions = [one for one in log.sessions() if one.origin == "cowrite"]
    sessions.sort(key=lambda one: one.started_ms)
    found: list[list[Decision]] = []
    count = 0
    while sessions and count < newest:
        session = sessions.pop()
        rows = suggestion_rows(session, log.bursts(session.session_id), troubles=[])
        of_session = list(decisions(rows))
        found.append(of_session)
        count += len(of_session)
    return [one for part in reversed(found) for one in part][-newest:]


def _of_row(row: SuggestionRow, recent: Recent, now: float) -> Iterator[Decision]:
    if not row.candidates or row.task != CONTINUE:
        return  # what was asked for by an instruction is chosen for other reasons
    known = vectors(row.candidates, row.prefix, auto=row.auto, recent=recent, now=now)
    told = verdict(row.outcome, row.closing)
    regenerated = row.outcome is Outcome.REGENERATED
    offered = row.chosen if row.chosen is not None else (row.shown[-1] if row.shown else None)
    for index, (one, features) in enumerate(zip(row.candidates, known, strict=True)):
        if features is None:
            continue
        if index == offered and told:
            kept = bool(row.survival) and row.survival[-1].kept >= KEPT
            tokens = _tokens(one, len(row.inserted_text)) if kept else None
            yield Decision(features, kept, 1.0, row.auto, tokens)
        elif index == offered and (told is not None or regenerated):
            right = not regenerated and _came_anyway(one.text, row.typed_instead)
            weight = WEAK if right or regenerated else 1.0
            yield Decision(features, right, weight, row.auto)
        elif index in row.shown and one.shown_ms >= SEEN_MS and told is not None:
            yield Decision(features, False, 1.0, row.auto)


def _came_anyway(text: str, instead: str | None) -> bool:
    """Whether what was typed in the place of a text begins with its first word."""
    word = first_word(text)
    same_gap = text[:1].isspace() == (instead or "")[:1].isspace()
    return bool(word) and same_gap and word == first_word(instead or "")


def _tokens(one: CandidateRow, characters: int) -> int:
    """How many of its tokens hold its first characters."""
    at = 0
    for count, token in enumerate(one.tokens, 1):
        at += len(token.text)
        if at >= characters:
            return count
    return len(one.tokens)
