"""Tokens one by one, and what else was likely at each: choosing one asks again from there."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from cowrite.core.printable import printable
from cowrite.core.suggestion import Token
from cowrite.tui.editor.layers import level
from cowrite.tui.parts import PartMessage

LEVELS = (
    "bold underline $text-error",
    "underline $text-warning",
    "$foreground 70%",
    "$text-success 80%",
    "$text-success",
)
"""From unlikely to sure; the page's looks for the same."""

WAITING = "Tokens appear here when a suggestion is complete."


def visible(text: str) -> str:
    """A token's text with its white space to be seen."""
    return printable(text.replace("\n", "⏎")) or "∅"


class TokensPane(Vertical, can_focus=True):
    """Arrows go from token to token, a number chooses one of its alternatives; letters are the draft's."""

    gives_way: ClassVar[bool] = True

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "step(-1)", "Before"),
        ("right", "step(1)", "After"),
        ("escape", "close", "Back"),
        ("alt+t", "off", "Off"),
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, 10)),
    ]
    DEFAULT_CSS = """
    TokensPane { height: auto; max-height: 50%; padding: 0 1; background: $surface; border-top: solid $border; }
    TokensPane Static { height: auto; }
    TokensPane .others { margin-top: 1; }
    """

    class Chosen(PartMessage):
        """Go on with this alternative (from 0) at this token (from 0)."""

        def __init__(self, token: int, alternative: int) -> None:
            super().__init__()
            self.token, self.alternative = token, alternative

    class Stepped(PartMessage):
        """Another token is looked at."""

    class Unused(PartMessage):
        """A key that means nothing here."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Closed(PartMessage):
        """Back to the draft."""

    class Off(PartMessage):
        """The token view is not wanted any more."""

    def __init__(self) -> None:
        super().__init__(id="tokens")
        self._tokens: tuple[Token, ...] = ()
        self._gone: Collection[int] = ()
        self._why = WAITING
        self.at = 0
        """The token whose alternatives are shown."""
        self._row = Static("", markup=False)
        self._others = Static("", classes="others", markup=False)

    def compose(self) -> ComposeResult:
        yield self._row
        yield self._others

    def show(
        self,
        tokens: tuple[Token, ...],
        *,
        at: int | None = None,
        gone: Collection[int] = (),
        why: str = WAITING,
    ) -> None:
        """Show these tokens, and `at` the one whose alternatives are shown.

        gone: those that are no longer in the draft. why: what to say where there are none.
        """
        if tokens != self._tokens:
            self._tokens, self.at = tokens, 0
        self._gone, self._why = gone, why
        if at is not None:
            self.at = at
        self._paint()

    def on_mount(self) -> None:
        self._paint()

    def _paint(self) -> None:
        if not self._tokens:
            self._row.update(Content.styled(printable(self._why), "$foreground 60%"))
            self._others.update("")
            return
        parts = []
        for index, token in enumerate(self._tokens):
            style = LEVELS[level(token.logprob)]
            if index in self._gone:
                style = "$foreground 40% strike"
            parts.append((visible(token.label), f"{style} reverse" if index == self.at else style))
        self._row.update(Content.assemble(*parts))
        self._others.update(self._alternatives(self._tokens[self.at]))

    def _alternatives(self, token: Token) -> Content:
        chosen = f"{math.exp(token.logprob):.0%}"
        parts = [
            (visible(token.label), "bold"),
            (f" {chosen}", "$foreground 60%"),
        ]
        if self.at in self._gone:
            parts.append(("   not in the draft any more", "$foreground 60%"))
            return Content.assemble(*parts)
        if not token.alternatives:
            parts.append(("   what else was likely here was not kept", "$foreground 60%"))
        for number, (text, logprob) in enumerate(token.alternatives[:9], 1):
            style = "$foreground 40%" if text == token.label else "$foreground"
            parts += [
                (f"   {number} ", "$text-accent"),
                (visible(text), style),
                (f" {math.exp(logprob):.0%}", "$foreground 60%"),
            ]
        return Content.assemble(*parts)

    def on_key(self, event: events.Key) -> None:
        """Pass on what means nothing here; tab never takes the focus away."""
        if event.key in self._bindings.key_to_bindings:
            return
        self.post_message(self.Unused(event.key))
        if event.key in ("tab", "shift+tab"):
            event.prevent_default()
            event.stop()

    def action_step(self, step: int) -> None:
        """To the token before or behind."""
        if self._tokens:
            self.at = max(0, min(len(self._tokens) - 1, self.at + step))
            self._paint()
            self.post_message(self.Stepped())

    def action_choose(self, number: int) -> None:
        """Go on from one of the alternatives."""
        if not self._tokens or self.at in self._gone:
            return
        if number <= len(self._tokens[self.at].alternatives):
            self.post_message(self.Chosen(self.at, number - 1))

    def action_close(self) -> None:
        """Back to the draft; the pane stays."""
        self.post_message(self.Closed())

    def action_off(self) -> None:
        """Switch the token view off."""
        self.post_message(self.Off())
