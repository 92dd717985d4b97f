"""The one thread that writes the log, over the one write connection.

Events come in through a queue and go out twice: within some milliseconds to the session's tail (safe
against a kill), and every few seconds, at once for what is durable, to the database (safe against a lost
power). While the database says no, they stay in the tail and in memory and are tried again.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cowrite.core.events import Stamped
from cowrite.errors import StoreError
from cowrite.store.connect import is_damage, mark_damaged, told
from cowrite.store.encode import EventWriter, Header
from cowrite.store.names import Names
from cowrite.store.open_session import OpenSession
from cowrite.store.purge import forget_session
from cowrite.store.startup import open_for_writing
from cowrite.store.tail import folder_of, is_open
from cowrite.store.trouble import Trouble

GATHER_S = 0.01
"""How long the writer waits for more events before it writes the tail."""

COMMIT_S = 2.0
"""How old an event gets, at most, before it goes into the database."""

COMMIT_EVENTS = 2_000

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Call:
    """Something to do on the writer's thread, behind a commit of what was put before it."""

    run: Callable[[], None]
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class _New:
    session: OpenSession
    stamped: Stamped
    durable: bool


class Writer:
    """Start it once a log; `put` and `call` may be used from any thread.

    wanted: the log's name. path: the file that is the log, another one where the first is damaged.
    """

    def __init__(self, wanted: Path, path: Path, db: sqlite3.Connection | None = None) -> None:
        self.wanted = wanted
        self.path = path
        self.tails = folder_of(wanted)
        self.names = Names()
        self._db = db
        self._queue: queue.SimpleQueue[_New | _Call | None] = queue.SimpleQueue()
        self._sessions: list[OpenSession] = []
        self._urgent = False
        self._calls: list[_Call] = []
        self._stopping = False
        self._trouble = Trouble()
        self._thread = threading.Thread(target=self._run, name="cowrite-log", daemon=True)
        self._thread.start()

    # From any thread

    @property
    def trouble(self) -> StoreError | None:
        """What was told and is not over."""
        return self._trouble.told

    def put(self, session: OpenSession, stamped: Stamped, durable: bool) -> None:
        """Have an event written. Costs a queue's put."""
        self._queue.put(_New(session, stamped, durable))

    def attach(self, header: Header, tell: Callable[[StoreError | None], None]) -> OpenSession:
        """A new session. Nothing is written before its first event."""
        return OpenSession(EventWriter(header, self.names), tell)

    def flush(self, timeout: float) -> bool:
        """Whether everything put so far is in the database; waits for it at most `timeout` seconds."""
        if threading.current_thread() is self._thread:
            return False
        written: list[bool] = []
        call = _Call(lambda: written.append(not any(s.pending for s in self._sessions)))
        self._queue.put(call)
        return call.done.wait(timeout) and written[0]

    def detach(self, session: OpenSession, timeout: float) -> None:
        """The session ends: write what is left and let go of its tail."""
        call = _Call(lambda: self._detach(session))
        self._queue.put(call)
        call.done.wait(timeout)

    def call(self, do: Callable[[sqlite3.Connection], T]) -> T:
        """Run something with the write connection, after all that was put before it.

        Raises StoreError where it fails, also for a log that can't be opened.
        """
        result: list[T] = []
        failure: list[Exception] = []

        def run() -> None:
            try:
                result.append(do(self._connection()))
            except Exception as error:  # noqa: BLE001 - it is raised again where the call was made
                if self._db is not None and self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                self.names.forget()
                failure.append(error)

        call = _Call(run)
        self._queue.put(call)
        call.done.wait()
        if failure:
            error = failure[0]
            if isinstance(error, sqlite3.Error | OSError):
                raise told(error, self.path) from error
            raise error
        return result[0]

    def close(self, timeout: float = 5.0) -> None:
        """Write what can be written and end the thread."""
        self._queue.put(None)
        self._thread.join(timeout)

    # On the writer's thread

    def _run(self) -> None:
        while not self._stopping:
            self._gather()
            now = time.monotonic()
            for session in self._sessions:
                session.write_tail(self.tails)
            forced = bool(self._calls) or self._stopping
            if forced or (self._due(now) and now >= self._trouble.retry_at):
                self._commit()
            calls, self._calls = self._calls, []
            for call in calls:
                call.run()
                call.done.set()
        for session in list(self._sessions):
            self._detach(session)
        if self._db is not None:
            self._db.close()

    def _gather(self) -> None:
        """Wait for something to do and take all that is there."""
        try:
            item = self._queue.get(timeout=self._wait())
        except queue.Empty:
            return
        self._take(item)
        if not self._urgent and not self._calls and not self._stopping:
            time.sleep(GATHER_S)
        while True:
            try:
                self._take(self._queue.get_nowait())
            except queue.Empty:
                return
            if self._calls or self._stopping:
                return

    def _wait(self) -> float | None:
        """Seconds until something is due by itself."""
        oldest = min((s.since for s in self._sessions if s.pending), default=None)
        if oldest is None:
            return None
        due = (
            oldest if self._urgent or any(s.exposed for s in self._sessions) else oldest + COMMIT_S
        )
        return max(0.005, max(due, self._trouble.retry_at) - time.monotonic())

    def _take(self, item: _New | _Call | None) -> None:
        if item is None:
            self._stopping = True
        elif isinstance(item, _Call):
            self._calls.append(item)
        else:
            session = item.session
            if session not in self._sessions:
                self._sessions.append(session)
                # Another process may have purged what this one learned from earlier sessions.
                self.names.forget()
                if self.trouble is not None:
                    session.tell(self.trouble)
            session.add(item.stamped)
            self._urgent = self._urgent or item.durable

    def _due(self, now: float) -> bool:
        return self._urgent or any(
            session.pending
            and (
                session.exposed
                or now - session.since >= COMMIT_S
                or len(session.pending) >= COMMIT_EVENTS
            )
            for session in self._sessions
        )

    def _commit(self) -> None:
        """Write all that is pending into the database, in one transaction."""
        waiting = [session for session in self._sessions if session.pending]
        try:
            if waiting:
                self._write(waiting)
        except Exception as error:  # noqa: BLE001 - whatever it is, the events are kept and it is told
            said = self._trouble.failed(error, self.path)
            if said is not None:
                self._tell(said)
            if isinstance(error, sqlite3.Error) and is_damage(error):
                self._leave_damaged(error)
            return
        self._urgent = False
        for session in waiting:
            session.written()
        if waiting and self._trouble.over():
            self._tell(None)

    def _write(self, waiting: list[OpenSession], *, singly: bool = False) -> None:
        """One transaction. An error that lies in an event and not in the database leads to a second one."""
        marks = [(session, session.rows.mark()) for session in waiting]
        try:
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            for session in waiting:
                if singly:
                    session.write_rows(db)
                else:
                    session.rows.write(db, session.pending)
            db.execute("COMMIT")
        except Exception as error:
            if self._db is not None and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            for session, mark in marks:
                session.rows.back(mark)
            self.names.forget()
            if singly or _is_of_the_database(error):
                raise
            self._write(waiting, singly=True)

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            self._db, self.path, _ = open_for_writing(self.wanted)
        return self._db

    def _leave_damaged(self, error: sqlite3.Error) -> None:
        """Go on in another file, with the drafts as they are now; the damaged one is left as it is."""
        try:
            mark_damaged(self.path, str(error))
        except OSError:
            # Without the mark the next start would write into it again: so not yet.
            return
        if self._db is not None:
            self._db.close()
            self._db = None
        for session in self._sessions:
            session.begin_anew()

    def _detach(self, session: OpenSession) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
        rows = session.rows
        if not session.pending and not rows.header.feedback and rows.saved and self._db is not None:
            try:
                forget_session(self._db, rows.number, lambda known: is_open(self.tails, known))
            except sqlite3.Error:
                # A later purge can do it; the writer of the draft is leaving.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
        session.let_go()

    def _tell(self, trouble: StoreError | None) -> None:
        for session in self._sessions:
            session.tell(trouble)


def _is_of_the_database(error: Exception) -> bool:
    """Whether the database or the disk is the reason: then waiting (or another file) helps."""
    return isinstance(error, OSError | StoreError | sqlite3.OperationalError) or (
        isinstance(error, sqlite3.Error) and is_damage(error)
    )
