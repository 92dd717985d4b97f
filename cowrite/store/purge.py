"""The one way rows go: whole sessions, on the writer's word, and really overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from cowrite.store import snapshots
from cowrite.store.schema import BY_EVENT, MAX_SEQ, SEQ_BITS


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: sessions and events removed, and sessions kept since they are being written."""

    sessions: int
    events: int
    live: int


def purge_sessions(db: sqlite3.Connection, numbers: Iterable[int]) -> int:
    """Remove sessions and all that only they hold, in one transaction; returns how many events went.

    Freed pages are overwritten (`secure_delete`), as far as the file system writes in place.
    """
    removed = 0
    db.execute("BEGIN IMMEDIATE")
    try:
        # The triggers look for this mark. It is gone before anybody else can see it.
        db.execute("INSERT INTO meta VALUES ('purging', '1')")
        for number in numbers:
            span = (number << SEQ_BITS, number << SEQ_BITS | MAX_SEQ)
            removed += db.execute("DELETE FROM events WHERE id BETWEEN ? AND ?", span).rowcount
            for table in BY_EVENT:
                db.execute(f"DELETE FROM {table} WHERE event BETWEEN ? AND ?", span)
            db.execute("DELETE FROM sessions WHERE number = ?", (number,))
        _drop_unused(db)
        db.execute("DELETE FROM meta WHERE name = 'purging'")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return removed


def forget_session(db: sqlite3.Connection, number: int | None) -> None:
    """Remove a session that was to leave nothing behind."""
    if number is not None:
        purge_sessions(db, [number])


def shrink(db: sqlite3.Connection) -> None:
    """Write the file anew without the gaps, and leave nothing of the old one in its journal."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drop_unused(db: sqlite3.Connection) -> None:
    """Remove the drafts, snapshots, models and parameters that no session needs any more."""
    used = {
        number
        for (number,) in db.execute(
            "SELECT text FROM openings UNION SELECT runs FROM openings UNION SELECT text FROM states"
            " UNION SELECT runs FROM states UNION SELECT head FROM requests WHERE head IS NOT NULL"
        )
    }
    stored = db.execute("SELECT number, base FROM snapshots").fetchall()
    for number, base in stored:
        if number in used and base is not None and base not in used:
            snapshots.flatten(db, number)
    db.executemany(
        "DELETE FROM snapshots WHERE number = ?",
        [(number,) for number, _ in stored if number not in used],
    )
    # A draft for which feedback was switched off is remembered: the switch is a setting.
    db.execute(
        "DELETE FROM documents WHERE feedback = 1 AND number NOT IN (SELECT document FROM sessions)"
        " AND number NOT IN (SELECT document FROM saves)"
    )
    if db.execute("SELECT NOT EXISTS (SELECT 1 FROM sessions)").fetchone()[0]:
        for table in ("suggestions", "models", "params"):
            db.execute(f"DELETE FROM {table}")
