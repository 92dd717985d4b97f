"""A list to choose from, narrowed by typing: headings, drafts, models, themes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cowrite.core.printable import printable
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.widgets.fields import SafeInput

_COLUMN = 48
"""Cells after which what is said about an entry stands, at most, unless there is room for all of it."""
_WIDTH, _AROUND, _BESIDE = 72, 8, 4
"""Cells of the box at least, those of it that are not the list's, and those beside a wider one."""
_ABOUT = 14
"""Cells that are kept for what is said about an entry where there is little room."""


def padded(text: str, width: int) -> str:
    """The text with spaces up to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose. `about` stands behind the label, quieter. name: what else it is called."""

    value: str
    label: str
    about: str = ""
    name: str = ""


def narrowed(entries: list[Choice], words: list[str]) -> list[Choice]:
    """The entries that have all words (in small letters): those whose name begins with them come first.

    Then those with words that begin so, then the rest; else they stay in their order.
    """
    found = [
        e for e in entries if all(w in f"{e.name} {e.label} {e.about}".casefold() for w in words)
    ]
    return sorted(found, key=lambda entry: _rank(entry, words))


def _rank(entry: Choice, words: list[str]) -> int:
    """0: its name begins with what was typed; 1: its label does; 2: each word begins one; 3: the rest."""
    typed = " ".join(words)
    name, label = entry.name.casefold(), entry.label.casefold()
    if not words or (name and (f"{name} ".startswith(f"{typed} "))):
        return 0
    if name.startswith(typed) or label.startswith(typed):
        return 1
    parts = [*name.split(), *re.findall(r"\w+", label)]
    return 2 if all(any(part.startswith(word) for part in parts) for word in words) else 3


class Chooser(Dialog):
    """Answers with the value of the chosen entry; with `free`, also with what was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "step(1)", "Next"),
        ("up", "step(-1)", "Previous"),
        ("pagedown", "step(8)", "Next page"),
        ("pageup", "step(-8)", "Previous page"),
    ]
    DEFAULT_CSS = """
    Chooser > .box { width: 72; height: auto; max-height: 80%; }
    Chooser OptionList { height: auto; max-height: 16; }
    Chooser.-tight > .box { max-height: 100%; }
    """

    def __init__(
        self,
        title: str,
        entries: list[Choice],
        *,
        start: int = 0,
        free: str = "",
        placeholder: str = "type to find",
        highlighted: Callable[[str | None], object] | None = None,
    ) -> None:
        """highlighted: told which entry is highlighted, by its value."""
        super().__init__()
        self._tell = highlighted
        self._title, self._entries, self._start = title, entries, start
        self._free, self._placeholder = free, placeholder
        self._labels = max((cell_len(printable(entry.label)) for entry in entries), default=0)
        self._abouts = max((cell_len(printable(entry.about)) for entry in entries), default=0)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(printable(self._title), classes="title", markup=False)
            yield SafeInput(compact=True, placeholder=self._placeholder)
            yield OptionList(compact=True)

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self.set_focus(self.query_one(Input))
        self._fill("")
        if self._entries:
            self.query_one(OptionList).highlighted = min(self._start, len(self._entries) - 1)

    def _fill(self, typed: str) -> None:
        words = typed.casefold().split()
        options = self.query_one(OptionList)
        options.clear_options()
        found = narrowed(self._entries, words)
        options.add_options(
            Option(row, id=e.value) for e, row in zip(found, self._rows(found), strict=True)
        )
        if self._free and typed.strip():
            text = f"{self._free} {printable(typed.strip())}"
            options.add_option(Option(Content.styled(text, "$text-accent"), id=None))
        options.highlighted = 0 if options.option_count else None

    def _rows(self, found: list[Choice]) -> Iterator[Content]:
        """The entries in two columns, cut where there is no room: a row is never two."""
        labels, abouts = self._labels, self._abouts
        room = self._width() - _AROUND
        column = min(labels, _COLUMN, room - 2 - min(abouts, _ABOUT)) if abouts else room
        column = max(1, column, min(labels, room - 2 - abouts))
        for entry in found:
            label = Content(printable(entry.label)).truncate(column, ellipsis=True, pad=True)
            if not abouts:
                yield label
                continue
            about = Content.styled(printable(entry.about), "$foreground 60%")
            yield label.append("  ").append(
                about.truncate(max(0, room - column - 2), ellipsis=True)
            )

    def _width(self) -> int:
        """Cells of the box: as many as the widest row needs, where the screen has them."""
        screen = self.app.size.width
        wanted = self._labels + 2 + self._abouts + _AROUND
        return max(min(_WIDTH, screen), min(wanted, screen - 2 * _BESIDE))

    @on(events.Resize)
    def _fit(self) -> None:
        """Cut the rows for the room there is now."""
        self.query_one(".box").styles.width = self._width()
        options = self.query_one(OptionList)
        here = options.highlighted
        self._fill(self.query_one(Input).value)
        options.highlighted = here

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self._tell is not None:
            self._tell(event.option.id)

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return
        self._answer(options.get_option_at_index(options.highlighted))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._answer(event.option)

    def _answer(self, option: Option) -> None:
        self.dismiss(option.id if option.id is not None else self.query_one(Input).value.strip())

    def action_step(self, step: int) -> None:
        """Move the highlight; one step goes round the ends."""
        options = self.query_one(OptionList)
        count = options.option_count
        if not count:
            return
        here = options.highlighted or 0
        there = (here + step) % count if abs(step) == 1 else max(0, min(count - 1, here + step))
        options.highlighted = there
