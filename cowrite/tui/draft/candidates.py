"""Suggestions beyond the ghost: the pane for changing one, all candidates side by side, auto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.edits import Part
from cowrite.core.events import PANE
from cowrite.tui.draft.feature import DraftBase

if TYPE_CHECKING:
    from cowrite.tui.draft.candidates_pane import CandidatesPane, Shown
    from cowrite.tui.draft.ghost_pane import GhostPane


class SuggestActions(DraftBase):
    """What f4, f5 and f10 do."""

    _pane: GhostPane | None = None
    _candidates: CandidatesPane | None = None
    _painting = False

    async def action_edit_ghost(self) -> None:
        """Open the pane with the ghost in it. While the model writes it grows, until the writer changes it."""
        from cowrite.tui.draft.ghost_pane import GhostPane

        if self._pane is not None or not self.is_current:
            return
        if not self.session.ghost:
            self.flash("no words to change yet")
            return
        pane = self._pane = GhostPane(
            self.session.ghost,
            self._accept_edited,
            self.editor.post_message,
            growing=self.session.suggestions.writing,
        )
        await self.mount(pane, after=self.editor)
        self.say_keys([("Enter", "Accept"), ("Ctrl+J", "New line"), ("Esc", "Back")])

    def on_ghost_pane_touched(self) -> None:
        """The writer began to change a ghost that was still being written: it is the writer's from here."""
        self.session.suggestions.stop_writing()

    def _accept_edited(self, text: str) -> None:
        """Take what the writer made of the ghost; the keys that follow are for the draft."""
        self.session.accepting.accept_edited(text)
        self.set_focus(self.editor)
        self.call_later(self._close_pane)

    async def on_ghost_pane_closed(self) -> None:
        """Back to the draft, with the ghost as it was."""
        await self._close_pane()

    async def _close_pane(self) -> None:
        pane, self._pane = self._pane, None
        if pane is not None:
            self.say_keys(None)
            await pane.remove()
            self.set_focus(self.editor)

    def suggestion_changed(self) -> None:
        """The suggestion is another one: panes follow."""
        pane = self._pane
        if pane is not None and self.session.suggestion is None:
            self.call_later(self._close_pane)
        elif pane is not None and self.session.ghost:
            pane.grow(self.session.ghost, growing=self.session.suggestions.writing)
        if self._candidates is not None and not self._painting:
            self._painting = True
            self.set_timer(0.05, self._paint_panes)

    # All candidates

    async def action_toggle_candidates(self) -> None:
        """Open or close the pane with all candidates."""
        if self._candidates is not None:
            pane, self._candidates = self._candidates, None
            self.session.suggestions.did_close_pane()
            await pane.remove()
            return
        from cowrite.tui.draft.candidates_pane import CandidatesPane

        self._candidates = CandidatesPane(8)
        await self.mount(self._candidates, after=self.editor)
        self._paint_panes()

    def _paint_panes(self) -> None:
        self._painting = False
        if self._candidates is not None:
            suggestion = self.session.suggestion
            self._candidates.show(self._shown(), suggestion.suggestion_id if suggestion else "")

    def _shown(self) -> list[Shown]:
        from cowrite.tui.draft.candidates_pane import Shown, likelihood

        suggestion = self.session.suggestion
        if suggestion is None or not any(suggestion.texts):
            return []
        choices = suggestion.choices
        out = []
        for index, text in enumerate(suggestion.texts):
            ended = suggestion.finished.get(index)
            sure = likelihood(ended.mean_logprob if ended is not None else None)
            out.append(Shown(text, sure, index == suggestion.index, index in choices))
        return out

    def on_candidates_pane_seen(self, message: CandidatesPane.Seen) -> None:
        """The pane has put candidates on the screen."""
        suggestion = self.session.suggestion
        if self._candidates is None or suggestion is None:
            return
        if suggestion.suggestion_id == message.suggestion_id:
            for index in message.indexes:
                self.session.suggestions.did_show(index, PANE)

    def on_candidates_pane_taken(self, message: CandidatesPane.Taken) -> None:
        """A candidate was clicked."""
        self.take_candidate(message.index)

    def take_candidate(self, index: int) -> None:
        """Take the whole candidate with this index."""
        if self.session.suggestions.choose(index):
            self.session.accepting.accept(Part.ALL)
            self.set_focus(self.editor)

    def action_take(self, number: int) -> None:
        """The number key of a candidate, from 1."""
        self.take_candidate(number - 1)

    def can_take(self, number: int) -> bool:
        """Whether a number key takes a candidate now, and types nothing."""
        suggestion = self.session.suggestion
        return (
            self._candidates is not None
            and self.focused is self.editor
            and suggestion is not None
            and number - 1 in suggestion.choices
        )

    def action_toggle_auto(self) -> None:
        """Suggest by itself after a pause, or not at all: off means no compute."""
        on_now = not self.session.requests.options.auto
        self.window.change_setting("suggestions.auto", on_now, keep=False)
        self.flash(f"auto-suggest {'on' if on_now else 'off'}")
        if not on_now and not self.session.ghost:
            self.session.suggestions.reject()
