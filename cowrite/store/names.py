"""Numbers for words that many rows repeat: suggestions, models, parameters, drafts."""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from dataclasses import replace

import msgspec

from cowrite.core.suggestion import Params
from cowrite.store.codec import pack_json, to_column


class Names:
    """Looks words up, and adds them, inside of the caller's transactions.

    After a transaction that failed, `forget` what it seemed to have added.
    """

    def __init__(self) -> None:
        self._suggestions: dict[str, int] = {}
        self._models: dict[tuple[str, str, str], int] = {}
        self._params: dict[Params, int] = {}

    def forget(self) -> None:
        self._suggestions.clear()
        self._models.clear()
        self._params.clear()

    def suggestion(self, db: sqlite3.Connection, suggestion_id: str) -> int:
        number = self._suggestions.get(suggestion_id)
        if number is None:
            values = {"suggestion_id": suggestion_id}
            number = self._suggestions[suggestion_id] = _number(db, "suggestions", values)
        return number

    def model(self, db: sqlite3.Connection, name: str, sha256: str, adapter: str | None) -> int:
        key = (name, sha256, adapter or "")
        number = self._models.get(key)
        if number is None:
            values = {"name": name, "sha256": sha256, "adapter": adapter or ""}
            number = self._models[key] = _number(db, "models", values)
        return number

    def params(self, db: sqlite3.Connection, params: Params) -> int:
        """The number of parameters, their seed left out: it differs from request to request."""
        seedless = replace(params, seed=None)
        number = self._params.get(seedless)
        if number is None:
            said = msgspec.to_builtins(seedless)
            del said["seed"]
            number = self._params[seedless] = _number(db, "params", {"params": pack_json(said)})
        return number


def seed_column(seed: int | None) -> int | str | None:
    """A seed as SQLite takes it: its integers have 64 bits and a sign."""
    return seed if seed is None or -(2**63) <= seed < 2**63 else str(seed)


def read_params(packed: str, seed: int | str | None) -> Params:
    """The parameters of a row."""
    number = None if seed is None else int(seed)
    # Not msgspec's own reader: half of a surrogate pair, which a banned phrase may hold, is none to it.
    params: Params = msgspec.convert({**json.loads(packed), "seed": number}, Params)
    return params


def _number(db: sqlite3.Connection, table: str, values: dict[str, str]) -> int:
    where = " AND ".join(f"{column} = ?" for column in values)
    found = db.execute(
        f"SELECT number FROM {table} WHERE {where}", tuple(values.values())
    ).fetchone()
    if found is not None:
        return int(found[0])
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    made = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", tuple(values.values()))
    assert made.lastrowid is not None
    return made.lastrowid


def draft_key(document: str | None) -> str | None:
    """What a draft is known by: its real path, so that two names of one file are one draft.

    A title that is no absolute path is taken as it is.
    """
    if document is None or not os.path.isabs(document):  # noqa: PTH117 - no file may be touched for a title
        return document
    return os.path.realpath(document)


def document_number(
    db: sqlite3.Connection, path: str | None, document_id: str | None, now_ms: int
) -> tuple[int, str]:
    """The number and id of a draft, added where it is new. `path` is a `draft_key`, None for untitled."""
    stored = None if path is None else to_column(path)
    if stored is not None:
        found = db.execute(
            "SELECT number, document_id FROM documents WHERE path = ?", (stored,)
        ).fetchone()
    else:
        found = db.execute(
            "SELECT number, document_id FROM documents WHERE document_id = ?", (document_id,)
        ).fetchone()
    if found is not None:
        return found[0], found[1]
    identity = document_id or uuid.uuid4().hex
    made = db.execute(
        "INSERT INTO documents (document_id, path, created_ms) VALUES (?, ?, ?)",
        (identity, stored, now_ms),
    )
    assert made.lastrowid is not None
    return made.lastrowid, identity
