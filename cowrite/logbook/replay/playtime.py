"""Time in a session, with and without the pauses in which nothing happened."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

IDLE_MS = 2000
"""Pauses that are longer are played as if they were so long."""


class PlayTime:
    """Maps a session's time to the time it takes to play without long pauses, and back.

    A long pause is cut in its middle: what was on screen stays for a moment, and what comes next is not
    sudden. times: when the events happened, in milliseconds and in order, at least one. idle_ms: None
    leaves every pause as it was.
    """

    def __init__(self, times: Sequence[int], idle_ms: int | None = IDLE_MS) -> None:
        self._times = times
        self._idle = idle_ms
        self._played: list[int] = []
        if idle_ms is not None:
            played = before = times[0]
            for time in times:
                played += min(time - before, idle_ms)
                self._played.append(played)
                before = time

    @property
    def length(self) -> float:
        """Milliseconds that the whole session takes to play."""
        return self.played(self._times[-1]) - self.played(self._times[0])

    def played(self, time: float) -> float:
        """How far the playing is when the session is at `time`."""
        if self._idle is None:
            return time
        index = max(0, bisect_right(self._times, time) - 1)
        within = min(time, self._times[-1]) - self._times[index]
        return self._played[index] + self._short(index, within)

    def _short(self, index: int, within: float) -> float:
        assert self._idle is not None
        gap = self._gap(index)
        if gap <= self._idle:
            return within
        half = self._idle / 2
        left = gap - within
        return within if within <= half else self._idle - left if left <= half else half

    def _gap(self, index: int) -> int:
        return self._times[index + 1] - self._times[index] if index + 1 < len(self._times) else 0

    def time(self, played: float) -> float:
        """Where the session is when so much was played."""
        first, last = self._times[0], self._times[-1]
        if self._idle is None:
            return min(max(played, first), last)
        index = max(0, bisect_right(self._played, played) - 1)
        within = max(0.0, played - self._played[index])
        gap = self._gap(index)
        if gap <= self._idle or within <= self._idle / 2:
            return min(self._times[index] + within, last)
        return min(self._times[index + 1] - (self._idle - within), last)


def clock(ms: float) -> str:
    """A time in a session for people: `1:05`, `1:02:03`."""
    minutes, seconds = divmod(max(0, int(ms)) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
