"""The log's thread: it takes in events, writes them to the tails, and says when the database gets them.

Events come in through a queue and go out twice: within some milliseconds to the session's tail (safe
against a kill), and every few seconds, at once for what is durable, to the database (safe against a lost
power). The database has a thread of its own, so that the tails never wait for it. While it says no, the
events stay in the tail and in memory and are tried again.
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
from cowrite.store.connect import is_damage, told
from cowrite.store.encode import EventWriter, Header
from cowrite.store.log_database import LogDatabase, Transaction
from cowrite.store.open_session import OpenSession
from cowrite.store.purge import forget_session
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
    """Something to do behind a commit of what was put before it.

    on_database: on the database's thread. after: on the log's thread then, told whether all was committed.
    """

    on_database: Callable[[], None] | None = None
    after: Callable[[bool], None] | None = None
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class _New:
    session: OpenSession
    stamped: Stamped
    durable: bool


_STOP = None
_Item = _New | _Call | Transaction | None


class Writer:
    """Start it once a log; `put` and `call` may be used from any thread.

    wanted: the log's name. path: the file that is the log, another one where the first is damaged.
    """

    def __init__(self, wanted: Path, path: Path, db: sqlite3.Connection | None = None) -> None:
        self.tails = folder_of(wanted)
        self._queue: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._database = LogDatabase(wanted, path, db, self._queue.put)
        self._sessions: list[OpenSession] = []
        self._calls: list[_Call] = []
        self._running: Transaction | None = None
        self._call: _Call | None = None
        """The call that runs behind the transaction under way."""
        self._urgent = self._stopping = self._new_session = False
        self._trouble = Trouble()
        self._thread = threading.Thread(target=self._run, name="cowrite-log", daemon=True)
        self._thread.start()

    # From any thread

    @property
    def path(self) -> Path:
        """The file that is the log."""
        return self._database.path

    @property
    def trouble(self) -> StoreError | None:
        """What was told and is not over."""
        return self._trouble.told

    def put(self, session: OpenSession, stamped: Stamped, durable: bool) -> None:
        """Have an event written. Costs a queue's put."""
        self._queue.put(_New(session, stamped, durable))

    def attach(self, header: Header, tell: Callable[[StoreError | None], None]) -> OpenSession:
        """A new session. Nothing is written before its first event."""
        return OpenSession(EventWriter(header, self._database.names), tell)

    def flush(self, timeout: float) -> bool:
        """Whether everything put so far is in the database; waits for it at most `timeout` seconds."""
        if threading.current_thread() is self._thread:
            return False
        written: list[bool] = []
        call = _Call(after=written.append)
        self._queue.put(call)
        return call.done.wait(timeout) and written[0]

    def detach(self, session: OpenSession, timeout: float) -> None:
        """The session ends: write what is left and let go of its tail."""
        call = _Call(after=lambda _: self._detach(session))
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
                result.append(do(self._database.connection()))
            except Exception as error:  # noqa: BLE001 - it is raised again where the call was made
                self._database.roll_back()
                failure.append(error)

        call = _Call(on_database=run)
        self._queue.put(call)
        call.done.wait()
        if failure:
            error = failure[0]
            if isinstance(error, sqlite3.Error | OSError):
                raise told(error, self.path) from error
            raise error
        return result[0]

    def close(self, timeout: float = 5.0) -> None:
        """Write what can be written and end the threads."""
        self._queue.put(_STOP)
        self._thread.join(timeout)

    # On the log's thread

    def _run(self) -> None:
        last_begun = False
        while True:
            self._gather()
            for session in self._sessions:
                session.write_tail(self.tails)
            if self._running is not None:
                continue
            if self._calls or self._due() or (self._stopping and not last_begun):
                last_begun = self._stopping
                self._begin()
            elif self._stopping:
                break
        for session in list(self._sessions):
            self._detach(session)
        self._database.close()
        self._database.disconnect()

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

    def _wait(self) -> float | None:
        """Seconds until something is due by itself."""
        if self._running is not None:
            return None
        oldest = min((s.since for s in self._sessions if s.pending), default=None)
        if oldest is None:
            return None if not self._calls else 0.0
        at_once = self._urgent or any(s.exposed for s in self._sessions)
        due = max(oldest if at_once else oldest + COMMIT_S, self._trouble.retry_at)
        return 0.0 if self._calls else max(0.005, due - time.monotonic())

    def _take(self, item: _Item) -> None:
        match item:
            case None:
                self._stopping = True
            case _Call():
                self._calls.append(item)
            case Transaction():
                self._ended(item)
            case _New(session, stamped, durable):
                if session not in self._sessions:
                    self._sessions.append(session)
                    self._new_session = True
                    if self.trouble is not None:
                        session.tell(self.trouble)
                session.add(stamped)
                self._urgent = self._urgent or durable

    def _due(self) -> bool:
        now = time.monotonic()
        return now >= self._trouble.retry_at and (
            self._urgent
            or any(
                session.pending
                and (
                    session.exposed
                    or now - session.since >= COMMIT_S
                    or len(session.pending) >= COMMIT_EVENTS
                )
                for session in self._sessions
            )
        )

    def _begin(self) -> None:
        """Have all that is pending written into the database, in one transaction, and one call behind it."""
        self._call = self._calls.pop(0) if self._calls else None
        if self._new_session:
            # Another process may have purged what this one learned from earlier sessions.
            self._database.names.forget()
            self._new_session = False
        events = [(s, s.begin_writing()) for s in self._sessions if s.pending]
        then = self._call.on_database if self._call is not None else None
        self._running = Transaction(events, self._urgent, then)
        self._urgent = False
        self._database.start(self._running)

    def _ended(self, transaction: Transaction) -> None:
        """The database's thread has done with a transaction."""
        self._running, call, self._call = None, self._call, None
        if transaction.error is None:
            for session, _ in transaction.events:
                session.written()
            if transaction.events and self._trouble.over():
                self._tell(None)
        else:
            self._failed(transaction, transaction.error)
        if call is not None:
            if call.after is not None:
                call.after(transaction.error is None)
            call.done.set()

    def _failed(self, transaction: Transaction, error: Exception) -> None:
        self._urgent = self._urgent or transaction.urgent
        for session, _ in transaction.events:
            session.not_written()
        said = self._trouble.failed(error, self.path)
        if said is not None:
            self._tell(said)
        if isinstance(error, sqlite3.Error) and is_damage(error):
            self._leave_damaged(error)

    def _leave_damaged(self, error: sqlite3.Error) -> None:
        """Go on in another file, with the drafts as they are now; the damaged one is left as it is."""
        if self._database.leave_damaged(error):
            for session in self._sessions:
                session.begin_anew()

    def _detach(self, session: OpenSession) -> None:
        if session in self._sessions:
            self._sessions.remove(session)
        rows, db = session.rows, self._database.opened
        if not session.pending and not rows.header.feedback and rows.saved and db is not None:
            try:
                forget_session(db, rows.number, lambda known: is_open(self.tails, known))
            except sqlite3.Error:
                # A later purge can do it; the writer of the draft is leaving.
                self._database.roll_back()
        session.let_go()

    def _tell(self, trouble: StoreError | None) -> None:
        for session in self._sessions:
            session.tell(trouble)
