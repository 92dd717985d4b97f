"""When the log is tried again, and when the writer of the draft has to be told."""

from __future__ import annotations

import time
from pathlib import Path

from cowrite.errors import StoreError
from cowrite.store.connect import is_busy, told, without_locks

PATIENCE_S = 3.0
"""How long another process may hold the log before anybody is told."""

RETRY_S = (0.1, 5.0)
"""The first and the longest time between two tries."""


class Trouble:
    """Whether the database takes what it is given. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.told: StoreError | None = None
        """What was told and is not over."""
        self.retry_at = 0.0
        self._since: float | None = None
        self._pause = 0.0

    def failed(self, error: Exception, path: Path) -> StoreError | None:
        """Note a failure; returns what has to be told now, if anything."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
        self._pause = min(RETRY_S[1], max(RETRY_S[0], self._pause * 2))
        self.retry_at = now + self._pause
        if self.told is not None:
            return None
        if is_busy(error) and now - self._since < PATIENCE_S and not without_locks(path):
            return None
        self.told = error if isinstance(error, StoreError) else told(error, path)
        return self.told

    def over(self) -> bool:
        """Note a success; returns whether that has to be told."""
        before, self.told = self.told, None
        self._since = None
        self._pause = self.retry_at = 0.0
        return before is not None
