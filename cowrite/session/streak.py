"""A streak: how many days one after the other words were typed, read from the log."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cowrite.core.edits import Origin
from cowrite.core.events import Edited, Stamped
from cowrite.errors import CowriteError
from cowrite.paths import Paths
from cowrite.store import Store

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
        with Store.open(paths.log_file, read_only=True) as store:
            return _count(_days(store, today, day_of), today)
    except (CowriteError, OSError):
        return Streak()


def _count(days: Iterator[datetime.date], today: datetime.date) -> Streak:
    """days: those with writing, the last ones first; some may come again."""
    before, wrote_today = 0, False
    wanted = today - datetime.timedelta(days=1)
    for day in days:
        if day == today:
            wrote_today = True
        elif day == wanted:
            before += 1
            wanted -= datetime.timedelta(days=1)
        elif day < wanted:
            break
    return Streak(before, wrote_today)


def _days(store: Store, today: datetime.date, day_of: DayOf) -> Iterator[datetime.date]:
    """The days with writing, the last ones first. A session belongs to the days on which it was typed in."""
    seen: set[datetime.date] = set()
    for session in sorted(store.sessions(origin="cowrite"), key=lambda s: -s.started_ms):
        first = day_of(session.started_ms)
        last = today if session.ended_ms is None else day_of(session.ended_ms)
        if first == last and first in seen:
            continue
        found = _typed_days(store.events(session.session_id), day_of, single=first == last)
        yield from sorted(set(found) - seen, reverse=True)
        seen |= set(found)


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
