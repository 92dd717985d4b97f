"""The log's write connection, on a thread of its own: a disk that takes its time holds up nothing else.

A transaction waits for the disk (fsync) and for other windows, some milliseconds here and seconds on a busy or
a network drive. The log's thread meanwhile goes on taking in what is typed and writing it to the tails.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.core.events import Stamped
from cowrite.errors import StoreError
from cowrite.store.connect import is_damage, mark_damaged
from cowrite.store.names import Names
from cowrite.store.open_session import OpenSession
from cowrite.store.startup import open_for_writing


@dataclass(slots=True, eq=False)
class Transaction:
    """Events to write, and what to do on the database's thread behind it, whatever became of them.

    urgent: whether some of it is to be safe against a lost power. error: why nothing of it was written.
    """

    events: Sequence[tuple[OpenSession, list[Stamped]]]
    urgent: bool = False
    then: Callable[[], None] | None = None
    error: Exception | None = None


class LogDatabase:
    """Runs one transaction at a time; `on_done` gets it back on the database's thread.

    Between two of them the connection, the names and the sessions' rows may be used by who starts the next
    one. wanted: the log's name. path: the file that is the log, another one where the first is damaged.
    """

    def __init__(
        self,
        wanted: Path,
        path: Path,
        db: sqlite3.Connection | None,
        on_done: Callable[[Transaction], None],
    ) -> None:
        self.wanted = wanted
        self.path = path
        self.names = Names()
        self._db = db
        self._on_done = on_done
        self._queue: queue.SimpleQueue[Transaction | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="cowrite-database", daemon=True)
        self._thread.start()

    @property
    def opened(self) -> sqlite3.Connection | None:
        """The connection, where there is one already."""
        return self._db

    def connection(self) -> sqlite3.Connection:
        """The connection, opened where it is not yet. Raises StoreError, sqlite3.Error, OSError."""
        if self._db is None:
            self._db, self.path, _ = open_for_writing(self.wanted)
        return self._db

    def start(self, transaction: Transaction) -> None:
        """Run it; there must be no other one under way."""
        self._queue.put(transaction)

    def leave_damaged(self, error: sqlite3.Error) -> bool:
        """Let go of a damaged file, for another one; false where it can't be marked yet."""
        try:
            mark_damaged(self.path, str(error))
        except OSError:
            # Without the mark the next start would write into it again: so not yet.
            return False
        self.disconnect()
        return True

    def disconnect(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def roll_back(self) -> None:
        """Take back what was not committed, and what was learned from it."""
        if self._db is not None and self._db.in_transaction:
            self._db.execute("ROLLBACK")
        self.names.forget()

    def close(self) -> None:
        """End the thread, behind what it was given."""
        self._queue.put(None)

    # On the database's thread

    def _run(self) -> None:
        while (transaction := self._queue.get()) is not None:
            try:
                if transaction.events:
                    self._write(transaction.events)
            except Exception as error:  # noqa: BLE001 - whatever it is, the events are kept and it is told
                transaction.error = error
            if transaction.then is not None:
                transaction.then()
            self._on_done(transaction)

    def _write(
        self, events: Sequence[tuple[OpenSession, list[Stamped]]], *, singly: bool = False
    ) -> None:
        """One transaction. An error that lies in an event and not in the database leads to a second one."""
        marks = [(session, session.rows.mark()) for session, _ in events]
        try:
            db = self.connection()
            db.execute("BEGIN IMMEDIATE")
            for session, pending in events:
                if singly:
                    session.write_rows(db, pending)
                else:
                    session.rows.write(db, pending)
            db.execute("COMMIT")
        except Exception as error:
            self.roll_back()
            for session, mark in marks:
                session.rows.back(mark)
            if singly or _is_of_the_database(error):
                raise
            self._write(events, singly=True)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database or the disk is the reason: then waiting (or another file) helps."""
    return isinstance(error, OSError | StoreError | sqlite3.OperationalError) or (
        isinstance(error, sqlite3.Error) and is_damage(error)
    )
