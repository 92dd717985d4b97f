"""How long this session lasts, and how many days in a row there was writing: said only where it is wanted."""

from __future__ import annotations

import time

from cowrite.tui.draft.feature import DraftBase
from cowrite.tui.tally import Tally

_TICK = 10.0
"""Seconds between two looks at the clock; minutes are shown."""


def lasting(minutes: int) -> str:
    """Minutes in words: `5 min`, `1 h 05`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


class TimeActions(DraftBase):
    """The session's time and the streak."""

    tally: Tally
    _began: float | None = None
    _watching = False

    def apply_time(self) -> None:
        """Begin to look at the clock and the log where a setting wants it."""
        if self._began is None:
            self._began = time.monotonic()
        page = self.settings.editor
        if page.show_streak:
            self.window.want_streak()
        if page.show_time and not self._watching:
            self._watching = True
            self.set_interval(_TICK, self.renew_status)

    def time_parts(self) -> tuple[str, ...]:
        """What the status line says of time and streak; nothing where nobody asked."""
        page = self.settings.editor
        parts = []
        if page.show_time and self._began is not None:
            parts.append(lasting(int(time.monotonic() - self._began) // 60))
        streak = self.window.streak if page.show_streak else None
        if streak is not None:
            writing = any(draft.has_written for draft in self.window.drafts)
            days = streak.days(writing=writing)
            parts.append(f"day {days:,} in a row" if days > 1 else "day 1" if days else "day 0")
        return tuple(parts)
