"""The ways that the cursor goes, and the keys for them."""

from __future__ import annotations

MOTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("left", "left", "shift+left", "one character left"),
    ("right", "right", "shift+right", "one character right"),
    ("up", "up", "shift+up", "one row up"),
    ("down", "down", "shift+down", "one row down"),
    ("word-left", "ctrl+left", "ctrl+shift+left", "to the word's start"),
    ("word-right", "ctrl+right", "ctrl+shift+right", "to the word's end"),
    ("sentence-left", "alt+left", "alt+shift+left", "to the sentence's start"),
    ("sentence-right", "alt+right", "alt+shift+right", "to the next sentence"),
    ("paragraph-up", "ctrl+up", "ctrl+shift+up", "to the paragraph's start"),
    ("paragraph-down", "ctrl+down", "ctrl+shift+down", "to the next paragraph"),
    ("row-start", "home ctrl+a", "shift+home", "to the row's start"),
    ("row-end", "end ctrl+e", "shift+end", "to the row's end"),
    ("page-up", "pageup", "shift+pageup", "one page up"),
    ("page-down", "pagedown", "shift+pagedown", "one page down"),
    ("draft-start", "ctrl+home", "ctrl+shift+home", "to the draft's start"),
    ("draft-end", "ctrl+end", "ctrl+shift+end", "to the draft's end"),
)
"""Name, keys that move, keys that select, where to. The actions are `move-NAME` and `select-NAME`."""
