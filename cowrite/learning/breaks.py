"""Rests of a running training, asked for by whoever needs the processors more."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Breaks:
    """Whether a running training shall rest, for instance while the writer types. For any thread."""

    def __init__(self) -> None:
        self._tell: Callable[[str], None] | None = None
        self._lock = threading.Lock()
        self.resting = False

    def pause(self) -> None:
        """Let it rest after the step at hand."""
        self._set(resting=True)

    def go(self) -> None:
        """Let it go on."""
        self._set(resting=False)

    def _set(self, *, resting: bool) -> None:
        with self._lock:
            changed, self.resting = resting is not self.resting, resting
            if changed and self._tell is not None:
                self._tell("pause" if resting else "go")

    def connect(self, tell: Callable[[str], None] | None) -> None:
        """Who hears of it from now on."""
        with self._lock:
            self._tell = tell
            if tell is not None and self.resting:
                tell("pause")
