"""Places of sessions that have a name, and the draft as it was there: snapshots cost the log a row each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cowrite.core.events import KEEPING, Ended, Opened, SessionInfo, Snapshotted, Stamped
from cowrite.core.provenance import Runs
from cowrite.core.replay import Replay
from cowrite.store import queries
from cowrite.store.event_types import EVENTS
from cowrite.store.reader import LogReader
from cowrite.store.rebuild import Rebuilt, rebuild, session_row


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The event of a session at which its draft got a name. event: its id in the log."""

    session: SessionInfo
    event: int
    said: Snapshotted


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that is not being written, to be kept as it is: its path, its text and its authors."""

    path: str
    text: str
    runs: Runs


def events_of(kept: Kept, said: Snapshotted, now_ms: int) -> Iterator[Stamped]:
    """The events of a session that holds nothing but a draft's text and its name."""
    bodies: Sequence[Opened | Snapshotted | Ended] = (
        Opened(kept.text, kept.runs, kept.path, KEEPING),
        said,
        Ended(len(kept.text), True, KEEPING),
    )
    for seq, body in enumerate(bodies, 1):
        yield Stamped(seq, 0, now_ms, body)


def named_places(log: LogReader) -> list[NamedPlace]:
    """Every place that has a name, in the order of the log. Raises StoreError."""
    kind = EVENTS.of(Snapshotted).kind
    sessions = {
        one.session_id: one for origin in (None, KEEPING) for one in log.sessions(origin=origin)
    }
    return [
        NamedPlace(sessions[name], event, Snapshotted(*json.loads(extra)))
        for name, event, extra in log.read(lambda db: queries.snapshots(db, kind))
        if name in sessions
    ]


def draft_there(log: LogReader, place: NamedPlace) -> Replay:
    """The draft as it was there. Raises StoreError, also where the session is gone meanwhile."""

    def read(db: sqlite3.Connection) -> Rebuilt:
        row = session_row(db, place.session.session_id)
        if row is None:
            raise LookupError(f"the session {place.session.session_id} is not in it any more.")
        return rebuild(db, row, upto=place.event)

    return log.read(read).replay


def moment_ms(log: LogReader, place: NamedPlace) -> int:
    """When it got its name, in milliseconds since 1970, without reading the session's events."""

    def read(db: sqlite3.Connection) -> tuple[int, int]:
        row: tuple[int, int] = db.execute(
            "SELECT coalesce(sum(after_ms), 0), coalesce((SELECT skew_ms FROM clocks WHERE event BETWEEN"
            " :event >> 24 << 24 AND :event ORDER BY event DESC LIMIT 1), 0) FROM events"
            " WHERE id BETWEEN :event >> 24 << 24 AND :event",
            {"event": place.event},
        ).fetchone()
        return row

    return place.session.started_ms + sum(log.read(read))
