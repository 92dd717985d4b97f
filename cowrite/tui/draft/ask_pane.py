"""The pane of answers: a line for the question, what the model says to it, and the places that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from cowrite.core.printable import printable
from cowrite.tui.parts import PartMessage
from cowrite.tui.widgets.fields import SafeInput

KEYS = [
    ("Enter", "Ask"),
    ("Alt+1…9", "Go there"),
    ("Alt+D", "Into the draft"),
    ("Alt+N", "Into a note"),
    ("↑↓", "Scroll"),
    ("Esc", "Back"),
]
ABOUT = "Ask about the draft, or about what is selected"
_SNIPPET = 70


class _Place(Static):
    """A passage that the answer rests on; a click goes there."""

    def __init__(self, index: int, text: str) -> None:
        short = " ".join(printable(text).split())
        short = short if len(short) <= _SNIPPET else short[: _SNIPPET - 1] + "…"
        said = Content.assemble((f"[{index + 1}] ", "$text-accent"), (short, "$foreground 75%"))
        super().__init__(said, markup=False)
        self._index = index

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(AskPane.Gone(self._index))


class AskPane(Vertical):
    """Shows what it is given; the feature asks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "close", "Back"),
        ("alt+d", "put('draft')", "Into the draft"),
        ("alt+n", "put('note')", "Into a note"),
        ("up", "scroll_by(-1)", "Up"),
        ("down", "scroll_by(1)", "Down"),
        *[(f"alt+{number}", f"go({number - 1})", f"Place {number}") for number in range(1, 10)],
    ]
    DEFAULT_CSS = """
    AskPane { height: auto; max-height: 60%; background: $surface; border-top: solid $border; padding: 0 1; }
    AskPane Horizontal { height: 1; }
    AskPane .label { width: 5; color: $foreground 60%; }
    AskPane Input { width: 1fr; height: 1; border: none; background: $panel; padding: 0 1; }
    AskPane VerticalScroll { height: auto; max-height: 12; scrollbar-size: 1 1; background: $surface; }
    AskPane .answer { height: auto; }
    AskPane .about { height: 1; color: $foreground 60%; }
    AskPane _Place { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    AskPane _Place:hover { background: $panel; }
    """

    class Asked(PartMessage):
        """The writer asks."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    class Gone(PartMessage):
        """To the passage with this index."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Put(PartMessage):
        """The answer shall be put into the `draft`, or a `note`."""

        def __init__(self, where: str) -> None:
            super().__init__()
            self.where = where

    class Closed(PartMessage):
        """The writer goes back to the draft."""

    def __init__(self) -> None:
        super().__init__(id="ask")
        self._line = SafeInput(compact=True, id="ask-text", max_length=4000)
        self._answer = Static("", classes="answer", markup=False)
        self._scroll = VerticalScroll(self._answer, can_focus=False)
        self._about = Static(ABOUT, classes="about", markup=False)
        self._places: list[str] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("Ask", classes="label", markup=False)
            yield self._line
        yield self._scroll
        yield self._about

    def open(self) -> None:
        """Take the focus."""
        self.screen.set_focus(self._line)

    async def show(self, text: str, about: str, places: Sequence[str]) -> None:
        """Show this answer, what is to be said of it, and the passages that it rests on."""
        below = self._scroll.max_scroll_y - self._scroll.scroll_y <= 1
        self._answer.update(printable(text, keep="\n\t"))
        self._about.update(printable(about))
        if below:
            self._scroll.scroll_end(animate=False)
        if list(places) != self._places:
            self._places = list(places)
            await self.query(_Place).remove()
            await self.mount_all(_Place(index, one) for index, one in enumerate(places))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Asked(event.value))

    def action_go(self, index: int) -> None:
        """To a passage."""
        self.post_message(self.Gone(index))

    def action_put(self, where: str) -> None:
        """Keep the answer."""
        self.post_message(self.Put(where))

    def action_scroll_by(self, rows: int) -> None:
        """See more of the answer."""
        self._scroll.scroll_relative(y=rows, animate=False)

    def action_close(self) -> None:
        """Back to the draft."""
        self.post_message(self.Closed())
