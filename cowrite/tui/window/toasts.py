"""Toasts: where they stand, so that they cover nothing that is needed, and when they go."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from rich.cells import cell_len
from textual.app import App
from textual.css.query import NoMatches
from textual.notifications import Notification
from textual.widgets._toast import ToastRack

from cowrite.core.printable import printable

_ONCE = 4.0
"""Seconds in which the same toast is not said again, while no key has taken it away."""
_READABLE = {"information": 0.75, "warning": 1.5, "error": 1.5}
"""Seconds that a toast stands at least, whatever is typed: one that comes between two keys of somebody who
types must be seen. Then a key takes it away."""
_BELOW = 2
"""Rows of the status line and the footer, which toasts stand above."""
_AROUND = 4
"""Cells of a toast that aren't its text's."""


@runtime_checkable
class Occupied(Protocol):
    """A screen that says which of its rows must stay in sight."""

    def rows_in_use(self) -> tuple[int, int]:
        """The first row and the one behind the last."""


@runtime_checkable
class Framed(Protocol):
    """A screen with a box, whose frame must stay whole."""

    def frame(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the box, right and bottom being outside of it."""


class Toasts:
    """Says things for a moment, and takes them away at the next key."""

    def __init__(self, app: App[None], clock: Callable[[], float] = time.time) -> None:
        self._app, self._clock = app, clock
        self._told: dict[str, float] = {}

    def say(self, message: str, hint: str, severity: str) -> None:
        """Say something. Nothing in it is markup or control code."""
        level = severity if severity in _READABLE else "warning"
        text = "\n".join(printable(part) for part in (message, hint) if part)
        now = self._clock()
        self._told = {told: at for told, at in self._told.items() if now - at < _ONCE}
        if text in self._told:
            return
        self._told[text] = now
        self._app.notify(text, severity=level, markup=False)  # type: ignore[arg-type]
        self._app.call_later(
            self.place
        )  # the message that makes the toast is before it in the queue

    def key(self) -> None:
        """A key was pressed: what could be read goes, the rest as soon as it could be."""
        if not self._app._notifications:
            return
        now = self._clock()
        for toast in list(self._app._notifications):
            rest = toast.raised_at + _READABLE[toast.severity] - now
            if rest <= 0:
                self._end(toast)
            else:
                self._app.set_timer(rest, lambda toast=toast: self._end(toast))
        self._app.call_after_refresh(self.place)

    def _end(self, toast: Notification) -> None:
        if toast in self._app._notifications:
            self._told.pop(toast.message, None)
            self._app._unnotify(toast)

    def place(self) -> None:
        """Put the toasts where they cover neither what is written nor a dialog's frame."""
        screen = self._app.screen
        try:
            rack = screen.get_child_by_type(ToastRack)
        except NoMatches:
            return
        width, height = self._app.size
        if isinstance(screen, Framed):
            left, _, right, bottom = screen.frame()
            rack.styles.dock = "bottom"
            rack.styles.width = max(1, right - left - 4)
            rack.styles.margin = (0, 0, height - bottom + 1, left + 2)
            return
        rack.styles.width = "1fr"
        rack.styles.margin = (1, 0, _BELOW, 0)
        if isinstance(screen, Occupied):
            first, behind = screen.rows_in_use()
            wanted = sum(1 + self._rows(toast, width) for toast in self._app._notifications)
            fits_below = height - _BELOW - wanted >= behind
            fits_above = 1 + wanted <= first
            above = not fits_below and (fits_above or first > height - behind)
            rack.styles.dock = "top" if above else "bottom"

    def _rows(self, toast: Notification, width: int) -> int:
        room = max(10, min(60, width * 9 // 10) - _AROUND)
        return sum(1 + cell_len(line) // room for line in toast.message.split("\n"))
