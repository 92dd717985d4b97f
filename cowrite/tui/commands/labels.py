"""Names of keys: the one that a key has here, and the one that people read."""

from __future__ import annotations

from cowrite.tui.terminal.layouts import us_key

_ALIASES = {"ctrl+@": "ctrl+space", "backtab": "shift+tab", "ctrl+shift+space": "ctrl+space"}

_LABELS = {
    "space": "Space", "tab": "Tab", "escape": "Esc", "enter": "Enter", "backspace": "Backspace",
    "delete": "Del", "insert": "Ins", "left": "←", "right": "→", "up": "↑", "down": "↓", "home": "Home",
    "end": "End", "pageup": "PgUp", "pagedown": "PgDn",
    "comma": ",", "full_stop": ".", "semicolon": ";", "minus": "-", "slash": "/", "equals_sign": "=",
    "apostrophe": "'", "grave_accent": "`",
}  # fmt: skip


def canonical(key: str) -> str:
    """One name for keys that terminals send, and writers choose, under several.

    Modifiers are in the order of the alphabet; a command's letter is the one of a Latin keyboard.
    """
    *held, name = key.strip().lower().split("+")
    if held and len(name) == 1:
        name = us_key(name)
    key = "+".join([*sorted(held), name])
    return _ALIASES.get(key, key)


def label(key: str) -> str:
    """A key as people write it: `ctrl+space` is `Ctrl+Space`, `f2` is `F2`."""
    parts = canonical(key).split("+")
    return "+".join(_LABELS.get(part, part.capitalize()) for part in parts)
