"""What a pause is for: running ahead of a request, and asking by itself."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.places import NEAR
from cowrite.core.quiet import Quiet, place_reason
from cowrite.engine.protocol import EngineState
from cowrite.session.desk import Desk
from cowrite.session.instructions import Instructions
from cowrite.session.ordering import Ordering
from cowrite.session.requests import Requests
from cowrite.session.responses import Responses
from cowrite.session.suggestions import Suggestions

_REST = 0.1
"""Seconds without a key that make a pause."""

_LONG_REST = 2.0
"""Seconds after which the model has time to read the draft anew, with other passages before it."""


class Pauses:
    """Sees when the writer rests, and does then what would be in the way before."""

    def __init__(
        self,
        desk: Desk,
        suggestions: Suggestions,
        instructions: Instructions,
        requests: Requests,
        ordering: Ordering,
        responses: Responses,
        clock: Callable[[], float],
    ) -> None:
        self._buffer, self._suggestions, self._requests = desk.buffer, suggestions, requests
        self._instructions = instructions
        self._ordering, self._responses = ordering, responses
        self._engine, self._log, self._listener = desk.engine, desk.log, desk.listener
        self._clock = clock
        self._active_at = clock()
        self._warmed: tuple[int, int] | None = None
        """The version of the draft and the cursor that the engine was warmed for, and"""
        self._auto_asked: tuple[int, int] | None = None
        """those that were asked for without the writer."""
        self._quiet_at: tuple[int, int] | None = None
        """Those at which it was journaled that auto has a rest."""
        self._looked: tuple[int, int] | None = None
        """Those at which was looked what the draft's project has to say."""
        self._rested = False
        """Whether there was a rest when it was looked last."""

    def end(self) -> None:
        """The writer does something."""
        self._active_at = self._clock()
        self._suggestions.forget_quiet()

    @property
    def idle(self) -> float:
        """Seconds since the writer did something."""
        return self._clock() - self._active_at

    def forget_warmed(self) -> None:
        """The engine has forgotten what it was warmed for."""
        self._warmed = None

    def tick(self) -> None:
        """Look whether there is a pause, and use it. The UI calls this some times a second."""
        place = (self._buffer.document.version, self._buffer.cursor)
        alone = self._requests.options.auto and self._auto_asked != place
        if self.prepare() and alone and self.must_wait <= 0.0:
            self.ask_unasked()

    def prepare(self) -> bool:
        """Use a pause to look around and run ahead; false where nothing can be asked now."""
        self._log.flush_moves()
        if self.resting != self._rested:
            self._rested = self.resting
            self._listener.status()
        buffer, options, status = self._buffer, self._requests.options, self._engine.status
        if not status.connected or buffer.read_only is not None:
            return False
        if self._suggestions.current is not None or self._instructions.busy:
            return False
        place = (buffer.document.version, buffer.cursor)
        idle = self._clock() - self._active_at
        if idle >= _REST:
            self._look_for_names(place)
        wanted = options.passages or self._requests.memory.passages() is not None
        if wanted and idle >= self._rest_for_passages():
            self._look_for_passages()
        if options.run_ahead and idle >= _REST and self._warmed != place:
            self._warmed = place
            self._engine.warm(*self._requests.expected())
        return status.state is EngineState.READY and len(buffer.document) > 0

    @property
    def must_wait(self) -> float:
        """Seconds that the writer has to go on resting before anything is asked that nobody asked for."""
        return self._pause(self._requests.options.auto_pause) - self.idle

    def ask_unasked(self) -> None:
        """Ask for what nobody has asked for, or say why not."""
        buffer = self._buffer
        place = (buffer.document.version, buffer.cursor)
        if self.resting:  # it asks here when the rest is over
            if self._quiet_at != place:
                self._quiet_at = place
                self._suggestions.keep_quiet(Quiet.RESTS, buffer.cursor)
            return
        self._auto_asked = place
        here = self._instructions.is_at(buffer.cursor)
        if buffer.selection[0] == buffer.cursor and not here:
            self._ask_or_keep_quiet(buffer.cursor)

    def _look_for_names(self, place: tuple[int, int]) -> None:
        """Have beside the draft what the last words name, and the engine read it."""
        requests = self._requests
        requests.memory.refresh()
        if self._looked == place and not requests.memory.is_far(place[1], requests.window):
            return
        self._looked = place
        if requests.look_for_names():
            self._warmed = None

    def _rest_for_passages(self) -> float:
        """Seconds without a key: the first ones come before the draft is read, others when there is time."""
        return _LONG_REST if self._requests.earlier.looked else 0.0

    def _look_for_passages(self) -> None:
        """Have other passages before the draft where they are better, and the engine read them at once."""
        if self._requests.look_for_passages():
            self._warmed = None

    @property
    def resting(self) -> bool:
        """Whether asking by itself has a rest, since so much was refused."""
        options = self._requests.options
        return options.auto and options.timing and self._responses.resting

    def _pause(self, as_set: float) -> float:
        """Seconds without a key after which auto asks: as set, or as the writer's responses have it."""
        if not self._requests.options.timing:
            return as_set
        order = self._ordering.current() if self._requests.options.order else None
        usual = order.timing.seconds(as_set) if order is not None else as_set
        return usual * self._responses.patience

    def _ask_or_keep_quiet(self, cursor: int) -> None:
        """Ask unasked, or say why not: behind what was just taken away, or by the place."""
        document = self._buffer.document
        before = document.slice(max(0, cursor - NEAR), cursor)
        after = document.slice(cursor, min(len(document), cursor + NEAR))
        reason = self._responses.took_away or place_reason(before, after)
        if reason is not None:
            self._suggestions.keep_quiet(reason, cursor)
        else:
            self._requests.ask(auto=True, gone=self._responses.gone_at(cursor))
