"""What waits to be sent to the model process."""

from __future__ import annotations

import threading
from collections import deque

from cowrite.engine.protocol import (
    Asked,
    ClientMessage,
    Configure,
    Load,
    Prepare,
    Quit,
    Warm,
)
from cowrite.engine.weigh import Weigh


class Outbox:
    """Messages in their order, and behind them the newest text to evaluate ahead.

    Threads that put something in never wait; the one that sends does.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._messages: deque[ClientMessage] = deque()
        self._warm: Warm | Prepare | None = None

    def put(self, message: ClientMessage) -> None:
        """Send it as soon as those before it are sent. A request makes a waiting `Warm` pointless."""
        with self._wake:
            if isinstance(message, Asked):
                self._warm = None
            self._messages.append(message)
            self._wake.notify_all()

    def warm(self, message: Warm | Prepare) -> None:
        """Send it when there is nothing else; a newer one takes its place."""
        with self._wake:
            self._warm = message
            self._wake.notify_all()

    def begin(self, load: Load) -> None:
        """A new child: it gets `load` first, and of what waits only what makes sense to it."""
        with self._wake:
            kept = [m for m in self._messages if isinstance(m, Asked | Weigh | Configure | Quit)]
            self._messages = deque([load, *kept])

    def clear(self) -> None:
        with self._wake:
            self._messages.clear()

    def wake(self) -> None:
        """Have the sender look whether its child is over."""
        with self._wake:
            self._wake.notify_all()

    def take(self, over: threading.Event) -> ClientMessage | None:
        """The next message, as soon as there is one; None once `over` is set."""
        with self._wake:
            self._wake.wait_for(lambda: self._messages or self._warm or over.is_set())
            if over.is_set():
                return None
            if self._messages:
                return self._messages.popleft()
            message, self._warm = self._warm, None
            return message
