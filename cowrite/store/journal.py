"""The journal of one session: what the window calls for every event."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cowrite.core.events import Body, Stamped
from cowrite.errors import StoreError
from cowrite.store.encode import Header
from cowrite.store.event_types import EVENTS
from cowrite.store.open_session import OpenSession
from cowrite.store.writer import Writer

CLOCK_SLACK_MS = 50
"""How far the wall clock may be from the monotonic one before the log takes note."""


class Journal:
    """Appends a session's events. The calls never block and never raise, whatever the disk does.

    `on_trouble` is called from the log's thread: once when events can't be written, and with None when
    all of them are. Until then they are kept, in memory and as far as possible on the disk.
    """

    def __init__(self, writer: Writer, header: Header) -> None:
        self.session_id = header.session_id
        self._writer = writer
        self._feedback = header.feedback
        self._session: OpenSession = writer.attach(header, self._tell)
        self._lock = threading.Lock()
        self._seq = 0
        self._started_ms = header.started_ms
        self._started_ns = time.monotonic_ns()
        self._skew_ms = 0
        self._closed = False
        self._on_trouble: Callable[[StoreError | None], None] | None = None

    @property
    def document_id(self) -> str:
        """The draft's id; final once the session's first events are in the database."""
        return self._session.rows.document_id

    @property
    def feedback(self) -> bool:
        """Whether suggestions and decisions are kept."""
        return self._feedback

    @property
    def on_trouble(self) -> Callable[[StoreError | None], None] | None:
        return self._on_trouble

    @on_trouble.setter
    def on_trouble(self, listener: Callable[[StoreError | None], None] | None) -> None:
        self._on_trouble = listener
        trouble = self._writer.trouble
        if listener is not None and trouble is not None:
            listener(trouble)

    def append(self, body: Body, *, durable: bool = False) -> None:
        """Have an event written, `durable` ones also against a lost power. Nothing is kept after `close`."""
        if not self._feedback and EVENTS.of(type(body)).feedback:
            # Edits, saves and moves stay: they bring a draft back.
            return
        with self._lock:
            if self._closed:
                return
            mono = (time.monotonic_ns() - self._started_ns) // 1_000_000
            wall = time.time_ns() // 1_000_000
            if abs(wall - self._started_ms - mono - self._skew_ms) > CLOCK_SLACK_MS:
                self._skew_ms = wall - self._started_ms - mono
            self._seq += 1
            stamped = Stamped(self._seq, mono, self._started_ms + mono + self._skew_ms, body)
            self._writer.put(self._session, stamped, durable)

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything appended so far is in the database; false where it isn't by then."""
        return self._writer.flush(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Write what is left and let the session go. What can't be written now stays for the next start."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._writer.detach(self._session, timeout)

    def _tell(self, trouble: StoreError | None) -> None:
        if self._on_trouble is not None:
            self._on_trouble(trouble)
