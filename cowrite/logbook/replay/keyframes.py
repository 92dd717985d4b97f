"""A session's events, and scenes kept at intervals, so that any moment of a long session is near one."""

from __future__ import annotations

import time
from collections.abc import Iterable

from cowrite.core.events import Opened, Stamped
from cowrite.core.replay import ReplayError
from cowrite.logbook.replay.scene import Lines, Scene, State, offered

_KEPT = 200
"""The most scenes that are kept, and"""

_APART = 1000
"""the fewest events between two of them."""

_BATCH = 100


class Keyframes:
    """The events from the first to the last that can be played.

    `damage` says why the rest can't, where an edit does not fit; `events` ends before it then. Raises
    ReplayError where the beginning of the session is missing.
    """

    def __init__(self, events: Iterable[Stamped]) -> None:
        self.events = list(events)
        if not self.events or not isinstance(self.events[0].body, Opened):
            raise ReplayError("The log does not hold how this session began.")
        self.texts = offered(self.events)
        self.damage: ReplayError | None = None
        self._scout = Scene(self.texts)
        self._scouted = 0
        self._kept: list[State] = []
        self._apart = max(_APART, -(-len(self.events) // _KEPT))

    def __len__(self) -> int:
        return len(self.events)

    def apply(self, scene: Scene, index: int) -> tuple[bool, Lines | None]:
        """Apply an event to a scene: whether it did fit, and the lines that it changed."""
        try:
            return True, scene.apply(self.events[index].body)
        except ReplayError as error:
            self.damage = error
            del self.events[index:]
            return False, None

    def prepare(self, seconds: float) -> bool:
        """Work ahead for at most `seconds`; true while something is left to do."""
        until = time.perf_counter() + seconds
        while self._scouted < len(self.events) and time.perf_counter() < until:
            self._scout_to(self._scouted + _BATCH)
        return self._scouted < len(self.events)

    def _scout_to(self, count: int) -> None:
        while self._scouted < min(count, len(self.events)):
            if not self.apply(self._scout, self._scouted)[0]:
                return
            self._scouted += 1
            if self._scouted % self._apart == 0:
                self._kept.append(self._scout.state())

    def after(self, count: int, at: int, scene: Scene) -> tuple[State, int]:
        """The state after `count` events, and how many they are: fewer where the rest is damaged.

        at, scene: a scene that may be near, and how many events it has seen; it is left as it is.
        """
        if count > self._scouted:
            self._scout_to(count)
            return self._scout.state(), self._scouted
        kept = count // self._apart
        index = kept * self._apart
        fresh = Scene(self.texts)
        if index < at <= count:
            index = at
            fresh.become(scene.state())
        elif kept:
            fresh.become(self._kept[kept - 1])
        for one in range(index, count):
            self.apply(fresh, one)
        return fresh.state(), count
