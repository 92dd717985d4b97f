"""What was generated, looked up by suggestion and by place: for going back to it long after.

Functions of a `LogReader` that is the calling thread's own: reading is for one thread at a time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from cowrite.core.events import Closed, Opened
from cowrite.core.suggestion import Candidate, StopReason
from cowrite.store import queries, snapshots
from cowrite.store.codec import from_column, unpack_tokens
from cowrite.store.drafts import Drafts
from cowrite.store.event_types import EVENTS
from cowrite.store.reader import LogReader
from cowrite.store.schema import LAST_EDIT_KIND, MAX_SEQ, MOVED, SEQ_BITS


def generated(log: LogReader, suggestion_id: str) -> tuple[Candidate, ...]:
    """The candidates of a suggestion with their tokens; none where the log has not kept them.

    Raises StoreError.
    """
    return log.read(lambda db: _generated(db, suggestion_id))


def _generated(db: sqlite3.Connection, suggestion_id: str) -> tuple[Candidate, ...]:
    rows = db.execute(
        "SELECT c.text, c.stop, c.tokens FROM suggestions s JOIN generations g"
        " ON g.suggestion = s.number JOIN candidates c ON c.event = g.event"
        " WHERE s.suggestion_id = ? ORDER BY c.event, c.candidate",
        (suggestion_id,),
    ).fetchall()
    out = []
    for raw, stop, tokens in rows:
        text = from_column(raw)
        reason = None if stop is None else StopReason(stop)
        out.append(Candidate(text, unpack_tokens(text, tokens), reason))
    return tuple(out)


# Places: where in a text something was asked for, known by the words before it

PLACE_LENGTH = 80
"""Characters before a position that make a place: the draft may change anywhere else."""

Mark = tuple[int, int]
"""A request: its event's number in the session, and the key of its place."""

_CHUNK = 4096
_OPENED, _CLOSED = EVENTS.of(Opened).kind, EVENTS.of(Closed).kind


def place_key(before: str, *, whole: bool) -> int:
    """The key of the place behind the text `before` (line endings as `\\n`).

    whole: whether that is all of the text; else at least `PLACE_LENGTH` characters are needed.
    """
    short = whole and len(before) <= PLACE_LENGTH
    text = "\0" + before if short else before[-PLACE_LENGTH:]
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def sessions_of(
    log: LogReader, document: str | None, session_id: str
) -> list[tuple[int, str, int]]:
    """A draft's sessions, the newest first: number, id, and the number of the last event. Raises StoreError.

    document: the draft's path; None for an untitled one, which has this session alone.
    """

    def read(db: sqlite3.Connection) -> list[tuple[int, str, int]]:
        found = queries.chosen(Drafts(db), db, document, None) if document is not None else []
        if all(known != session_id for _, known in found):
            found += db.execute(
                "SELECT number, session_id FROM sessions WHERE session_id = ?", (session_id,)
            ).fetchall()
        last = "SELECT max(id) FROM events WHERE id BETWEEN ? AND ?"
        return [
            (number, known, (db.execute(last, _span(number)).fetchone()[0] or 0) & MAX_SEQ)
            for number, known in sorted(found, reverse=True)
        ]

    return log.read(read)


def marks_of(log: LogReader, number: int) -> Iterator[Mark | None]:
    """The places of a session's requests, in order; now and then None, when it is time for a rest.

    Reads the session's edits as text alone: who wrote what, and when, is of no interest here.
    Raises StoreError.
    """
    yield from log.stream(lambda db: _marks(db, number))


def _marks(db: sqlite3.Connection, number: int) -> Iterator[Mark | None]:
    low, high = _span(number)
    asked: dict[int, int] = dict(
        db.execute("SELECT event, position FROM requests WHERE event BETWEEN ? AND ?", (low, high))
    )
    if not asked:
        return
    text, cursor, at, last = GapText(""), 0, low - 1, max(asked)
    while at < last:
        rows = db.execute(
            "SELECT id, kind, step, inserted, deleted FROM events WHERE id > ? AND id <= ?"
            " ORDER BY id LIMIT ?",
            (at, last, _CHUNK),
        ).fetchall()
        if not rows:
            return
        for at, kind, step, inserted, deleted in rows:
            if kind > LAST_EDIT_KIND:
                if kind == _OPENED:
                    text = GapText(_opening(db, at))
                elif at in asked:
                    before, whole = text.before(asked[at])
                    yield at & MAX_SEQ, place_key(before, whole=whole)
                continue
            cursor += step or 0
            if kind != MOVED:
                fresh = from_column(inserted)
                text.replace(cursor, len(from_column(deleted)), fresh)
                cursor += len(fresh)
        yield None


def _opening(db: sqlite3.Connection, event: int) -> str:
    row = db.execute("SELECT text FROM openings WHERE event = ?", (event,)).fetchone()
    if row is None:
        raise LookupError(f"openings has no row for event {event}.")
    return snapshots.get(db, row[0]).text


class GapText:
    """A text that is changed mostly where it was changed before. Positions are code points."""

    def __init__(self, text: str) -> None:
        self._left = list(text)
        self._right: list[str] = []

    def _go(self, at: int) -> None:
        left, right = self._left, self._right
        size = len(left)
        if at < size:
            right.extend(reversed(left[at:]))
            del left[at:]
        elif at > size and right:
            left.extend(reversed(right[size - at :]))
            del right[size - at :]

    def replace(self, start: int, gone: int, fresh: str) -> None:
        """Put `fresh` in the place of the `gone` characters from `start` on."""
        self._go(start)
        if gone:
            del self._right[-gone:]
        self._left.extend(fresh)

    def before(self, position: int) -> tuple[str, bool]:
        """The text before a position as far as it makes a place, and whether that is all of it."""
        self._go(position)
        end = self._left[-2 * PLACE_LENGTH - 2 :]
        return "".join(end).replace("\r\n", "\n"), len(end) == len(self._left)


@dataclass(frozen=True, slots=True)
class Generation:
    """A request with what was generated. closing: how it ended, as `core.outcome.Closing` says it.

    again: it brought back what its parent had generated. closed: the candidate shown when it ended.
    """

    suggestion_id: str
    parent_id: str | None
    texts: tuple[str, ...]
    closing: str
    closed: int
    again: bool


def generation(log: LogReader, number: int, seq: int) -> Generation | None:
    """The request with this event number in a session; None where nothing came of it. Raises StoreError."""
    return log.read(lambda db: _generation(db, number << SEQ_BITS | seq, _span(number)[1]))


def _generation(db: sqlite3.Connection, event: int, high: int) -> Generation | None:
    asked = db.execute(
        "SELECT r.suggestion, g.suggestion_id, q.suggestion_id FROM requests r"
        " JOIN suggestions g ON g.number = r.suggestion"
        " LEFT JOIN suggestions q ON q.number = r.parent WHERE r.event = ?",
        (event,),
    ).fetchone()
    if asked is None:
        return None
    suggestion, suggestion_id, parent = asked
    made = db.execute(
        "SELECT event, engine_total_ms FROM generations WHERE event BETWEEN ? AND ? AND suggestion = ?"
        " ORDER BY event LIMIT 1",
        (event, high, suggestion),
    ).fetchone()
    if made is None:
        return None
    texts = db.execute(
        "SELECT text FROM candidates WHERE event = ? ORDER BY candidate", (made[0],)
    ).fetchall()
    closed = db.execute(
        "SELECT extra FROM events WHERE id BETWEEN ? AND ? AND kind = ? AND suggestion = ? LIMIT 1",
        (event, min(high, event + _FAR), _CLOSED, suggestion),
    ).fetchone()
    closing, candidate = json.loads(closed[0]) if closed is not None else ("", 0)
    return Generation(
        suggestion_id,
        parent,
        tuple(from_column(text) for (text,) in texts),
        closing,
        candidate,
        again=parent is not None and not made[1],
    )


_FAR = 20_000
"""Events after a request in which its end is looked for."""


def _span(number: int) -> tuple[int, int]:
    return number << SEQ_BITS, number << SEQ_BITS | MAX_SEQ
