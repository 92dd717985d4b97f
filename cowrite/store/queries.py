"""Which drafts and sessions the log holds."""

from __future__ import annotations

import json
import sqlite3

from cowrite.core.events import SessionInfo
from cowrite.store.codec import from_column, to_column
from cowrite.store.names import draft_key


def draft_switch(db: sqlite3.Connection, document: str) -> tuple[str, bool] | None:
    """A draft's id, and whether suggestions and decisions on it are kept; None for an unknown one."""
    row = db.execute(
        "SELECT document_id, feedback FROM documents WHERE path = ?",
        (to_column(draft_key(document) or ""),),
    ).fetchone()
    return None if row is None else (row[0], bool(row[1]))


def sessions(
    db: sqlite3.Connection,
    document: str | None,
    since_ms: int | None,
    until_ms: int | None,
    origin: str | None,
) -> list[SessionInfo]:
    """The sessions in the order they began. None stands for any."""
    key = None if document is None else to_column(draft_key(document) or "")
    rows = db.execute(
        # An untitled draft is known by the name that it was first saved under.
        "SELECT s.session_id, d.document_id, d.path, s.started_ms, e.wall_ms, s.app_version, s.origin,"
        " s.extra FROM sessions s JOIN documents d ON d.number = coalesce("
        "  (SELECT v.document FROM documents u JOIN saves v ON u.number = s.document AND u.path IS NULL"
        "   AND v.event BETWEEN s.number << 24 AND s.number << 24 | 16777215 ORDER BY v.event LIMIT 1),"
        "  s.document)"
        " LEFT JOIN endings e ON e.event BETWEEN s.number << 24 AND s.number << 24 | 16777215"
        " WHERE (:key IS NULL OR d.path = :key) AND (:since IS NULL OR s.started_ms >= :since)"
        " AND (:until IS NULL OR s.started_ms < :until) AND (:origin IS NULL OR s.origin = :origin)"
        " ORDER BY s.started_ms, s.number",
        {"key": key, "since": since_ms, "until": until_ms, "origin": origin},
    ).fetchall()
    return [
        SessionInfo(
            session_id,
            document_id,
            from_column(path) if path is not None else "untitled",
            started,
            ended,
            version,
            source,
            json.loads(extra) if extra else {},
        )
        for session_id, document_id, path, started, ended, version, source, extra in rows
    ]


def families(db: sqlite3.Connection) -> dict[str, str]:
    """For drafts that a session saved under another draft's name: one id that stands for all of them."""
    head: dict[str, str] = {}

    def first(document: str) -> str:
        while (before := head.get(document, document)) != document:
            document = before
        return document

    for one, other in db.execute(
        "SELECT DISTINCT a.document_id, b.document_id FROM saves v"
        " JOIN sessions s ON s.number = v.event >> 24 JOIN documents a ON a.number = s.document"
        " JOIN documents b ON b.number = v.document WHERE a.number != b.number ORDER BY 1, 2"
    ):
        low, high = sorted((first(one), first(other)))
        head.setdefault(low, low)
        head[high] = low
    return {document: first(document) for document in head}


def chosen(
    db: sqlite3.Connection, document: str | None, before_ms: int | None
) -> list[tuple[int, str]]:
    """The numbers and ids of the sessions of a draft, or begun before a time; of all where both are None."""
    key = None if document is None else to_column(draft_key(document) or "")
    return db.execute(
        "SELECT s.number, s.session_id FROM sessions s JOIN documents d ON d.number = s.document"
        " WHERE (:key IS NULL OR d.path = :key OR s.number IN (SELECT v.event >> 24 FROM saves v"
        "  JOIN documents w ON w.number = v.document WHERE w.path = :key))"
        " AND (:before IS NULL OR s.started_ms < :before)",
        {"key": key, "before": before_ms},
    ).fetchall()


def extent(db: sqlite3.Connection, session_id: str) -> tuple[int, int] | None:
    """Milliseconds from a session's first event to its last, and its requests, without reading its events."""
    row: tuple[int, int] | None = db.execute(
        "SELECT (SELECT coalesce(sum(e.after_ms), 0) FROM events e WHERE e.id BETWEEN"
        " s.number << 24 AND s.number << 24 | 16777215),"
        " (SELECT count(*) FROM requests r WHERE r.event BETWEEN"
        " s.number << 24 AND s.number << 24 | 16777215)"
        " FROM sessions s WHERE s.session_id = ?",
        (session_id,),
    ).fetchone()
    return row


def event_counts(db: sqlite3.Connection) -> dict[str, int]:
    """By session: the number of its last event."""
    return dict(
        db.execute(
            "SELECT s.session_id, coalesce((SELECT max(e.id) FROM events e WHERE e.id BETWEEN"
            " s.number << 24 AND s.number << 24 | 16777215), 0) & 16777215 FROM sessions s"
        )
    )


def model_names(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and sha256 of the models that there are requests of."""
    return db.execute("SELECT DISTINCT name, sha256 FROM models ORDER BY 1, 2").fetchall()
