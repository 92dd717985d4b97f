"""What can be done in a rewrite that stands in the draft."""

from __future__ import annotations

from cowrite.tui.commands.action import Action, Group, When


def _diff(name: str, keys: str, title: str, help_line: str) -> Action:
    return Action(name, title, help_line, tuple(keys.split()), Group.INSTRUCT, when=When.DIFF)


HUNKS: tuple[Action, ...] = (
    _diff("take-hunk", "tab f8", "Take", "Take this change, and go to the next"),
    _diff("refuse-hunk", "ctrl+r f9", "Refuse", "Refuse this change, and go to the next"),
    _diff("next-hunk", "ctrl+down f6", "Next", "Go to the next change"),
    _diff("previous-hunk", "ctrl+up f7", "Previous", "Go to the change before"),
    _diff("take-all-hunks", "enter shift+f9", "Take all", "Take all changes that are left"),
    _diff("refuse-all-hunks", "escape f4", "Refuse all", "Refuse all changes that are left"),
    _diff("next-try", "ctrl+n f3", "Other", "Show the next candidate of the rewrite"),
    _diff("previous-try", "shift+tab shift+f3", "Other before", "Show the candidate before"),
    _diff("try-again", "ctrl+space f2", "Again", "Have the same done once more"),
)
