"""What was learned: the screen about it, and the same place asked with and without it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from cowrite.engine.protocol import Chunk, Done, Failed, HostMessage
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.core.context import Context
    from cowrite.core.suggestion import Params
    from cowrite.tui.screens.comparing import ComparingScreen


class LearningFeature(Feature):
    """Owns the comparison that goes on. Screens are imported when they are wanted first."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._comparing: ComparingScreen | None = None
        self._asked: tuple[Context, Params] | None = None
        self._ids = ("", "")
        """Of the request with what was learned, and of the one without."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"learning": self.show, "compare-learned": self.compare}

    def show(self) -> None:
        """What was learned from, what it brought, and the switch."""
        from cowrite.tui.screens.learning import LearningScreen

        status = self.session.engine.status
        screen = LearningScreen(self.window, status.own_model, status.model_sha256)
        self.window.push_screen(screen)

    def compare(self) -> None:
        """Ask at the cursor with what was learned and without it, and show both. Nothing of it is logged."""
        if not self.session.engine.status.learned:
            key = self.window.keymap.label("learning")
            self.window.tell("Nothing that was learned is in use.", f"{key} shows what there is.")
            return
        asked = self.session.requests.compared()
        if asked is None:
            return
        from cowrite.tui.screens.comparing import ComparingScreen

        self._asked = asked
        self._ids = (f"with-{uuid.uuid4().hex}", f"without-{uuid.uuid4().hex}")
        self._comparing = ComparingScreen()
        self.window.push_screen(self._comparing, self._closed)
        self._ask(plain=False)

    def _ask(self, *, plain: bool) -> None:
        assert self._asked is not None
        context, params = self._asked
        # Earlier passages are learned, too: the model as it came is shown all but them.
        if plain:
            earlier = self.session.requests.earlier.parts
            parts = tuple(part for part in context.parts if part not in earlier)
            context = replace(context, parts=parts)
        self.session.engine.suggest(self._ids[plain], context, params, plain=plain)

    def _closed(self, _answer: str | None) -> None:
        self._comparing = self._asked = None
        for request_id in self._ids:
            self.session.engine.cancel(request_id)

    def engine_said(self, message: HostMessage) -> None:
        """The two answers come one after the other."""
        screen = self._comparing
        if screen is None:
            return
        match message:
            case Chunk() if message.request_id in self._ids:
                side = self._ids.index(message.request_id)
                screen.grow(side, message.candidate, message.text)
            case Done() if message.request_id in self._ids:
                side = self._ids.index(message.request_id)
                screen.ended(side, [candidate.text for candidate in message.candidates])
                if side == 0:
                    self._ask(plain=True)
            case Failed() if message.request_id in self._ids:
                screen.failed(message.message)
            case _:
                pass
