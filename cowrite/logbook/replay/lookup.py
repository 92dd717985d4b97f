"""Which session is meant, which moment of it, and the draft at that moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from cowrite.core.events import SessionInfo, Stamped
from cowrite.core.replay import Replay
from cowrite.errors import UsageError, nearest
from cowrite.logbook.renaming import draft_called
from cowrite.logbook.replay.playtime import clock
from cowrite.logbook.source import is_draft, moment
from cowrite.store import LogReader

LAST = "last"
_SHORTEST = 8
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d+)?)")
_HINT = "cowrite replay --list shows the sessions there are."


@dataclass(frozen=True, slots=True)
class Listed:
    """A session in a list. name: the beginning of its id, long enough to be its own. length_ms: from its
    first event to its last."""

    session_id: str
    name: str
    draft: str
    started_ms: int
    length_ms: int
    requests: int
    origin: str


def listed(log: LogReader, word: str | None = None, limit: int = 20) -> tuple[list[Listed], int]:
    """The latest sessions, newest first, and how many there are in all. Raises StoreError.

    word: only those that it names, as a draft or as the beginning of an id. limit: 0 for all.
    """
    word = None if word is None else _today(log, word)
    every = list(log.sessions())
    names = short_names([one.session_id for one in every])
    found = [one for one in reversed(every) if word is None or _is_meant(one, word)]
    out = []
    for one in found[: limit or None]:
        found_extent = log.extent(one.session_id)
        out.append(
            Listed(
                one.session_id,
                names[one.session_id],
                one.document,
                one.started_ms,
                found_extent.length_ms,
                found_extent.requests,
                one.origin,
            )
        )
    return out, len(found)


def _today(log: LogReader, word: str) -> str:
    """The word, or what the draft that it names is called today."""
    with suppress(UsageError):
        return draft_called(log, word)
    return word


def _is_meant(session: SessionInfo, word: str) -> bool:
    return session.session_id.startswith(word) or is_draft(session, word)


def short_names(ids: Sequence[str]) -> dict[str, str]:
    """For each id a beginning of it that no other has; all of one length as far as that goes."""
    size = _SHORTEST
    longest = max(map(len, ids), default=0)
    while size < longest and len({one[:size] for one in ids}) < len(set(ids)):
        size += 1
    return {one: one[:size] for one in ids}


def find(log: LogReader, word: str) -> SessionInfo:
    """The session that a word names: `last`, an id or its beginning, or a draft, of which it is the last.

    Raises UsageError where there is none, or more than one.
    """
    word = _today(log, word)
    sessions = list(log.sessions())
    if not sessions:
        raise UsageError("The log holds no session yet.", "It begins with: cowrite draft.md")
    if word == LAST:
        return sessions[-1]
    begins = [one for one in sessions if one.session_id.startswith(word)] if word else []
    exact = [one for one in begins if one.session_id == word]
    of_draft = [one for one in sessions if is_draft(one, word)]
    if exact or len(begins) == 1:
        return (exact or begins)[0]
    if of_draft:
        return of_draft[-1]
    if begins:
        names = short_names([one.session_id for one in sessions])
        some = ", ".join(names[one.session_id] for one in begins[-5:])
        raise UsageError(
            f"'{word}' begins the names of {len(begins)} sessions.",
            f"Give more of it: {some}{'' if len(begins) <= 5 else ' ...'}",
        )
    raise UsageError(f"There is no session '{word}' in the log.", _hint(sessions, word))


def _hint(sessions: Iterable[SessionInfo], word: str) -> str:
    known = set()
    for one in sessions:
        known |= {PurePath(one.document).name, one.session_id[: max(_SHORTEST, len(word))]}
    near = nearest(word, known)
    return f"Did you mean '{near}'? {_HINT}" if near else _HINT


# Moments


@dataclass(frozen=True, slots=True)
class Moment:
    """The draft at a moment of a session. `note`: what is to be said about the moment, or empty."""

    text: str
    note: str = ""


def text_at(session: SessionInfo, events: Iterable[Stamped], when: str) -> Moment:
    """The draft as it was at `when`: seconds (`90`), a time in the session (`1:30`, `1:02:03`), `end`,
    or a date and time (ISO 8601, local where no zone is said).

    A time after the end is the end. Reads the events once. Raises UsageError for what is no time or lies
    before the session, and ReplayError where the log of the session is damaged before it.
    """
    mono, wall = _wanted(when)
    if wall is not None and wall < session.started_ms:
        began = datetime.fromtimestamp(session.started_ms / 1000).astimezone()
        raise UsageError(
            f"The session had not begun at {when}.", f"It began at {began:%Y-%m-%dT%H:%M:%S}."
        )
    replay = Replay()
    last = 0
    for stamped in events:
        if (mono is not None and stamped.mono_ms > mono) or (
            wall is not None and stamped.wall_ms > wall
        ):
            return Moment(replay.text)
        replay.apply(stamped.body)
        last = stamped.mono_ms
    past = mono is not None and mono > last
    note = f"The session ended at {clock(last)}; this is the draft as it was then."
    return Moment(replay.text, note if past else "")


def _wanted(when: str) -> tuple[float | None, int | None]:
    """The time in the session or the wall time that is asked for, in milliseconds; neither for the end."""
    when = when.strip()
    if when == "end":
        return None, None
    match = _CLOCK.fullmatch(when)
    if match is not None:
        hours, minutes, seconds = match.groups(default="0")
        return 1000 * (3600 * int(hours) + 60 * int(minutes) + float(seconds)), None
    try:
        return None, moment(when)
    except UsageError as error:
        raise UsageError(
            f"'{when}' is no time.",
            "Give seconds (90), a time in the session (1:30, 1:02:03), end, or a date and time "
            "(2026-01-31T18:30).",
        ) from error
