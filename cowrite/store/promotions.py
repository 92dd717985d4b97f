"""The table of promotions: which learned state came into use when, and why. It belongs to no draft."""

from __future__ import annotations

import sqlite3

import msgspec

from cowrite.core.promotion import Promotion

TABLE = """
CREATE TABLE promotions (
  number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  was INTEGER NOT NULL,
  why TEXT NOT NULL,
  reason TEXT NOT NULL,
  figures TEXT NOT NULL
) STRICT
"""


def write(db: sqlite3.Connection, promotion: Promotion) -> None:
    """Append one. Raises sqlite3.Error."""
    one = promotion
    db.execute(
        "INSERT INTO promotions (at_ms, what, model, version, was, why, reason, figures)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(one.at_ms, one.what, one.model, one.version, one.was, one.why, one.reason),
            msgspec.json.encode(one.figures).decode(),
        ),
    )


def read(db: sqlite3.Connection) -> list[Promotion]:
    """All, in the order in which they were written. Raises sqlite3.Error."""
    rows = db.execute(
        "SELECT at_ms, what, model, version, was, why, reason, figures FROM promotions ORDER BY number"
    )
    return [
        Promotion(at, what, model, version, was, why, reason, _figures(figures))
        for at, what, model, version, was, why, reason, figures in rows
    ]


def _figures(raw: str) -> dict[str, float]:
    return msgspec.json.decode(raw, type=dict[str, float])


def clear(db: sqlite3.Connection) -> None:
    """Delete all, as a purge of everything does. Raises sqlite3.Error."""
    db.execute("DELETE FROM promotions")
