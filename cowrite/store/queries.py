"""Which drafts and sessions the log holds."""

from __future__ import annotations

import json
import sqlite3
import uuid

from cowrite.core.events import KEEPING, RENAMING, SessionInfo
from cowrite.store.drafts import Drafts


def draft_switch(drafts: Drafts, db: sqlite3.Connection, document: str) -> tuple[str, bool] | None:
    """A draft's id, and whether suggestions and decisions on it are kept; None for an unknown one."""
    number = drafts.number(document)
    if number is None:
        return None

    def row(of: int) -> tuple[str, int] | None:
        found: tuple[str, int] | None = db.execute(
            "SELECT document_id, feedback FROM documents WHERE number = ?", (of,)
        ).fetchone()
        return found

    own = row(number) or (uuid.uuid4().hex, 1)
    # A rename brings the switch along when it is logged; so does one that will be.
    others = [row(one) for one in drafts.to_come(number)]
    return own[0], bool(own[1]) and all(other is None or other[1] for other in others)


def sessions(
    drafts: Drafts,
    db: sqlite3.Connection,
    document: str | None,
    since_ms: int | None,
    until_ms: int | None,
    origin: str | None,
) -> list[SessionInfo]:
    """The sessions in the order they began. None stands for any in which something was written.

    Those of a path are also those of drafts that stood there before.
    """
    wanted = None if document is None else {drafts.meant(document), *drafts.replaced_at(document)}
    rows = db.execute(
        # An untitled draft is known by the name that it was first saved under.
        "SELECT s.number, s.session_id, coalesce("
        "  (SELECT v.document FROM documents u JOIN saves v ON u.number = s.document AND u.path IS NULL"
        "   AND v.event BETWEEN s.number << 24 AND s.number << 24 | 16777215 ORDER BY v.event LIMIT 1),"
        "  s.document), s.started_ms, e.wall_ms, s.app_version, s.origin, s.extra FROM sessions s"
        " LEFT JOIN endings e ON e.event BETWEEN s.number << 24 AND s.number << 24 | 16777215"
        " WHERE (:since IS NULL OR s.started_ms >= :since) AND (:until IS NULL OR s.started_ms < :until)"
        " AND coalesce(s.origin = :origin, s.origin NOT IN (:renaming, :keeping))"
        " ORDER BY s.started_ms, s.number",
        {
            "since": since_ms,
            "until": until_ms,
            "origin": origin,
            "renaming": RENAMING,
            "keeping": KEEPING,
        },
    ).fetchall()
    names, found = drafts.names(), []
    for number, session_id, draft, started, ended, version, source, extra in rows:
        today = drafts.now(draft, number)
        if wanted is not None and today not in wanted:
            continue
        document_id, path = names[today]
        more = json.loads(extra) if extra else {}
        found.append(
            SessionInfo(session_id, document_id, path, started, ended, version, source, more)
        )
    return found


def families(db: sqlite3.Connection) -> dict[str, str]:
    """For drafts that were saved under another draft's name, or renamed: one id that stands for all of them."""
    head: dict[str, str] = {}

    def first(document: str) -> str:
        while (before := head.get(document, document)) != document:
            document = before
        return document

    for one, other in db.execute(
        "SELECT DISTINCT a.document_id, b.document_id FROM saves v"
        " JOIN sessions s ON s.number = v.event >> 24 JOIN documents a ON a.number = s.document"
        " JOIN documents b ON b.number = v.document WHERE a.number != b.number"
        " UNION SELECT a.document_id, b.document_id FROM renames r"
        " JOIN documents a ON a.number = r.was JOIN documents b ON b.number = r.document ORDER BY 1, 2"
    ):
        low, high = sorted((first(one), first(other)))
        head.setdefault(low, low)
        head[high] = low
    return {document: first(document) for document in head}


def chosen(
    drafts: Drafts, db: sqlite3.Connection, document: str | None, before_ms: int | None
) -> list[tuple[int, str]]:
    """The numbers and ids of the sessions of a draft, or begun before a time; of all where both are None.

    Those of a path are all that were written in what is there today, or saved to it, under any name that it
    had, and those of drafts that stood there before.
    """
    rows = db.execute(
        "SELECT number, session_id, document FROM sessions WHERE origin <> :renaming"
        " AND (:before IS NULL OR started_ms < :before)",
        {"before": before_ms, "renaming": RENAMING},
    ).fetchall()
    if document is None:
        return [(number, session_id) for number, session_id, _ in rows]
    wanted = {*drafts.replaced_at(document)}
    if (meant := drafts.meant(document)) is not None:
        wanted.add(meant)
    saved = {
        session
        for draft in wanted
        for one in drafts.ever(draft)
        for (session,) in db.execute(
            "SELECT DISTINCT event >> 24 FROM saves WHERE document = ?", (one,)
        )
        if drafts.now(one, session) in wanted
    }
    return [
        (number, session_id)
        for number, session_id, draft in rows
        if number in saved or drafts.now(draft, number) in wanted
    ]


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


def recorded(db: sqlite3.Connection) -> dict[str, int]:
    """By session: its place in the order in which they were begun here, or brought here."""
    return dict(db.execute("SELECT session_id, number FROM sessions"))


def event_counts(db: sqlite3.Connection) -> dict[str, int]:
    """By session: the number of its last event."""
    return dict(
        db.execute(
            "SELECT s.session_id, coalesce((SELECT max(e.id) FROM events e WHERE e.id BETWEEN"
            " s.number << 24 AND s.number << 24 | 16777215), 0) & 16777215 FROM sessions s"
        )
    )


def reasons(db: sqlite3.Connection, kind: int) -> list[tuple[str, str]]:
    """Of every event of the kind that says why: the suggestion's id and what `extra` holds, in order."""
    return db.execute(
        "SELECT g.suggestion_id, e.extra FROM events e JOIN suggestions g ON g.number = e.suggestion"
        " WHERE e.kind = ? ORDER BY e.id",
        (kind,),
    ).fetchall()


def snapshots(db: sqlite3.Connection, kind: int) -> list[tuple[str, int, str]]:
    """Of every event of the kind that names a place: its session, its id, and what `extra` holds, in order."""
    return db.execute(
        "SELECT s.session_id, e.id, e.extra FROM events e JOIN sessions s ON s.number = e.id >> 24"
        " WHERE e.kind = ? ORDER BY e.id",
        (kind,),
    ).fetchall()


def model_names(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Name and sha256 of the models that there are requests of."""
    return db.execute("SELECT DISTINCT name, sha256 FROM models ORDER BY 1, 2").fetchall()
