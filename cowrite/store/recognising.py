"""A file that the log does not know by its name, known again by what is in it."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from cowrite.store.drafts import Drafts
from cowrite.store.rebuild import SessionRow
from cowrite.store.recovery import in_file, sessions_of
from cowrite.store.schema import SEQ_BITS

LEAST_SIGNS = 10
"""Letters and other signs, white space aside, that a text has at least to be known again: many are empty."""

LEAST_LIKE = 200
"""As many where it is to be known by likeness."""

LIKE = 0.5
"""How much of the longer text the other one has, at least, if both are to be one draft."""

MOST_LOOKED_FOR = 200
"""Drafts of which it is looked up whether their file is gone, the last written first."""

MOST_COMPARED = 8
"""Texts that are made again to be compared. So a first opening costs some tenths of a second at most."""

MOST_CHARACTERS = 1 << 20

MOST_BYTES = 8 << 20
"""Of a file that is read to see whether it is another draft by now."""

CONTENT, LIKENESS = "content", "likeness"

_PIECE = re.compile(r"[^\n.,;:!?…—。，、；：！？\"“”«»()]+")
"""What stands between two marks: an edit changes one or two such pieces, and leaves the others as they are."""


@dataclass(frozen=True, slots=True)
class Formerly:
    """The draft that a file's text is of. path: its name today. how: `CONTENT` or `LIKENESS`.

    moved: its file is gone, and it is the only one of which that can be said; so the file is this draft.
    Else it is a copy, or there are several: then the text's authors are known, and nothing goes along.
    others: the further drafts that it might be. over: another draft stood at the file's path until then.
    """

    path: str
    how: str
    moved: bool
    others: tuple[str, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class _Left:
    """How a draft was left. number, path: of the draft today. session: the last that wrote or opened it.

    event: its last save or opening, whichever came last. size, sha256: of the file's bytes at a save;
    0 and empty at an opening, where `text_hash` is of the text in UTF-8 instead.
    """

    number: int
    path: str
    event: int
    session: SessionRow
    size: int = 0
    sha256: str = ""
    text_hash: bytes = b""

    def holds(self, sha256: str, text_hash: bytes) -> bool:
        """Whether the file was left with this content."""
        return sha256 == self.sha256 if self.sha256 else text_hash == self.text_hash


def recognise(
    drafts: Drafts,
    db: sqlite3.Connection,
    path: str,
    text: str,
    sha256: str,
    is_open: Callable[[str], bool],
) -> Formerly | None:
    """The draft that the file at `path` is, where the log knows it by another name; None where it does not.

    text, sha256: of the file, the hash of its bytes. First the very same content counts, as it was saved last
    or opened last; then likeness, for a file that the log has nothing of. Reads a bounded part of the log.
    """
    if not _signs(text, LEAST_SIGNS):
        return None
    own = drafts.number(path)
    sessions = sessions_of(drafts, db, path, limit=5)
    known = bool(sessions)
    text_hash = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    if own is not None and any(
        one.number == own and one.holds(sha256, text_hash)
        for one in _all_left(drafts, db, drafts.ever(own))
    ):
        return None
    left = _all_left(drafts, db, drafts.names())
    every = [one for one in left if one.number != own]
    alike = [one for one in every if one.holds(sha256, text_hash)]
    gone = [
        one
        for one in alike
        if (is_gone(one.path, path) or _is_displaced(one, left))
        and not _is_written(drafts, db, one, is_open)
    ]
    if known:
        found = _told(gone, [], path, CONTENT)
        written = any(is_open(session.session_id) for session in sessions)
        return replace(found, over=True) if found and found.moved and not written else None
    if alike:
        return _told(gone, alike, path, CONTENT)
    if not _signs(text, LEAST_LIKE):
        return None
    like = _like(db, every[:MOST_LOOKED_FOR], path, text)
    gone = [one for one in like if not _is_written(drafts, db, one, is_open)]
    return _told(gone, [], path, LIKENESS)


def _told(gone: list[_Left], alike: list[_Left], path: str, how: str) -> Formerly | None:
    """Of several that are gone, the one with the file's own name is meant: a folder was renamed."""
    name = PurePath(path).name
    namesakes = [one for one in gone if PurePath(one.path).name == name]
    moved = gone if len(gone) == 1 else namesakes if len(namesakes) == 1 else []
    meant = moved or gone or alike
    if not meant:
        return None
    others = () if moved else tuple(one.path for one in meant[1:])
    return Formerly(meant[0].path, how, bool(moved), others)


# How the drafts were left


def _all_left(drafts: Drafts, db: sqlite3.Connection, numbers: Iterable[int]) -> list[_Left]:
    """How the drafts that went by these numbers were left, the one that was written last first."""
    names = drafts.names()
    found: dict[int, _Left] = {}
    for number in numbers:
        for first, stop, today in drafts.stages(number):
            path = names[today][1]
            if not os.path.isabs(path):  # noqa: PTH117 - a title is no file, and may hold anything
                continue
            for one in (
                _saved(db, number, (first, stop), today, path),
                _opened(db, number, (first, stop), today, path),
            ):
                if one is not None and (today not in found or one.event > found[today].event):
                    found[today] = one
    return sorted(found.values(), key=lambda one: one.event, reverse=True)


def _saved(
    db: sqlite3.Connection, number: int, stage: tuple[int, int], today: int, path: str
) -> _Left | None:
    row = db.execute(
        "SELECT v.event, s.number, s.session_id, s.started_ms, v.size, v.sha256"
        " FROM saves v JOIN sessions s ON s.number = v.event >> 24 WHERE v.event ="
        " (SELECT max(event) FROM saves WHERE document = ? AND event >= ? AND event < ?)",
        (number, stage[0] << SEQ_BITS, stage[1] << SEQ_BITS),
    ).fetchone()
    if row is None:
        return None
    return _Left(
        number=today,
        path=path,
        event=row[0],
        session=SessionRow(*row[1:4]),
        size=row[4],
        sha256=row[5],
    )


def _opened(
    db: sqlite3.Connection, number: int, stage: tuple[int, int], today: int, path: str
) -> _Left | None:
    row = db.execute(
        "SELECT o.event, s.number, s.session_id, s.started_ms, t.sha256"
        " FROM sessions s JOIN openings o ON o.event BETWEEN s.number << 24 AND s.number << 24 | 16777215"
        " JOIN snapshots t ON t.number = o.text WHERE s.number ="
        " (SELECT max(number) FROM sessions WHERE document = ? AND number >= ? AND number < ?"
        "  AND origin = 'cowrite') ORDER BY o.event LIMIT 1",
        (number, *stage),
    ).fetchone()
    if row is None:
        return None
    return _Left(
        number=today, path=path, event=row[0], session=SessionRow(*row[1:4]), text_hash=row[4]
    )


# Files


def _is_written(
    drafts: Drafts, db: sqlite3.Connection, one: _Left, is_open: Callable[[str], bool]
) -> bool:
    """Whether a window has the draft."""
    return any(
        is_open(session.session_id) for session in sessions_of(drafts, db, one.path, limit=5)
    )


def _is_displaced(one: _Left, left: Sequence[_Left]) -> bool:
    """Whether at a draft's path there is the very content of another one: files have changed their names among
    themselves. What was written in another program is no other draft's."""
    try:
        with open(one.path, "rb", opener=_without_waiting) as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        return False
    if len(data) > MOST_BYTES:
        return False
    hashes = hashlib.sha256(data).hexdigest(), hashlib.sha256(data).digest()
    return not one.holds(*hashes) and any(
        other.holds(*hashes) for other in left if other.number != one.number
    )


def _without_waiting(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def is_gone(old: str, new: str) -> bool:
    """Whether there is no file `old` any more, or it is `new` under another spelling of one name.

    A file that can't be looked at is not gone, and neither is a second name (a hard link) of `new`.
    """
    try:
        found = Path(old).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    try:
        here = Path(new).stat()
    except (OSError, ValueError):
        return False
    # Case-insensitive systems, and those that take composed and decomposed letters for the same.
    return (found.st_dev, found.st_ino) == (here.st_dev, here.st_ino) and here.st_nlink == 1


# Likeness


def _like(db: sqlite3.Connection, some: list[_Left], path: str, text: str) -> list[_Left]:
    """Of the drafts whose file is gone, those whose text this one resembles."""
    size, found, compared = len(text.encode("utf-8", "surrogatepass")), [], 0
    for one in some:
        if one.size and not size * LIKE <= one.size <= size / LIKE:
            continue
        if not is_gone(one.path, path):
            continue
        if compared == MOST_COMPARED:
            break
        compared += 1
        try:
            known = in_file(db, one.session).text
        except LookupError:
            continue
        if likeness(known, text) >= LIKE:
            found.append(one)
    return found


def likeness(one: str, other: str) -> float:
    """How much of the longer of two texts is in the other one too: from 0 to 1, by passages between marks."""
    first, second = _pieces(one), _pieces(other)
    longer = max(_weight(first), _weight(second))
    return _weight(first & second) / longer if longer else 0.0


def _pieces(text: str) -> Counter[str]:
    found = (piece.strip() for piece in _PIECE.findall(text[:MOST_CHARACTERS]))
    return Counter(piece for piece in found if piece)


def _weight(pieces: Counter[str]) -> int:
    return sum(len(piece) * count for piece, count in pieces.items())


def _signs(text: str, least: int) -> bool:
    """Whether a text has as many signs besides white space."""
    return len("".join(text[: 4096 + 8 * least].split())) >= least
