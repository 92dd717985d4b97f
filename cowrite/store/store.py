"""The log for who writes it: sessions begin here, are brought in from elsewhere, and go by purging."""

from __future__ import annotations

import contextlib
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType

from cowrite.core.events import (
    KEEPING,
    RENAMING,
    Ended,
    Opened,
    Renamed,
    SessionInfo,
    Snapshotted,
    Stamped,
)
from cowrite.core.promotion import Promotion
from cowrite.errors import StoreError
from cowrite.store import promotions, queries
from cowrite.store.drafts import REPLACED, Drafts
from cowrite.store.encode import EventWriter, Header
from cowrite.store.journal import Journal
from cowrite.store.named_places import Kept, events_of
from cowrite.store.names import Names, document_number, draft_key
from cowrite.store.purge import Purged, purge_sessions, shrink
from cowrite.store.reader import LogReader
from cowrite.store.rebuild import session_row
from cowrite.store.startup import open_for_writing, take_in_tails
from cowrite.store.tail import folder_of, open_sessions
from cowrite.store.writer import Writer

PURGE_WAIT_MS = 10_000
"""How long a purge waits for other windows."""


class Store:
    """The log of a program that writes: a SQLite database and the tails of the sessions that go on.

    Open it with `Store.open`. Journals may be used from any thread, `reader` from one at a time.
    """

    def __init__(self, path: Path, tails: Path, writer: Writer, notice: str | None) -> None:
        self.notice = notice
        """What the user must be told about the log once, or None."""
        self._tails = tails
        self._writer = writer
        self.reader = LogReader(path, tails, writer)
        """The same log for reading, with what was written here a moment ago."""

    @property
    def path(self) -> Path:
        """The file that is the log."""
        return self._writer.path

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open the log, bring it to the newest schema, and take in what killed sessions have left.

        A log that can't be written now (locked, a full disk, a folder without rights) is opened all the
        same; its journals keep their events and tell it. A damaged one is left alone and a fresh one begun
        beside it (`notice` says so). Raises StoreError where the log is of a newer cowrite.
        """
        tails = folder_of(path)
        db: sqlite3.Connection | None = None
        found, notice = path, None
        try:
            db, found, notice = open_for_writing(path)
            take_in_tails(db, tails)
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

    def beside(self) -> Store:
        """The same log for another thread: a reader of its own, which that thread closes, and nothing else."""
        return Store(self.path, self._tails, self._writer, None)

    def close(self) -> None:
        """Write what is left, as far as that is possible now, and let go of the log."""
        self._writer.close()
        self.reader.close()

    def begin(
        self,
        document: str | None,
        opened: Opened,
        *,
        app_version: str,
        feedback: bool = True,
        origin: str = "cowrite",
    ) -> Journal:
        """Begin a session on a draft (None: untitled) with its `Opened` event. origin: as of `SessionInfo`.

        feedback False keeps what recovery needs and no suggestions or decisions, and forgets the session
        when it ends with everything saved; the draft's own switch (`set_feedback`) can say the same.
        Never waits for the disk.
        """
        draft_id, wanted = uuid.uuid4().hex, True
        if document is not None:
            # A log that can't be read now may be written all the same.
            with contextlib.suppress(StoreError):
                draft_id, wanted = self.reader.draft_switch(document) or (draft_id, wanted)
        header = Header(
            uuid.uuid4().hex,
            draft_id,
            document,
            time.time_ns() // 1_000_000,
            app_version,
            feedback and wanted,
            origin=origin,
        )
        journal = Journal(self._writer, header)
        journal.append(opened)
        return journal

    def rename(
        self, was: str, path: str, how: str, *, app_version: str, over: bool = False
    ) -> None:
        """Log that the draft `was` is at a path now: its history goes along. Never waits for the disk.

        was: its name in the log. how: see `core.events.Renamed`. over: the draft that stood at the path is
        another one, and gets a name of its own. Readers of this store know it at once.
        """
        now = draft_key(path) or path
        if over:
            until = datetime.now().isoformat(" ", "milliseconds")
            self._log_rename(now, f"{now}{REPLACED}{until})", "replaced", app_version)
        self._log_rename(was, now, how, app_version)

    def _log_rename(self, was: str, now: str, how: str, app_version: str) -> None:
        self.reader.take_for_renamed(was, now)
        header = Header(
            uuid.uuid4().hex,
            uuid.uuid4().hex,
            now,
            time.time_ns() // 1_000_000,
            app_version,
            origin=RENAMING,
        )
        journal = Journal(self._writer, header)
        journal.append(Opened("", (), now, RENAMING))
        journal.append(Renamed(was, now, how))
        journal.append(Ended(0, True, RENAMING), durable=True)
        journal.close(timeout=0)

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

        self._add([(header, events)])

    def keep(self, drafts: Sequence[Kept], said: Snapshotted, *, app_version: str) -> None:
        """Keep drafts that are not being written as they are, under a name; all of them or none.

        A text that the log has already costs it a few bytes. Raises StoreError.
        """
        now = time.time_ns() // 1_000_000
        headers = [
            Header(uuid.uuid4().hex, uuid.uuid4().hex, one.path, now, app_version, origin=KEEPING)
            for one in drafts
        ]
        events = [events_of(one, said, now) for one in drafts]
        self._add(list(zip(headers, events, strict=True)))

    def _add(self, sessions: Sequence[tuple[Header, Iterable[Stamped]]]) -> None:
        """Write whole sessions, in one transaction."""

        def write(db: sqlite3.Connection) -> None:
            for header, _ in sessions:
                if session_row(db, header.session_id) is not None:
                    raise StoreError(f"The log has the session {header.session_id} already.")
            names = Names()
            db.execute("BEGIN IMMEDIATE")
            try:
                for header, events in sessions:
                    rows = EventWriter(header, names)
                    for batch in _batches(events, 5_000):
                        rows.write(db, batch)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

        self._writer.call(write)

    def promote(self, promotion: Promotion) -> None:
        """Log that something learned came into use, or went out of it. Raises StoreError."""
        self._writer.call(lambda db: promotions.write(db, promotion))

    def set_feedback(self, document: str, on: bool) -> None:
        """Switch the keeping of suggestions and decisions for one draft, from its next session on."""

        def write(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            now = time.time_ns() // 1_000_000
            number, _ = document_number(db, draft_key(document), None, now)
            db.execute("UPDATE documents SET feedback = ? WHERE number = ?", (int(on), number))
            db.execute("COMMIT")

        self._writer.call(write)

    def purge(
        self, *, document: str | None = None, before_ms: int | None = None, everything: bool = False
    ) -> Purged:
        """Remove sessions for good: those of a draft, those begun before a time, or all; then shrink.

        Those of a draft under all names that it had.
        With both `document` and `before_ms`, those for which both hold. Sessions that are being written
        stay. Raises StoreError.
        """
        if document is None and before_ms is None and not everything:
            return Purged(0, 0, 0)
        going_on = set(open_sessions(self._tails))

        def run(db: sqlite3.Connection) -> Purged:
            db.execute(f"PRAGMA busy_timeout = {PURGE_WAIT_MS}")
            found = queries.chosen(Drafts(db), db, document, before_ms)
            gone = [number for number, session_id in found if session_id not in going_on]
            events = purge_sessions(db, gone, quiet=not going_on, learned=everything)
            if not going_on or gone:
                shrink(db)
            return Purged(len(gone), events, len(found) - len(gone))

        return self._writer.call(run)

    def vacuum(self) -> tuple[int, int]:
        """Give unused space back; returns the file's size in bytes before and after. Raises StoreError."""
        before = self.path.stat().st_size if self.path.exists() else 0

        def run(db: sqlite3.Connection) -> None:
            db.execute(f"PRAGMA busy_timeout = {PURGE_WAIT_MS}")
            shrink(db)

        self._writer.call(run)
        return before, self.path.stat().st_size


def _batches(events: Iterable[Stamped], size: int) -> Iterator[list[Stamped]]:
    batch: list[Stamped] = []
    for stamped in events:
        batch.append(stamped)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
