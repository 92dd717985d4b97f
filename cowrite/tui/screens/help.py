"""All keys, from the table of actions, and what the colours and words on the screen mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cowrite.tui.commands.action import Action, When
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.commands.labels import label
from cowrite.tui.screens.dialogs import Dialog

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
        self._actions, self._keymap = actions, keymap

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns into the width there is."""
        width = max(12, event.size.width - _KEYS - 1)
        self.update(Content.assemble(*(part for row in self._rows(width) for part in row)).rstrip())

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
    """One list, scrolled with the arrows; escape leaves, and so does writing on."""

    gives_way: ClassVar[bool] = True

    DEFAULT_CSS = """
    HelpScreen > .box { width: 92; height: 90%; }
    HelpScreen .keys { height: 1fr; margin-top: 1; }
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
            with VerticalScroll(classes="keys"):
                yield Static(Content.styled(INTRODUCTION, "$foreground 60%"), markup=False)
                for group, actions in groupby(sorted(ACTIONS, key=_order), key=lambda a: a.group):
                    yield Static(group.value, classes="group", markup=False)
                    yield Keys(list(actions), self._keymap)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(".keys"))

    def key_f1(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)


def _order(action: Action) -> int:
    return list(type(action.group)).index(action.group)
