"""What writes and reads of events stand on: rows of tables, texts that are kept once, numbers for names."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from cowrite.core.provenance import Runs
from cowrite.errors import StoreError
from cowrite.store import snapshots
from cowrite.store.codec import pack_runs, unpack_runs
from cowrite.store.names import Names


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
class PayloadWriter:
    """Writes inside of the caller's transaction. Raises sqlite3.Error."""

    db: sqlite3.Connection
    names: Names
    latest: Latest

    def packed(self, runs: Runs) -> str:
        """Runs as a column holds them."""
        return pack_runs(runs, self.suggestion)

    def suggestion(self, suggestion_id: str) -> int:
        """The number of a suggestion."""
        return self.names.suggestion(self.db, suggestion_id)

    def snapshot(self, text: str) -> int | None:
        """The number of a text that is kept once; None for an empty one."""
        return snapshots.put(self.db, text).number if text else None

    def draft(self, text: str, runs: Runs) -> tuple[int, int]:
        """The numbers of the draft's text and runs, kept as what they differ in from the latest ones."""
        return self.latest.keep(self.db, text, self.packed(runs))

    def insert(self, table: str, *values: object) -> None:
        """Add a row to the table of an event."""
        self.db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


class PayloadReader:
    """Reads what a `PayloadWriter` has written. tokens: whether candidates come with theirs.

    The rows of a table are read for many events at once, those that `look_at` says.
    """

    __slots__ = ("_db", "_range", "_rows", "_suggestions", "tokens")

    def __init__(self, db: sqlite3.Connection, *, tokens: bool = True) -> None:
        self._db = db
        self.tokens = tokens
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

    def snapshot(self, number: int | None) -> str:
        """The text of a snapshot; an empty one for none. Raises LookupError where it is not there."""
        return "" if number is None else snapshots.get(self._db, number).text

    def runs(self, number: int) -> Runs:
        """The runs that a snapshot holds."""
        return unpack_runs(self.snapshot(number), self.suggestion)

    def row(self, table: str, columns: str, event: int, join: str = "") -> tuple[Any, ...]:
        """The row of an event. Raises StoreError where it has none."""
        found = self.rows(table, columns, event, join)
        if not found:
            raise StoreError(f"The log is damaged: {table} has no row for event {event}.")
        return found[0]

    def rows(self, table: str, columns: str, event: int, join: str = "") -> list[tuple[Any, ...]]:
        """The rows of an event, in the order of their key."""
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
