"""The ghost's tokens one by one, and what else was likely at each: choosing one asks again from there."""

from __future__ import annotations

import math
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from cowrite.core.printable import printable
from cowrite.core.suggestion import Token

LEVELS = ("$error", "$warning", "$foreground 70%", "$success 80%", "$success")
"""From unlikely to sure; the page's colours for the same."""


def level(logprob: float) -> int:
    """How sure the model was, 0 to 4."""
    return min(len(LEVELS) - 1, int(math.exp(logprob) * len(LEVELS)))


def visible(text: str) -> str:
    """A token's text with its white space to be seen."""
    return printable(text.replace("\n", "⏎")) or "∅"


class TokensPane(Vertical, can_focus=True):
    """Left and right go from token to token; a number chooses one of its alternatives."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "step(-1)", "Before"),
        ("right", "step(1)", "After"),
        ("escape", "close", "Back"),
        ("alt+t", "close", "Back"),
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, 10)),
    ]
    DEFAULT_CSS = """
    TokensPane { height: auto; max-height: 50%; padding: 0 1; background: $surface; border-top: solid $border; }
    TokensPane Static { height: auto; }
    TokensPane .others { margin-top: 1; }
    """

    class Chosen(Message):
        """Go on with this alternative (from 0) at this token (from 0)."""

        def __init__(self, token: int, alternative: int) -> None:
            super().__init__()
            self.token, self.alternative = token, alternative

    class Closed(Message):
        """Back to the draft."""

    def __init__(self) -> None:
        super().__init__(id="tokens")
        self._tokens: tuple[Token, ...] = ()
        self._at = 0
        self._row = Static("", markup=False)
        self._others = Static("", classes="others", markup=False)

    def compose(self) -> ComposeResult:
        yield self._row
        yield self._others

    def show(self, tokens: tuple[Token, ...]) -> None:
        """Show these tokens, none while a candidate is being written."""
        if tokens != self._tokens:
            self._tokens, self._at = tokens, 0
        self._paint()

    def on_mount(self) -> None:
        self._paint()

    def _paint(self) -> None:
        if not self._tokens:
            self._row.update(
                Content.styled(
                    "Tokens appear here when a suggestion is complete.", "$foreground 60%"
                )
            )
            self._others.update("")
            return
        parts = []
        for index, token in enumerate(self._tokens):
            style = LEVELS[level(token.logprob)]
            parts.append((visible(token.text), f"{style} reverse" if index == self._at else style))
        self._row.update(Content.assemble(*parts))
        self._others.update(self._alternatives(self._tokens[self._at]))

    def _alternatives(self, token: Token) -> Content:
        chosen = f"{math.exp(token.logprob):.0%}"
        parts = [
            (visible(token.text), "bold"),
            (f" {chosen}", "$foreground 60%"),
        ]
        for number, (text, logprob) in enumerate(token.alternatives[:9], 1):
            style = "$foreground 40%" if text == token.text else "$foreground"
            parts += [
                (f"   {number} ", "$accent"),
                (visible(text), style),
                (f" {math.exp(logprob):.0%}", "$foreground 60%"),
            ]
        return Content.assemble(*parts)

    def action_step(self, step: int) -> None:
        """To the token before or behind."""
        if self._tokens:
            self._at = max(0, min(len(self._tokens) - 1, self._at + step))
            self._paint()

    def action_choose(self, number: int) -> None:
        """Go on from one of the alternatives."""
        if self._tokens and number <= len(self._tokens[self._at].alternatives):
            self.post_message(self.Chosen(self._at, number - 1))

    def action_close(self) -> None:
        self.post_message(self.Closed())
