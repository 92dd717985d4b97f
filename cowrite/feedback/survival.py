"""What became of accepted text: its state some seconds after, at saves, at the end."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from cowrite.core.document import Document
from cowrite.core.edits import Edit
from cowrite.core.rows import SpanState
from cowrite.feedback.distance import character_distance, kept_share, word_distance
from cowrite.feedback.spans import Span, Spans

CHECKPOINTS_S = (15, 30, 120, 300, 600)
"""Seconds after the acceptance; those that other studies of completions use."""


@dataclass(slots=True, eq=False)
class Accepted:
    """The followed text of the suggestion `key`. `since`: when it was (last) accepted, in the session's ms."""

    key: str
    span: Span
    since: int
    states: list[tuple[str, int, str]] = field(default_factory=list)
    """(at, milliseconds after the acceptance, text), in order."""
    round: int = 0
    at_save: str | None = None


class Survival:
    """Follows the accepted texts of one session. Events must come in order, each before the draft changes."""

    __slots__ = ("_changed", "_due", "_owners", "_tick", "document", "spans")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.spans = Spans(len(document))
        self._due: list[tuple[int, int, int, int, Accepted]] = []
        self._changed: dict[int, Accepted] = {}
        self._owners: dict[int, Accepted] = {}
        self._tick = 0

    def begin(self, key: str, start: int, end: int, now: int) -> Accepted:
        """Follow the text from `start` to `end`, which was just accepted."""
        accepted = Accepted(key, Span(start, end), now)
        self.spans.add(accepted.span)
        self._owners[id(accepted.span)] = accepted
        self.taken_again(accepted, now)
        return accepted

    def taken_again(self, accepted: Accepted, now: int) -> None:
        """More of the same suggestion was accepted: the clock starts anew."""
        accepted.since = now
        accepted.round += 1
        accepted.states.clear()
        accepted.at_save = None
        self._changed[id(accepted.span)] = accepted
        self._set_clock(accepted, 0)

    def _set_clock(self, accepted: Accepted, index: int) -> None:
        self._tick += 1
        due = accepted.since + CHECKPOINTS_S[index] * 1000
        # The tick keeps the order of equals; the round tells clocks that were started anew.
        heapq.heappush(self._due, (due, self._tick, index, accepted.round, accepted))

    def here(self) -> list[Accepted]:
        """The accepted texts that the last edit was in or beside."""
        return [self._owners[id(span)] for span in self.spans.here]

    def at_once(self, start: int, end: int, until: int) -> bool:
        """Whether a burst up to `until` that changes the draft from `start` to `end` may be taken as one edit.

        Not beside an accepted text, where it depends on the time of each letter whether it belongs to it;
        and in one only what is typed, before its next state is due.
        """
        here = self.spans.around(start, end)
        if not here:
            return True
        inside = start == end and all(span.start < start < span.end for span in here)
        return inside and (not self._due or self._due[0][0] > until)

    def text(self, accepted: Accepted) -> str:
        """What stands in the place of the accepted text now."""
        return self.document.slice(*self.spans.bounds(accepted.span))

    def advance(self, now: int) -> None:
        """The draft stayed as it is until `now`: read the states that have come due."""
        due = self._due
        while due and due[0][0] <= now:
            _, _, index, started, accepted = heapq.heappop(due)
            if started != accepted.round:
                continue
            seconds = CHECKPOINTS_S[index]
            accepted.states.append((f"{seconds}s", seconds * 1000, self.text(accepted)))
            if index + 1 < len(CHECKPOINTS_S):
                self._set_clock(accepted, index + 1)

    def edited(self, edit: Edit, now: int, own: Accepted | None) -> None:
        """An edit was made; `own` is the accepted text that it goes on."""
        self.spans.apply(edit, now, own.span if own else None)
        for span in self.spans.here:
            self._changed[id(span)] = self._owners[id(span)]

    def saved(self, now: int) -> None:
        """The draft was saved: note the texts that are not what they were at the save before."""
        for accepted in self._changed.values():
            text = self.text(accepted)
            if text != accepted.at_save:
                accepted.states.append(("save", now - accepted.since, text))
                accepted.at_save = text
        self._changed.clear()


def measured(states: list[tuple[str, int, str]], inserted: str) -> tuple[SpanState, ...]:
    """The states with their distances to the text as it was inserted."""
    known: dict[str, tuple[int, int, float]] = {}
    out = []
    for at, after_ms, text in states:
        figures = known.get(text)
        if figures is None:
            figures = known[text] = (
                character_distance(inserted, text),
                word_distance(inserted, text),
                round(kept_share(inserted, text), 4),
            )
        out.append(SpanState(at, after_ms, text, *figures))
    return tuple(out)
