"""How long a session was and how often it asked, without reading its events."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.store.store import Store


@dataclass(frozen=True, slots=True)
class Extent:
    """length_ms: from a session's first event to its last. requests: how many suggestions were asked for."""

    length_ms: int
    requests: int


def extent(store: Store, session_id: str) -> Extent:
    """The extent of a session; nothing for one that the log does not hold. Raises StoreError."""
    row = store._read(
        lambda db: db.execute(
            "SELECT (SELECT coalesce(sum(e.after_ms), 0) FROM events e WHERE e.id BETWEEN"
            " s.number << 24 AND s.number << 24 | 16777215),"
            " (SELECT count(*) FROM requests r WHERE r.event BETWEEN"
            " s.number << 24 AND s.number << 24 | 16777215)"
            " FROM sessions s WHERE s.session_id = ?",
            (session_id,),
        ).fetchone()
    )
    return Extent(0, 0) if row is None else Extent(*row)
