"""What a pause is for: running ahead of a request, and asking by itself."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.engine.protocol import EngineState
from cowrite.session.buffer import Buffer
from cowrite.session.ports import EnginePort
from cowrite.session.requests import Requests
from cowrite.session.session_log import SessionLog
from cowrite.session.suggestions import Suggestions

_REST = 0.1
"""Seconds without a key that make a pause."""


class Pauses:
    """Sees when the writer rests, and does then what would be in the way before."""

    def __init__(
        self,
        buffer: Buffer,
        suggestions: Suggestions,
        requests: Requests,
        engine: EnginePort,
        log: SessionLog,
        clock: Callable[[], float],
    ) -> None:
        self._buffer, self._suggestions, self._requests = buffer, suggestions, requests
        self._engine, self._log, self._clock = engine, log, clock
        self._active_at = clock()
        self._warmed: tuple[int, int] | None = None
        """The version of the draft and the cursor that the engine was warmed for, and"""
        self._auto_asked: tuple[int, int] | None = None
        """those that were asked for without the writer."""

    def end(self) -> None:
        """The writer does something."""
        self._active_at = self._clock()

    @property
    def idle(self) -> float:
        """Seconds since the writer did something."""
        return self._clock() - self._active_at

    def forget_warmed(self) -> None:
        """The engine has forgotten what it was warmed for."""
        self._warmed = None

    def tick(self) -> None:
        """Look whether there is a pause, and use it. The UI calls this some times a second."""
        self._log.flush_moves()
        buffer, options, status = self._buffer, self._requests.options, self._engine.status
        if not status.connected or buffer.read_only is not None:
            return
        if self._suggestions.current is not None:
            return
        place = (buffer.document.version, buffer.cursor)
        idle = self._clock() - self._active_at
        if options.run_ahead and idle >= _REST and self._warmed != place:
            self._warmed = place
            self._engine.warm(self._requests.context_at(buffer.cursor))
        ready = status.state is EngineState.READY and len(buffer.document) > 0
        wanted = options.auto and idle >= options.auto_pause and self._auto_asked != place
        if ready and wanted:
            self._auto_asked = place
            if buffer.selection[0] == buffer.cursor:
                self._requests.ask(auto=True)
