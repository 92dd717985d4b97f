"""Reads the log: its sessions and their events, and what a draft needs to know of earlier ones."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from cowrite.core.events import Burst, Reasoned, SessionInfo, Stamped
from cowrite.core.promotion import Promotion
from cowrite.core.provenance import Runs
from cowrite.errors import StoreError
from cowrite.store import instructions, promotions, queries, recovery
from cowrite.store.connect import begun, connect_reader, told
from cowrite.store.decode import EventReader
from cowrite.store.drafts import Drafts, Taken
from cowrite.store.event_types import EVENTS
from cowrite.store.rebuild import session_row
from cowrite.store.recovery import Recent, Recovery
from cowrite.store.startup import prepare_quietly, readable
from cowrite.store.stats import LogStats, read_stats
from cowrite.store.tail import folder_of, is_open, open_sessions

if TYPE_CHECKING:
    from cowrite.store.recognising import Formerly

T = TypeVar("T")

READ_WAIT_S = 1.0
"""How long a window waits for another process before it says that the log is locked."""

_DAMAGE = (LookupError, ValueError, TypeError, zlib.error)
"""What reading rows that cowrite has not written so ends in."""


class Ahead(Protocol):
    """What has events that are not in the database yet: the writer of this process."""

    @property
    def path(self) -> Path:
        """The file that is the log; another one from the moment on that the first is found damaged."""

    def flush(self, timeout: float) -> bool:
        """Have all of them in the database; false where that takes longer than `timeout` seconds."""


@dataclass(frozen=True, slots=True)
class Extent:
    """length_ms: from a session's first event to its last. requests: how many suggestions were asked for."""

    length_ms: int
    requests: int


class LogReader:
    """The log for reading, from one thread at a time. Every method raises StoreError where it can't be read.

    `open` is for who only reads. A window's `Store` has one that knows what the window itself has written
    a moment ago.
    """

    def __init__(self, path: Path, tails: Path, ahead: Ahead | None = None) -> None:
        self._path = path
        self._tails = tails
        self._ahead = ahead
        self._db: sqlite3.Connection | None = None
        self._taken: list[Taken] = []

    @classmethod
    def open(cls, path: Path) -> LogReader:
        """Open the log, with what killed sessions have left, if it can be written now.

        Raises StoreError where there is no log, or one of a newer cowrite.
        """
        tails = folder_of(path)
        prepare_quietly(path, tails)
        return cls(readable(path), tails)

    @classmethod
    def at(cls, path: Path) -> LogReader:
        """A log that another process has open already, and made ready."""
        return cls(path, folder_of(path))

    def __enter__(self) -> LogReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the log."""
        if self._db is not None:
            self._db.close()
            self._db = None

    @property
    def path(self) -> Path:
        """The file that is the log."""
        return self._path if self._ahead is None else self._ahead.path

    # Sessions

    def sessions(
        self,
        *,
        document: str | None = None,
        since_ms: int | None = None,
        until_ms: int | None = None,
        origin: str | None = None,
    ) -> Iterator[SessionInfo]:
        """The sessions in the order they began: of a draft, begun in [since_ms, until_ms)."""
        self._catch_up()
        yield from self.read(
            lambda db: queries.sessions(self._drafts(db), db, document, since_ms, until_ms, origin)
        )

    def session(self, session_id: str) -> SessionInfo | None:
        """One session; the beginning of its id is enough where only one begins so."""
        found = [info for info in self.sessions() if info.session_id.startswith(session_id)]
        exact = [info for info in found if info.session_id == session_id]
        if exact:
            return exact[0]
        return found[0] if len(found) == 1 else None

    def families(self) -> dict[str, str]:
        """Of the drafts that were saved under another draft's name, by id: one id for all of them."""
        return self.read(queries.families)

    def running(self) -> frozenset[str]:
        """The ids of the sessions that a program is writing now."""
        return frozenset(open_sessions(self._tails))

    def extent(self, session_id: str) -> Extent:
        """How long a session was and how often it asked; nothing for one that the log does not hold."""
        row = self.read(lambda db: queries.extent(db, session_id))
        return Extent(0, 0) if row is None else Extent(*row)

    def recorded(self) -> dict[str, int]:
        """The place of each session in the order in which the log got them, whatever the clock said."""
        return self.read(queries.recorded)

    def event_counts(self) -> dict[str, int]:
        """The number of each session's last event: whether something came since a value was made of it."""
        return self.read(queries.event_counts)

    def reasons(self) -> dict[str, tuple[str, ...]]:
        """What the writer said of suggestions, in whatever session: each reason once, by suggestion."""
        out: dict[str, tuple[str, ...]] = {}
        kind = EVENTS.of(Reasoned).kind
        for name, extra in self.read(lambda db: queries.reasons(db, kind)):
            reason = json.loads(extra)[0]
            if reason not in out.get(name, ()):
                out[name] = (*out.get(name, ()), reason)
        return out

    def model_names(self) -> list[tuple[str, str]]:
        """Name and sha256 of the models that the log has requests of."""
        return self.read(queries.model_names)

    def promotions(self) -> list[Promotion]:
        """What came into use of what was learned, and when, oldest first."""
        return self._known(promotions.read, [])

    def stats(self) -> LogStats:
        """What the log holds and how much room it takes."""
        self._catch_up()
        return self.read(lambda db: read_stats(db, self.path, self._tails))

    # Events

    def events(self, session_id: str) -> Iterator[Stamped]:
        """A session's events in order, with constant memory. Raises StoreError for an unknown session too."""
        return self._streamed(session_id, lambda reader: iter(reader))

    def bursts(self, session_id: str, *, tokens: bool = True) -> Iterator[Stamped | Burst]:
        """The same events with plain typing in one piece, and candidates with their tokens or without.

        Many times as fast for who needs no single keystroke.
        """
        return self._streamed(session_id, lambda reader: reader.bursts(), tokens=tokens)

    def _streamed(
        self,
        session_id: str,
        read: Callable[[EventReader], Iterator[T]],
        *,
        tokens: bool = True,
    ) -> Iterator[T]:
        self._catch_up()
        row = self.read(lambda db: session_row(db, session_id))
        if row is None:
            raise StoreError(f"There is no session {session_id} in the log.")
        yield from self.stream(
            lambda db: read(EventReader(db, row.number, row.started_ms, tokens=tokens))
        )

    # What a draft needs to know

    def unsaved(self, path: str | None) -> Recovery | None:
        """What a session of this draft left unsaved when its process went away (see `recovery.unsaved`)."""
        return self._known(
            lambda db: recovery.unsaved(self._drafts(db), db, path, self._is_open), None
        )

    def open_elsewhere(self, path: str) -> bool:
        """Whether a session of this draft is being written now, in another window."""
        return self._known(
            lambda db: recovery.is_written(self._drafts(db), db, path, self._is_open), False
        )

    def provenance_for(self, path: str, text: str) -> Runs | None:
        """Who wrote each character of a draft's file, as far as the log knows; None where it does not."""
        return self._known(
            lambda db: recovery.provenance_for(self._drafts(db), db, path, text), None
        )

    def recent(self, limit: int = 10) -> list[Recent]:
        """The drafts opened last, newest first."""
        return self._known(lambda db: recovery.recent(self._drafts(db), db, limit), [])

    def cursor_left(self, path: str, besides: str) -> int:
        """Where the cursor was when the draft was left before session `besides`; 0 where nobody knows."""
        return self._known(lambda db: recovery.cursor_left(self._drafts(db), db, path, besides), 0)

    def draft_switch(self, document: str) -> tuple[str, bool] | None:
        """A draft's id and whether feedback on it is kept; None where the log does not know it."""
        return self._known(lambda db: queries.draft_switch(self._drafts(db), db, document), None)

    # Drafts under other names

    def recognise(self, path: str, text: str, sha256: str) -> Formerly | None:
        """The draft that a file is, where the log knows it by another name (see `recognising.recognise`)."""
        # Imported here, since nearly every draft is known by its name, and the first paint waits for imports.
        from cowrite.store.recognising import recognise

        return self._known(
            lambda db: recognise(self._drafts(db), db, path, text, sha256, self._is_open), None
        )

    def take_for_renamed(self, was: str, now: str) -> None:
        """Read the log as if it held that the draft `was` has the name `now` from here on.

        Both are names as the log has them.
        """
        last: int = self._known(
            lambda db: db.execute("SELECT coalesce(max(number), 0) FROM sessions").fetchone()[0], 0
        )
        self._taken.append(Taken(was, now, last))

    def name_today(self, path: str) -> str | None:
        """What the draft that is, or was, at `path` is called today; None for an unknown one."""

        def read(db: sqlite3.Connection) -> str | None:
            drafts = self._drafts(db)
            number = drafts.meant(path)
            return None if number is None else drafts.names()[number][1]

        return self._known(read, None)

    def last_instructions(self, limit: int = 50) -> list[str]:
        """What the model was told to do last with passages of any draft, oldest first, each once."""
        return self._known(lambda db: instructions.last(db, limit), [])

    def _drafts(self, db: sqlite3.Connection) -> Drafts:
        return Drafts(db, self._taken)

    def _is_open(self, session_id: str) -> bool:
        return is_open(self._tails, session_id)

    def _known(self, query: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Run a query; a log that isn't there yet knows nothing."""
        if self._db is None and not begun(self.path):
            return nothing
        return self.read(query)

    # The connection

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """What a query finds. Raises StoreError for all that goes wrong in it."""
        try:
            return query(self._connection())
        except (sqlite3.Error, *_DAMAGE) as error:
            raise self._told(error) from error

    def stream(self, query: Callable[[sqlite3.Connection], Iterator[T]]) -> Iterator[T]:
        """What a query finds, one after the other. Raises StoreError for all that goes wrong in it."""
        try:
            yield from query(self._connection())
        except (sqlite3.Error, *_DAMAGE) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> StoreError:
        if isinstance(error, sqlite3.Error):
            return told(error, self.path)
        return StoreError(f"The log {self.path} is damaged: {error}")

    def _catch_up(self) -> None:
        """Have what this process has journaled in the database, so that it can be read."""
        if self._ahead is not None:
            self._ahead.flush(2.0)

    def _connection(self) -> sqlite3.Connection:
        path = self.path
        if self._db is None or path != self._path:
            self.close()
            self._db = connect_reader(path, 5.0 if self._ahead is None else READ_WAIT_S)
            self._path = path
        return self._db
