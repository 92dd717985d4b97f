"""The one way rows go: whole sessions, on the writer's word, and really overwritten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cowrite.store import promotions, snapshots
from cowrite.store.codec import numbers_in_runs
from cowrite.store.drafts import Drafts
from cowrite.store.schema import BY_EVENT, LAST_EDIT_KIND, MAX_SEQ, MOVED, SEQ_BITS


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: sessions and events removed, and sessions kept since they are being written."""

    sessions: int
    events: int
    open: int


def purge_sessions(
    db: sqlite3.Connection, numbers: Iterable[int], *, quiet: bool = False, learned: bool = False
) -> int:
    """Remove sessions and all that only they hold, in one transaction; returns how many events went.

    quiet: no session is being written, so the numbers of suggestions and models, which a window
    remembers, may go too. learned: remove the promotions as well.
    Freed pages are overwritten (`secure_delete`), as far as the file system writes in place.
    """
    removed = 0
    db.execute("BEGIN IMMEDIATE")
    try:
        # The triggers look for this mark. It is gone before anybody else can see it.
        db.execute("INSERT INTO meta VALUES ('purging', '1')")
        for number in numbers:
            removed += _remove(db, number)
        while idle := _idle_renames(db):
            for number in idle:
                _remove(db, number)
        if learned:
            promotions.clear(db)
        _drop_unused(db)
        if quiet:
            _drop_names(db)
        db.execute("DELETE FROM meta WHERE name = 'purging'")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return removed


def _remove(db: sqlite3.Connection, number: int) -> int:
    """Remove a session; returns how many events went."""
    span = (number << SEQ_BITS, number << SEQ_BITS | MAX_SEQ)
    removed = db.execute("DELETE FROM events WHERE id BETWEEN ? AND ?", span).rowcount
    for table in BY_EVENT:
        db.execute(f"DELETE FROM {table} WHERE event BETWEEN ? AND ?", span)
    db.execute("DELETE FROM sessions WHERE number = ?", (number,))
    return removed


def _idle_renames(db: sqlite3.Connection) -> list[int]:
    """The sessions of renames that no session of the old name is left for."""
    return [
        number
        for (number,) in db.execute(
            "SELECT r.event >> 24 FROM renames r WHERE NOT EXISTS (SELECT 1 FROM sessions s"
            "  WHERE s.document = r.was AND s.number < r.event >> 24)"
            " AND NOT EXISTS (SELECT 1 FROM saves v WHERE v.document = r.was AND v.event < r.event)"
        )
    ]


def forget_session(
    db: sqlite3.Connection, number: int | None, is_open: Callable[[str], bool]
) -> None:
    """Remove a session that was to leave nothing behind, and what killed ones like it of its draft left.

    Those were kept to bring the draft back; it has been saved since.
    """
    drafts = Drafts(db)
    unlogged = db.execute(
        "SELECT number, session_id, document FROM sessions WHERE feedback = 0 AND number <= ?",
        (number,),
    ).fetchall()
    draft = {drafts.now(document, one) for one, _, document in unlogged if one == number}
    gone = [
        one
        for one, session_id, document in unlogged
        if drafts.now(document, one) in draft and (one == number or not is_open(session_id))
    ]
    if gone:
        purge_sessions(db, gone)


def shrink(db: sqlite3.Connection) -> None:
    """Write the file anew without the gaps, and leave nothing of the old one in its journal."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drop_unused(db: sqlite3.Connection) -> None:
    """Remove the drafts and snapshots that no session needs any more."""
    used = {
        number
        for (number,) in db.execute(
            "SELECT text FROM openings UNION SELECT runs FROM openings UNION SELECT text FROM states"
            " UNION SELECT runs FROM states UNION SELECT head FROM requests WHERE head IS NOT NULL"
            " UNION SELECT notes FROM instructions WHERE notes IS NOT NULL"
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
        " AND number NOT IN (SELECT was FROM renames)"
    )


def _drop_names(db: sqlite3.Connection) -> None:
    """Remove the models, parameters and ids of suggestions that no row names any more."""
    db.execute(
        "DELETE FROM models WHERE number NOT IN"
        " (SELECT model FROM requests UNION SELECT model FROM instructions)"
    )
    db.execute(
        "DELETE FROM params WHERE number NOT IN"
        " (SELECT params FROM requests UNION SELECT params FROM instructions)"
    )
    named = {
        number
        for (number,) in db.execute(
            "SELECT suggestion FROM events WHERE suggestion IS NOT NULL"
            " UNION SELECT parent FROM requests WHERE parent IS NOT NULL"
            " UNION SELECT parent FROM instructions WHERE parent IS NOT NULL"
        )
    }
    for (number,) in db.execute(
        "SELECT runs FROM openings UNION SELECT runs FROM states"
    ).fetchall():
        named |= numbers_in_runs(snapshots.get(db, number).text)
    for (extra,) in db.execute(
        "SELECT extra FROM events WHERE kind <= ? AND kind <> ? AND extra IS NOT NULL",
        (LAST_EDIT_KIND, MOVED),
    ):
        runs, gone, *_ = json.loads(extra)
        named |= numbers_in_runs(runs or "") | numbers_in_runs(gone or "")
    known = db.execute("SELECT number FROM suggestions").fetchall()
    db.executemany(
        "DELETE FROM suggestions WHERE number = ?", [row for row in known if row[0] not in named]
    )
