"""Which drafts of a log are for training and which are for testing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cowrite.store import LogReader


@dataclass(frozen=True, slots=True)
class Split:
    """A division of the drafts: `share` of them, drawn with `seed`, are for testing."""

    share: float
    seed: int = 0


def drafts_for_testing(log: LogReader, split: Split) -> frozenset[str]:
    """The ids of the drafts that are for testing: at least one where there are two.

    Drafts that were saved one as the other have much the same text, and stay together.
    """
    families = log.families()
    drafts = {one.document_id for one in log.sessions()}
    lots = _drawn({families.get(one, one) for one in drafts}, split)
    return frozenset(one for one in drafts if families.get(one, one) in lots)


def _drawn(families: set[str], split: Split) -> frozenset[str]:
    """Some of them; the lot of each depends on the seed and its id alone."""
    if len(families) < 2:
        return frozenset()
    lots = sorted(families, key=lambda one: hashlib.sha256(f"{split.seed}:{one}".encode()).digest())
    count = min(len(lots) - 1, max(1, round(split.share * len(lots))))
    return frozenset(lots[:count])
