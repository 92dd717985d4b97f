"""All keys, from the table of actions, and what the colours and words on the screen mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from cowrite.tui.commands.action import Action, When
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.commands.labels import label
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.widgets.fields import SafeInput

_KEYS = 24

INTRODUCTION = (
    "Ask, and a suggestion appears in grey where you write. It is not in your draft until you take "
    "it: all of it, a word, or a sentence. Type what it says and it follows you; type anything else "
    "and it is gone."
)


def keys_of(action: Action, keymap: Keymap) -> str:
    """The action's keys as people write them."""
    return "  ".join(label(key) for key in keymap.keys(action.id))


class Keys(Static):
    """What some actions' keys do, in two columns; a long line goes on in its own."""

    def __init__(self, actions: list[Action], keymap: Keymap) -> None:
        super().__init__(markup=False)
        self._all, self._actions, self._keymap = actions, actions, keymap

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns into the width there is."""
        self._show(event.size.width)

    def _show(self, cells: int) -> None:
        width = max(12, cells - _KEYS - 1)
        self.update(Content.assemble(*(part for row in self._rows(width) for part in row)).rstrip())

    def narrow(self, words: list[str]) -> bool:
        """Show only the actions that have all words (in small letters) or keys; false where none has."""
        found = [a for a in self._all if all(word in _text(a, self._keymap) for word in words)]
        self.display = bool(found)
        if found != self._actions:
            self._actions = found
            self._show(self.size.width)
        return bool(found)

    def _rows(self, width: int) -> Iterator[list[tuple[str, str]]]:
        for action in self._actions:
            keys = keys_of(action, self._keymap)
            when = "" if action.when is When.ALWAYS else f" ({action.when.value})"
            if cell_len(keys) > _KEYS:
                yield [(f"{keys}\n", "$foreground")]
                keys = ""
            for line in wrap(f"{action.help}{when}", width):
                said = line.removesuffix(when)
                yield [
                    (f"{keys:<{_KEYS}}", "$foreground"),
                    (f" {said}", "$foreground 60%"),
                    (f"{line[len(said) :]}\n", "$foreground 40%"),
                ]
                keys = ""


class HelpScreen(Dialog):
    """One list, scrolled with the arrows and narrowed by typing; escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "scroll(1)", "Down"),
        ("up", "scroll(-1)", "Up"),
        ("pagedown", "scroll(10)", "Next page"),
        ("pageup", "scroll(-10)", "Previous page"),
    ]
    DEFAULT_CSS = """
    HelpScreen > .box { width: 92; height: 90%; }
    HelpScreen .keys { height: 1fr; margin-top: 1; }
    HelpScreen Input { margin-top: 0; }
    HelpScreen .keys Static { height: auto; }
    HelpScreen .group { color: $text-accent; text-style: bold; margin-top: 1; }
    HelpScreen.-tight > .box { height: 100%; }
    HelpScreen.-tight .keys { margin-top: 0; }
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Keys", classes="title", markup=False)
            yield SafeInput(
                compact=True, placeholder="type to find a key or what it does; Esc leaves"
            )
            with VerticalScroll(classes="keys"):
                said = Content.styled(INTRODUCTION, "$foreground 60%")
                yield Static(said, classes="introduction", markup=False)
                for group, actions in groupby(sorted(ACTIONS, key=_order), key=lambda a: a.group):
                    yield Static(group.value, classes="group", markup=False)
                    yield Keys(list(actions), self._keymap)

    def on_mount(self) -> None:
        self.query_one(".keys").can_focus = False
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        """Show what has the words that were typed, under its headings."""
        words = event.value.casefold().split()
        self.query_one(".introduction").display = not words
        for title, keys in zip(self.query(".group"), self.query(Keys), strict=True):
            title.display = keys.narrow(words)
        self.query_one(".keys", VerticalScroll).scroll_home(animate=False)

    def action_scroll(self, rows: int) -> None:
        """Scroll the list."""
        self.query_one(".keys", VerticalScroll).scroll_relative(y=rows, animate=False)

    def key_f1(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)


def _text(action: Action, keymap: Keymap) -> str:
    """What an action is found by."""
    return f"{action.title} {action.help} {keys_of(action, keymap)} {action.group.value}".casefold()


def _order(action: Action) -> int:
    return list(type(action.group)).index(action.group)
