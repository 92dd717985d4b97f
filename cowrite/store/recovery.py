"""What the log knows about a draft: what was lost, who wrote it, and where it was left."""

from __future__ import annotations

import difflib
import math
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cowrite.core.diff import common_prefix
from cowrite.core.provenance import FILE, Provenance, Run, Runs, joined
from cowrite.core.replay import Replay
from cowrite.store import snapshots
from cowrite.store.drafts import Drafts
from cowrite.store.encode import CONTINUED
from cowrite.store.rebuild import SessionRow, opening_of, rebuild
from cowrite.store.schema import LAST_EDIT_KIND, MOVED

LOOK_BACK = 50
"""Sessions of a draft that are looked at, newest first."""

MOST_LOOKED_AT = 4
"""Times as many are looked at to find those: a name may have been another draft's before."""

FINE_DIFF = 4_000
"""Characters up to which a changed passage is compared letter by letter."""

_OUT_OF_ORDER_MS = 10_000
"""Milliseconds by which a session may have begun after one that the log has behind it, with no clock set back:
two windows that are opened in one moment get into the log as each comes to write."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a session left unsaved when its process went away.

    text, runs, selection: the draft as it was last. saved_text: what its file should hold, as far as the
    session knew; saved_sha256: of the file's bytes at the last save, None where it never saved.
    when_ms: the wall time of the last event. path: None for an untitled draft.
    """

    session_id: str
    path: str | None
    text: str
    runs: Runs
    selection: tuple[int, int]
    saved_text: str
    saved_sha256: str | None
    when_ms: int


@dataclass(frozen=True, slots=True)
class Recent:
    """A draft that was opened lately, and when."""

    path: str
    opened_ms: int


def unsaved(
    drafts: Drafts, db: sqlite3.Connection, path: str | None, is_open: Callable[[str], bool]
) -> Recovery | None:
    """What the latest session of this draft that was cut off has not saved; None where nothing is missing.

    `path` None asks for drafts that never had a name. A session counts as settled when a later one of the
    same draft decided on a recovery or saved the file.
    """
    settled_before, began = 0, math.inf
    for session in sessions_of(drafts, db, path):
        # Begun after a session that the log has later: the clock was set back meanwhile, and tells no order.
        settled = session.started_ms > began + _OUT_OF_ORDER_MS
        if not settled and not is_open(session.session_id) and _may_have_lost(db, session):
            found = _lost(db, session, path)
            if found is not None and found.when_ms > settled_before:
                return found
        if _decided(db, session):
            settled_before = max(settled_before, session.started_ms)
            began = min(began, session.started_ms)
    return None


def is_written(
    drafts: Drafts, db: sqlite3.Connection, path: str, is_open: Callable[[str], bool]
) -> bool:
    """Whether one of the draft's latest sessions is still going on."""
    return any(is_open(session.session_id) for session in sessions_of(drafts, db, path))


def provenance_for(drafts: Drafts, db: sqlite3.Connection, path: str, text: str) -> Runs | None:
    """Who wrote each character of `text`, the draft's file, as far as earlier sessions of it know.

    Where the file was changed elsewhere, what is new is `FILE`'s. None where the log does not know the draft.
    """
    newest: Replay | None = None
    for session in sessions_of(drafts, db, path, limit=5):
        try:
            known = in_file(db, session)
        except LookupError:
            continue
        if known.text == text:
            return known.runs
        newest = newest or known
    return None if newest is None else mapped(newest.text, newest.runs, text)


def recent(drafts: Drafts, db: sqlite3.Connection, limit: int = 10) -> list[Recent]:
    """The drafts that were opened last, newest first; each once, by the name it has today."""
    rows = db.execute(
        "WITH uses (document, session) AS (SELECT document, number FROM sessions"
        "  UNION SELECT document, event >> 24 FROM saves)"
        " SELECT u.document, max(u.session) AS newest, s.started_ms FROM uses u"
        " JOIN documents d ON d.number = u.document JOIN sessions s ON s.number = u.session"
        " WHERE d.path IS NOT NULL AND s.origin = 'cowrite' GROUP BY d.number ORDER BY newest DESC"
    ).fetchall()
    names = drafts.names()
    found: dict[int, Recent] = {}
    for document, session, started in rows:
        today = drafts.now(document, session)
        found.setdefault(today, Recent(names[today][1], started))
    return list(found.values())[:limit]


def cursor_left(drafts: Drafts, db: sqlite3.Connection, path: str, besides: str) -> int:
    """Where the cursor was when the draft was left last (code points); session `besides` does not count."""
    for session in sessions_of(drafts, db, path, limit=2):
        if session.session_id != besides:
            return _last_cursor(db, session)
    return 0


def mapped(known: str, runs: Runs, text: str) -> Runs:
    """Runs of `known` carried over to `text`, which was made of it by somebody else."""
    provenance = Provenance(runs)
    out: list[Run] = []
    for low, high, length in _matches(known, text):
        out.extend(provenance.slice(low, high) if high > low else ((length, FILE),))
    return tuple(joined(out))


def _matches(one: str, other: str) -> Iterator[tuple[int, int, int]]:
    """`other` in pieces: `(low, high, 0)` where `one[low:high]` stands, `(0, 0, n)` for n new characters."""
    head = common_prefix(one, other)
    tail = snapshots.common_tail(one, other, min(len(one), len(other)) - head)
    yield 0, head, 0
    yield from _middle(one[head : len(one) - tail], other[head : len(other) - tail], head)
    yield len(one) - tail, len(one), 0


def _middle(one: str, other: str, at: int) -> Iterator[tuple[int, int, int]]:
    if not one or not other:
        yield 0, 0, len(other)
        return
    fine = len(one) <= FINE_DIFF and len(other) <= FINE_DIFF
    left = list(one) if fine else one.splitlines(keepends=True)
    right = list(other) if fine else other.splitlines(keepends=True)
    starts = [0]
    for part in left:
        starts.append(starts[-1] + len(part))
    for verb, a, b, c, d in difflib.SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        new = "".join(right[c:d])
        if verb == "equal":
            yield at + starts[a], at + starts[b], 0
        elif verb == "replace" and not fine:
            old = "".join(left[a:b])
            if len(old) <= FINE_DIFF and len(new) <= FINE_DIFF:
                yield from _middle(old, new, at + starts[a])
            else:
                yield 0, 0, len(new)
        else:
            yield 0, 0, len(new)


def sessions_of(
    drafts: Drafts, db: sqlite3.Connection, path: str | None, limit: int = LOOK_BACK
) -> list[SessionRow]:
    """The sessions whose draft was this one when they were last saved (or opened), newest first.

    path None: those of drafts that never had a name.
    """
    number = None if path is None else drafts.number(path)
    if path is None:
        wanted = "SELECT number FROM documents WHERE path IS NULL"
        every: list[int] = []
    else:
        every = [] if number is None else sorted(drafts.ever(number))
        wanted = ", ".join("?" * len(every))
    rows = db.execute(
        "SELECT s.number, s.session_id, s.started_ms, s.document FROM sessions s"
        f" WHERE s.origin = 'cowrite' AND (s.document IN ({wanted})"
        f"  OR s.number IN (SELECT event >> 24 FROM saves WHERE document IN ({wanted})))"
        " ORDER BY s.number DESC LIMIT ?",
        (*every, *every, MOST_LOOKED_AT * limit),
    )
    found: list[SessionRow] = []
    for session_number, session_id, started, document in rows:
        session = SessionRow(session_number, session_id, started)
        saved_to = db.execute(
            "SELECT document FROM saves WHERE event BETWEEN ? AND ? ORDER BY event DESC LIMIT 1",
            session.span,
        ).fetchone()
        if number is None:
            is_of = saved_to is None
        else:
            draft = saved_to[0] if saved_to else document
            is_of = drafts.now(draft, session_number) == number
        if is_of:
            found.append(session)
        if len(found) == limit:
            break
    return found


def _decided(db: sqlite3.Connection, session: SessionRow) -> bool:
    return (
        db.execute(
            "SELECT 1 FROM settings WHERE event BETWEEN ? AND ? AND name = 'recovery'"
            " UNION ALL SELECT 1 FROM saves WHERE event BETWEEN ? AND ? LIMIT 1",
            (*session.span, *session.span),
        ).fetchone()
        is not None
    )


def _may_have_lost(db: sqlite3.Connection, session: SessionRow) -> bool:
    """Whether it did not end by the writer's word, and edits came after its last save."""
    ended = db.execute(
        "SELECT saved, how FROM endings WHERE event BETWEEN ? AND ?", session.span
    ).fetchone()
    if ended is not None and (ended[0] or ended[1] in ("quit", "discard")):
        return False
    last_save = _last(db, "saves", session)
    if last_save is None and _continued(db, session):
        return True
    return (
        db.execute(
            "SELECT 1 FROM events WHERE id > ? AND id <= ? AND kind <= ? AND kind <> ? LIMIT 1",
            (last_save or session.span[0], session.span[1], LAST_EDIT_KIND, MOVED),
        ).fetchone()
        is not None
    )


def _continued(db: sqlite3.Connection, session: SessionRow) -> bool:
    """Whether its beginning is in another log, so that nobody knows what of it was saved."""
    opening = opening_of(db, session)
    return opening is not None and opening[1] == CONTINUED


def in_file(db: sqlite3.Connection, session: SessionRow) -> Replay:
    """The draft as it was when it was last saved, or opened. Raises LookupError."""
    last_save = _last(db, "saves", session)
    if last_save is not None:
        return rebuild(db, session, upto=last_save).replay
    opening = opening_of(db, session)
    if opening is None:
        raise LookupError(f"The beginning of session {session.session_id} is not in the log.")
    return rebuild(db, session, upto=opening[0]).replay


def _lost(db: sqlite3.Connection, session: SessionRow, path: str | None) -> Recovery | None:
    last_save = _last(db, "saves", session)
    try:
        rebuilt = rebuild(db, session)
        saved = in_file(db, session)
    except LookupError:
        return None
    draft = rebuilt.replay
    if draft.text == saved.text and not (last_save is None and _continued(db, session)):
        return None
    sha256 = None
    if last_save is not None:
        sha256 = db.execute("SELECT sha256 FROM saves WHERE event = ?", (last_save,)).fetchone()[0]
    return Recovery(
        session.session_id,
        path,
        draft.text,
        draft.runs,
        draft.selection,
        saved.text,
        sha256,
        rebuilt.wall_ms,
    )


def _last(db: sqlite3.Connection, table: str, session: SessionRow) -> int | None:
    found: int | None = db.execute(
        f"SELECT max(event) FROM {table} WHERE event BETWEEN ? AND ?", session.span
    ).fetchone()[0]
    return found


def _last_cursor(db: sqlite3.Connection, session: SessionRow) -> int:
    ended = db.execute(
        "SELECT cursor FROM endings WHERE event BETWEEN ? AND ?", session.span
    ).fetchone()
    if ended is not None:
        return int(ended[0])
    try:
        return rebuild(db, session).replay.selection[1]
    except LookupError:
        return 0
