"""What the log holds, in figures."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cowrite.core.events import KEEPING, RENAMING
from cowrite.store import migrations
from cowrite.store.drafts import Drafts
from cowrite.store.tail import open_sessions


@dataclass(frozen=True, slots=True)
class LogStats:
    """Figures of one log. bytes: of the file; free_bytes: in it and unused; events: by name."""

    path: str
    bytes: int
    free_bytes: int
    schema: int
    sqlite: str
    journal: str
    documents: int
    sessions: int
    live_sessions: int
    first_ms: int | None
    last_ms: int | None
    events: dict[str, int]
    inserted_characters: int
    candidates: int
    snapshots: int
    snapshot_bytes: int


def read_stats(db: sqlite3.Connection, path: Path, tails: Path) -> LogStats:
    """Count what is in the log. Reads all events once. Raises sqlite3.Error."""

    def one(sql: str) -> int:
        found: int = db.execute(sql).fetchone()[0]
        return found

    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    first, last = db.execute("SELECT min(started_ms), max(started_ms) FROM sessions").fetchone()
    events: dict[str, int] = {}
    inserted = 0
    for event, count, characters in db.execute(
        "SELECT k.event, n, c FROM (SELECT kind, count(*) AS n, coalesce(sum(length(inserted)), 0) AS c"
        " FROM events GROUP BY kind) e JOIN kinds k ON k.kind = e.kind ORDER BY k.kind"
    ):
        events[event] = events.get(event, 0) + count
        inserted += characters
    kept, kept_bytes = db.execute(
        "SELECT count(*), coalesce(sum(length(data)), 0) FROM snapshots"
    ).fetchone()
    return LogStats(
        path=str(path),
        bytes=path.stat().st_size,
        free_bytes=one("PRAGMA freelist_count") * one("PRAGMA page_size"),
        schema=migrations.version(db),
        sqlite=sqlite3.sqlite_version,
        journal="write-ahead log" if mode == "wal" else "rollback journal",
        documents=Drafts(db).count(),
        sessions=one(
            f"SELECT count(*) FROM sessions WHERE origin NOT IN ('{RENAMING}', '{KEEPING}')"
        ),
        live_sessions=len(open_sessions(tails)),
        first_ms=first,
        last_ms=last,
        events=events,
        inserted_characters=inserted,
        candidates=one("SELECT count(*) FROM candidates"),
        snapshots=kept,
        snapshot_bytes=kept_bytes,
    )
