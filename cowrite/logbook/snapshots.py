"""Snapshots: drafts as they were when they got a name, listed, read and found by what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cowrite.core.dates import minute
from cowrite.core.replay import Replay
from cowrite.errors import UsageError, unknown
from cowrite.store import LogReader
from cowrite.store.named_places import NamedPlace, draft_there, moment_ms, named_places
from cowrite.store.names import draft_key

SHORT = 6
"""Letters of an id that stand for it in a list, at least."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Drafts that were taken together, each at its place in the log.

    identity: as the log has it. short: as much of it as tells it from all others.
    """

    identity: str
    short: str
    name: str
    when_ms: int
    automatic: bool
    places: tuple[NamedPlace, ...]

    @property
    def drafts(self) -> tuple[Path, ...]:
        """The drafts that it has, by their names of today."""
        return tuple(Path(place.session.document) for place in self.places)

    def place_of(self, draft: Path) -> NamedPlace | None:
        """Where it has a draft."""
        name = _name(draft)
        return next((p for p in self.places if p.session.document == name), None)

    @property
    def called(self) -> str:
        """Its name, and when it was taken."""
        return f"“{self.name}” of {minute(self.when_ms)}"


def snapshots(log: LogReader, drafts: Iterable[Path] | None = None) -> list[Snapshot]:
    """The snapshots that have one of these drafts, or all there are, the newest first. Raises StoreError."""
    together: dict[str, list[NamedPlace]] = {}
    for place in named_places(log):
        together.setdefault(place.said.snapshot_id, []).append(place)
    short = max(SHORT, _telling(together))
    wanted = None if drafts is None else set(map(_name, drafts))
    out = []
    for identity, places in together.items():
        if wanted is not None and not any(p.session.document in wanted for p in places):
            continue
        said = places[0].said
        when = moment_ms(log, places[0])
        out.append(
            Snapshot(identity, identity[:short], said.name, when, said.automatic, tuple(places))
        )
    return sorted(out, key=lambda one: -one.when_ms)


def _name(draft: Path) -> str:
    """A draft's name in the log: its path with all links followed."""
    return draft_key(str(draft)) or str(draft)


def _telling(names: Iterable[str]) -> int:
    """How many letters tell all names apart."""
    known = sorted(names)
    most = 0
    for one, other in pairwise(known):
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        most = max(most, same + 1)
    return most


def found(known: list[Snapshot], wanted: str) -> Snapshot:
    """The snapshot of that name (the newest of several), or whose id begins so. Raises UsageError."""
    said = " ".join(wanted.split()).casefold()
    for one in known:
        if one.name.casefold() == said:
            return one
    begun = [one for one in known if len(said) >= 4 and one.identity.startswith(said)]
    if len(begun) == 1:
        return begun[0]
    raise unknown("snapshot called", wanted, [one.name for one in known])


def there(log: LogReader, snapshot: Snapshot, draft: Path) -> Replay:
    """A draft as a snapshot has it. Raises UsageError where it has none, StoreError."""
    place = snapshot.place_of(draft)
    if place is None:
        raise UsageError(
            f"The snapshot {snapshot.called} has no {draft.name}.",
            f"cowrite snapshot list {draft} shows those that have it.",
        )
    return draft_there(log, place)


def differing(
    log: LogReader, snapshot: Snapshot, now: Iterable[tuple[Path, str]]
) -> Iterator[tuple[Path, str, str]]:
    """The drafts that are others by now: path, the text then, the text now."""
    for path, text in now:
        place = snapshot.place_of(path)
        if place is not None and (then := draft_there(log, place).text) != text:
            yield path, then, text
