"""Keys that come while the one before is still at work: they wait, and go where the writer meant them.

Textual sends each key at once to whoever has the focus. Several that come in one moment (over a slow line, on
a busy machine, from a fast hand) would all go to a field that the first of them closes, and be lost with it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

_ROUNDS = 4
"""How often each widget of the way to the window gets to the end of its queue before the next key.

A key is one message, what a field makes of it (`Submitted`) the second, what its bar makes of that the third,
and a dialog that is gone then has a result, which is told in the fourth.
"""
_LOOK = 0.01
"""Seconds between two looks at whether a screen has read what its keys are about."""
_PATIENCE = 2.0
"""Seconds after which the next key comes whatever the one before is still at: the window must not go deaf."""


class TypeAhead:
    """Owns the keys and pastes that wait for the one before. All on the window's loop."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._settling: asyncio.Task[None] | None = None
        self._released: events.Event | None = None
        self._reading = False
        """Whether nothing but a screen's reading is waited for."""
        self._given_up: Screen[Any] | None = None  # it reads so long that keys don't wait for it

    def holds(self, event: events.Event) -> bool:
        """Whether this key or paste waits now. It comes to the app's `on_event` again when its turn is."""
        if self._settling is None or event is self._released:
            return False
        if self._reading and not self._waiting and _leaves(event):
            return False
        self._waiting.append(event)
        return True

    def settle(self, target: MessagePump | None) -> None:
        """A key was sent there, or did something by itself (None): let the next ones wait for its end."""
        if self._settling is not None:
            self._settling.cancel()
        self._settling = asyncio.create_task(self._settle(target))

    async def _settle(self, target: MessagePump | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_quiet(target), _PATIENCE)
        self._given_up = self._app.screen if self._reads() else None
        self._app.call_later(self._go_on)

    async def _all_quiet(self, target: MessagePump | None) -> None:
        for _ in range(_ROUNDS):
            here = self._app.focused or self._app.screen
            for pump in dict.fromkeys((*_way_up(target), *_way_up(here))):
                reached = asyncio.Event()
                if pump.call_later(reached.set):
                    await reached.wait()
        self._reading = True
        try:
            while self._reads() and self._app.screen is not self._given_up:
                await asyncio.sleep(_LOOK)
        finally:
            self._reading = False

    def _reads(self) -> bool:
        """Whether the screen has yet to get, from a thread, what its keys are about. It says so of itself."""
        return getattr(self._app.screen, "is_reading", False)

    async def _go_on(self) -> None:
        """Send on what waits, until one of them is waited for in its turn."""
        settled = self._settling
        while self._waiting and self._settling is settled:
            self._released = self._waiting.popleft()
            try:
                await self._app.on_event(self._released)
            finally:
                self._released = None
        if self._settling is settled:
            self._settling = None


def _leaves(event: events.Event) -> bool:
    """Whether it is the key that leaves a screen: what it has yet to read doesn't matter to that."""
    return isinstance(event, events.Key) and event.key == "escape"


def _way_up(pump: MessagePump | None) -> Iterable[MessagePump]:
    """A widget and all that it is in, up to the app: the way of a message that bubbles."""
    while pump is not None:
        yield pump
        pump = pump._parent
