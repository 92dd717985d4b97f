"""Suggestions beyond the ghost: the pane for changing one, all candidates side by side, auto, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from cowrite.core.edits import Part
from cowrite.core.suggestion import Token
from cowrite.tui.look_of import look_of
from cowrite.tui.screens.draft_base import DraftBase
from cowrite.tui.widgets.editor import Editor

if TYPE_CHECKING:
    from textual.widget import Widget

    from cowrite.tui.widgets.candidates import CandidatesPane, Shown
    from cowrite.tui.widgets.ghost_pane import GhostPane
    from cowrite.tui.widgets.tokens import TokensPane


class SuggestActions(DraftBase):
    """What f4, f5, f10 and alt+t do."""

    _pane: Widget | None = None
    _candidates: CandidatesPane | None = None
    _tokens_pane: TokensPane | None = None
    _painting = False
    tokens = False
    """Whether the ghost is coloured by how sure the model was."""

    @on(Editor.EditGhost)
    async def _edit_ghost(self) -> None:
        """Open the pane with the ghost in it."""
        from cowrite.tui.widgets.ghost_pane import GhostPane

        if self._pane is None and self.session.ghost:
            self._pane = GhostPane(self.session.ghost)
            await self.mount(self._pane, after=self.editor)
            self.say_keys([("Enter", "Accept"), ("Ctrl+J", "New line"), ("Esc", "Back")])

    async def on_ghost_pane_accepted(self, message: GhostPane.Accepted) -> None:
        """Take what the writer made of the ghost."""
        self.session.accept_edited(message.text)
        await self._close_pane()

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
        if self._pane is not None and self.session.suggestion is None:
            self.call_later(self._close_pane)
        if (self._candidates is not None or self._tokens_pane is not None) and not self._painting:
            self._painting = True
            self.set_timer(0.05, self._paint_panes)

    # All candidates

    async def action_toggle_candidates(self) -> None:
        """Open or close the pane with all candidates."""
        if self._candidates is not None:
            pane, self._candidates = self._candidates, None
            await pane.remove()
            return
        from cowrite.tui.widgets.candidates import CandidatesPane

        self._candidates = CandidatesPane(8)
        await self.mount(self._candidates, after=self.editor)
        self._paint_panes()

    def _paint_panes(self) -> None:
        self._painting = False
        if self._candidates is not None:
            self._candidates.show(self._shown())
        if self._tokens_pane is not None:
            self._tokens_pane.show(self._shown_tokens())

    def _shown(self) -> list[Shown]:
        from cowrite.tui.widgets.candidates import Shown, likelihood

        suggestion = self.session.suggestion
        if suggestion is None or not any(suggestion.texts):
            return []
        choices = suggestion.choices
        out = []
        for index, text in enumerate(suggestion.texts):
            ended = self.session.finished.get(index)
            sure = likelihood(ended.mean_logprob if ended is not None else None)
            out.append(Shown(text, sure, index == suggestion.index, index in choices))
        return out

    def on_candidates_pane_taken(self, message: CandidatesPane.Taken) -> None:
        """A candidate was clicked."""
        self.take_candidate(message.index)

    def take_candidate(self, index: int) -> None:
        """Take the whole candidate with this index."""
        if self.session.choose(index):
            self.session.accept(Part.ALL)
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

    # Switches

    async def action_toggle_tokens(self) -> None:
        """Colour the ghost by how sure the model was of each word, and show what else was likely."""
        self.tokens = not self.tokens
        self.editor.set_look(look_of(self.settings, tokens=self.tokens))
        if not self.tokens:
            await self._close_tokens()
            return
        from cowrite.tui.widgets.tokens import TokensPane

        self._tokens_pane = TokensPane()
        await self.mount(self._tokens_pane, after=self.editor)
        self._tokens_pane.show(self._shown_tokens())
        if self.session.ghost:
            self.set_focus(self._tokens_pane)
            self.say_keys([("← →", "Token"), ("1-9", "Go on from this one"), ("Esc", "Back")])

    def _shown_tokens(self) -> tuple[Token, ...]:
        """The tokens of the candidate on screen, once it is complete."""
        suggestion = self.session.suggestion
        ended = self.session.finished.get(suggestion.index) if suggestion is not None else None
        return ended.tokens if ended is not None else ()

    async def _close_tokens(self) -> None:
        pane, self._tokens_pane = self._tokens_pane, None
        if pane is not None:
            self.say_keys(None)
            await pane.remove()
            self.set_focus(self.editor)

    def on_tokens_pane_chosen(self, message: TokensPane.Chosen) -> None:
        """Ask again from this word."""
        if self.session.ask_from(message.token, message.alternative):
            self.say_keys(None)
            self.set_focus(self.editor)

    def on_tokens_pane_closed(self) -> None:
        """Back to the draft; the pane stays until it is switched off."""
        self.say_keys(None)
        self.set_focus(self.editor)

    # What was generated here before

    def action_place_history(self) -> None:
        """Choose from all that was ever generated at this place."""
        from cowrite.tui.screens.earlier import EarlierScreen, found_here

        found = found_here(self.house.store, self.session)
        if not found:
            self.tell("Nothing was suggested at this place before.")
            return

        def chosen(value: str | None) -> None:
            if value is not None:
                which, _, index = value.partition(" ")
                self.session.revisit(found[int(which)], int(index))

        self.app.push_screen(EarlierScreen(found), chosen)

    def action_toggle_auto(self) -> None:
        """Suggest by itself after a pause, or not at all: off means no compute."""
        on_now = not self.session.asking.auto
        self.house.change_setting("suggestions.auto", on_now, keep=False)
        self.flash(f"auto-suggest {'on' if on_now else 'off'}")
        if not on_now and not self.session.ghost:
            self.session.reject()
