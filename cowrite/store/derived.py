"""Figures of sessions, kept so that they need not be made again: nothing in here is truth.

A file of its own beside the caches, so that it can be deleted at any time and the log stays what was
written. It holds counts and names, no text of a draft.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

_TABLE = (
    "CREATE TABLE IF NOT EXISTS figures (session_id TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    " events INTEGER NOT NULL, data BLOB NOT NULL) WITHOUT ROWID"
)


class Derived:
    """A table of one value a session. What can't be read or written is as if it were not there."""

    def __init__(self, path: Path, version: int) -> None:
        self._path = path
        self._version = version
        self._db: sqlite3.Connection | None = None
        with contextlib.suppress(sqlite3.Error, OSError, CowriteError):
            self._db = self._opened()

    def _opened(self) -> sqlite3.Connection:
        import os

        private_folder(self._path.parent)
        os.close(open_private(self._path, os.O_RDWR | os.O_CREAT))
        try:
            return _connected(self._path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # damaged: begin anew
            self._path.unlink(missing_ok=True)
            os.close(open_private(self._path, os.O_RDWR | os.O_CREAT))
            return _connected(self._path)

    def all(self) -> dict[str, tuple[int, bytes]]:
        """By session: how many events the value was made of, and the value."""
        if self._db is None:
            return {}
        try:
            rows = self._db.execute(
                "SELECT session_id, events, data FROM figures WHERE version = ?", (self._version,)
            ).fetchall()
        except sqlite3.Error:
            return {}
        return {session_id: (events, data) for session_id, events, data in rows}

    def put(self, session_id: str, events: int, data: bytes) -> None:
        """Keep a session's value."""
        self._try(
            "INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?)",
            [(session_id, self._version, events, data)],
        )

    def forget(self, session_ids: Iterable[str]) -> None:
        """Drop the values of sessions that are no longer in the log."""
        self._try("DELETE FROM figures WHERE session_id = ?", [(one,) for one in session_ids])

    def _try(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        if self._db is None or not rows:
            return
        with contextlib.suppress(sqlite3.Error):
            self._db.executemany(statement, rows)
            self._db.commit()

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=1.0)
    try:
        db.execute("PRAGMA synchronous = OFF")
        db.execute(_TABLE)
        db.execute("SELECT count(*) FROM figures").fetchone()
    except BaseException:
        db.close()
        raise
    return db
