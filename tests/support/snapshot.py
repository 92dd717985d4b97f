"""Screens as text that can be read, compared and reviewed: the characters, and under them the styles."""

from __future__ import annotations

import os
import string
from pathlib import Path

from rich.style import Style
from textual.app import App

UPDATE = "COWRITE_UPDATE_SNAPSHOTS"
_LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits


def pictured(app: App[None]) -> str:
    """The screen: its rows, the style of each cell as a letter, and what the letters stand for.

    A wide character has its letter once, so that the rows of letters are as long as those of characters.
    """
    rows: list[str] = []
    letters: list[str] = []
    legend: dict[str, str] = {}
    for strip in app.screen._compositor.render_strips():
        row, styled = "", ""
        for segment in strip:
            if segment.control:
                continue
            letter = legend.setdefault(_named(segment.style), _LETTERS[len(legend) % len(_LETTERS)])
            row += segment.text
            styled += letter * len(segment.text)
        rows.append(row.rstrip())
        letters.append(styled)
    names = [f"{letter} {name}" for name, letter in legend.items()]
    return "\n".join([*rows, "─" * 8, *letters, "─" * 8, *names, ""])


def _named(style: Style | None) -> str:
    if style is None:
        return "plain"
    parts = [style.color.name if style.color else "-", style.bgcolor.name if style.bgcolor else "-"]
    flags = ("bold", "dim", "italic", "underline", "strike", "reverse")
    return " ".join(parts + [flag for flag in flags if getattr(style, flag)])


def same_as_kept(app: App[None], file: Path) -> None:
    """Compare the screen with what is kept in `file`; with `COWRITE_UPDATE_SNAPSHOTS` set, keep it."""
    now = pictured(app)
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    assert now == kept, f"{file.name} looks different; look at it, then set {UPDATE}=1\n{now}"
