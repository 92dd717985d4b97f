"""Makes figures of sessions from their events, on several cores where that takes long."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import SimpleQueue

from cowrite.core.events import SessionInfo
from cowrite.feedback.summary import session_figures
from cowrite.plain_json import encoded
from cowrite.store import LogReader

EVENTS_A_HELPER = 150_000
"""Events from which on another process is worth its start: about a second of work, against a quarter."""

MOST_HELPERS = 3
"""Processes besides this one: each has some 40 MB, and the log is read from one disk."""

Made = tuple[str, bytes]
"""A session's id and its figures as JSON."""


def make(log: LogReader, session: SessionInfo) -> bytes:
    """The figures of a session, as JSON."""
    return encoded(session_figures(session, log.bursts(session.session_id, tokens=False)))


def make_all(log: LogReader, sessions: Iterable[tuple[SessionInfo, int]]) -> Iterator[Made]:
    """The figures of these sessions, in whatever order they are ready; each comes with its number of events.

    Raises StoreError where a session can't be read. What a helper can't do is done here.
    """
    # The longest first, so that at the end nobody waits for one of them.
    longest = sorted(sessions, key=lambda one: one[1], reverse=True)
    waiting = deque(session for session, _ in longest)
    ready: SimpleQueue[Made] = SimpleQueue()
    count = min(_cores() - 1, MOST_HELPERS, sum(events for _, events in longest) // EVENTS_A_HELPER)
    helpers = [Helper(log.path, waiting, ready.put) for _ in range(count)]
    try:
        while (session := _next(waiting, helpers)) is not None or not ready.empty():
            if session is not None:
                yield session.session_id, make(log, session)
            while not ready.empty():
                yield ready.get()
    finally:
        waiting.clear()
        for helper in helpers:
            helper.stop()


def _next(waiting: deque[SessionInfo], helpers: Iterable[Helper]) -> SessionInfo | None:
    """What is to be done here; None when all is done. Waits for the helpers, who may give something back."""
    while True:
        with contextlib.suppress(IndexError):
            return waiting.popleft()
        busy = next((helper for helper in helpers if helper.works), None)
        if busy is None and not waiting:
            return None
        if busy is not None:
            busy.wait()


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Helper:
    """A process that makes figures besides this one, and the thread that gives it work and takes it away.

    It is told a session a line and answers with a line; when nobody tells it any more, it ends, also where
    this process was killed.
    """

    def __init__(
        self, log: Path, waiting: deque[SessionInfo], ready: Callable[[Made], None]
    ) -> None:
        self._log = log
        self._waiting = waiting
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._work, name="figures", daemon=True)
        self._thread.start()

    @property
    def works(self) -> bool:
        """Whether something may still come from it."""
        return self._thread.is_alive()

    def wait(self) -> None:
        """Until it has no more work."""
        self._thread.join()

    def stop(self) -> None:
        """End it now."""
        if self._process is not None and self._thread.is_alive():
            self._process.kill()
        self._thread.join()

    def _work(self) -> None:
        command = (sys.executable, "-P", "-m", "cowrite.logbook.helper", str(self._log))
        with contextlib.suppress(OSError):
            pipe = subprocess.PIPE
            with subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            ) as process:
                self._process = process
                self._give(process)

    def _give(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        while True:
            try:
                session = self._waiting.popleft()
            except IndexError:
                return
            answer = b""
            try:
                process.stdin.write(encoded(session) + b"\n")
                process.stdin.flush()
                answer = process.stdout.readline()
            finally:
                if not answer.endswith(b"\n"):  # it could not, or is gone
                    self._waiting.append(session)
            if not answer.endswith(b"\n"):
                return
            self._ready((session.session_id, answer[:-1]))
