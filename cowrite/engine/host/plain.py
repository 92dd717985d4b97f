"""Answers without the adapter, beside those with it.

What was evaluated with an adapter is of no use without it. So when one is taken off for a request, the state of
the prefix is put aside and comes back afterwards: a copy, where reading the text anew would take seconds.
"""

from __future__ import annotations

from cowrite.engine.backend import Backend
from cowrite.engine.generation.kv_cache import KvCache

MOST_KEPT = 64 << 20
"""Bytes of the plain state that are kept for the next comparison; the usual state is kept whatever its size."""


class PlainAnswers:
    """Takes the adapter off and puts it on again, each with the cache that belongs to it."""

    def __init__(self, backend: Backend, kv: KvCache) -> None:
        self._backend, self._kv = backend, kv
        self._aside: tuple[list[int], bytes] | None = None

    def begin(self) -> bool:
        """Take the adapter off; false, and nothing done, where there is none. Raises BackendError."""
        if not self._backend.adapted:
            return False
        self._swap(on=False)
        return True

    def end(self) -> None:
        """Put the adapter on again, and the cache as it was before. Raises BackendError."""
        self._swap(on=True)
        if self._aside is not None and len(self._aside[1]) > MOST_KEPT:
            self._aside = None

    def _swap(self, *, on: bool) -> None:
        kept, aside = self._kv.put_aside(), self._aside
        self._aside = kept if kept[0] else None
        self._backend.adapt(on=on)
        if aside is not None:
            self._kv.restore(*aside)
