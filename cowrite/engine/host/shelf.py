"""Whose text the prefix holds: the draft's, or a task's. The other's state lies aside, and comes back whole.

A task is asked with a prompt of its own. Read in the draft's place it would cost the next ghost seconds of
reading the draft anew; a copy of the state costs milliseconds. The adapter is the draft's alone: it was
measured on going on with texts, and on nothing else.
"""

from __future__ import annotations

from enum import Enum

from cowrite.engine.backend import Backend
from cowrite.engine.generation.kv_cache import KvCache

MOST_KEPT = 64 << 20
"""Bytes of a task's state that are kept while the draft's is in use; the draft's is kept whatever its size."""


class Use(Enum):
    """What the prefix is used for."""

    DRAFT = "draft"
    TASK = "task"


class CacheShelf:
    """Changes the prefix from one use to the other. What runs on its branches must be over."""

    def __init__(self, backend: Backend, kv: KvCache) -> None:
        self._backend, self._kv = backend, kv
        self._aside: tuple[list[int], bytes] | None = None
        self.use = Use.DRAFT

    def turn_to(self, use: Use) -> None:
        """Have the prefix hold what it held when it was last used for this. Raises BackendError."""
        if use is self.use:
            return
        kept, aside = self._kv.put_aside(), self._aside
        small = len(kept[1]) <= MOST_KEPT
        self._aside = kept if kept[0] and (small or use is Use.TASK) else None
        self.use = use
        self._backend.adapt(on=use is Use.DRAFT)
        if aside is not None:
            self._kv.restore(*aside)
