"""Keeps the index of passages in step with the texts that are learned from."""

from __future__ import annotations

from collections.abc import Iterable

from cowrite.learning.passages import PassageIndex


def bring_up_to_date(index: PassageIndex, works: Iterable[tuple[str, str, str, float]]) -> None:
    """Have the index hold these works and no others: (document, state, text, when) of each.

    What has its state already is left alone. Raises StoreError.
    """
    known = index.states()
    wanted = set()
    for document, state, text, wrote in works:
        wanted.add(document)
        if known.get(document) != state:
            index.replace(document, text, wrote, state)
    for document in known.keys() - wanted:
        index.remove(document)
