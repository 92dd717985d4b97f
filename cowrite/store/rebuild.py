"""The draft at any moment of a session, made again from the log."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from cowrite.core.provenance import Runs
from cowrite.core.replay import Replay, ReplayError
from cowrite.store import snapshots
from cowrite.store.codec import unpack_runs
from cowrite.store.decode import EventReader
from cowrite.store.encode import Watermark
from cowrite.store.payloads import suggestion_id
from cowrite.store.schema import MAX_SEQ, SEQ_BITS


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Which rows are a session's."""

    number: int
    session_id: str
    started_ms: int

    @property
    def span(self) -> tuple[int, int]:
        """The least and the greatest id that an event of it can have."""
        return self.number << SEQ_BITS, self.number << SEQ_BITS | MAX_SEQ


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A draft as it was, how far it was read, and that event's wall time.

    whole: whether all edits did fit; where not, the draft is the one before the first that did not.
    """

    replay: Replay
    watermark: Watermark
    wall_ms: int
    whole: bool


def session_row(db: sqlite3.Connection, session_id: str) -> SessionRow | None:
    """The session of this id."""
    row = db.execute(
        "SELECT number, started_ms FROM sessions WHERE session_id = ?", (session_id,)
    ).fetchone()
    return None if row is None else SessionRow(row[0], session_id, row[1])


def opening_of(db: sqlite3.Connection, session: SessionRow) -> tuple[int, str] | None:
    """The id and the reason of a session's opening."""
    row: tuple[int, str] | None = db.execute(
        "SELECT event, reason FROM openings WHERE event BETWEEN ? AND ? ORDER BY event LIMIT 1",
        session.span,
    ).fetchone()
    return row


def rebuild(db: sqlite3.Connection, session: SessionRow, *, upto: int | None = None) -> Rebuilt:
    """The draft after the event with the id `upto`, or after the last one.

    Begins at the nearest kept state, so it reads some thousand events at most. Raises LookupError where the
    session's beginning is not in the log.
    """
    low, high = session.span
    end = high if upto is None else upto
    state = db.execute(
        "SELECT event, mono_ms, anchor, head, text, runs FROM states WHERE event BETWEEN ? AND ?"
        " ORDER BY event DESC LIMIT 1",
        (low, end),
    ).fetchone()
    replay, watermark, wall = Replay(), Watermark(), session.started_ms
    if state is not None:
        event, mono, anchor, head, text, runs = state
        replay = Replay(snapshots.get(db, text).text, read_runs(db, runs), (anchor, head))
        skew = db.execute(
            "SELECT skew_ms FROM clocks WHERE event BETWEEN ? AND ? ORDER BY event DESC LIMIT 1",
            (low, event),
        ).fetchone()
        # The selection's head is also where the steps of later rows are counted from.
        watermark = Watermark(event & MAX_SEQ, mono, head, skew[0] if skew else 0)
        wall = session.started_ms + mono + watermark.skew_ms
    elif opening_of(db, session) is None:
        raise LookupError(f"The beginning of session {session.session_id} is not in the log.")
    whole = True
    reader = EventReader(db, session.number, session.started_ms, watermark)
    for stamped in reader:
        if low | stamped.seq > end:
            break
        wall, watermark = stamped.wall_ms, reader.watermark
        if whole:
            try:
                replay.apply(stamped.body)
            except ReplayError:
                whole = False
    return Rebuilt(replay, watermark, wall, whole)


def read_runs(db: sqlite3.Connection, number: int) -> Runs:
    """The runs that a snapshot holds."""
    return unpack_runs(snapshots.get(db, number).text, lambda known: suggestion_id(db, known))
