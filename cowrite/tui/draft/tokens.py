"""The token view: how sure the model was of each word of the ghost, or of an accepted span at the cursor."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widget import Widget

from cowrite.core.accepted_spans import AcceptedSpan, span_at, span_tokens
from cowrite.core.suggestion import Candidate
from cowrite.errors import CowriteError
from cowrite.tui.commands.action import Home, When
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.editor.layers import token_layer
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.core.accepted_spans import SpanTokens
    from cowrite.tui.draft.tokens_pane import TokensPane

CALM = 0.05
"""Seconds between a change and the pane's: a key held down is not followed step by step."""

_NOWHERE = "Put the cursor into text that came from a suggestion, or ask for one."
_LOOKING = "Looking in the log …"
_UNKNOWN = "The log has not kept how sure the model was of this text."

_UNTOLD = "The server has not told how sure its model was of this text."


class LoggedTokens(PartMessage):
    """What the log has of a suggestion; `why` there is nothing, where there is not."""

    bubble = False

    def __init__(self, suggestion_id: str, candidates: tuple[Candidate, ...], why: str) -> None:
        super().__init__()
        self.suggestion_id, self.candidates, self.why = suggestion_id, candidates, why


class Tokens(Feature):
    """Owns the pane, which is there while words are coloured, and what the log said of their tokens."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._pane: TokensPane | None = None
        self._span_tokens: SpanTokens | None = None
        self._logged: LoggedTokens | None = None
        self._looking_for = ""
        """The suggestion that a thread looks for in the log."""
        self._later = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"toggle-tokens": self.toggle}

    async def toggle(self) -> None:
        """Colour the ghost, or the accepted text at the cursor, by how sure the model was of each word."""
        self.editor.set_look(replace(self.editor.look, tokens=self._pane is None))
        if self._pane is not None:
            await self._close()
            return
        from cowrite.tui.draft.tokens_pane import TokensPane

        if self._logged is not None and not self._logged.candidates:
            self._logged = None  # it may be there by now; what was found never changes
        self._pane = TokensPane()
        await self.screen.mount(self._pane, after=self.editor)
        self._paint()
        if self.session.ghost or self._span() is not None:
            self.screen.set_focus(self._pane)

    async def _close(self) -> None:
        pane, self._pane = self._pane, None
        self.editor.set_tokens([])
        if pane is not None:
            self.footer.pane = None
            await pane.remove()
            self.screen.set_focus(self.editor)

    def changed(self, *_lines: int) -> None:
        """The pane follows the draft."""
        self._paint_soon()

    def moved(self) -> None:
        """The pane follows the cursor."""
        self._paint_soon()

    def ghosted(self) -> None:
        """The pane follows the suggestion."""
        self._paint_soon()

    def _paint_soon(self) -> None:
        if self._pane is not None and not self._later:
            self._later = True
            self.screen.set_timer(CALM, self._paint)

    def _paint(self) -> None:
        """Show the tokens of the ghost, or else of the span at the cursor."""
        self._later = False
        pane = self._pane
        if pane is None:
            return
        suggestion = self.session.suggestion
        if suggestion is None:
            self._paint_span(pane)
            return
        self._span_tokens = None
        ended = suggestion.finished.get(suggestion.index)
        if ended is not None and not ended.tokens and self.session.engine.status.remote:
            pane.show((), why=_UNTOLD)
        else:
            pane.show(ended.tokens if ended is not None else ())
        self.editor.set_tokens([], token=pane.at if ended is not None else None)

    def _paint_span(self, pane: TokensPane) -> None:
        session, span = self.session, self._span()
        candidates: tuple[Candidate, ...] | None = ()
        why = _NOWHERE
        if span is not None:
            candidates, why = self._candidates_of(span.suggestion_id)
        found = span_tokens(session.document, span, candidates) if span and candidates else None
        if found is not None and not found.tokens:
            found, why = None, _UNKNOWN
        before, self._span_tokens = self._span_tokens, found
        if found is None:
            pane.show((), why=why)
            self.editor.set_tokens([])
            return
        gone = {index for index, place in enumerate(found.places) if place is None}
        same = before is not None and before.tokens == found.tokens and pane.has_focus
        pane.show(found.tokens, at=None if same else found.at(session.cursor) or 0, gone=gone)
        self._mark_span(found, pane.at)

    def _span(self) -> AcceptedSpan | None:
        """The accepted span that the cursor is in."""
        return span_at(self.session.provenance, self.session.cursor)

    def _mark_span(self, found: SpanTokens, at: int) -> None:
        """Colour the span's tokens in the draft, and mark the one that is looked at."""
        layers = [
            (*place, token_layer(token.logprob))
            for place, token in zip(found.places, found.tokens, strict=True)
            if place is not None
        ]
        here = found.places[at]
        if here is not None:
            layers.append((*here, "token-here"))
        self.editor.set_tokens(layers, version=self.session.document.version)

    def _candidates_of(self, suggestion_id: str) -> tuple[tuple[Candidate, ...], str]:
        """A suggestion's candidates, from memory or the log; none yet while that is being read, and why."""
        known = self.session.answers.remembered(suggestion_id)
        if known is not None:
            return known, _UNKNOWN
        logged = self._logged
        if logged is not None and logged.suggestion_id == suggestion_id:
            return logged.candidates, logged.why
        if self._looking_for != suggestion_id:
            self._looking_for = suggestion_id
            threading.Thread(
                target=self._look_in_log, args=(suggestion_id,), name="log-tokens", daemon=True
            ).start()
        return (), _LOOKING

    def _look_in_log(self, suggestion_id: str) -> None:
        """Read what the log has of a suggestion. On a thread of its own; the answer is posted."""
        from cowrite.logbook.place_history import logged_candidates

        found: tuple[Candidate, ...] = ()
        why = _UNKNOWN
        try:
            found = logged_candidates(self.window.store, self.session.journal, suggestion_id)
        except CowriteError as error:
            why = error.message
        self.screen.post_message(LoggedTokens(suggestion_id, found, why))

    def on_logged_tokens(self, message: LoggedTokens) -> None:
        """The log was read."""
        self._logged = message
        self._looking_for = ""
        self._paint()

    # The pane

    def focused(self, widget: Widget) -> None:
        """The footer says the pane's keys for as long as keys go there."""
        if widget is not self._pane:
            return
        keys = [("← →", "Token"), ("1-9", "Go on from this one"), ("Esc", "Back")]
        accept = self.window.keymap.label("accept")
        if self.session.ghost and accept:
            keys.insert(2, (accept, "Accept"))
        self.footer.pane = keys

    def blurred(self, widget: Widget) -> None:
        """Keys are for the draft again; another pane that has the focus says its own."""
        if widget is self._pane and self.screen.focused is self.editor:
            self.footer.pane = None

    def on_tokens_pane_unused(self, message: TokensPane.Unused) -> None:
        """A ghost's keys do in the pane what they do in the draft."""
        action = self.editor.find_action(message.key)
        if action is None or (action.home, action.when) != (Home.EDITOR, When.GHOST):
            return
        self.editor.run(action)
        if self.session.suggestion is None:
            self.screen.set_focus(self.editor)

    def on_tokens_pane_stepped(self, _message: TokensPane.Stepped) -> None:
        """Another token is looked at: the draft shows which."""
        pane = self._pane
        if pane is None:
            return
        if self._span_tokens is not None:
            self._mark_span(self._span_tokens, pane.at)
        else:
            self.editor.set_tokens([], token=pane.at)

    def on_tokens_pane_chosen(self, message: TokensPane.Chosen) -> None:
        """Ask again from this word."""
        found = self._span_tokens
        if found is None:
            asked = self.session.requests.ask_from(message.token, message.alternative)
        else:
            asked = self.session.requests.ask_from_span(found, message.token, message.alternative)
        if asked:
            self.screen.set_focus(self.editor)

    def on_tokens_pane_closed(self, _message: TokensPane.Closed) -> None:
        """Back to the draft; the pane stays until it is switched off."""
        self.screen.set_focus(self.editor)

    async def on_tokens_pane_off(self, _message: TokensPane.Off) -> None:
        """Alt+t in the pane."""
        if self._pane is not None:
            await self.toggle()
