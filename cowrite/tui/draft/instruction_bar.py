"""The line for an instruction: above the status line, with the presets that fit below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cowrite.core.printable import printable
from cowrite.tui.parts import PartMessage
from cowrite.tui.widgets.fields import SafeInput

KEYS = [
    ("Enter", "Do it"),
    ("Tab", "Complete"),
    ("↑↓", "Earlier"),
    ("Alt+↑", "More text"),
    ("Alt+↓", "Less"),
    ("Esc", "Back"),
]

_SIDE = 1
"""Cells that stay empty at either side of the line."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A preset in the line's list: what it is called, and the letter that chooses it with Alt."""

    title: str
    letter: str = ""

    def fits(self, typed: str) -> bool:
        """Whether what was typed may be the beginning of it."""
        wanted = typed.casefold().strip()
        words = self.title.casefold().split()
        starts = self.title.casefold().startswith(wanted)
        return starts or wanted == self.letter or any(word.startswith(wanted) for word in words)


class InstructionBar(Vertical):
    """Asks what shall be done, and tells it; the feature knows with which passage."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "close", "Back"),
        ("up", "earlier(-1)", "Earlier"),
        ("down", "earlier(1)", "Later"),
        ("alt+up", "reach(1)", "More text"),
        ("alt+down", "reach(-1)", "Less text"),
        ("tab", "complete", "Complete"),
    ]
    DEFAULT_CSS = """
    InstructionBar { height: auto; background: $surface; padding: 0 1; }
    InstructionBar Horizontal { height: 1; }
    InstructionBar .label { width: auto; padding: 0 1 0 0; color: $foreground 60%; }
    InstructionBar Input { width: 1fr; height: 1; border: none; background: $panel; padding: 0 1; }
    InstructionBar .about { width: auto; max-width: 40%; padding: 0 0 0 1; color: $foreground 60%; }
    InstructionBar .offers { height: 1; color: $foreground 60%; }
    """

    class Given(PartMessage):
        """The writer says what shall be done."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Typed(PartMessage):
        """The line says something else now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Reached(PartMessage):
        """It shall be about more (1) or less (-1) of the draft."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Closed(PartMessage):
        """The writer goes back to the draft."""

    def __init__(self) -> None:
        super().__init__(id="instruction")
        self._label = Static("", classes="label", markup=False)
        self._about = Static("", classes="about", markup=False)
        self._offers_line = Static("", classes="offers", markup=False)
        self._line = SafeInput(compact=True, id="instruction-text", max_length=20_000)
        self._offers: Sequence[Offer] = ()
        self._earlier: Sequence[str] = ()
        self._at = 0
        """Which of the earlier ones is shown; their number where none is."""
        self._draft = ""
        """What was typed before an earlier one was shown."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label
            yield self._line
            yield self._about
        yield self._offers_line

    def open(self, label: str, about: str, offers: Sequence[Offer], earlier: Sequence[str]) -> None:
        """Take the focus, with an empty line. about: the passage; earlier: oldest first."""
        self._label.update(label)
        self.tell(about)
        self._offers, self._earlier = offers, earlier
        self._at, self._draft = len(earlier), ""
        self._line.value = ""
        self._paint()
        self.screen.set_focus(self._line)  # now: `focus()` would come after keys that wait already

    def begin_with(self, text: str) -> None:
        """Have this in the line, to be written on."""
        self._line.value = text
        self._line.cursor_position = len(text)

    def tell(self, about: str) -> None:
        """Say which passage it is about."""
        self._about.update(printable(about))

    def _paint(self) -> None:
        typed = self._line.value
        fitting = [offer for offer in self._offers if offer.fits(typed)] if typed.strip() else None
        line = Content()
        for offer in self._offers if fitting is None else fitting:
            letter = (f"Alt+{offer.letter.upper()}", "$foreground") if offer.letter else ("", "")
            name = printable(offer.title)
            one = Content.assemble(
                letter, (f" {name}" if offer.letter else name, "$foreground 60%")
            )
            both = Content.assemble(line, "  ", one) if line else one
            if self.size.width and both.cell_length > self.size.width - 2 * _SIDE:
                break  # half a name says less than none: the rest comes with a letter typed
            line = both
        if fitting is not None and not fitting:
            line = Content.styled("in your own words", "$foreground 40%")
        self._offers_line.update(line)

    def on_resize(self) -> None:
        """Other offers fit."""
        self._paint()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._paint()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Given(event.value))

    def on_key(self, event: events.Key) -> None:
        """Alt and a letter choose a preset at once."""
        held, _, letter = event.key.rpartition("+")
        if held != "alt":
            return
        for offer in self._offers:
            if offer.letter and offer.letter == letter:
                event.stop()
                event.prevent_default()
                self.post_message(self.Given(offer.title))
                return

    def action_earlier(self, step: int) -> None:
        """Show the instruction before, or the one after; behind the last one what was typed."""
        if self._at == len(self._earlier):
            self._draft = self._line.value
        at = max(0, min(len(self._earlier), self._at + step))
        if at != self._at:
            self._at = at
            self._line.value = self._draft if at == len(self._earlier) else self._earlier[at]
            self._line.cursor_position = len(self._line.value)

    def action_reach(self, step: int) -> None:
        """Be about more or less of the draft."""
        self.post_message(self.Reached(step))

    def action_complete(self) -> None:
        """Write the name of the first preset that fits."""
        typed = self._line.value
        for offer in self._offers:
            if typed.strip() and offer.fits(typed):
                self._line.value = offer.title.replace("…", "")
                self._line.cursor_position = len(self._line.value)
                return

    def action_close(self) -> None:
        """Back to the draft."""
        self.post_message(self.Closed())
