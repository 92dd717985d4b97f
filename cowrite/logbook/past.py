"""A draft as it was at any moment that the log knows, over all of its sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cowrite.core.counting import draft_word_count
from cowrite.core.dates import minute
from cowrite.core.events import KEEPING, Opened, Saved, SessionInfo, Snapshotted
from cowrite.core.replay import Replay
from cowrite.errors import UsageError
from cowrite.logbook.renaming import draft_called
from cowrite.logbook.source import is_draft, moment
from cowrite.store import LogReader

_UNITS = {
    "s": "seconds",
    "m": "minutes",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    **{f"{unit}{end}": f"{unit}s" for unit in ("second", "minute", "hour", "day", "week") for end in ("", "s")},
}  # fmt: skip
_BACK = re.compile(r"-\s*(\d{1,6})\s*([a-z]+)|(\d{1,6})\s*([a-z]+)\s+ago")
_DAY = re.compile(r"(today|yesterday)(?:\s+(?:at\s+)?(\d{1,2}:\d{2}(?::\d{2})?))?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class Past:
    """A draft at a moment. note: what is to be said about the moment, or an empty text."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A moment at which a draft was opened or saved, or got a name, and its words then.

    when_ms: milliseconds since 1970. what: `opened`, `saved`, `snapshot`. name: the snapshot's.
    """

    when_ms: int
    what: str
    words: int
    session_id: str
    name: str = ""


def wanted_ms(words: str, now: datetime) -> int:
    """The moment that is meant: a date, a date and time, `14:00`, `yesterday 9:30`, `-2h`, `3 days ago`, `now`.

    A date alone is that day's end; `yesterday` alone, too. Local where no zone is said. Raises UsageError.
    """
    said = " ".join(words.split()).casefold()
    found = _meant(said, now)
    if found is not None:
        return int(found.timestamp() * 1000)
    try:
        whole_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", said) is not None
        return moment(f"{said} 23:59:59" if whole_day else words.strip())
    except UsageError as error:
        raise UsageError(
            f"'{words}' is no time.",
            'For instance: --time "2026-01-31 18:30", 14:00, "yesterday 9:30", -2h, "3 days ago".',
        ) from error


def _meant(said: str, now: datetime) -> datetime | None:
    if said == "now":
        return now
    back = _BACK.fullmatch(said)
    if back is not None:
        number, unit = back[1] or back[3], _UNITS.get(back[2] or back[4])
        try:
            return None if unit is None else now - timedelta(**{unit: int(number)})
        except OverflowError:  # before the year 1
            return None
    if _CLOCK.fullmatch(said):
        said = f"today {said}"
    named = _DAY.fullmatch(said)
    if named is None:
        return None
    day = now - timedelta(days=1) if named[1] == "yesterday" else now
    clock = named[2] or ("23:59:59" if named[1] == "yesterday" else now.strftime("%H:%M:%S"))
    hours, minutes, seconds = (*(int(part) for part in clock.split(":")), 0)[:3]
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return day.replace(hour=hours, minute=minutes, second=seconds, microsecond=999_999)


def sessions_of(log: LogReader, draft: str) -> list[SessionInfo]:
    """A draft's sessions, in order. Raises UsageError, with the nearest name, where the log knows none."""
    name = draft_called(log, draft)
    found = [one for one in log.sessions() if is_draft(one, name)]
    return sorted(found, key=lambda one: one.started_ms)


def draft_at(log: LogReader, draft: str, when_ms: int) -> Past:
    """The draft at a moment: as it was being written, or between two sessions as it was saved last.

    Raises UsageError where the log doesn't reach back so far, ReplayError where it is damaged.
    """
    sessions = sessions_of(log, draft)
    before = [one for one in sessions if _begun_ms(one) <= when_ms]
    if not before:
        began = minute(sessions[0].started_ms)
        raise UsageError(
            f"The log knows nothing of {draft} at {minute(when_ms)}.", f"It begins at {began}."
        )
    session = before[-1]
    if len(before) == len(sessions):
        # A clock that was set back between two sessions tells nothing of which is the last; the log does.
        number = log.recorded()
        session = max(before, key=lambda one: number[one.session_id])
    last_seq, there_is_more = _last_by(log, session, when_ms)
    replay = Replay()
    saved, last_ms = "", session.started_ms
    for stamped in log.events(session.session_id):
        if there_is_more and stamped.seq > last_seq:
            return Past(replay.text)
        replay.apply(stamped.body)
        last_ms = max(last_ms, stamped.wall_ms)
        if isinstance(stamped.body, Opened | Saved):
            saved = replay.text
    if session.session_id in log.running():
        return Past(replay.text)
    note = f"Nobody wrote then: this is as it was saved before {minute(last_ms)}."
    if saved != replay.text:
        note += " Words that were not saved stood there until then: --time says a moment before."
    return Past(saved, note)


def _begun_ms(session: SessionInfo) -> int:
    """When it began; no later than it ended, for a clock that was set back while it went on."""
    ended = session.ended_ms
    return session.started_ms if ended is None else min(session.started_ms, ended)


def _last_by(log: LogReader, session: SessionInfo, when_ms: int) -> tuple[int, bool]:
    """The number of a session's last event up to a moment, and whether others came after it."""
    last = seq = 0
    for stamped in log.events(session.session_id):
        seq = stamped.seq
        if stamped.wall_ms <= when_ms:
            last = seq
    return last, seq > last


def known_moments(log: LogReader, draft: str) -> Iterator[Known]:
    """When a draft was opened, saved, kept under a name: the latest session first, each in order."""
    sessions = sessions_of(log, draft)
    documents = {one.document_id for one in sessions}
    kept = [one for one in log.sessions(origin=KEEPING) if one.document_id in documents]
    for session in sorted([*kept, *sessions], key=lambda one: one.started_ms, reverse=True):
        replay = Replay()
        for stamped in log.events(session.session_id):
            replay.apply(stamped.body)
            match stamped.body:
                case Opened() if session.origin != KEEPING:
                    what, name = "opened", ""
                case Saved():
                    what, name = "saved", ""
                case Snapshotted(name=name):
                    what = "snapshot"
                case _:
                    continue
            words = draft_word_count(replay.text)
            yield Known(stamped.wall_ms, what, words, session.session_id, name)
