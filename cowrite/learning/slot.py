"""Which earlier passages stand before the draft: a slot that changes seldom, so that the KV cache lives.

A pure reducer: `look_again` says whether it is worth a search, `decide` what stands there then. A change makes
the model read the slot and the draft's window anew, so it is done at a long pause only, after the writer has
gone on by some sentences, and where the new passages are clearly better than those that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cowrite.learning.passages import Passage, PassageIndex

FAR = 600
"""Characters that the cursor must have moved since the last search."""

CLEARLY = 1.3
"""How much more the new passages must be worth."""

BETWEEN = "\n\n"
"""What stands between passages, and between the last one and the draft."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands before the draft: passages, and where in the draft was looked for them (None: nowhere)."""

    passages: tuple[Passage, ...] = ()
    looked_at: int | None = None

    @property
    def head(self) -> str:
        """The text that goes before the draft; empty without passages."""
        return "".join(passage.text + BETWEEN for passage in self.passages)


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


def searched(
    slot: Slot, index: PassageIndex, near: str, position: int, tokens: int, shown: str = ""
) -> Slot:
    """The slot after a search of the index. near, shown: as `PassageIndex.find` takes them.

    Raises StoreError.
    """
    found, worth = index.select(near, tokens, shown=shown)
    return decide(
        slot,
        position,
        found,
        index.worth_of(found, worth),
        index.worth_of(slot.passages, worth),
    )
