"""What became of accepted text: its state some seconds after, at saves, at the end."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from cowrite.core.document import Document
from cowrite.core.edits import Edit
from cowrite.core.rows import SpanState
from cowrite.feedback.distance import character_distance, kept_share, word_distance
from cowrite.feedback.kept import QUIET_MS
from cowrite.feedback.regions import Region, Regions

CHECKPOINTS_S = (15, 30, 120, 300, 600)
"""Seconds after the acceptance: 30 to 600 as in Ziegler et al., "Productivity assessment of neural code
completion" (2022), and 15 as GitHub Copilot's editor sends besides."""


@dataclass(slots=True, eq=False)
class FollowedText:
    """The followed text of the suggestion `key`. `since`: when it was (last) accepted, in the session's ms."""

    key: str
    region: Region
    since: int
    states: list[tuple[str, int, str]] = field(default_factory=list)
    """(at, milliseconds after the acceptance, text), in order."""
    round: int = 0
    at_save: str | None = None
    at_rest: str | None = None
    """What it was when the draft had been left alone for `QUIET_MS` first; None while it was not."""

    def begin(self, now: int) -> None:
        """Some of it was accepted just now: what was noted before is of no interest any more."""
        self.since = now
        self.round += 1
        self.states.clear()
        self.at_save = self.at_rest = None

    def save(self, text: str, now: int) -> None:
        """The draft was saved with this text in its place: note it where it is another one."""
        if text != self.at_save:
            self.states.append(("save", now - self.since, text))
            self.at_save = text


class Survival:
    """Follows the accepted texts of one session. Events must come in order, each before the draft changes."""

    __slots__ = (
        "_changed",
        "_due",
        "_edited_at",
        "_fresh",
        "_owners",
        "_tick",
        "document",
        "regions",
    )

    def __init__(self, document: Document) -> None:
        self.document = document
        self.regions = Regions(len(document))
        self._due: list[tuple[int, int, int, int, FollowedText]] = []
        self._changed: dict[int, FollowedText] = {}
        self._owners: dict[int, FollowedText] = {}
        self._tick = 0
        self._fresh: list[FollowedText] = []
        """Those that were accepted since the draft was left alone last."""
        self._edited_at = 0

    @property
    def waits(self) -> bool:
        """Whether something depends on when the draft is left alone next."""
        return bool(self._fresh)

    def rest(self, now: int) -> None:
        """Nobody wrote until `now`: look at what was accepted, if that is long enough."""
        if self._fresh and now - self._edited_at >= QUIET_MS:
            for followed in self._fresh:
                followed.at_rest = self.text(followed)
            self._fresh.clear()

    def begin(self, key: str, start: int, end: int, now: int) -> FollowedText:
        """Follow the text from `start` to `end`, which was just accepted."""
        followed = FollowedText(key, Region(start, end), now)
        self.regions.add(followed.region)
        self._owners[id(followed.region)] = followed
        self.taken_again(followed, now)
        return followed

    def taken_again(self, followed: FollowedText, now: int) -> None:
        """More of the same suggestion was accepted: the clock starts anew."""
        followed.begin(now)
        self._changed[id(followed.region)] = followed
        if followed not in self._fresh:
            self._fresh.append(followed)
        self._set_clock(followed, 0)

    def _set_clock(self, followed: FollowedText, index: int) -> None:
        self._tick += 1
        due = followed.since + CHECKPOINTS_S[index] * 1000
        # The tick keeps the order of equals; the round tells clocks that were started anew.
        heapq.heappush(self._due, (due, self._tick, index, followed.round, followed))

    def here(self) -> list[FollowedText]:
        """The accepted texts that the last edit was in or beside."""
        return [self._owners[id(region)] for region in self.regions.here]

    def at_once(self, start: int, end: int, until: int) -> bool:
        """Whether a burst up to `until` that changes the draft from `start` to `end` may be taken as one edit.

        Not beside an accepted text, where it depends on the time of each letter whether it belongs to it;
        and in one only what is typed, before its next state is due.
        """
        here = self.regions.around(start, end)
        if not here:
            return True
        inside = start == end and all(region.start < start < region.end for region in here)
        return inside and (not self._due or self._due[0][0] > until)

    def text(self, followed: FollowedText) -> str:
        """What stands in the place of the accepted text now."""
        return self.document.slice(*self.regions.bounds(followed.region))

    def advance(self, now: int) -> None:
        """The draft stayed as it is until `now`: read the states that have come due."""
        due = self._due
        while due and due[0][0] <= now:
            _, _, index, started, followed = heapq.heappop(due)
            if started != followed.round:
                continue
            seconds = CHECKPOINTS_S[index]
            followed.states.append((f"{seconds}s", seconds * 1000, self.text(followed)))
            if index + 1 < len(CHECKPOINTS_S):
                self._set_clock(followed, index + 1)

    def edited(self, edit: Edit, now: int, own: FollowedText | None) -> None:
        """An edit was made; `own` is the accepted text that it goes on."""
        self._edited_at = now
        self.regions.apply(edit, now, own.region if own else None)
        for region in self.regions.here:
            self._changed[id(region)] = self._owners[id(region)]

    def saved(self, now: int) -> None:
        """The draft was saved: note the texts that are not what they were at the save before."""
        for followed in self._changed.values():
            followed.save(self.text(followed), now)
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
