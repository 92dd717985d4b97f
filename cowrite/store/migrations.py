"""From any older schema to the newest, each step in one transaction.

`PRAGMA user_version` says which schema a log has; 0 is an empty file. A released step is never changed:
a new schema is a new step at the end of `STEPS`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from cowrite.errors import StoreError
from cowrite.store import instructions, schema
from cowrite.store.event_types import name_kinds

Step = Callable[[sqlite3.Connection], None]


def _first(db: sqlite3.Connection) -> None:
    for statement in schema.statements():
        db.execute(statement)
    name_kinds(db)
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")


def _renames(db: sqlite3.Connection) -> None:
    for statement in schema.statements_of(schema.RENAMES, "renames"):
        db.execute(statement)
    name_kinds(db)


def _learned(db: sqlite3.Connection) -> None:
    for statement in schema.statements_for_learned():
        db.execute(statement)


def _instructions(db: sqlite3.Connection) -> None:
    for statement in schema.statements_of(instructions.SCRIPT, "instructions"):
        db.execute(statement)
    name_kinds(db)


STEPS: tuple[Step, ...] = (_first, _renames, _learned, _instructions)
"""`STEPS[n]` leads from schema n to schema n + 1."""

NEWEST = len(STEPS)


def version(db: sqlite3.Connection) -> int:
    """The log's schema."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(db: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> int:
    """Bring a log to the newest schema; returns the one it had.

    Raises StoreError where the log is of a newer version of cowrite, and sqlite3.Error where a step
    fails; the log is then as the last whole step left it.
    """
    before = version(db)
    check_not_newer(before, len(steps))
    for number in range(before, len(steps)):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Another window may have been faster while this one waited for the lock.
            if version(db) <= number:
                steps[number](db)
                db.execute(f"PRAGMA user_version = {number + 1}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    return before


def check_not_newer(found: int, newest: int = NEWEST) -> None:
    """Refuse a log that a later version of cowrite has written."""
    if found > newest:
        raise StoreError(
            f"The log is of a newer cowrite (schema {found}; this one knows up to {newest}).",
            "Update cowrite, or set COWRITE_HOME to use another log.",
        )
