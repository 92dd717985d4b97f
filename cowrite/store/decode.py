"""Rows become events again: a session streamed in order, with constant memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    Body,
    Closed,
    Edited,
    Ended,
    EngineChanged,
    Focused,
    Generated,
    Moved,
    Opened,
    Requested,
    Saved,
    SettingChanged,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import WRITER, Runs, one_run
from cowrite.core.replay import usual_source
from cowrite.core.suggestion import Candidate, StopReason, Timings
from cowrite.errors import StoreError
from cowrite.store import snapshots
from cowrite.store.codec import from_column, unpack_runs, unpack_tokens
from cowrite.store.encode import Place
from cowrite.store.names import read_params
from cowrite.store.schema import LAST_EDIT_KIND, MAX_SEQ, ORIGINS, SEQ_BITS, Kind

CHUNK = 4096
"""Rows a look. The read lock is let go between looks, so that a window can write during an export."""

_ONE_BY_WRITER: Runs = ((1, WRITER),)


class EventReader:
    """Reads the events of one session, from behind a place on."""

    def __init__(
        self, db: sqlite3.Connection, number: int, started_ms: int, place: Place | None = None
    ) -> None:
        self._db = db
        self._number = number
        self._started = started_ms
        start = place or Place()
        self._now = (start.seq, start.mono_ms, start.cursor, start.skew_ms)
        self._suggestions: dict[int, str] = {}

    @property
    def place(self) -> Place:
        """The place of the last event read."""
        return Place(*self._now)

    def __iter__(self) -> Iterator[Stamped]:
        """The events behind `place`, in the order of their sequence.

        Raises StoreError where rows are not what cowrite writes.
        """
        base = self._number << SEQ_BITS
        place = self.place
        clocks = self._clocks(base | place.seq)
        next_clock = next(clocks, None)
        seq, mono, cursor, skew = place.seq, place.mono_ms, place.cursor, place.skew_ms
        while True:
            rows = self._db.execute(
                "SELECT id, kind, after_ms, step, inserted, deleted, suggestion, extra FROM events"
                " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
                (base | seq, base | MAX_SEQ, CHUNK),
            ).fetchall()
            for event, kind, after, step, inserted, deleted, suggestion, extra in rows:
                seq = event & MAX_SEQ
                mono += after
                if next_clock is not None and next_clock[0] <= event:
                    skew = next_clock[1]
                    next_clock = next(clocks, None)
                body: Body
                if kind == 0 and extra is None and suggestion is None:
                    body = _typed(cursor + (step or 0), inserted, deleted)
                    cursor = body.edit.end
                elif kind == 1:
                    cursor += step or 0
                    body = Moved(cursor + (extra or 0), cursor)
                elif kind <= LAST_EDIT_KIND:
                    start = cursor + (step or 0)
                    body = self._edited(ORIGINS[kind], start, inserted, deleted, suggestion, extra)
                    cursor = body.edit.end
                else:
                    body = self._other(event, kind, suggestion, extra)
                self._now = (seq, mono, cursor, skew)
                yield Stamped(seq, mono, self._started + mono + skew, body)
            if len(rows) < CHUNK:
                return

    def _clocks(self, after: int) -> Iterator[tuple[int, int]]:
        return iter(
            self._db.execute(
                "SELECT event, skew_ms FROM clocks WHERE event > ? AND event <= ? ORDER BY event",
                (after, self._number << SEQ_BITS | MAX_SEQ),
            ).fetchall()
        )

    def _suggestion(self, number: int | None) -> str:
        found = self._suggestions.get(number or 0)
        if found is None:
            found = self._suggestions[number or 0] = suggestion_id(self._db, number)
        return found

    def _edited(
        self,
        origin: Origin,
        start: int,
        inserted: str | bytes | None,
        deleted: str | bytes | None,
        suggestion: int | None,
        extra: str | None,
    ) -> Edited:
        new, old = from_column(inserted), from_column(deleted)
        named = None if suggestion is None else self._suggestion(suggestion)
        runs, gone, candidate, part = json.loads(extra) if extra is not None else (None,) * 4
        return Edited(
            Edit(
                start,
                old,
                new,
                origin,
                unpack_runs(runs, self._suggestion)
                if runs
                else one_run(len(new), usual_source(origin, named)),
                unpack_runs(gone, self._suggestion) if gone else one_run(len(old), WRITER),
                named,
                candidate,
                None if part is None else Part(part),
            )
        )

    def _other(self, event: int, kind: int, suggestion: int | None, extra: Any) -> Body:
        """An event of the rarer kinds, with what its own table holds of it."""
        match kind:
            case Kind.OPENED:
                text, runs, path, reason = self._row("openings", "text, runs, path, reason", event)
                packed = snapshots.get(self._db, runs).text
                return Opened(
                    snapshots.get(self._db, text).text,
                    unpack_runs(packed, self._suggestion),
                    None if path is None else from_column(path),
                    reason,
                )
            case Kind.REQUESTED:
                return self._requested(event)
            case Kind.GENERATED:
                return self._generated(event)
            case Kind.SHOWN:
                candidate, where = (extra, "ghost") if isinstance(extra, int) else json.loads(extra)
                return Shown(self._suggestion(suggestion), candidate, where)
            case Kind.CLOSED:
                closing, candidate = json.loads(extra)
                return Closed(self._suggestion(suggestion), Closing(closing), candidate)
            case Kind.SAVED:
                path, sha256, size, how = self._row("saves", "path, sha256, size, how", event)
                return Saved(from_column(path), sha256, size, how)
            case Kind.FOCUSED:
                return Focused(bool(extra))
            case Kind.SETTING:
                name, value = self._row("settings", "name, value", event)
                return SettingChanged(name, from_column(value))
            case Kind.ENGINE:
                return EngineChanged(*json.loads(extra))
            case Kind.ENDED:
                length, saved, how = self._row("endings", "length, saved, how", event)
                return Ended(length, bool(saved), how)
        raise StoreError(f"The log holds an event of an unknown kind ({kind}).", "Update cowrite.")

    def _requested(self, event: int) -> Requested:
        row = self._db.execute(
            "SELECT r.suggestion, r.position, r.window_start, r.window_end, p.params, r.seed, m.name,"
            " m.sha256, m.adapter, r.head, r.auto, r.parent FROM requests r"
            " JOIN params p ON p.number = r.params JOIN models m ON m.number = r.model"
            " WHERE r.event = ?",
            (event,),
        ).fetchone()
        if row is None:
            raise _missing("requests", event)
        (
            suggestion,
            position,
            start,
            end,
            params,
            seed,
            name,
            sha256,
            adapter,
            head,
            auto,
            parent,
        ) = row
        return Requested(
            self._suggestion(suggestion),
            position,
            start,
            end,
            read_params(params, seed),
            name,
            sha256,
            "" if head is None else snapshots.get(self._db, head).text,
            bool(auto),
            None if parent is None else self._suggestion(parent),
            adapter or None,
        )

    def _generated(self, event: int) -> Generated:
        suggestion, prompt, cached, prefill, first, total, shown, ended, error = self._row(
            "generations",
            "suggestion, prompt_tokens, cached_tokens, engine_prefill_ms, engine_first_ms,"
            " engine_total_ms, first_ms, total_ms, error",
            event,
        )
        candidates = []
        for raw, stop, tokens in self._db.execute(
            "SELECT text, stop, tokens FROM candidates WHERE event = ? ORDER BY candidate", (event,)
        ):
            text = from_column(raw)
            reason = None if stop is None else StopReason(stop)
            candidates.append(Candidate(text, unpack_tokens(text, tokens), reason))
        timings = Timings(prefill, first, total)
        failed = None if error is None else from_column(error)
        return Generated(
            self._suggestion(suggestion),
            tuple(candidates),
            timings,
            prompt,
            cached,
            shown,
            ended,
            failed,
        )

    def _row(self, table: str, columns: str, event: int) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._db.execute(
            f"SELECT {columns} FROM {table} WHERE event = ?", (event,)
        ).fetchone()
        if row is None:
            raise _missing(table, event)
        return row


def suggestion_id(db: sqlite3.Connection, number: int | None) -> str:
    """The suggestion that a number stands for."""
    row = db.execute("SELECT suggestion_id FROM suggestions WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise StoreError(f"The log names a suggestion that it does not hold ({number}).")
    return str(row[0])


def _typed(start: int, inserted: str | bytes | None, deleted: str | bytes | None) -> Edited:
    """A typed edit without anything unusual: nearly all rows are such."""
    if isinstance(inserted, str) and deleted is None:
        runs = _ONE_BY_WRITER if len(inserted) == 1 else one_run(len(inserted), WRITER)
        return Edited(Edit(start, "", inserted, Origin.TYPED, runs))
    new, old = from_column(inserted), from_column(deleted)
    return Edited(
        Edit(start, old, new, Origin.TYPED, one_run(len(new), WRITER), one_run(len(old), WRITER))
    )


def _missing(table: str, event: int) -> StoreError:
    return StoreError(f"The log is damaged: {table} has no row for event {event}.")
