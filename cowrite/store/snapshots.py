"""Texts kept once each: compressed, addressed by their content, and as differences where that is shorter.

A draft is opened and saved many times with little change. A text that shares its beginning and end with
an earlier one of the same draft is kept as what stands between, and where it belongs.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from dataclasses import dataclass

from cowrite.core.diff import common_prefix

MAX_DEPTH = 200
"""The longest chain of differences that a text is read through."""

LEVEL = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that is in the table: its row's number, content hash, and how long its chain is."""

    number: int
    sha256: bytes
    depth: int
    text: str


def put(db: sqlite3.Connection, text: str, near: Kept | None = None) -> Kept:
    """Keep a text; the row that has it already is used again. `near` is a text that it may be like.

    Runs inside of the caller's transaction.
    """
    raw = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(raw).digest()
    found = db.execute("SELECT number, depth FROM snapshots WHERE sha256 = ?", (digest,)).fetchone()
    if found is not None:
        return Kept(found[0], digest, found[1], text)
    base: int | None = None
    head: int | None = None
    tail: int | None = None
    depth = 0
    data = b""
    if near is not None and near.depth < MAX_DEPTH and _still_there(db, near):
        same_head = common_prefix(near.text, text)
        same_tail = common_tail(near.text, text, min(len(near.text), len(text)) - same_head)
        middle = text[same_head : len(text) - same_tail]
        if len(middle) * 2 < len(text):
            base, head, tail, depth = near.number, same_head, same_tail, near.depth + 1
            data = zlib.compress(middle.encode("utf-8", "surrogatepass"), LEVEL)
    if base is None:
        data = zlib.compress(raw, LEVEL)
    number = db.execute(
        "INSERT INTO snapshots (sha256, base, head, tail, depth, data) VALUES (?, ?, ?, ?, ?, ?)",
        (digest, base, head, tail, depth, data),
    ).lastrowid
    assert number is not None
    return Kept(number, digest, depth, text)


def get(db: sqlite3.Connection, number: int) -> Kept:
    """The text of a row. Raises LookupError where it (or what it builds on) is not there."""
    chain: list[tuple[int, int, str]] = []
    top: tuple[bytes, int] | None = None
    wanted: int | None = number
    text = ""
    while wanted is not None:
        row = db.execute(
            "SELECT sha256, depth, base, head, tail, data FROM snapshots WHERE number = ?",
            (wanted,),
        ).fetchone()
        if row is None:
            raise LookupError(f"There is no snapshot {wanted}.")
        sha256, depth, wanted, head, tail, data = row
        top = top or (sha256, depth)
        part = zlib.decompress(data).decode("utf-8", "surrogatepass")
        if wanted is None:
            text = part
        else:
            chain.append((head, tail, part))
    for head, tail, middle in reversed(chain):
        text = text[:head] + middle + (text[-tail:] if tail else "")
    assert top is not None
    return Kept(number, *top, text)


def flatten(db: sqlite3.Connection, number: int) -> None:
    """Keep a text whole from now on, so that its base can go. Only a purge may do this."""
    text = get(db, number).text
    db.execute(
        "UPDATE snapshots SET base = NULL, head = NULL, tail = NULL, depth = 0, data = ? "
        "WHERE number = ?",
        (zlib.compress(text.encode("utf-8", "surrogatepass"), LEVEL), number),
    )


def _still_there(db: sqlite3.Connection, kept: Kept) -> bool:
    """Whether a row that was read a while ago is the same one: a purge may have been in between."""
    row = db.execute("SELECT sha256 FROM snapshots WHERE number = ?", (kept.number,)).fetchone()
    return row is not None and row[0] == kept.sha256


def common_tail(one: str, other: str, most: int) -> int:
    """How many characters both texts end with, at most `most`."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
