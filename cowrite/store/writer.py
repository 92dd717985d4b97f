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
from cowrite.store.connect import is_busy, is_damage, mark_damaged, told
from cowrite.store.encode import EventWriter, Header
from cowrite.store.home import open_for_writing
from cowrite.store.names import Names
from cowrite.store.purge import forget_session
from cowrite.store.tail import Tail, folder_of

GATHER_S = 0.01
"""How long the writer waits for more events before it writes the tail."""

COMMIT_S = 2.0
"""How old an event gets, at most, before it goes into the database."""

COMMIT_EVENTS = 2_000

PATIENCE_S = 3.0
"""How long another process may hold the log before the writer of the draft is told."""

RETRY_S = (0.1, 5.0)
"""The first and the longest time between two tries."""

T = TypeVar("T")
Listener = Callable[[StoreError | None], None]


@dataclass(slots=True, eq=False)
class LiveSession:
    """A session's way into the log. Touched by the writer's thread alone, save for `tell`."""

    rows: EventWriter
    tell: Listener
    tail: Tail | None = None
    tail_due: float = 0.0
    """When the tail is tried again after it failed (monotonic seconds)."""
    pending: list[Stamped] = field(default_factory=list)
    """Events that are not in the database; the first `in_tail` of them are in the tail."""
    in_tail: int = 0
    since: float = 0.0
    """When the oldest pending event came."""

    @property
    def exposed(self) -> bool:
        """Whether events are in memory only."""
        return self.in_tail < len(self.pending)


@dataclass(slots=True, eq=False)
class _Call:
    """Something to do on the writer's thread, behind a commit of what was put before it."""

    run: Callable[[], None]
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class _New:
    session: LiveSession
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
        self._sessions: list[LiveSession] = []
        self._urgent = False
        self._calls: list[_Call] = []
        self._stopping = False
        self._retry_at = 0.0
        self._backoff = 0.0
        self._failing_since: float | None = None
        self._last_error: Exception | None = None
        self.trouble: StoreError | None = None
        """What the writers of the drafts were told and what is not over yet."""
        self._thread = threading.Thread(target=self._run, name="cowrite-log", daemon=True)
        self._thread.start()

    # From any thread

    def put(self, session: LiveSession, stamped: Stamped, durable: bool) -> None:
        """Have an event written. Costs a queue's put."""
        self._queue.put(_New(session, stamped, durable))

    def attach(self, header: Header, tell: Listener) -> LiveSession:
        """A new session. Nothing is written before its first event."""
        return LiveSession(EventWriter(header, self.names), tell)

    def flush(self, timeout: float) -> bool:
        """Whether everything put so far is in the database; waits for it at most `timeout` seconds."""
        if threading.current_thread() is self._thread:
            return False
        written: list[bool] = []
        call = _Call(lambda: written.append(not any(s.pending for s in self._sessions)))
        self._queue.put(call)
        return call.done.wait(timeout) and written[0]

    def detach(self, session: LiveSession, timeout: float) -> None:
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
                self._write_tail(session, now)
            forced = bool(self._calls) or self._stopping
            if forced or (self._due(now) and now >= self._retry_at):
                self._commit(now)
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
        return max(0.005, max(due, self._retry_at) - time.monotonic())

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
            if not session.pending:
                session.since = time.monotonic()
            session.pending.append(item.stamped)
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

    def _write_tail(self, session: LiveSession, now: float) -> None:
        """Bring the session's tail up to date; where that fails, the database gets the events at once."""
        if not session.exposed or now < session.tail_due:
            return
        try:
            if session.tail is None:
                session.tail = Tail(self.tails, session.rows.header)
            session.tail.append(session.pending[session.in_tail :])
            session.in_tail = len(session.pending)
        except UnicodeEncodeError:
            # Half of a surrogate pair, which MessagePack has no form for; the database has.
            self._urgent = True
        except Exception:  # noqa: BLE001 - whatever the tail can't take goes into the database now
            session.tail_due = now + RETRY_S[1]

    def _commit(self, now: float) -> bool:
        """Write all that is pending into the database, in one transaction."""
        waiting = [session for session in self._sessions if session.pending]
        if not waiting:
            self._urgent = False
            return True
        marks = [(session, session.rows.mark()) for session in waiting]
        try:
            db = self._connection()
            db.execute("BEGIN IMMEDIATE")
            for session in waiting:
                session.rows.write(db, session.pending)
            db.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - whatever it is, the events are kept and it is told
            if self._db is not None and self._db.in_transaction:
                self._db.execute("ROLLBACK")
            for session, mark in marks:
                session.rows.back(mark)
            self.names.forget()
            self._failed(error, now)
            if isinstance(error, sqlite3.Error) and is_damage(error):
                self._leave_damaged(error)
            return False
        self._urgent = False
        for session in waiting:
            session.pending.clear()
            session.in_tail = 0
            if session.tail is not None:
                try:
                    session.tail.cut()
                except OSError:
                    session.tail_due = now + RETRY_S[1]
        self._well()
        return True

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            self._db, self.path, _ = open_for_writing(self.wanted)
        return self._db

    def _leave_damaged(self, error: sqlite3.Error) -> None:
        """Go on in another file, with the drafts as they are now; the damaged one is left as it is."""
        if self._db is not None:
            self._db.close()
            self._db = None
        mark_damaged(self.path, str(error))
        for session in self._sessions:
            session.pending = session.rows.begin_anew(session.pending)
            session.since = time.monotonic()
            session.in_tail = 0
            if session.tail is not None:
                session.tail.cut()

    def _detach(self, session: LiveSession) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
        tail, session.tail = session.tail, None
        rows = session.rows
        if not session.pending and not rows.header.feedback and rows.saved and self._db is not None:
            try:
                forget_session(self._db, rows.number)
            except sqlite3.Error:
                # A later purge can do it; the writer of the draft is leaving.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
        if tail is None:
            return
        try:
            if session.pending:
                tail.leave()
            else:
                tail.end()
        except OSError as error:
            self._last_error = error

    # Trouble

    def _failed(self, error: Exception, now: float) -> None:
        self._last_error = error
        if self._failing_since is None:
            self._failing_since = now
        self._backoff = min(RETRY_S[1], max(RETRY_S[0], self._backoff * 2))
        self._retry_at = time.monotonic() + self._backoff
        patient = is_busy(error) and now - self._failing_since < PATIENCE_S
        if self.trouble is None and not patient:
            self.trouble = error if isinstance(error, StoreError) else told(error, self.path)
            self._tell(self.trouble)

    def _well(self) -> None:
        self._failing_since = None
        self._backoff = self._retry_at = 0.0
        if self.trouble is not None:
            self.trouble = None
            self._tell(None)

    def _tell(self, trouble: StoreError | None) -> None:
        for session in self._sessions:
            session.tell(trouble)
