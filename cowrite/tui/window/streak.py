"""The days in a row with writing, read from the log when somebody wants them."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from cowrite.paths import Paths
from cowrite.tui.window.messages import StreakRead

if TYPE_CHECKING:
    from cowrite.logbook.streak import Streak


class WritingStreak:
    """Owns the streak. post: takes messages from any thread. told: it is known now."""

    def __init__(
        self,
        post: Callable[[Message], object],
        paths: Paths,
        told: Callable[[], None],
    ) -> None:
        self._post, self._paths, self._told = post, paths, told
        self._wanted = False
        self.known: Streak | None = None
        """None until the log was read."""

    def want(self) -> None:
        """Read it, in a thread, once."""
        if not self._wanted:
            self._wanted = True
            threading.Thread(target=self._read, name="streak", daemon=True).start()

    def _read(self) -> None:
        from cowrite.logbook.streak import read_streak

        today = datetime.datetime.now().astimezone().date()
        self._post(StreakRead(read_streak(self._paths, today)))

    def on_streak_read(self, message: StreakRead) -> None:
        """The log was read."""
        self.known = message.streak
        self._told()
