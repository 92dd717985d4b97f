"""What the rarer events say, in tables of their own: openings, requests, generations, saves and so on.

Those tables are written and read here, so that one place knows their columns.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

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
from cowrite.core.provenance import Runs
from cowrite.core.suggestion import Candidate, StopReason, Timings
from cowrite.errors import StoreError
from cowrite.store import snapshots
from cowrite.store.codec import (
    from_column,
    pack_json,
    pack_runs,
    pack_tokens,
    to_column,
    unpack_runs,
    unpack_tokens,
)
from cowrite.store.names import Names, document_number, draft_key, read_params, seed_column
from cowrite.store.schema import Kind


@dataclass(slots=True)
class Latest:
    """The draft's text and runs as they were kept last: what the next ones are likely to resemble."""

    text: snapshots.Kept | None = None
    runs: snapshots.Kept | None = None

    def keep(self, db: sqlite3.Connection, text: str, packed_runs: str) -> tuple[int, int]:
        """Keep both; returns the numbers of their snapshots."""
        self.text = snapshots.put(db, text, self.text)
        self.runs = snapshots.put(db, packed_runs, self.runs)
        return self.text.number, self.runs.number


@dataclass(frozen=True, slots=True)
class Payloads:
    """Writes them inside of the caller's transaction. Raises sqlite3.Error."""

    db: sqlite3.Connection
    names: Names
    latest: Latest

    def packed(self, runs: Runs) -> str:
        return pack_runs(runs, lambda suggestion_id: self.names.suggestion(self.db, suggestion_id))

    def suggestion(self, suggestion_id: str) -> int:
        return self.names.suggestion(self.db, suggestion_id)

    def write(self, event: int, stamped: Stamped, cursor: int) -> tuple[Kind, int | None, object]:
        """Write what `events` has no column for; returns the kind, suggestion and extra of its row there."""
        match stamped.body:
            case Opened() as body:
                self._opening(event, body)
                return Kind.OPENED, None, None
            case Requested() as body:
                return Kind.REQUESTED, self._request(event, body), None
            case Generated() as body:
                return Kind.GENERATED, self._generation(event, body), None
            case Shown(suggestion_id, candidate, where):
                extra = candidate if where == "ghost" else pack_json([candidate, where])
                return Kind.SHOWN, self.suggestion(suggestion_id), extra
            case Closed(suggestion_id, closing, candidate):
                return Kind.CLOSED, self.suggestion(suggestion_id), pack_json([closing, candidate])
            case Saved() as body:
                draft, _ = document_number(self.db, draft_key(body.path), None, stamped.wall_ms)
                path = to_column(body.path)
                self._insert("saves", event, draft, path, body.sha256, body.size, body.how)
                return Kind.SAVED, None, None
            case Focused(focused):
                return Kind.FOCUSED, None, int(focused)
            case SettingChanged(name, value):
                self._insert("settings", event, name, to_column(value))
                return Kind.SETTING, None, None
            case EngineChanged(state, reason):
                return Kind.ENGINE, None, pack_json([state, reason])
            case Ended(length, saved, how):
                self._insert("endings", event, stamped.wall_ms, length, int(saved), how, cursor)
                return Kind.ENDED, None, None
            case Edited() | Moved():
                raise TypeError("edits and moves are rows of `events` alone")

    def _insert(self, table: str, *values: object) -> None:
        self.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def _opening(self, event: int, body: Opened) -> None:
        text, runs = self.latest.keep(self.db, body.text, self.packed(body.runs))
        path = None if body.path is None else to_column(body.path)
        self._insert("openings", event, text, runs, path, body.reason)

    def _request(self, event: int, body: Requested) -> int:
        suggestion = self.suggestion(body.suggestion_id)
        self._insert(
            "requests",
            event,
            suggestion,
            body.position,
            body.window_start,
            body.window_end,
            self.names.model(self.db, body.model_name, body.model_sha256, body.adapter),
            self.names.params(self.db, body.params),
            seed_column(body.params.seed),
            snapshots.put(self.db, body.head).number if body.head else None,
            int(body.auto),
            None if body.parent_id is None else self.suggestion(body.parent_id),
        )
        return suggestion

    def _generation(self, event: int, body: Generated) -> int:
        suggestion = self.suggestion(body.suggestion_id)
        timings = body.timings
        self._insert(
            "generations",
            event,
            suggestion,
            body.prompt_tokens,
            body.cached_tokens,
            timings.prefill,
            timings.first,
            timings.total,
            body.first_ms,
            body.total_ms,
            None if body.error is None else to_column(body.error),
        )
        for index, candidate in enumerate(body.candidates):
            self._insert(
                "candidates",
                event,
                index,
                to_column(candidate.text),
                candidate.stop,
                candidate.mean_logprob,
                len(candidate.tokens),
                pack_tokens(candidate.text, candidate.tokens),
            )
        return suggestion


class PayloadReader:
    """Reads what `Payloads` has written. tokens: whether candidates come with theirs.

    The rows of a table are read for many events at once, those that `look_at` says.
    """

    __slots__ = ("_db", "_range", "_rows", "_suggestions", "_tokens")

    def __init__(self, db: sqlite3.Connection, *, tokens: bool = True) -> None:
        self._db = db
        self._tokens = tokens
        self._suggestions: dict[int, str] = {}
        self._range = (0, 0)
        self._rows: dict[str, dict[int, list[tuple[Any, ...]]]] = {}

    def look_at(self, first: int, last: int) -> None:
        """The events from `first` to `last` are read next."""
        self._range = (first, last)
        self._rows.clear()

    def suggestion(self, number: int | None) -> str:
        """The suggestion that a number stands for. Raises StoreError for one that is not in the log."""
        found = self._suggestions.get(number or 0)
        if found is None:
            found = self._suggestions[number or 0] = suggestion_id(self._db, number)
        return found

    def read(self, event: int, kind: int, suggestion: int | None, extra: Any) -> Body:
        """An event of the rarer kinds, with what its own table holds of it.

        Raises StoreError where rows are not what cowrite writes.
        """
        match kind:
            case Kind.OPENED:
                text, runs, path, reason = self._row("openings", "text, runs, path, reason", event)
                packed = snapshots.get(self._db, runs).text
                return Opened(
                    snapshots.get(self._db, text).text,
                    unpack_runs(packed, self.suggestion),
                    None if path is None else from_column(path),
                    reason,
                )
            case Kind.REQUESTED:
                return self._requested(event)
            case Kind.GENERATED:
                return self._generated(event)
            case Kind.SHOWN:
                candidate, where = (extra, "ghost") if isinstance(extra, int) else json.loads(extra)
                return Shown(self.suggestion(suggestion), candidate, where)
            case Kind.CLOSED:
                closing, candidate = json.loads(extra)
                return Closed(self.suggestion(suggestion), Closing(closing), candidate)
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
        ) = self._row(
            "requests",
            "suggestion, position, window_start, window_end, p.params, seed, m.name, m.sha256,"
            " m.adapter, head, auto, parent",
            event,
            "JOIN params p ON p.number = requests.params JOIN models m ON m.number = model",
        )
        return Requested(
            self.suggestion(suggestion),
            position,
            start,
            end,
            read_params(params, seed),
            name,
            sha256,
            "" if head is None else snapshots.get(self._db, head).text,
            bool(auto),
            None if parent is None else self.suggestion(parent),
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
        columns = f"text, stop, {'tokens' if self._tokens else 'NULL'}"
        for raw, stop, packed in self._found("candidates", columns, event):
            text = from_column(raw)
            reason = None if stop is None else StopReason(stop)
            candidates.append(Candidate(text, unpack_tokens(text, packed), reason))
        return Generated(
            self.suggestion(suggestion),
            tuple(candidates),
            Timings(prefill, first, total),
            prompt,
            cached,
            shown,
            ended,
            None if error is None else from_column(error),
        )

    def _row(self, table: str, columns: str, event: int, join: str = "") -> tuple[Any, ...]:
        found = self._found(table, columns, event, join)
        if not found:
            raise StoreError(f"The log is damaged: {table} has no row for event {event}.")
        return found[0]

    def _found(self, table: str, columns: str, event: int, join: str = "") -> list[tuple[Any, ...]]:
        rows = self._rows.get(table)
        if rows is None:
            rows = self._rows[table] = {}
            # By their key, which is the event and, of candidates, which of them it is.
            for number, *row in self._db.execute(
                f"SELECT event, {columns} FROM {table} {join} WHERE event BETWEEN ? AND ? ORDER BY event",
                self._range,
            ):
                rows.setdefault(number, []).append(tuple(row))
        return rows.get(event, [])


def suggestion_id(db: sqlite3.Connection, number: int | None) -> str:
    """The suggestion that a number stands for."""
    row = db.execute("SELECT suggestion_id FROM suggestions WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise StoreError(f"The log names a suggestion that it does not hold ({number}).")
    return str(row[0])
