"""A draft that is open in the editor: its session, its mirror, and the requests that wait for an answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from cowrite.core.outcome import Closing
from cowrite.engine.protocol import EngineState
from cowrite.serve.lsp.client import LanguageClient
from cowrite.session.draft import DraftSession
from cowrite.session.mirror import Mirror, Place
from cowrite.session.mirrored_ghost import Given

Here = tuple[int, int]
"""A version of a draft, and the cursor in it."""

_ANSWERS = (EngineState.READY, EngineState.WRITING)


class MirroredDraft:
    """One draft. It is its session's listener, on the server's only thread."""

    def __init__(
        self, uri: str, session: DraftSession, mirror: Mirror, editor: LanguageClient
    ) -> None:
        self.uri, self.session, self.mirror = uri, session, mirror
        self._editor = editor
        self._news = asyncio.Event()
        self._waiting: Counter[str] = Counter()
        """How many requests of the editor wait for each suggestion."""
        self._asked_for = ""
        """The suggestion that the writer has asked for and got: asking once more is asking for others."""
        self._drawn = ("", 0, "")
        session.listener.pass_to(self)

    # What the session tells

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines are other ones: the editor knows, it changed them."""

    def moved(self) -> None:
        """The cursor is the editor's."""

    def ghosted(self) -> None:
        """The suggestion is another one, or has grown."""
        self._news.set()
        current = self.session.suggestion
        if current is None or not self._editor.manners.draws or not self.session.ghost:
            return
        if self._waiting[current.suggestion_id]:
            given = self.mirror.ghost.give_one(current, current.index)
            drawn = (given.suggestion_id, given.index, given.text)
            if drawn != self._drawn:
                self._drawn = drawn
                self._editor.draw(self.uri, given)

    def status(self) -> None:
        """The engine's state, or what is said of the suggestion, is another one."""
        self._news.set()

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something."""
        self._editor.tell(message, hint, severity)

    # What the editor asks

    def go(self, place: Place) -> Here:
        """The cursor is there; what is asked there is about the text as it is now."""
        self.mirror.go(place)
        return self._here()

    async def complete(self, here: Here, *, invoked: bool) -> list[Given]:
        """The candidates at a place, the first to be shown first; none where nothing is to be said, or where
        the text or the cursor is another one meanwhile.

        invoked: whether the writer has asked; who does so again is given others. When the request is
        cancelled, the engine stops.
        """
        engine = self.session.engine
        await self._until(lambda: _is_known(engine.status.state, connected=engine.status.connected))
        if self._here() != here or not (invoked or await self._rested(here)):
            return []
        self._begin(invoked)
        given = await self._answer()
        if invoked and not given and self.session.suggestion is not None:
            self.session.requests.ask()  # what is held back from who hasn't asked
            given = await self._answer()
        if given:
            if invoked:
                self._asked_for = given[0].suggestion_id
            if not self._editor.manners.tells_shown:
                self.mirror.ghost.showed(given[0].suggestion_id, given[0].index)
        return given

    def _here(self) -> Here:
        return self.session.document.version, self.session.cursor

    async def _rested(self, here: Here) -> bool:
        """Wait until the writer has rested as long as is set; false where there is nothing to wait for."""
        session = self.session
        if not session.engine.status.can_ask or session.engine.status.state not in _ANSWERS:
            return False
        while session.suggestion is None and (seconds := session.pauses.must_wait) > 0:
            await asyncio.sleep(seconds)
            if self._here() != here:
                return False
        return len(session.document) > 0

    def _begin(self, invoked: bool) -> None:
        """Ask, where what is on its way is not what is asked for."""
        session, current = self.session, self.session.suggestion
        if current is not None and not invoked:
            return
        if current is None and not invoked:
            session.pauses.ask_unasked()
            return
        fresh = current is not None and current.suggestion_id != self._asked_for
        if current is None or not fresh or (current.done and not session.ghost):
            session.requests.ask()

    async def _answer(self) -> list[Given]:
        """All candidates of the suggestion on its way, when they have ended."""
        current = self.session.suggestion
        if current is None:
            return []
        identity, ghost = current.suggestion_id, self.mirror.ghost
        self._waiting[identity] += 1
        try:
            await self._until(lambda: (now := ghost.current(identity)) is None or now.done)
        finally:
            self._waiting[identity] -= 1
            if not self._waiting[identity]:
                del self._waiting[identity]
                self._leave_if_unanswered(identity)
        return ghost.give() if ghost.current(identity) is not None else []

    def _leave_if_unanswered(self, identity: str) -> None:
        """The editor has cancelled the last request for it: the engine stops, and what nobody saw is closed."""
        current = self.mirror.ghost.current(identity)
        if current is None or current.done:
            return
        if current.on_screen:
            self.session.suggestions.stop_writing()
        else:
            self.session.suggestions.leave(Closing.CANCELLED)

    async def _until(self, settled: Callable[[], bool]) -> None:
        while not settled():
            self._news.clear()
            await self._news.wait()


def _is_known(state: EngineState, *, connected: bool) -> bool:
    """Whether it is known if there is a model."""
    return connected or state is EngineState.NO_MODEL
