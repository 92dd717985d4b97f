"""Which draft a session is of today: a file gets another name, and what was written in it goes along.

Nothing is ever written anew for that. A rename is a row like any other, and what a session's draft is
called is found by following the renames that came after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from cowrite.store.codec import from_column, to_column
from cowrite.store.names import draft_key
from cowrite.store.schema import SEQ_BITS

_END = 1 << 32
"""Greater than the number of any session."""


REPLACED = " (until "
"""What follows a draft's path in its name after another draft's file took its place; a time follows this."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A rename that is taken for true while the log is read, and not logged (yet): names as the log has them.

    since: the number of the last session before it.
    """

    was: str
    now: str
    since: int


class Drafts:
    """The drafts of a log and the names they have today. taken: renames that the log does not hold.

    A draft is called by its number in `documents`; one that only a taken rename names has a negative one.
    """

    def __init__(self, db: sqlite3.Connection, taken: Sequence[Taken] = ()) -> None:
        self._db = db
        self._made: dict[str, int] = {}
        self._taken: list[tuple[int, int]] = []
        self._away: dict[int, list[tuple[float, int]]] = {}
        """By draft, in their order: the session of a rename and the draft that it is since.

        Taken ones stand between two sessions."""
        for event, was, document in db.execute(
            "SELECT event, was, document FROM renames ORDER BY event"
        ):
            self._away.setdefault(was, []).append((event >> SEQ_BITS, document))
        for place, rename in enumerate(taken):
            was = self._named(rename.was)
            if was is not None:
                self._take(was, rename, place / len(taken))

    def _take(self, was: int, rename: Taken, place: float) -> None:
        now = self._named(rename.now)
        steps = self._away.setdefault(was, [])
        if any(session > rename.since and document == now for session, document in steps):
            return  # it is logged by now
        if now is None:
            now = self._made[rename.now] = -1 - len(self._made)
        steps.append((rename.since + (1 + place) / 3, now))
        steps.sort()
        self._taken.append((was, now))

    def number(self, path: str) -> int | None:
        """The draft at a path, or of a title; None where the log has none."""
        return self._named(draft_key(path) or "")

    def _named(self, name: str) -> int | None:
        """The draft of this very name: what the path leads to by now may be another file."""
        row = self._db.execute(
            "SELECT number FROM documents WHERE path = ?", (to_column(name),)
        ).fetchone()
        return self._made.get(name) if row is None else row[0]

    def replaced_at(self, path: str) -> set[int]:
        """The drafts that stood at this path and gave way to others that were moved there."""
        beginning = (draft_key(path) or "") + REPLACED
        return {number for number, (_, name) in self.names().items() if name.startswith(beginning)}

    def now(self, document: int, session: float) -> int:
        """What the draft that was `document` in a session is today."""
        # Each step is later than the one before, so that names which were exchanged come to an end.
        while True:
            step = next((one for one in self._away.get(document, ()) if one[0] > session), None)
            if step is None:
                return document
            session, document = step

    def ever(self, document: int) -> set[int]:
        """All that this draft may have been: itself and, over any number of renames, what became it."""
        found, new = {document}, {document}
        while new:
            new = {
                was
                for was, steps in self._away.items()
                if was not in found and any(now in found for _, now in steps)
            }
            found |= new
        return found

    def meant(self, path: str) -> int | None:
        """The draft that a path means: one that has gone from there is meant where nothing came after it."""
        number = self.number(path)
        last = self._away.get(number, [])[-1:] if number is not None else []
        if number is None or not last or self._is_used(number, last[0][0]):
            return number
        return self.now(last[0][1], last[0][0])

    def _is_used(self, document: int, since: float) -> bool:
        """Whether something was written in it, or saved to it, after session `since`."""
        return bool(
            self._db.execute(
                "SELECT EXISTS (SELECT 1 FROM sessions WHERE document = ?1 AND number > ?2)"
                " OR EXISTS (SELECT 1 FROM saves WHERE document = ?1 AND event >> 24 > ?2)",
                (document, since),
            ).fetchone()[0]
        )

    def names(self) -> dict[int, tuple[str, str]]:
        """Id and path of each draft; untitled ones are called so."""
        found = {
            number: (document_id, "untitled" if path is None else from_column(path))
            for number, document_id, path in self._db.execute(
                "SELECT number, document_id, path FROM documents"
            )
        }
        # A draft that is known again without being logged under its name keeps the id it has.
        ids = {
            now: found[was][0]
            for was, steps in self._away.items()
            for _, now in steps
            if now < 0 and was in found
        }
        return found | {number: (ids[number], path) for path, number in self._made.items()}

    def count(self) -> int:
        """How many drafts there are: names that one had before are not counted."""
        return sum(
            number not in self._away or self._is_used(number, self._away[number][-1][0])
            for number in self.names()
        )

    def to_come(self, document: int) -> list[int]:
        """The drafts that are this one by renames which the log does not hold."""
        return [was for was, now in self._taken if now == document]

    def stages(self, document: int) -> Iterator[tuple[int, int, int]]:
        """What went by this name, one after the other: the sessions in [first, stop), and what it is today."""
        first = 0
        for stop, _ in self._away.get(document, ()):
            yield first, ceil(stop), self.now(document, first)
            first = ceil(stop)
        yield first, _END, document
