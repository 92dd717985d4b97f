"""Connections to the log: who may write, how safely, and what to do with a file that is no log.

Why these settings: docs/decisions/0010-what-is-durable-when.md.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

from cowrite.errors import CowriteError, StoreError
from cowrite.paths import open_private, private_folder, refused_locks
from cowrite.store import migrations, schema
from cowrite.store.event_types import name_kinds

BUSY_MS = 250
"""How long one attempt waits for another window; the writer tries again and again."""

WRITER_CACHE_KB = 512
"""Pages that the writing connection keeps: it appends, and a long day would fill SQLite's two megabytes."""


class NotALog(Exception):  # noqa: N818 - it is an answer, not a failure that anybody is shown
    """The file is damaged, or another program's database."""


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite is free of the bug that can lose a transaction when a write-ahead log restarts.

    It was repaired in 3.51.3 and, in the older branches, in 3.50.7 and 3.44.6.
    Source: sqlite.org/wal.html, "The WAL-Reset Bug".
    """
    if version >= (3, 51, 3):
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in ((3, 50, 7), (3, 44, 6)))


def connect_writer(path: Path) -> sqlite3.Connection:
    """The write connection, migrated. Makes the file (0600) and its folder (0700) where they are missing.

    Raises NotALog for a file that must be left alone, StoreError for a newer log, sqlite3.Error or
    OSError for trouble that may pass.
    """
    try:
        private_folder(path.parent)
    except CowriteError as error:
        raise error.__cause__ or error from None
    # SQLite would make the file with the umask's mode; its journals copy the mode of the file.
    os.close(open_private(path, os.O_RDWR | os.O_CREAT))
    db = sqlite3.connect(
        path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        _check_is_log(db, path)
        # A truncated journal file keeps its mode and, unlike a kept one, none of the old text.
        wanted = "WAL" if wal_is_safe() else "TRUNCATE"
        db.execute(f"PRAGMA journal_mode = {wanted}")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
        migrations.migrate(db)
        name_kinds(db)
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise NotALog(str(error)) from error
        raise
    return db


def connect_reader(path: Path, wait_s: float = 5.0) -> sqlite3.Connection:
    """A connection that only reads. Raises StoreError where there is no log that can be read.

    wait_s: how long a read waits for another process that has the log.
    """
    if not path.exists():
        raise _no_log(path)
    try:
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=wait_s,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise told(error, path) from error
    try:
        _check_is_log(db, path)
        found = migrations.version(db)
        migrations.check_not_newer(found)
        if found == 0:
            raise _no_log(path)
    except NotALog as error:
        db.close()
        raise StoreError(
            f"{path} is damaged or no log of cowrite: {error}.", "It was left as it is."
        ) from error
    except sqlite3.Error as error:
        db.close()
        raise told(error, path) from error
    except StoreError:
        db.close()
        raise
    return db


def _no_log(path: Path) -> StoreError:
    return StoreError(f"There is no log yet at {path}.", "It begins with the first draft you open.")


def begun(path: Path) -> bool:
    """Whether there is a log that holds something: its file may be there and still be empty."""
    return path.exists() and path.stat().st_size > 0


def mark_damaged(path: Path, why: str) -> None:
    """Remember, beside a log, that it was found to be damaged, so that no later start writes into it.

    Holds as long as the file is the one that was found so: a repaired one is used again.
    """
    with os.fdopen(open_private(_mark_of(path)), "w") as file:
        json.dump({"file": _identity(path), "why": why}, file)


def _marked(path: Path) -> str | None:
    try:
        mark = json.loads(_mark_of(path).read_text())
        return str(mark["why"]) if mark["file"] == _identity(path) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mark_of(path: Path) -> Path:
    return path.with_name(path.name + "-damaged")


def _identity(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_ino, found.st_size, found.st_mtime_ns]


def _check_is_log(db: sqlite3.Connection, path: Path) -> None:
    damage = _marked(path)
    if damage is not None:
        raise NotALog(damage)
    try:
        mark = db.execute("PRAGMA application_id").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise NotALog(str(error)) from error
        raise
    if tables and mark != schema.APPLICATION_ID:
        raise NotALog("another program's database")


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file is no (whole) database."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_busy(error: Exception) -> bool:
    """Whether another process has the log at the moment: waiting helps."""
    return isinstance(error, sqlite3.Error) and _code(error) in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


def without_locks(path: Path) -> bool:
    """Whether no file beside the log can be locked. SQLite tells that as if another process had the log."""
    return "fcntl" in refused_locks(path.parent)


def no_locks(path: Path) -> StoreError:
    """What to say of a log that can't be locked."""
    return StoreError(
        f"Files in {path.parent} can't be locked, as on some network drives: nothing is logged, and after a "
        "crash no draft can be brought back.",
        "Set COWRITE_HOME to a folder on a disk of this machine.",
    )


def _code(error: sqlite3.Error) -> int:
    """The primary result code: the extended codes have it in their low byte."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def told(error: Exception, path: Path) -> StoreError:
    """The sentence and the hint for what SQLite or the system says about the log."""
    code = _code(error) if isinstance(error, sqlite3.Error) else 0
    number = error.errno if isinstance(error, OSError) else None
    if is_busy(error):
        if without_locks(path):
            return no_locks(path)
        return StoreError(
            f"The log {path} is locked by another process.",
            "It is written as soon as that one lets go; end it if it hangs.",
        )
    if code == sqlite3.SQLITE_FULL or number in (28, 122):
        return StoreError(f"The disk with the log {path} is full.", "Free some space.")
    if code in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    ) or number in (
        1,
        13,
        30,
    ):
        return StoreError(
            f"The log {path} can't be written.",
            "Make its folder writable, or set COWRITE_HOME to another one.",
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreError(
            f"The log {path} is damaged.",
            "It is left as it is; a fresh one begins at the next start.",
        )
    return StoreError(f"The log {path} can't be used: {error}.")
