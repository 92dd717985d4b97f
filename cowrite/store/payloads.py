"""What the rarer events say, in tables of their own: openings, requests, generations, saves and so on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from cowrite.core.events import (
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
from cowrite.core.provenance import Runs
from cowrite.store import snapshots
from cowrite.store.codec import pack_json, pack_runs, pack_tokens, to_column
from cowrite.store.names import Names, document_number, draft_key, seed_column
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
