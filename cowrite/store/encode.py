"""Events become rows: one session's part of the log, written inside of the writer's transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cowrite.core.events import Body, Edited, Ended, Moved, Opened, Saved, Stamped
from cowrite.core.replay import Replay, ReplayError
from cowrite.store import snapshots
from cowrite.store.codec import pack_json
from cowrite.store.event_types import EVENTS
from cowrite.store.names import Names, document_number, draft_key
from cowrite.store.payloads import Latest, PayloadWriter
from cowrite.store.registry import At, Columns
from cowrite.store.schema import MAX_SEQ, SEQ_BITS

STATE_AT_SAVE = 200
"""Edits after which a save also keeps the draft's state, so that the next opening replays little."""

CONTINUED = "continued"
"""Why a session opens where its beginning is in a log that was found to be damaged."""

STATE_ANYWAY = 5_000
"""Edits after which the state is kept without a save."""

_INSERT = "INSERT INTO events (id, after_ms, {}) VALUES (?, ?{})".format(
    ", ".join(Columns._fields), ", ?" * len(Columns._fields)
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a session's row says. `path` is the draft's, or its title, or None for an untitled one."""

    session_id: str
    document_id: str
    path: str | None
    started_ms: int
    app_version: str
    feedback: bool = True
    origin: str = "cowrite"
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watermark:
    """Where a session's rows have come to; the next row says how it differs from this."""

    seq: int = 0
    mono_ms: int = 0
    cursor: int = 0
    skew_ms: int = 0


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a transaction that fails has to put back."""

    number: int | None
    watermark: Watermark
    latest: Latest
    edits: int


class EventWriter:
    """Writes the events of one session, and now and then the state of its draft.

    The draft is followed by replaying the events, so that a state costs the caller nothing.
    """

    def __init__(self, header: Header, names: Names) -> None:
        self.header = header
        self.document_id = header.document_id
        self.number: int | None = None
        self.watermark = Watermark()
        self.saved = False
        """Whether the session ended with nothing unsaved."""
        self._replay: Replay | None = Replay()
        self._replayed = 0
        self._names = names
        self._latest = Latest()
        self._edits = 0

    def mark(self) -> _Mark:
        """To be given to `back` if the transaction that begins now fails."""
        return _Mark(self.number, self.watermark, replace(self._latest), self._edits)

    def back(self, mark: _Mark) -> None:
        """Put back what a failed transaction seemed to have done."""
        self.number, self.watermark, self._latest, self._edits = (
            mark.number,
            mark.watermark,
            mark.latest,
            mark.edits,
        )

    def resume(self, number: int, watermark: Watermark, replay: Replay | None) -> None:
        """Go on with a session whose rows up to `watermark` are in the log."""
        self.number, self.watermark = number, watermark
        self._replay, self._replayed = replay, watermark.seq

    def begin_anew(self, pending: Sequence[Stamped]) -> list[Stamped]:
        """Another database takes over: what has to be written there in the place of `pending`.

        That is the draft as those events leave it, as an opening with the last one's number and times.
        """
        for stamped in pending:
            self._follow(stamped.seq, stamped.body)
        watermark, header = self.watermark, self.header
        self.number, self.watermark, self._latest, self._edits = None, Watermark(), Latest(), 0
        if self._replay is None:
            return list(pending)
        opened = Opened(self._replay.text, self._replay.runs, header.path, CONTINUED)
        if pending:
            return [replace(pending[-1], body=opened)]
        wall = header.started_ms + watermark.mono_ms + watermark.skew_ms
        return [Stamped(watermark.seq, watermark.mono_ms, wall, opened)]

    def write(self, db: sqlite3.Connection, events: Sequence[Stamped]) -> None:
        """Write events that follow those before. Raises sqlite3.Error; call `back` then."""
        base = self._ensure_session(db) << SEQ_BITS
        to = PayloadWriter(db, self._names, self._latest)
        rows: list[tuple[Any, ...]] = []
        clocks: list[tuple[int, int]] = []
        watermark = self.watermark
        seq, mono, cursor, skew = (
            watermark.seq,
            watermark.mono_ms,
            watermark.cursor,
            watermark.skew_ms,
        )
        for stamped in events:
            seq, body = stamped.seq, stamped.body
            if seq > MAX_SEQ:
                raise OverflowError(f"A session has at most {MAX_SEQ} events.")
            event = base | seq
            after, mono = stamped.mono_ms - mono, stamped.mono_ms
            now_skew = stamped.wall_ms - self.header.started_ms - mono
            if now_skew != skew:
                skew = now_skew
                clocks.append((event, skew))
            entry = EVENTS.of(type(body))
            columns = entry.write(to, At(event, entry.kind, stamped.wall_ms, cursor), body)
            rows.append((event, after, *columns))
            cursor = cursor_after(body, cursor)
            self._follow(seq, body)
        db.executemany(_INSERT, rows)
        db.executemany("INSERT INTO clocks VALUES (?, ?)", clocks)
        self.watermark = Watermark(seq, mono, cursor, skew)
        self._after(to, events)

    def _follow(self, seq: int, body: Body) -> None:
        if isinstance(body, Edited):
            self._edits += 1
        # A transaction that failed is written again, but replayed once.
        if self._replay is None or seq <= self._replayed:
            return
        self._replayed = seq
        try:
            self._replay.apply(body)
        except ReplayError:
            # The events are kept as they came; who reads them finds where they stop to fit.
            self._replay = None

    def _after(self, to: PayloadWriter, events: Sequence[Stamped]) -> None:
        """Keep the draft's state where there were enough edits for that."""
        settled = False
        for stamped in events:
            if isinstance(stamped.body, Saved | Ended):
                settled = True
                if isinstance(stamped.body, Ended):
                    self.saved = stamped.body.saved
        enough = self._edits >= (STATE_AT_SAVE if settled else STATE_ANYWAY)
        replay = self._replay
        if (
            not enough
            or replay is None
            or self._replayed != self.watermark.seq
            or self.number is None
        ):
            return
        text, runs = to.draft(replay.text, replay.runs)
        to.db.execute(
            "INSERT INTO states VALUES (?, ?, ?, ?, ?, ?)",
            (
                self.number << SEQ_BITS | self.watermark.seq,
                self.watermark.mono_ms,
                *replay.selection,
                text,
                runs,
            ),
        )
        self._edits = 0

    def _ensure_session(self, db: sqlite3.Connection) -> int:
        if self.number is not None:
            return self.number
        header = self.header
        draft, self.document_id = document_number(
            db, draft_key(header.path), header.document_id, header.started_ms
        )
        number = db.execute(
            "INSERT INTO sessions (session_id, document, started_ms, app_version, origin, feedback, extra)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                header.session_id,
                draft,
                header.started_ms,
                header.app_version,
                header.origin,
                int(header.feedback),
                pack_json(header.extra) if header.extra else None,
            ),
        ).lastrowid
        assert number is not None
        self.number = number
        self._latest = _latest_of_draft(db, draft, number)
        return number


def cursor_after(body: Body, cursor: int) -> int:
    """Where the cursor is after an event, if it was at `cursor` before (code points)."""
    if isinstance(body, Edited):
        return body.edit.end
    return body.head if isinstance(body, Moved) else cursor


def _latest_of_draft(db: sqlite3.Connection, draft: int, before: int) -> Latest:
    """What a draft looked like last, as far as the sessions before this one know."""
    found = db.execute(
        "SELECT max(number) FROM sessions WHERE number < ? AND document = ?", (before, draft)
    ).fetchone()[0]
    if found is None:
        return Latest()
    span = (found << SEQ_BITS, found << SEQ_BITS | MAX_SEQ)
    for table in ("states", "openings"):
        row = db.execute(
            f"SELECT text, runs FROM {table} WHERE event BETWEEN ? AND ? ORDER BY event DESC LIMIT 1",
            span,
        ).fetchone()
        if row is not None:
            return Latest(snapshots.get(db, row[0]), snapshots.get(db, row[1]))
    return Latest()
