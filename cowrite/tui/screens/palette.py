"""The command palette: every action of the table, and what has no key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cowrite.tui.commands.actions import ACTIONS, Group, When
from cowrite.tui.screens.choosing import Chooser, Entry

if TYPE_CHECKING:
    from cowrite.tui.app import CowriteApp

Run = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette: an action, or something without a key."""

    entry: Entry
    run: Run


def commands(app: CowriteApp) -> list[Command]:
    """All that can be done now: the table's actions, what has no key, other drafts, and edits last."""
    draft = app.draft
    ghost = draft is not None and bool(draft.session.ghost)
    out: list[Command] = []
    edits: list[Command] = []
    for action in ACTIONS:
        if action.id == "palette" or action.group in (Group.MOVE, Group.SELECT):
            continue
        if action.when is (When.NO_GHOST if ghost else When.GHOST):
            continue
        entry = Entry(action.id, action.help, app.keymap.label(action.id), action.title)
        command = Command(entry, partial(app.perform, action))
        (edits if action.group is Group.EDIT else out).append(command)
    return out + _others(app) + edits


def _others(app: CowriteApp) -> list[Command]:
    out = [
        Command(Entry("new", "Begin a new draft", "without a name"), partial(app.new_draft)),
        Command(Entry("close", "Close this draft"), app.close_current),
        Command(
            Entry("reload", "Load the draft's file again", "undo brings this back"), app.reload
        ),
        Command(Entry("theme", "Choose a theme"), app.choose_theme),
        Command(Entry("model", "Choose a model"), app.choose_model),
        Command(Entry("tour", "Take the tour", "two minutes, in a sample draft"), app.take_tour),
        Command(Entry("suspend", "Go to the shell", "`fg` brings cowrite back"), app.suspend_now),
    ]
    for index, other in enumerate(app.drafts):
        if other is not app.draft:
            entry = Entry(
                f"draft {index}",
                f"Go to {other.session.file.name}",
                str(other.session.file.path or ""),
            )
            out.append(Command(entry, partial(app.show_draft, other)))
    return out


class Palette(Chooser):
    """Finds commands by words of their names."""

    def __init__(self, found: list[Command]) -> None:
        super().__init__("Commands", [command.entry for command in found], placeholder="what to do")
