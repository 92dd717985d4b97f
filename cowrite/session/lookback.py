"""Reads what was generated before from the log, on a thread that is not the interface's."""

from __future__ import annotations

from cowrite.core.suggestion import Candidate
from cowrite.store import Journal, LogReader, Store
from cowrite.store.generations import generated

FLUSH_S = 1.0
"""How long to wait for what was written last to be in the log."""


def logged_candidates(
    store: Store | None, journal: Journal | None, suggestion_id: str
) -> tuple[Candidate, ...]:
    """The candidates of a suggestion of any session; none where the log has not kept them.

    store: the window's; another connection to the same file is used. Raises StoreError.
    """
    if store is None:
        return ()
    if journal is not None:
        journal.flush(FLUSH_S)
    with LogReader.open(store.path) as own:
        return generated(own, suggestion_id)
