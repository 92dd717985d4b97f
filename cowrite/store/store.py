"""The log as the rest of cowrite sees it: journals to write, sessions to read, what a draft needs to know."""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from cowrite.core.events import Burst, Opened, SessionInfo, Stamped
from cowrite.core.provenance import Runs
from cowrite.errors import StoreError
from cowrite.store import queries, recovery
from cowrite.store.connect import begun, connect_reader, told
from cowrite.store.decode import EventReader
from cowrite.store.encode import EventWriter, Header
from cowrite.store.journal import Journal
from cowrite.store.names import Names, document_number, draft_key
from cowrite.store.purge import Purged, purge_sessions, shrink
from cowrite.store.rebuild import session_row
from cowrite.store.recovery import Recent, Recovery
from cowrite.store.startup import bring_home, open_for_writing, prepare_quietly, readable
from cowrite.store.stats import LogStats, read_stats
from cowrite.store.tail import folder_of, is_live, live_sessions
from cowrite.store.writer import Writer

T = TypeVar("T")

READ_WAIT_S = 1.0
"""How long a window waits for another process before it says that the log is locked."""

PURGE_WAIT_MS = 10_000
"""How long a purge waits for other windows."""


class Store:
    """The log, a SQLite database and the tails of the sessions that are being written.

    Open it with `Store.open`. Reading is for one thread at a time; journals may be used from any.
    """

    def __init__(self, path: Path, tails: Path, writer: Writer | None, notice: str | None) -> None:
        self._path = path
        self.notice = notice
        """What the user must be told about the log once, or None."""
        self._tails = tails
        self._writer = writer
        self._reader: sqlite3.Connection | None = None

    @property
    def path(self) -> Path:
        """The file that is the log."""
        return self._path if self._writer is None else self._writer.path

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """Open the log, bring it to the newest schema, and bring home what killed sessions have left.

        Writing: a log that can't be written now (locked, a full disk, a folder without rights) is opened
        all the same; its journals keep their events and tell it. A damaged one is left alone and a fresh
        one begun beside it (`notice` says so). Raises StoreError where the log is of a newer cowrite, and
        for reading where there is none.
        """
        tails = folder_of(path)
        if read_only:
            prepare_quietly(path, tails)
            return cls(readable(path), tails, None, None)
        db: sqlite3.Connection | None = None
        found, notice = path, None
        try:
            db, found, notice = open_for_writing(path)
            bring_home(db, tails)
        except (sqlite3.Error, OSError):
            # The writer tries again, and tells the journals if it can't.
            if db is not None and db.in_transaction:
                db.execute("ROLLBACK")
        return cls(found, tails, Writer(path, found, db), notice)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left, as far as that is possible now, and let go of the log."""
        if self._writer is not None:
            self._writer.close()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    # Writing

    def begin(
        self, document: str | None, opened: Opened, *, app_version: str, feedback: bool = True
    ) -> Journal:
        """Begin a session on a draft (None: untitled) with its `Opened` event.

        feedback False keeps what recovery needs and no suggestions or decisions, and forgets the session
        when it ends with everything saved; the draft's own switch (`set_feedback`) can say the same.
        Never waits for the disk.
        """
        draft_id, wanted = uuid.uuid4().hex, True
        if document is not None:
            try:
                known = self._read(lambda db: queries.draft_switch(db, document))
            except StoreError:
                known = None
            if known is not None:
                draft_id, wanted = known
        header = Header(
            uuid.uuid4().hex,
            draft_id,
            document,
            time.time_ns() // 1_000_000,
            app_version,
            feedback and wanted,
        )
        journal = Journal(self._writing(), header)
        journal.append(opened)
        return journal

    def add_session(self, info: SessionInfo, events: Iterable[Stamped]) -> None:
        """Write a whole session that comes from elsewhere, with the times it has; all of it or nothing.

        The events begin with `Opened` and their `seq` counts from 1. Constant memory. Raises StoreError,
        also where the log has a session of that id.
        """
        header = Header(
            info.session_id,
            info.document_id,
            info.document,
            info.started_ms,
            info.app_version,
            origin=info.origin,
            extra=info.extra,
        )

        def write(db: sqlite3.Connection) -> None:
            if session_row(db, info.session_id) is not None:
                raise StoreError(f"The log has the session {info.session_id} already.")
            rows = EventWriter(header, Names())
            db.execute("BEGIN IMMEDIATE")
            try:
                for batch in _batches(events, 5_000):
                    rows.write(db, batch)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

        self._writing().call(write)

    def set_feedback(self, document: str, on: bool) -> None:
        """Switch the keeping of suggestions and decisions for one draft, from its next session on."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            now = time.time_ns() // 1_000_000
            number, _ = document_number(db, draft_key(document), None, now)
            db.execute("UPDATE documents SET feedback = ? WHERE number = ?", (int(on), number))
            db.execute("COMMIT")

        self._writing().call(write)

    def feedback_of(self, document: str) -> bool:
        """Whether suggestions and decisions on this draft are kept."""
        known = self._read(lambda db: queries.draft_switch(db, document))
        return known is None or known[1]

    def purge(
        self, *, document: str | None = None, before_ms: int | None = None, everything: bool = False
    ) -> Purged:
        """Remove sessions for good: those of a draft, those begun before a time, or all; then shrink.

        With both `document` and `before_ms`, those for which both hold. Sessions that are being written
        stay. Raises StoreError.
        """
        if document is None and before_ms is None and not everything:
            return Purged(0, 0, 0)
        live = set(live_sessions(self._tails))

        def run(db: sqlite3.Connection) -> Purged:
            db.execute(f"PRAGMA busy_timeout = {PURGE_WAIT_MS}")
            found = queries.chosen(db, document, before_ms)
            gone = [number for number, session_id in found if session_id not in live]
            events = purge_sessions(db, gone, quiet=not live)
            if not live or gone:
                shrink(db)
            return Purged(len(gone), events, len(found) - len(gone))

        return self._writing().call(run)

    def vacuum(self) -> tuple[int, int]:
        """Give unused space back; returns the file's size in bytes before and after. Raises StoreError."""
        before = self.path.stat().st_size if self.path.exists() else 0

        def run(db: sqlite3.Connection) -> None:
            db.execute(f"PRAGMA busy_timeout = {PURGE_WAIT_MS}")
            shrink(db)

        self._writing().call(run)
        return before, self.path.stat().st_size

    # Reading

    def sessions(
        self,
        *,
        document: str | None = None,
        since_ms: int | None = None,
        until_ms: int | None = None,
        origin: str | None = None,
    ) -> Iterator[SessionInfo]:
        """The sessions in the order they began: of a draft, begun in [since_ms, until_ms).

        Raises StoreError.
        """
        self._settle()
        yield from self._read(lambda db: queries.sessions(db, document, since_ms, until_ms, origin))

    def session(self, session_id: str) -> SessionInfo | None:
        """One session; the beginning of its id is enough where only one begins so."""
        found = [info for info in self.sessions() if info.session_id.startswith(session_id)]
        exact = [info for info in found if info.session_id == session_id]
        if exact:
            return exact[0]
        return found[0] if len(found) == 1 else None

    def families(self) -> dict[str, str]:
        """Of the drafts that were saved under another draft's name, by id: one id for all of them."""
        return self._read(queries.families)

    def running(self) -> frozenset[str]:
        """The ids of the sessions that a program is writing now."""
        return frozenset(live_sessions(self._tails))

    def events(self, session_id: str) -> Iterator[Stamped]:
        """A session's events in order, with constant memory. Raises StoreError, also for an unknown session."""
        return self._streamed(session_id, lambda reader: iter(reader))

    def bursts(self, session_id: str, *, tokens: bool = True) -> Iterator[Stamped | Burst]:
        """The same events with plain typing in one piece, and candidates with their tokens or without.

        Many times as fast for who needs no single keystroke. Raises StoreError.
        """
        return self._streamed(session_id, lambda reader: reader.bursts(), tokens=tokens)

    def _streamed(
        self,
        session_id: str,
        read: Callable[[EventReader], Iterator[T]],
        *,
        tokens: bool = True,
    ) -> Iterator[T]:
        self._settle()
        row = self._read(lambda db: session_row(db, session_id))
        if row is None:
            raise StoreError(f"There is no session {session_id} in the log.")
        try:
            yield from read(
                EventReader(self._connection(), row.number, row.started_ms, tokens=tokens)
            )
        except (sqlite3.Error, LookupError) as error:
            raise told(error, self.path) from error

    def unsaved(self, path: str | None) -> Recovery | None:
        """What a session of this draft left unsaved when its process went away (see `recovery.unsaved`)."""
        return self._known(
            lambda db: recovery.unsaved(db, path, lambda known: is_live(self._tails, known)), None
        )

    def open_elsewhere(self, path: str) -> bool:
        """Whether a session of this draft is being written now, in another window."""
        return self._known(
            lambda db: recovery.is_written(db, path, lambda known: is_live(self._tails, known)),
            False,
        )

    def provenance_for(self, path: str, text: str) -> Runs | None:
        """Who wrote each character of a draft's file, as far as the log knows; None where it does not."""
        return self._known(lambda db: recovery.provenance_for(db, path, text), None)

    def recent(self, limit: int = 10) -> list[Recent]:
        """The drafts opened last, newest first."""
        return self._known(lambda db: recovery.recent(db, limit), [])

    def cursor_left(self, path: str, besides: str) -> int:
        """Where the cursor was when the draft was left before session `besides`; 0 where nobody knows."""
        return self._known(lambda db: recovery.cursor_left(db, path, besides), 0)

    def stats(self) -> LogStats:
        """What the log holds and how much room it takes. Raises StoreError."""
        self._settle()
        return self._read(lambda db: read_stats(db, self.path, self._tails))

    # Connections

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreError("The log was opened for reading only.")
        return self._writer

    def _settle(self) -> None:
        """Have what this process has journaled in the database, so that it can be read."""
        if self._writer is not None:
            self._writer.flush(2.0)

    def _connection(self) -> sqlite3.Connection:
        path = self.path
        if self._reader is None or path != self._path:
            self._reader = connect_reader(path, READ_WAIT_S if self._writer is not None else 5.0)
            self._path = path
        return self._reader

    def _known(self, query: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Run a query; a log that isn't there yet knows nothing. Raises StoreError."""
        if self._reader is None and not begun(self.path):
            return nothing
        return self._read(query)

    def _read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return query(self._connection())
        except sqlite3.Error as error:
            raise told(error, self.path) from error
        except LookupError as error:
            raise StoreError(f"The log {self.path} is damaged: {error}") from error


def _batches(events: Iterable[Stamped], size: int) -> Iterator[list[Stamped]]:
    batch: list[Stamped] = []
    for stamped in events:
        batch.append(stamped)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
