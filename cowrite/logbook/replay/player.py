"""Plays a session: a moment of it, how the moments follow one another, and jumps between them.

Headless. Whoever draws it reads `document`, `provenance`, `selection` and `ghost`, and is told through a
`Watcher` what became different. Jumping back costs little in a long session too, since the scene is kept
at intervals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Protocol

from cowrite.core.document import Document
from cowrite.core.events import Stamped
from cowrite.core.ghost import Suggestion
from cowrite.core.instruction import Rewrite
from cowrite.core.provenance import Provenance
from cowrite.core.replay import ReplayError
from cowrite.logbook.replay.keyframes import Keyframes
from cowrite.logbook.replay.playtime import IDLE_MS, PlayTime
from cowrite.logbook.replay.scene import Scene
from cowrite.logbook.replay.timeline import timeline

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)

_STEPS = 64
"""Events that are shown one by one; more at once are worked out aside and shown as one change."""

_GRACE_MS = 1000
"""While the session is played, going back to an event that was just passed goes to the one before it."""


class Watcher(Protocol):
    """Who draws the player, as a page does."""

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""

    def moved(self) -> None:
        """The selection is another one."""

    def ghosted(self) -> None:
        """The ghost is another one."""


class _Nobody:
    def changed(self, first: int, before: int, after: int) -> None:
        del first, before, after

    def moved(self) -> None:
        pass

    def ghosted(self) -> None:
        pass


class Player:
    """A session between its first event and its last. Raises ReplayError where there is no beginning.

    `at` counts the events that have happened, `now` is the session's time in milliseconds,
    `stop_shares` the shares of playing at which requests, decisions and saves are.
    """

    def __init__(self, events: Iterable[Stamped], watcher: Watcher | None = None) -> None:
        self._frames = Keyframes(events)
        self._scene = Scene(self._frames.texts)
        self.watcher: Watcher = watcher or _Nobody()
        self.at = 0
        self.now = 0.0
        self.speed = 1.0
        self.playing = False
        self._skip_idle = True
        self._measure()
        self.go(self.start_ms)

    def _measure(self) -> None:
        """Find the times and the entries of the events there are."""
        self._times = list(accumulate((stamped.mono_ms for stamped in self._frames.events), max))
        self._time = PlayTime(self._times, IDLE_MS if self._skip_idle else None)
        self.entries = timeline(self._frames.events, self._frames.texts)
        self._stops = [entry.index for entry in self.entries if entry.is_stop]
        self._share_stops()

    def _share_stops(self) -> None:
        self.stop_shares = tuple(self.share_at(self._times[index]) for index in self._stops)

    # What is shown: the names that a page knows from a session

    @property
    def document(self) -> Document:
        return self._scene.document

    @property
    def provenance(self) -> Provenance:
        return self._scene.provenance

    @property
    def selection(self) -> tuple[int, int]:
        return self._scene.selection

    @property
    def selected(self) -> tuple[int, int]:
        return min(self.selection), max(self.selection)

    @property
    def cursor(self) -> int:
        return self.selection[1]

    @property
    def suggestion(self) -> Suggestion | None:
        return self._scene.suggestion

    @property
    def ghost(self) -> str:
        """What is shown at the cursor and isn't in the draft."""
        return "" if self.suggestion is None else self.suggestion.ghost

    @property
    def rewrite(self) -> Rewrite | None:
        """The rewrite that stands in the draft."""
        return self._scene.rewrite

    # Where it is

    @property
    def damage(self) -> ReplayError | None:
        """Why the session can't be played to its end, where an edit does not fit."""
        return self._frames.damage

    @property
    def start_ms(self) -> int:
        return self._times[0]

    @property
    def length_ms(self) -> int:
        """How long the session was."""
        return self._times[-1] - self._times[0]

    @property
    def passed_ms(self) -> float:
        """How much of it is over."""
        return self.now - self._times[0]

    @property
    def ended(self) -> bool:
        return self.at >= len(self._frames)

    @property
    def share(self) -> float:
        """How much of the session has been played, 0 to 1; without idle time where that is skipped."""
        return self.share_at(self.now)

    def share_at(self, time_ms: float) -> float:
        """The share of playing at a time of the session."""
        length = self._time.length
        first = self._time.played(self.start_ms)
        return (self._time.played(time_ms) - first) / length if length else 1.0

    def current_entry(self) -> int:
        """The index in `entries` of what happened last, -1 before the first."""
        return bisect_right(self.entries, self.at - 1, key=lambda entry: entry.index) - 1

    # Playing

    @property
    def skip_idle(self) -> bool:
        """Whether long pauses are shortened."""
        return self._skip_idle

    @skip_idle.setter
    def skip_idle(self, wanted: bool) -> None:
        self._skip_idle = wanted
        self._time = PlayTime(self._times, IDLE_MS if wanted else None)
        self._share_stops()

    def toggle(self) -> None:
        """Play, or pause; at the end, play from the beginning."""
        if not self.playing and self.ended:
            self.go(self.start_ms)
        self.playing = not self.playing

    def faster(self) -> None:
        """Play at the next higher of the speeds."""
        self.speed = next((one for one in SPEEDS if one > self.speed), SPEEDS[-1])

    def slower(self) -> None:
        """Play at the next lower of the speeds."""
        self.speed = next((one for one in reversed(SPEEDS) if one < self.speed), SPEEDS[0])

    def advance(self, seconds: float) -> None:
        """Let so much time of the watcher's go by."""
        if not self.playing:
            return
        self.skip(seconds * self.speed)
        if self.ended:
            self.playing = False

    # Jumping

    def go(self, time_ms: float) -> None:
        """Show the session at a time, with everything that had happened by then."""
        time_ms = min(max(time_ms, self._times[0]), self._times[-1])
        self._to(bisect_right(self._times, time_ms))
        self.now = min(time_ms, self._times[-1])

    def go_share(self, share: float) -> None:
        """Go to a share of the playing time."""
        first = self._time.played(self.start_ms)
        self.go(self._time.time(first + min(max(share, 0.0), 1.0) * self._time.length))

    def skip(self, seconds: float) -> None:
        """Go on (or back) by so much playing time."""
        played = self._time.played(self.now) + seconds * 1000
        time_ms = self._time.time(played)
        # Times of events are whole: what rounding leaves before one has reached it.
        self.go(round(time_ms) if abs(time_ms - round(time_ms)) < 1e-6 else time_ms)

    def go_event(self, index: int) -> None:
        """Show the session right after an event, counted from 0."""
        self._to(index + 1)
        self.now = float(self._times[self.at - 1])

    def go_start(self) -> None:
        """Go to the beginning."""
        self.go(self._times[0])

    def go_end(self) -> None:
        """Go to the end."""
        self.go(self._times[-1])

    def next_stop(self) -> None:
        """Go to the next request, decision or save; to the end where there is none."""
        found = bisect_left(self._stops, self.at)
        if found < len(self._stops):
            self.go_event(self._stops[found])
        else:
            self.go_end()

    def previous_stop(self) -> None:
        """Go to the request, decision or save before; to the beginning where there is none."""
        before = self.now - (_GRACE_MS * self.speed if self.playing else 0)
        found = bisect_left(self._stops, before, key=lambda index: self._times[index]) - 1
        if found >= 0:
            self.go_event(self._stops[found])
        else:
            self.go_start()

    # Scenes

    def prepare(self, seconds: float) -> bool:
        """Work ahead for at most `seconds`, so that later jumps are quick; true while some is left."""
        more = self._frames.prepare(seconds)
        self._note_damage()
        return more

    def _to(self, count: int) -> None:
        """Show the scene after `count` events."""
        if 0 <= count - self.at <= _STEPS:
            self._step_to(count)
        else:
            self._jump_to(count)
        self._note_damage()
        self.watcher.moved()
        self.watcher.ghosted()

    def _step_to(self, count: int) -> None:
        while self.at < min(count, len(self._frames)):
            fits, lines = self._frames.apply(self._scene, self.at)
            if not fits:
                return
            self.at += 1
            if lines is not None:
                self.watcher.changed(*lines)

    def _jump_to(self, count: int) -> None:
        state, self.at = self._frames.after(count, self.at, self._scene)
        lines = self._scene.become(state)
        if lines is not None:
            self.watcher.changed(*lines)

    def _note_damage(self) -> None:
        """The session is shorter than it seemed."""
        if len(self._times) != len(self._frames):
            self._measure()
            self.now = min(self.now, self._times[-1])
