"""Dialogs: a question with a few answers, a line to fill in. All text in them is shown as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cowrite.core.printable import printable
from cowrite.tui.terminal.layouts import us_key
from cowrite.tui.widgets.fields import SafeInput


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: what the caller gets, what the writer reads, and the letter that chooses it."""

    value: str
    label: str
    key: str


DIALOG_CSS = """
Dialog { align: center middle; background: $background 60%; }
Dialog > .box {
    width: 64; max-width: 100%; height: auto; max-height: 100%;
    background: $surface; padding: 1 2; border: round $border;
}
Dialog .title { text-style: bold; width: 1fr; height: auto; }
Dialog .body { margin-top: 1; width: 1fr; height: auto; color: $foreground 60%; }
Dialog OptionList {
    background: $surface; border: none; padding: 0; margin-top: 1; height: auto; max-height: 12;
}
Dialog OptionList > .option-list--option-highlighted,
Dialog OptionList:focus > .option-list--option-highlighted {
    background: $primary 30%; color: $foreground; text-style: bold;
}
Dialog OptionList:ansi > .option-list--option-highlighted,
Dialog OptionList:ansi:focus > .option-list--option-highlighted {
    background: ansi_blue; color: ansi_default; text-style: bold underline;
}
Dialog OptionList:ansi:light > .option-list--option-highlighted,
Dialog OptionList:ansi:light:focus > .option-list--option-highlighted { background: ansi_cyan; }
Dialog OptionList, Dialog VerticalScroll {
    scrollbar-size-vertical: 1;
    scrollbar-color: $foreground 20%;
    scrollbar-background: $surface;
    scrollbar-background-hover: $surface;
    scrollbar-background-active: $surface;
}
Dialog Input { margin-top: 1; border: none; background: $panel; height: 1; padding: 0 1; }
Dialog .trouble { color: $text-error; height: auto; }
Dialog.-tight > .box { padding: 0 1; border: none; }
Dialog.-tight .body, Dialog.-tight OptionList, Dialog.-tight Input { margin-top: 0; }
"""


class Dialog(ModalScreen[str | None]):
    """What all dialogs share: the box, and escape, which answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "cancel", "Cancel"),
        ("ctrl+q", "cancel", "Cancel"),
        ("shift+f4", "cancel", "Cancel"),
    ]
    DEFAULT_CSS = DIALOG_CSS
    SCOPED_CSS = False
    gives_way: ClassVar[bool] = False
    """Whether it is only read: what is typed goes on in the draft, and the dialog goes."""

    is_reading = False
    """Whether it has yet to get what its keys are about: those that come meanwhile wait."""

    def on_resize(self, event: events.Resize) -> None:
        """A small terminal gets no frame."""
        self.set_class(event.size.height < 16 or event.size.width < 50, "-tight")

    def frame(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the box, which a toast leaves whole."""
        box = self.query_one(".box").region
        return box.x, box.y, box.right, box.bottom

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Answer, once: keys that waited behind the one that answered must not take another screen away."""
        if self.app.screen_stack[-1:] != [self]:
            return AwaitComplete()
        return super().dismiss(result)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class Question(Dialog):
    """A question with answers: letters, arrows and enter, or a click."""

    def __init__(self, title: str, body: str, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._title, self._body, self._choices = title, body, choices

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(printable(self._title), classes="title", markup=False)
            if self._body:
                yield Static(printable(self._body, keep="\n"), classes="body", markup=False)
            yield answers(self._choices)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def on_key(self, event: events.Key) -> None:
        """A letter answers at once, on any keyboard the one that a US keyboard has there."""
        for choice in self._choices:
            if us_key(event.key) == choice.key:
                event.stop()
                self.dismiss(choice.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def answers(choices: tuple[Choice, ...]) -> OptionList:
    """The choices as a list, each with its letter."""
    options = [
        Option(
            Content.assemble((f" {choice.key} ", "bold $text-accent"), f" {choice.label}"),
            id=choice.value,
        )
        for choice in choices
    ]
    return OptionList(*options, compact=True)


def notice(title: str, body: str = "") -> Question:
    """Something that must be read: one answer."""
    return Question(title, body, (Choice("close", "Close", "c"),))


class Sheet(Dialog):
    """Something to read: escape and enter close it, and so does writing on."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter", "cancel", "Close")]
    gives_way: ClassVar[bool] = True

    def __init__(self, title: str, body: str) -> None:
        super().__init__()
        self._title, self._body = title, body

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box"):
            yield Static(printable(self._title), classes="title", markup=False)
            yield Static(printable(self._body, keep="\n"), classes="body", markup=False)
            yield Static(
                "Esc closes; what you type goes on in the draft", classes="body", markup=False
            )

    def on_mount(self) -> None:
        self.set_focus(self.query_one(VerticalScroll))


class Prompt(Dialog):
    """A line to fill in. check: says what is wrong with an answer, or None."""

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        body: str = "",
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__()
        self._title, self._value, self._body, self._check = title, value, body, check

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static(printable(self._title), classes="title", markup=False)
            if self._body:
                yield Static(printable(self._body, keep="\n"), classes="body", markup=False)
            yield SafeInput(self._value, compact=True)
            yield Static("", classes="trouble", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        trouble = self._check(event.value) if self._check else None
        if trouble:
            self.query_one(".trouble", Static).update(printable(trouble))
        else:
            self.dismiss(event.value)
