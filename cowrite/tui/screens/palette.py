"""The command palette: every action of the table, and what has no key."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cowrite.tui.commands.action import Group, When
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.screens.choosing import Choice, Chooser
from cowrite.tui.window.choices import choose_theme, show_models
from cowrite.tui.window.start import take_tour

if TYPE_CHECKING:
    from cowrite.tui.services import Window

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette: an action, or something without a key."""

    entry: Choice
    run: Run


def commands(window: Window) -> list[Command]:
    """All that can be done now: the table's actions, what has no key, other drafts, and edits last."""
    draft = window.drafts.current
    ghost = draft is not None and bool(draft.session.ghost)
    out: list[Command] = []
    edits: list[Command] = []
    for action in ACTIONS:
        if action.id == "palette" or action.group in (Group.MOVE, Group.SELECT):
            continue
        if action.when is (When.NO_GHOST if ghost else When.GHOST):
            continue
        if action.when is When.DIFF and (draft is None or draft.session.rewrite is None):
            continue
        # An action can be found by its id too, as keys are chosen by it: "zen" is what many call it elsewhere.
        names = f"{action.title} {action.id.replace('-', ' ')}"
        entry = Choice(action.id, action.help, window.keymap.label(action.id), names)
        command = Command(entry, partial(window.perform, action))
        (edits if action.group is Group.EDIT else out).append(command)
    return out + _others(window) + edits


def _others(window: Window) -> list[Command]:
    drafts = window.drafts
    out = [
        Command(Choice("new", "Begin a new draft", "without a name"), partial(drafts.open, None)),
        Command(Choice("close", "Close this draft"), drafts.close_current),
        Command(
            Choice("reload", "Load the draft's file again", "undo brings this back"), drafts.reload
        ),
        Command(Choice("theme", "Choose a theme"), partial(choose_theme, window)),
        Command(Choice("model", "Choose a model"), partial(show_models, window)),
        Command(
            Choice("tour", "Take the tour", "two minutes, in a sample draft"),
            partial(take_tour, window),
        ),
        Command(
            Choice("suspend", "Go to the shell", "`fg` brings cowrite back"), window.suspend_now
        ),
    ]
    for index, other in enumerate(drafts):
        if other is not drafts.current:
            entry = Choice(
                f"draft {index}",
                f"Go to {other.session.file.name}",
                str(other.session.file.path or ""),
            )
            out.append(Command(entry, partial(drafts.show, other)))
    return out


class Palette(Chooser):
    """Finds commands by words of their names."""

    def __init__(self, found: list[Command]) -> None:
        super().__init__("Commands", [command.entry for command in found], placeholder="what to do")


def show_palette(window: Window) -> None:
    """Let the writer choose a command, and do it."""
    found = commands(window)
    runs = {command.entry.value: command.run for command in found}

    async def chosen(value: str | None) -> None:
        if value is None:
            return
        result = runs[value]()
        if inspect.isawaitable(result):
            await result

    window.push_screen(Palette(found), chosen)
