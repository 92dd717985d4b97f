"""Rows become events again: a session streamed in order, with constant memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Body, Burst, Edited, Stamped
from cowrite.core.provenance import WRITER, Runs, one_run
from cowrite.errors import StoreError
from cowrite.store.codec import from_column
from cowrite.store.encode import Watermark, cursor_after
from cowrite.store.event_types import EVENTS
from cowrite.store.payloads import PayloadReader
from cowrite.store.registry import Columns
from cowrite.store.schema import MAX_SEQ, SEQ_BITS

CHUNK = 4096
"""Rows a look. The read lock is let go between looks, so that a window can write during an export."""

_ONE_BY_WRITER: Runs = ((1, WRITER),)

_Row = tuple[int, int, int, int | None, str | bytes | None, str | bytes | None, int | None, Any]


class EventReader:
    """Reads the events of one session, from behind a watermark on.

    tokens: whether candidates come with theirs, which is most of the work of reading them.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        number: int,
        started_ms: int,
        watermark: Watermark | None = None,
        *,
        tokens: bool = True,
    ) -> None:
        self._db = db
        self._number = number
        self._started = started_ms
        start = watermark or Watermark()
        self._now = (start.seq, start.mono_ms, start.cursor, start.skew_ms)
        self._payloads = PayloadReader(db, tokens=tokens)
        self._clocks = self._clocks_behind(number << SEQ_BITS | start.seq)
        self._next_clock = next(self._clocks, None)

    @property
    def watermark(self) -> Watermark:
        """Where the last event read has brought it."""
        return Watermark(*self._now)

    def __iter__(self) -> Iterator[Stamped]:
        """The events behind `watermark`, in the order of their sequence.

        Raises StoreError where rows are not what cowrite writes.
        """
        for rows in self._chunks():
            for row in rows:
                yield self._event(row)

    def bursts(self) -> Iterator[Stamped | Burst]:
        """The same events, with plain typing in one piece.

        A burst ends where something else comes, and now and then in between.
        """
        texts: list[str] = []
        times: list[int] = []
        back = False
        for rows in self._chunks():
            event, mono, cursor, skew = self._now
            for row in rows:
                event, kind, after, step, inserted, deleted, suggestion, extra = row
                typed = taken = None
                if kind == 0 and extra is None and suggestion is None:
                    if not step and deleted is None and type(inserted) is str:
                        typed = inserted
                    elif step == -1 and inserted is None and type(deleted) is str:
                        taken = deleted if len(deleted) == 1 else None
                if texts and (taken if back else typed) is None:
                    yield Burst(cursor, texts, times, back)
                    size = sum(map(len, texts))
                    cursor += -size if back else size
                    texts, times = [], []
                if (text := typed or taken) is not None:
                    back = typed is None
                    mono += after
                    texts.append(text)
                    times.append(mono)
                else:
                    self._now = (0, mono, cursor, skew)
                    yield self._event(row)
                    _, mono, cursor, skew = self._now
            if texts:
                yield Burst(cursor, texts, times, back)
                size = sum(map(len, texts))
                cursor += -size if back else size
                texts, times = [], []
            self._now = (event & MAX_SEQ, mono, cursor, skew)

    def _chunks(self) -> Iterator[list[_Row]]:
        base = self._number << SEQ_BITS
        while True:
            rows = self._db.execute(
                "SELECT id, kind, after_ms, step, inserted, deleted, suggestion, extra FROM events"
                " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
                (base | self._now[0], base | MAX_SEQ, CHUNK),
            ).fetchall()
            if rows:
                self._payloads.look_at(rows[0][0], rows[-1][0])
            yield rows
            if len(rows) < CHUNK:
                return

    def _event(self, row: _Row) -> Stamped:
        """The event of a row, which is the one behind `watermark`."""
        event, kind, after, step, inserted, deleted, suggestion, extra = row
        _, mono, cursor, skew = self._now
        seq = event & MAX_SEQ
        mono += after
        while self._next_clock is not None and self._next_clock[0] <= event:
            skew = self._next_clock[1]
            self._next_clock = next(self._clocks, None)
        body: Body
        if kind == 0 and extra is None and suggestion is None:
            body = _typed(cursor + (step or 0), inserted, deleted)
        else:
            entry = EVENTS.of_kind(kind)
            if entry is None:
                raise StoreError(
                    f"The log holds an event of an unknown kind ({kind}).", "Update cowrite."
                )
            columns = Columns(kind, step, inserted, deleted, suggestion, extra)
            body = entry.read(self._payloads, event, cursor, columns)
        cursor = cursor_after(body, cursor)
        self._now = (seq, mono, cursor, skew)
        return Stamped(seq, mono, self._started + mono + skew, body)

    def _clocks_behind(self, after: int) -> Iterator[tuple[int, int]]:
        return iter(
            self._db.execute(
                "SELECT event, skew_ms FROM clocks WHERE event > ? AND event <= ? ORDER BY event",
                (after, self._number << SEQ_BITS | MAX_SEQ),
            ).fetchall()
        )


def _typed(start: int, inserted: str | bytes | None, deleted: str | bytes | None) -> Edited:
    """A typed edit without anything unusual: nearly all rows are such."""
    if isinstance(inserted, str) and deleted is None:
        runs = _ONE_BY_WRITER if len(inserted) == 1 else one_run(len(inserted), WRITER)
        return Edited(Edit(start, "", inserted, Origin.TYPED, runs))
    new, old = from_column(inserted), from_column(deleted)
    return Edited(
        Edit(start, old, new, Origin.TYPED, one_run(len(new), WRITER), one_run(len(old), WRITER))
    )
