"""All keys, from the table of actions, and what the colours and words on the screen mean."""

from __future__ import annotations

from itertools import groupby

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cowrite.tui.actions import ACTIONS, Action, Keymap, When, label
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


class HelpScreen(Dialog):
    """One list, scrolled with the arrows; escape leaves."""

    DEFAULT_CSS = """
    HelpScreen > .box { width: 92; height: 90%; }
    HelpScreen .keys { height: 1fr; margin-top: 1; }
    HelpScreen .keys Static { height: auto; }
    HelpScreen .group { color: $accent; text-style: bold; margin-top: 1; }
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
                    yield Static(self._lines(list(actions)), markup=False)

    def _lines(self, actions: list[Action]) -> Content:
        parts: list[tuple[str, str]] = []
        for action in actions:
            keys = keys_of(action, self._keymap)
            when = "" if action.when is When.ALWAYS else f" ({action.when.value})"
            parts += [
                (f"{keys:<{_KEYS}}", "$foreground"),
                (f" {action.help}", "$foreground 60%"),
                (f"{when}\n", "$foreground 40%"),
            ]
        parts[-1] = (parts[-1][0].rstrip("\n"), parts[-1][1])
        return Content.assemble(*parts)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(".keys"))

    def key_f1(self) -> None:
        """The key that opened it closes it."""
        self.dismiss(None)

    def key_q(self) -> None:
        self.dismiss(None)


def _order(action: Action) -> int:
    return list(type(action.group)).index(action.group)
