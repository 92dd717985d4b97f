"""docs/settings.md from the declaration: `python -m cowrite.config.documenting > docs/settings.md`."""

from __future__ import annotations

import sys
from enum import Enum

from cowrite.config.describing import KEYS, PRESETS, SettingInfo, describe, sections

_INTRO = """\
# Settings

<!-- Written by `python -m cowrite.config.documenting`; change cowrite/config/declaration.py instead. -->

What is set in more than one place holds in this order: flags of the command, the environment, the
project's file (`cowrite.toml` or `.cowrite.toml` in the draft's folder or the nearest one above it), your
own file (`cowrite config path` prints where), the defaults. An unknown name is refused.

```toml
# config.toml
[suggestions]
count = 4
preset = "wild"

[editor]
column = 72
```

`cowrite config list` shows all settings as they hold and where they come from; `cowrite config set
editor.column 72` changes one and keeps your comments. `COWRITE_HOME` puts all of cowrite's folders under
one; `COWRITE_MODEL` chooses the model. Every other setting has the variable `COWRITE_SECTION_NAME`, such as
`COWRITE_EDITOR_COLUMN`, and `COWRITE_KEYS_ACCEPT_WORD` is the action `accept-word`. A list is written
there, and with `cowrite config set`, as in TOML or JSON (`'["the sun", "sea"]'`) or with commas (`the sun,
sea`), where quotes keep a comma that is part of a text. A project file of another user is not read.
A model's path in a file is meant from that file's folder. `models.writing` is another name of `model.name`.
"""

_KEYS = """\
Names of actions (see [keys](keys.md)) with the keys that do them, divided by commas. What is not named here
keeps its own keys.

```toml
[keys]
accept = "tab,f3"
```
"""

_PRESETS = """\
Names with what the model is told to do. They come before cowrite's own ([instructions](instructions.md)), and
one with the name of such a one takes its place.

```toml
[presets]
noir = "Rewrite it as a hard-boiled detective would tell it."
```
"""

_FREE = {KEYS: _KEYS, PRESETS: _PRESETS}


def settings_page() -> str:
    """The page as Markdown."""
    parts = [_INTRO]
    for section, about in sections().items():
        parts.append(f"\n## [{section}]\n{about}\n")
        if section in _FREE:
            parts.append(f"\n{_FREE[section]}")
            continue
        parts.append("\n| name | default | allowed | |\n|---|---|---|---|\n")
        parts += [_row(info) for info in describe() if info.section == section]
    return "".join(parts)


def _row(info: SettingInfo) -> str:
    return f"| `{info.name}` | {_default(info.default)} | {info.allowed} | {info.doc} |\n"


def _default(value: object) -> str:
    plain = value.value if isinstance(value, Enum) else value
    if plain is None:
        return "not set"
    if isinstance(plain, bool):
        return f"`{str(plain).lower()}`"
    if isinstance(plain, str):
        return f'`"{plain}"`'
    return f"`{plain}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
