"""All candidates side by side, taken by number or click; and whether they come by themselves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cowrite.core.edits import Part
from cowrite.core.events import PANE
from cowrite.tui.commands.actions import NUMBERED
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.tui.draft.candidates_pane import CandidatesPane, Shown

CALM = 0.05
"""Seconds between a change of the suggestion and the pane's."""


class Candidates(Feature):
    """Owns the pane with the candidates."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._pane: CandidatesPane | None = None
        self._painting = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        numbered = {f"take-{number}": partial(self._take_by_key, number) for number in NUMBERED}
        return {"toggle-candidates": self.toggle, "toggle-auto": self.toggle_auto, **numbered}

    async def toggle(self) -> None:
        """Open or close the pane with all candidates."""
        if self._pane is not None:
            pane, self._pane = self._pane, None
            self.session.suggestions.did_close_pane()
            await pane.remove()
            return
        from cowrite.tui.draft.candidates_pane import CandidatesPane

        self._pane = CandidatesPane(8)
        await self.screen.mount(self._pane, after=self.editor)
        self._paint()

    def ghosted(self) -> None:
        """The pane follows in a moment."""
        if self._pane is not None and not self._painting:
            self._painting = True
            self.screen.set_timer(CALM, self._paint)

    def _paint(self) -> None:
        self._painting = False
        if self._pane is not None:
            suggestion = self.session.suggestion
            self._pane.show(self._shown(), suggestion.suggestion_id if suggestion else "")

    def _shown(self) -> list[Shown]:
        from cowrite.tui.draft.candidates_pane import Shown, likelihood

        suggestion = self.session.suggestion
        if suggestion is None or not any(suggestion.texts):
            return []
        choices = suggestion.choices
        out = []
        for index in suggestion.in_order:
            ended = suggestion.finished.get(index)
            sure = likelihood(ended.mean_logprob if ended is not None else None)
            here, choosable = index == suggestion.index, index in choices
            out.append(Shown(suggestion.texts[index], sure, here, choosable, index))
        return out

    def on_candidates_pane_seen(self, message: CandidatesPane.Seen) -> None:
        """The pane has put candidates on the screen."""
        suggestion = self.session.suggestion
        if self._pane is None or suggestion is None:
            return
        if suggestion.suggestion_id == message.suggestion_id:
            for index in message.indexes:
                self.session.suggestions.did_show(index, PANE)

    def on_candidates_pane_taken(self, message: CandidatesPane.Taken) -> None:
        """A candidate was clicked."""
        self.take(message.index)

    def take(self, index: int) -> None:
        """Take the whole candidate with this index."""
        if self.session.suggestions.choose(index):
            self.session.accepting.accept(Part.ALL)
            self.screen.set_focus(self.editor)

    def can_take(self, number: int) -> bool:
        """Whether the key of this number takes a candidate of the pane now, and types nothing."""
        suggestion = self.session.suggestion
        return (
            self._pane is not None
            and self.screen.focused is self.editor
            and suggestion is not None
            and self._numbered(number) in suggestion.choices
        )

    def take_numbered(self, number: int) -> None:
        """Take the candidate that the pane has this number for, from 1."""
        index = self._numbered(number)
        if index is not None:
            self.take(index)

    def _take_by_key(self, number: int) -> None:
        """Alt and a number: take that candidate, with the pane or without it, wherever the focus is."""
        index, suggestion = self._numbered(number), self.session.suggestion
        if suggestion is None or not self.session.ghost:
            self.status.flash("no suggestion to take")
        elif index not in suggestion.choices:
            self.status.flash(f"no candidate {number}")
        else:
            self.take(suggestion.in_order[number - 1])

    def _numbered(self, number: int) -> int | None:
        """The index of the candidate that has this number in the pane, and behind the ghost."""
        suggestion = self.session.suggestion
        order = suggestion.in_order if suggestion is not None else ()
        return order[number - 1] if 1 <= number <= len(order) else None

    def toggle_auto(self) -> None:
        """Suggest by itself after a pause, or not at all: off means no compute."""
        on_now = not self.session.requests.options.auto
        self.window.change_setting("suggestions.auto", on_now, keep=False)
        self.status.flash(f"auto-suggest {'on' if on_now else 'off'}")
        if not on_now and not self.session.ghost:
            self.session.suggestions.reject()
