"""The one way of a session's events into its journal."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.events import Body, Moved
from cowrite.core.ghost import Ghosts
from cowrite.core.rewrites import Rewrites
from cowrite.session.ports import Log
from cowrite.session.responses import Responses


class SessionLog:
    """Journals what happens, in its order. Every part of a session has this one.

    The cursor's moves are coalesced: the last of them comes before the next event. What is journaled is
    what the ghost follows, so that a replay of the events finds it where the writer saw it, and what is
    known of the writer's responses.
    """

    def __init__(
        self,
        log: Log,
        ghosts: Ghosts,
        responses: Responses | None = None,
        rewrites: Rewrites | None = None,
    ) -> None:
        self._log, self._ghosts, self._responses = log, ghosts, responses
        self._rewrites = rewrites
        self._move: Moved | None = None
        self._followers: list[Callable[[Body], None]] = []

    def follow(self, saw: Callable[[Body], None]) -> None:
        """Tell this one of each event, once it is journaled."""
        self._followers.append(saw)

    def append(self, body: Body, *, durable: bool = False) -> None:
        """Journal an event, the cursor's last move before it."""
        self.flush_moves()
        self._put(body, durable=durable)

    def moved(self, anchor: int, head: int) -> None:
        """The cursor went there: journaled with the next event, or when the writer pauses."""
        self._move = Moved(anchor, head)

    def flush_moves(self) -> None:
        """Journal where the cursor went."""
        if self._move is not None:
            move, self._move = self._move, None
            self._put(move)

    def _put(self, body: Body, *, durable: bool = False) -> None:
        if self._responses is not None:
            self._responses.saw(body, self._ghosts.current)
        self._ghosts.apply(body)
        if self._rewrites is not None:
            self._rewrites.apply(body)
        self._log.append(body, durable=durable)
        for saw in self._followers:
            saw(body)
