"""The library: the texts that cowrite may learn from, in a SQLite file of their own (0600, really deleted).

What came from the log can be made again from it; what `cowrite learn add` took in is a copy that is there
alone, so that a file may be moved afterwards.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cowrite.errors import CowriteError
from cowrite.learning.screening import Reason, Screened
from cowrite.paths import open_private, private_folder
from cowrite.plain_json import encoded, scrubbed

SCHEMA = 1
_BUSY_S = 10.0

_TABLES = """
CREATE TABLE documents (
  document_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  path TEXT NOT NULL,
  added INTEGER NOT NULL,
  when_ms INTEGER NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL,
  language TEXT NOT NULL,
  paragraphs TEXT NOT NULL,
  left_out TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE excluded (document_id TEXT PRIMARY KEY, path TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Work:
    """A text of the writer's and what screening left of it.

    document_id: the draft's in the log, or `file:` and a hash of the path. added: taken in by hand. when_ms,
    place: the order of works, by time and then as they were named. state: names what it was read from, so
    that what has not changed is not read again.
    """

    document_id: str
    title: str
    path: str
    added: bool
    when_ms: int
    place: int
    state: str
    screened: Screened


class Library:
    """The works, from one thread. Every method raises CowriteError where the file can't be used."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self._db = db

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Library]:
        """The library in `folder`, made where there is none."""
        path = folder / "library.sqlite3"
        private_folder(folder)
        with _told(path):
            os.close(open_private(path, os.O_RDWR | os.O_CREAT))
            db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        try:
            with _told(path):
                _prepare(db)
            yield cls(path, db)
        finally:
            db.close()

    def works(self) -> list[Work]:
        """All works that are not excluded, oldest first."""
        with _told(self.path):
            rows = self._db.execute(
                "SELECT document_id, title, path, added, when_ms, place, state, language, paragraphs, left_out"
                " FROM documents ORDER BY when_ms, place, document_id"
            ).fetchall()
        gone = self.excluded()
        return [_work(row) for row in rows if row[0] not in gone]

    def states(self) -> dict[str, str]:
        """What each work was read from, by its id."""
        with _told(self.path):
            return dict(self._db.execute("SELECT document_id, state FROM documents"))

    def put(self, work: Work) -> None:
        """Take a work in, in the place of what was there under its id."""
        left = {reason.name: size for reason, size in work.screened.left_out.items()}
        row = (
            *(work.document_id, scrubbed(work.title), scrubbed(work.path), int(work.added)),
            *(work.when_ms, work.place, work.state, work.screened.language),
            encoded(work.screened.paragraphs).decode(),
            encoded(left).decode(),
        )
        with _told(self.path):
            self._db.execute(
                f"INSERT OR REPLACE INTO documents VALUES ({', '.join('?' * len(row))})", row
            )

    def remove(self, document_id: str) -> None:
        """Delete a work's text, overwriting it."""
        with _told(self.path):
            self._db.execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
            self._db.execute("VACUUM")

    # Left out by the writer

    def excluded(self) -> dict[str, str]:
        """The works that are never learned from: paths by id."""
        with _told(self.path):
            return dict(self._db.execute("SELECT document_id, path FROM excluded"))

    def exclude(self, document_id: str, path: str) -> None:
        """Never learn from this work again, until it is included."""
        with _told(self.path):
            self._db.execute(
                "INSERT OR REPLACE INTO excluded VALUES (?, ?)", (document_id, scrubbed(path))
            )

    def include(self, document_id: str) -> None:
        with _told(self.path):
            self._db.execute("DELETE FROM excluded WHERE document_id = ?", (document_id,))

    def clear(self) -> None:
        """Delete all texts, overwriting them. What was excluded stays so."""
        with _told(self.path):
            self._db.execute("DELETE FROM documents")
            self._db.execute("VACUUM")


def _prepare(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA secure_delete = ON")
    db.execute("PRAGMA journal_mode = TRUNCATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA:
        raise CowriteError(
            "The library of what was learned from was made by a newer cowrite.", "Update cowrite."
        )
    if version < SCHEMA:
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA:
            for statement in filter(str.strip, _TABLES.split(";\n")):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {SCHEMA}")
        db.execute("COMMIT")


def _work(row: tuple[str, str, str, int, int, int, str, str, str, str]) -> Work:
    document_id, title, path, added, when_ms, place, state, language, paragraphs, left_out = row
    left = msgspec.json.decode(left_out, type=dict[str, int])
    screened = Screened(
        msgspec.json.decode(paragraphs, type=tuple[str, ...]),
        {Reason[name]: size for name, size in left.items() if name in Reason.__members__},
        language,
    )
    return Work(document_id, title, path, bool(added), when_ms, place, state, screened)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        busy = "locked" in str(error)
        hint = (
            "Another cowrite is learning; try again in a moment."
            if busy
            else f"Is there space in {path.parent}? A damaged library can be begun anew: "
            "cowrite learn forget --all"
        )
        raise CowriteError(f"The library {path} can't be used: {error}.", hint) from error
    except OSError as error:
        raise CowriteError(
            f"The library {path} can't be used: {error.strerror or error}.",
            "Is there space, and may its folder be written?",
        ) from error
