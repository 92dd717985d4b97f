"""A streak: how many days one after the other words were typed, read from the log."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cowrite.core.edits import Origin
from cowrite.core.events import Edited, Stamped
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.store import LogReader

DayOf = Callable[[int], datetime.date]
"""The day of a wall time in milliseconds."""


@dataclass(frozen=True, slots=True)
class Streak:
    """before: days in a row with writing up to yesterday. today: whether there was some today, too."""

    before: int = 0
    today: bool = False

    def days(self, *, writing: bool) -> int:
        """The streak now. writing: whether words were typed in this window, which the log may not have yet."""
        return self.before + (self.today or writing)


def local_day(wall_ms: int) -> datetime.date:
    """The writer's day at a wall time in milliseconds."""
    return datetime.datetime.fromtimestamp(wall_ms / 1000).astimezone().date()


def read_streak(paths: Paths, today: datetime.date, day_of: DayOf = local_day) -> Streak:
    """The streak up to `today`. Reads the log from its end, no further than the streak goes.

    A log that can't be read has none.
    """
    try:
        with LogReader.open(paths.log_file) as log:
            return _streak(log, today, day_of)
    except (CowriteError, OSError):
        return Streak()


def _streak(log: LogReader, today: datetime.date, day_of: DayOf) -> Streak:
    """Sessions are read by their last day: one that was begun long ago may go on beside a newer one."""
    spans = [
        (today if s.ended_ms is None else day_of(s.ended_ms), day_of(s.started_ms), s.session_id)
        for s in log.sessions(origin="cowrite")
    ]
    days: set[datetime.date] = set()
    for last, first, session_id in sorted(spans, reverse=True):
        if last < _gap(days, today):
            break
        if first != last or first not in days:
            days.update(_typed_days(log.events(session_id), day_of, single=first == last))
    return Streak((today - _gap(days, today)).days - 1, today in days)


def _gap(days: set[datetime.date], today: datetime.date) -> datetime.date:
    """The last day before today without writing."""
    day = today - datetime.timedelta(days=1)
    while day in days:
        day -= datetime.timedelta(days=1)
    return day


def _typed_days(events: Iterator[Stamped], day_of: DayOf, *, single: bool) -> list[datetime.date]:
    """The days on which letters were typed in a session. single: all of it is one day, the first will do."""
    found: list[datetime.date] = []
    for event in events:
        body = event.body
        if not isinstance(body, Edited) or body.edit.origin is not Origin.TYPED:
            continue
        if any(map(str.isalnum, body.edit.inserted)):
            day = day_of(event.wall_ms)
            if day not in found:
                found.append(day)
            if single:
                break
    return found
