"""`docs/keys.md`, made from the table of actions: `python -m cowrite.tui.commands.keys_doc > docs/keys.md`."""

from __future__ import annotations

import sys

from cowrite.tui.commands.action import Group, When
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.labels import label
from cowrite.tui.terminal.kinds import FEW, KEYS_TOLD, KINDS, SOME

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

Alt+P, which some know for a project, has always been settings here; the project is Alt+7. Alt+F and Alt+B are
no keys of cowrite, since terminals send them for Alt with an arrow.
"""


_NOT_EVERYWHERE = (
    (
        "Shift+F3",
        (SOME, FEW),
        "has the same bytes as the report of where the cursor is",
        "`Shift+Tab`; in the find bar `↑`",
    ),
    (
        "Shift+Enter, Ctrl+Enter",
        (FEW,),
        "is Enter there",
        "`Ctrl+J`",
    ),
    (
        "Ctrl+Shift with a letter",
        (FEW,),
        "is Ctrl with the letter there, or the terminal's own",
        "the other key of the action, such as `Alt+0`, `Ctrl+Y`",
    ),
    (
        "Ctrl+Backspace, Ctrl+Delete",
        (FEW,),
        "is Backspace or Delete there, or nothing",
        "`Ctrl+W`, `Alt+D`",
    ),
)
"""Keys, how much the terminals tell apart that can't send them, what comes instead, and what to press."""

_CANT_HEAD = """\
## Keys that not every terminal can send

Every action has a key that all terminals can send, but for selecting with Ctrl or Alt and an arrow in the Linux
console.

| key | in | why | instead |
|---|---|---|---|
"""

_TERMINALS = """\
## Terminals

`cowrite doctor` says which terminal you are in and what to set in it. Where a terminal has a protocol that
tells keys apart (kitty's, or xterm's modifyOtherKeys), cowrite asks for it, and gives it back when it ends.
Every vital action has a key with F and a number, which all of them can send.

Of kitty's protocol it asks for what tells keys apart, and not for a report of every key: terminals that send
those may lose what input methods and dead keys write, as iTerm2 does
([a report to Textual](https://github.com/Textualize/textual/issues/6561)). Text always comes as text.

On a keyboard that is not Latin, Ctrl and Alt go with the key where a US keyboard has the letter: Ctrl+Ы saves.
Some terminals (xterm, older ones) send nothing for such keys, or the letter; the keys with F do then.

Without kitty's protocol Escape is the beginning of every other special key, so it takes effect after 0.2
seconds, and after 0.4 over a network (`SSH_CONNECTION`). `ESCDELAY` sets another time, in milliseconds.

What is copied or cut is in cowrite's own clipboard, and offered to the terminal's (OSC 52), which may not
take it and doesn't say so. More than 74,994 bytes (1 MB for kitty and Ghostty) is not offered, since many
would cut it or drop it, and cowrite says that.
"""


def page() -> str:
    """The whole page."""
    groups = (section(group) for group in Group)
    return "\n".join([_HEAD, *groups, not_everywhere(), _TERMINALS, terminals()])


def not_everywhere() -> str:
    """The table of keys that some terminals can't send, with those terminals' names."""
    rows = [
        f"| `{key}` | {', '.join(kind.name for kind in KINDS if kind.keys in told)} | {why} | {instead} |\n"
        for key, told, why, instead in _NOT_EVERYWHERE
    ]
    return _CANT_HEAD + "".join(rows)


def terminals() -> str:
    """The table of terminals."""
    lines = [
        "| terminal | keys | Alt | input methods, dead keys | to set |",
        "|---|---|---|---|---|",
    ]
    for kind in KINDS:
        cells = (kind.name, KEYS_TOLD[kind.keys], kind.alt, kind.composing, kind.advice)
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
    ssh = "`SendEnv LC_*`, as most have it, lets cowrite know iTerm2"
    lines.append(f"| over ssh | as the terminal at your end | as there | as there | {ssh} |")
    return "\n".join([*lines, ""])


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
