"""Which earlier passages stand before the draft: a slot that changes seldom, so that the KV cache lives.

A pure reducer: `look_again` says whether it is worth a search, `decide` what stands there then. A change makes
the model read the slot and the draft's window anew, so it is done at a long pause only, after the writer has
gone on by some sentences, and where the new passages are clearly better than those that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cowrite.core.context import ContextPart, PartKind, as_sent
from cowrite.learning.passages import Passage, PassageIndex, worth_of

FAR = 600
"""Characters that the cursor must have moved since the last search."""

CLEARLY = 1.3
"""How much more the new passages must be worth."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands before the draft: passages, and where in the draft was looked for them (None: nowhere)."""

    passages: tuple[Passage, ...] = ()
    looked_at: int | None = None

    @property
    def parts(self) -> tuple[ContextPart, ...]:
        """The passages as parts of what the model is shown."""
        return tuple(ContextPart(PartKind.PASSAGE, p.text, p.document) for p in self.passages)

    @property
    def head(self) -> str:
        """The text that goes before the draft; empty without passages."""
        return "".join(map(as_sent, self.parts))


EMPTY = Slot()


def look_again(slot: Slot, position: int) -> bool:
    """Whether the cursor is far enough from where was looked last."""
    return slot.looked_at is None or abs(position - slot.looked_at) >= FAR


def passed_by(slot: Slot, position: int) -> Slot:
    """The slot after a search at `position` that found nothing new, or could not be made."""
    return replace(slot, looked_at=position)


def decide(
    slot: Slot, position: int, found: Sequence[Passage], worth: float, held_worth: float
) -> Slot:
    """The slot after a search at `position` that found these passages, worth so much for the words there.

    held_worth: what those that stand there are worth for the same words.
    """
    looked = passed_by(slot, position)
    if not found or set(found) == set(slot.passages):
        return looked
    if slot.passages and worth < held_worth * CLEARLY + 1e-9:
        return looked
    kept = [passage for passage in slot.passages if passage in found]
    fresh = [passage for passage in found if passage not in kept]
    return Slot((*kept, *fresh), position)


Sources = Sequence[tuple[PassageIndex, int, str | None]]
"""Indexes, the most tokens that may come of each and of those before it, and a document of it that may not."""


def searched(slot: Slot, sources: Sources, near: str, position: int, shown: str = "") -> Slot:
    """The slot after a search of these indexes in turn. near, shown: as `PassageIndex.find` takes them.

    Raises StoreError.
    """
    found: list[Passage] = []
    worth: dict[str, float] = {}
    for index, most, exclude in sources:
        left = most - sum(passage.tokens for passage in found)
        known = "\n".join((shown or near, *(passage.text for passage in found)))
        more, of_these = index.select(near, left, shown=known, exclude=exclude)
        found = [*more, *found]
        worth |= {term: max(value, worth.get(term, 0.0)) for term, value in of_these.items()}
    held = worth_of(slot.passages, worth)
    return decide(slot, position, found, worth_of(found, worth), held)
