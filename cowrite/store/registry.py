"""What the log has to know of a type of events: one entry each, and the tables that are made of them.

Reader, writer, tail, journal, the table `kinds` and the list in `docs/log-schema.md` ask here, so that a
type is registered once. The entries are in `event_types`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from cowrite.store.payloads import PayloadReader, PayloadWriter

B = TypeVar("B")


class At(NamedTuple):
    """Where an event is written: its id, its kind, its wall time, and the cursor before it (code points).

    kind: the first of its type; that of an edit follows from its origin.
    """

    event: int
    kind: int
    wall_ms: int
    cursor: int


class Columns(NamedTuple):
    """What a row of `events` says besides id and time; `docs/log-schema.md` describes each."""

    kind: int
    step: int | None = None
    inserted: str | bytes | None = None
    deleted: str | bytes | None = None
    suggestion: int | None = None
    extra: Any = None


class KindRow(NamedTuple):
    """A row of the table `kinds`, and what the documentation says of it."""

    kind: int
    event: str
    says: str
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class EventType(Generic[B]):
    """A type of events.

    number: what it is called in a tail. kinds: what it is called in `events.kind`; edits have one for each
    origin. Neither is ever used again for something else. write: puts an event into tables of its own, if
    it has any, and returns its row in `events`. read: the event of such a row, given
    its id and the cursor before it. feedback: whether sessions that keep no feedback leave it out.
    """

    body: type[B]
    number: int
    kinds: tuple[KindRow, ...]
    write: Callable[[PayloadWriter, At, B], Columns]
    read: Callable[[PayloadReader, int, int, Columns], B]
    feedback: bool = False

    @property
    def kind(self) -> int:
        """The kind, the first one where there are several."""
        return self.kinds[0].kind


class Registry:
    """The types of events, by type, by kind and by number in the tail."""

    def __init__(self, entries: Iterable[EventType[Any]] = ()) -> None:
        self._types: dict[type, EventType[Any]] = {}
        self._kinds: dict[int, EventType[Any]] = {}
        self._numbers: dict[int, EventType[Any]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: EventType[Any]) -> None:
        """Register a type. Raises ValueError where its type, its number or a kind of it is taken."""
        kinds = [row.kind for row in entry.kinds]
        if entry.body in self._types or entry.number in self._numbers:
            raise ValueError(f"{entry.body.__name__} or its number {entry.number} is taken.")
        if taken := self._kinds.keys() & set(kinds):
            raise ValueError(f"{entry.body.__name__}: kinds {sorted(taken)} are taken.")
        self._types[entry.body] = self._numbers[entry.number] = entry
        self._kinds.update(dict.fromkeys(kinds, entry))

    def __iter__(self) -> Iterator[EventType[Any]]:
        return iter(self._types.values())

    def of(self, body: type[B]) -> EventType[B]:
        """The entry of a type. Raises KeyError."""
        return self._types[body]

    def of_kind(self, kind: int) -> EventType[Any] | None:
        """The entry with this number in `events.kind`; None for one of a newer cowrite."""
        return self._kinds.get(kind)

    def numbered(self, number: int) -> EventType[Any] | None:
        """The entry with this number in the tail; None for one of a newer cowrite."""
        return self._numbers.get(number)

    @property
    def kinds(self) -> list[KindRow]:
        """Every kind, in the order of their numbers."""
        return sorted((row for entry in self for row in entry.kinds), key=lambda row: row.kind)
