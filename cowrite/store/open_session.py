"""A session that is being written: its rows, its tail, and what is not in the database yet.

The rows belong to the database's thread while a transaction is under way; all else is the log's thread's.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cowrite.core.events import SettingChanged, Stamped
from cowrite.errors import StoreError
from cowrite.store.encode import EventWriter
from cowrite.store.tail import Tail

TAIL_RETRY_S = 5.0
"""Seconds until a tail that failed is tried again; meanwhile the database gets each event at once."""

DROPPED = "log.dropped"
"""The name of the setting that stands in the place of an event that could not be kept."""


@dataclass(slots=True, eq=False)
class OpenSession:
    """A session's way into the log."""

    rows: EventWriter
    listener: Callable[[StoreError | None], None]
    tail: Tail | None = None
    tail_due: float = 0.0
    """When a tail that failed is tried again (monotonic seconds)."""
    pending: list[Stamped] = field(default_factory=list)
    """Events that are not in the database; the first `in_tail` of them are in the tail."""
    in_tail: int = 0
    since: float = 0.0
    """When the oldest pending event came."""
    under_way: int = 0
    """So many of the pending events are in the transaction that is under way."""
    since_then: float = 0.0
    """When the oldest pending event came that is not."""

    @property
    def exposed(self) -> bool:
        """Whether events are in memory only."""
        return self.in_tail < len(self.pending)

    def add(self, stamped: Stamped) -> None:
        if len(self.pending) == self.under_way:
            self.since_then = time.monotonic()
            if not self.pending:
                self.since = self.since_then
        self.pending.append(stamped)

    def write_tail(self, folder: Path) -> None:
        """Bring the tail up to date. Where that fails, the session stays exposed."""
        now = time.monotonic()
        if not self.exposed or now < self.tail_due:
            return
        try:
            if self.tail is None:
                self.tail = Tail(folder, self.rows.header)
            self.tail.append(self.pending[self.in_tail :])
            self.in_tail = len(self.pending)
        except UnicodeEncodeError:
            # Half of a surrogate pair, which MessagePack has no form for; the database has, and gets it now.
            return
        except Exception:  # noqa: BLE001 - whatever the tail can't take, the database gets now
            self.tail_due = now + TAIL_RETRY_S

    def begin_writing(self) -> list[Stamped]:
        """What is pending, for a transaction that begins now and is told of by `written` or `not_written`."""
        self.under_way = len(self.pending)
        return self.pending[:]

    def written(self) -> None:
        """What was under way is in the database. The tail is cut where nothing came meanwhile.

        Else it keeps what it has: reading it, a start leaves out what is in the database.
        """
        del self.pending[: self.under_way]
        self.in_tail = max(0, self.in_tail - self.under_way)
        self.since, self.under_way = self.since_then, 0
        if not self.pending:
            self._cut()

    def not_written(self) -> None:
        """Nothing of what was under way is in the database."""
        self.under_way = 0

    def _cut(self) -> None:
        self.in_tail = 0
        if self.tail is not None:
            try:
                self.tail.cut()
            except OSError:
                self.tail_due = time.monotonic() + TAIL_RETRY_S

    def begin_anew(self) -> None:
        """Another database takes over: what is pending now is the draft as it is."""
        self.pending = self.rows.begin_anew(self.pending)
        self.under_way = 0
        self.since = time.monotonic()
        self._cut()

    def write_rows(self, db: sqlite3.Connection, events: Sequence[Stamped]) -> None:
        """Write events, each for itself; one that no database takes is replaced by a note.

        For the day when something upstream makes an event that can't be kept: it must not stop all the
        others. Raises sqlite3.OperationalError for trouble that may pass.
        """
        for stamped in events:
            mark = self.rows.mark()
            db.execute("SAVEPOINT one")
            try:
                self.rows.write(db, [stamped])
            except sqlite3.OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - it is noted in the log, in the event's place
                db.execute("ROLLBACK TO one")
                self.rows.back(mark)
                said = SettingChanged(
                    DROPPED, f"{type(stamped.body).__name__}: {type(error).__name__}"
                )
                self.rows.write(db, [replace(stamped, body=said)])
            db.execute("RELEASE one")

    def let_go(self) -> None:
        """Leave the tail: removed where nothing of it is missing in the database, else for the next start."""
        tail, self.tail = self.tail, None
        if tail is None:
            return
        with contextlib.suppress(OSError):
            if self.pending:
                tail.leave()
            else:
                tail.end()

    def tell(self, trouble: StoreError | None) -> None:
        """Say it to who listens. A listener that fails must not end the log's thread."""
        with contextlib.suppress(Exception):
            self.listener(trouble)
