"""`docs/keys.md`, made from the table of actions: `python -m cowrite.tui.commands.keys_doc > docs/keys.md`."""

from __future__ import annotations

import sys

from cowrite.tui.commands.actions import ACTIONS, Group, When
from cowrite.tui.commands.labels import label

_HEAD = """\
# Keys

Made from the table of actions in `cowrite/tui/commands/actions.py`. The help screen (F1) says the same, with
the keys that you have chosen; the footer says what the keys do at the moment, and the palette (Ctrl+P) finds
every action by its name.

A key is changed on the settings screen (Alt+P, section `keys`) or in `config.toml`, by the action's name:

```toml
[keys]
ask = "f2, ctrl+space"
reject = "escape"
```

A key that is given to one action is no longer another's, and an empty text takes an action's keys away.
Some keys mean one thing while a suggestion is shown and another while there is none: the column "when"
says so. Terminals differ in what they can send, so the most important actions have a second key that every
terminal knows. What the suggestion says can simply be typed: it follows, and Backspace gives it back.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(section(group) for group in Group)])


def section(group: Group) -> str:
    """The table of one group."""
    lines = [f"## {group.value}", "", "| keys | what | when | action |", "|---|---|---|---|"]
    for action in ACTIONS:
        if action.group is group:
            keys = ", ".join(f"`{label(key)}`" for key in action.keys) or "none"
            when = "" if action.when is When.ALWAYS else action.when.value
            lines.append(f"| {keys} | {action.help} | {when} | `{action.id}` |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
