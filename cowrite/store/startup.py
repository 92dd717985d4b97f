"""At the start: which file is the log, and what killed sessions have left beside it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cowrite.errors import StoreError
from cowrite.store.connect import NotALog, begun, connect_reader, connect_writer
from cowrite.store.decode import EventReader
from cowrite.store.encode import EventWriter
from cowrite.store.migrations import NEWEST, version
from cowrite.store.names import Names
from cowrite.store.purge import forget_session
from cowrite.store.rebuild import SessionRow, rebuild, session_row
from cowrite.store.tail import DeadTail, dead_tails, is_open

MOST_LOGS = 20
"""How many damaged logs in a row are passed over."""


def candidates(path: Path) -> Iterator[Path]:
    """The log's file, and those that stand in for it where it is damaged: `log-2.sqlite3` and so on."""
    yield path
    for number in range(2, MOST_LOGS + 1):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, Path, str | None]:
    """The write connection, the file it is of, and what to tell the user where that is another one.

    A file that is damaged, or another program's, is never touched: the next free name is used.
    Raises what `connect_writer` raises.
    """
    damage: NotALog | None = None
    for candidate in candidates(path):
        try:
            db = connect_writer(candidate)
        except NotALog as error:
            damage = damage or error
            continue
        said = None
        if damage is not None:
            said = (
                f"{path} can't be used as a log ({damage}). It is untouched; {candidate} is used."
            )
        return db, candidate, said
    raise sqlite3.DatabaseError(f"none of {MOST_LOGS} logs beside {path} can be used")


def take_in_tails(db: sqlite3.Connection, folder: Path) -> int:
    """Take what killed sessions left in their tails into the log; returns how many sessions had some.

    Raises sqlite3.OperationalError; a tail that was not taken in stays where it is.
    """
    taken = 0
    for tail in dead_tails(folder):
        done = False
        try:
            rows = _take_in(db, tail)
            taken += rows is not None
            if rows is not None and rows.saved and not tail.header.feedback:
                forget_session(db, rows.number, lambda known: is_open(folder, known))
            done = True
        except sqlite3.OperationalError:
            raise
        except Exception:  # noqa: BLE001 - one tail that can't be read must not keep cowrite from starting
            tail.set_aside()
        finally:
            tail.close(remove=done)
    return taken


def _take_in(db: sqlite3.Connection, tail: DeadTail) -> EventWriter | None:
    """Write a tail's events that the log has not; returns what wrote them, None where there were none."""
    rows = EventWriter(tail.header, Names())
    db.execute("BEGIN IMMEDIATE")
    try:
        session = session_row(db, tail.header.session_id)
        if session is not None:
            _resume(db, rows, session)
        events = [stamped for stamped in tail.events() if stamped.seq > rows.watermark.seq]
        if events:
            rows.write(db, events)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return rows if events else None


def _resume(db: sqlite3.Connection, rows: EventWriter, session: SessionRow) -> None:
    """Take up a session where its rows in the log end."""
    try:
        known = rebuild(db, session)
    except LookupError:
        reader = EventReader(db, session.number, session.started_ms)
        for _ in reader:
            pass
        rows.resume(session.number, reader.watermark, None)
    else:
        rows.resume(session.number, known.watermark, known.replay if known.whole else None)


def prepare_quietly(path: Path, tails: Path) -> None:
    """Bring the log up to date for a reader, where it can be written: its schema, and killed sessions."""
    if not begun(path) or not (_has_dead(tails) or _is_older(path)):
        return
    try:
        db, _, _ = open_for_writing(path)
        try:
            take_in_tails(db, tails)
        finally:
            db.close()
    except (sqlite3.Error, OSError, StoreError):
        # The reader will say what is wrong with the log, if it matters to it.
        return


def _is_older(path: Path) -> bool:
    try:
        with contextlib.closing(connect_reader(readable(path))) as db:
            return version(db) < NEWEST
    except StoreError:
        return False


def _has_dead(tails: Path) -> bool:
    for tail in dead_tails(tails):
        tail.close(remove=False)
        return True
    return False


def readable(path: Path) -> Path:
    """The file that is the log: the first that is no damaged one."""
    existing = [candidate for candidate in candidates(path) if candidate.exists()] or [path]
    for candidate in existing[:-1]:
        try:
            connect_reader(candidate).close()
        except StoreError as error:
            if isinstance(error.__cause__, NotALog):
                continue
            raise
        return candidate
    connect_reader(existing[-1]).close()
    return existing[-1]
