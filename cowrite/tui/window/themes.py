"""Two themes made for prose, two of the terminal's own colours, and which theme fits the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from cowrite.errors import unknown
from cowrite.tui.editor.contrast import tones

AUTO = "auto"
PAPER = "cowrite-paper"
INK = "cowrite-ink"
ON_DARK, ON_LIGHT = "terminal-dark", "terminal-light"


_COLOURED = [
    f"text-{name}" for name in ("primary", "secondary", "accent", "warning", "error", "success")
]
"""Variables of text in a theme's colours."""


def _own(name: str, *, dark: bool) -> Theme:
    """The terminal's own colours, the first eight: all that a terminal with few colours has.

    Which of them can be read differs: blue on black and yellow on white can't.
    """
    strong, plain = ("ansi_cyan", "ansi_yellow") if dark else ("ansi_blue", "ansi_magenta")
    cursor = {"background": "ansi_default", "foreground": "ansi_default", "text-style": "reverse"}
    return Theme(
        name=name,
        dark=dark,
        ansi=True,
        primary=strong,
        secondary=strong,
        accent="ansi_default",
        warning=plain,
        error="ansi_red",
        success="ansi_green" if dark else strong,
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "border": "ansi_default",
            "border-blurred": "ansi_default",
            **{f"block-cursor-{part}": colour for part, colour in cursor.items()},
            **{f"input-cursor-{part}": colour for part, colour in cursor.items()},
            "input-selection-background": "ansi_default",
            "input-selection-foreground": "ansi_default",
            "scrollbar": "ansi_default",
            "scrollbar-hover": "ansi_default",
            "scrollbar-active": "ansi_default",
            "scrollbar-background": "ansi_default",
            "scrollbar-background-hover": "ansi_default",
            "scrollbar-background-active": "ansi_default",
        },
    )


THEMES = (
    _own(ON_DARK, dark=True),
    _own(ON_LIGHT, dark=False),
    Theme(
        name=PAPER,
        dark=False,
        primary="#7b5b3a",
        secondary="#4f6a78",
        accent="#9a5b2f",
        warning="#9a6a00",
        error="#a8322d",
        success="#4a7043",
        foreground="#2d2a26",
        background="#f8f4ec",
        surface="#f1ebdf",
        panel="#e9e1d2",
        luminosity_spread=0.08,
        text_alpha=0.97,
        variables={
            "border": "#cfc3ae",
            "border-blurred": "#ddd3c2",
            "block-cursor-background": "#7b5b3a",
            "block-cursor-foreground": "#f8f4ec",
            "block-cursor-text-style": "none",
            "input-cursor-background": "#2d2a26",
            "input-cursor-foreground": "#f8f4ec",
            "input-selection-background": "#e2d3b6",
            "scrollbar": "#d9cfbd",
            "scrollbar-hover": "#c5b8a1",
            "scrollbar-active": "#a8977a",
            "scrollbar-background": "#f8f4ec",
            "scrollbar-background-hover": "#f4eee3",
            "scrollbar-background-active": "#f4eee3",
            "scrollbar-corner-color": "#f8f4ec",
        },
    ),
    Theme(
        name=INK,
        dark=True,
        primary="#c8a77a",
        secondary="#86a3b3",
        accent="#d9a066",
        warning="#d9b25f",
        error="#d9736a",
        success="#8fb083",
        foreground="#d6d0c4",
        background="#16171a",
        surface="#1d1f23",
        panel="#26292e",
        luminosity_spread=0.1,
        text_alpha=0.95,
        variables={
            "border": "#3a3e45",
            "border-blurred": "#2c3036",
            "block-cursor-background": "#c8a77a",
            "block-cursor-foreground": "#16171a",
            "block-cursor-text-style": "none",
            "input-cursor-background": "#d6d0c4",
            "input-cursor-foreground": "#16171a",
            "input-selection-background": "#3a3a34",
            "scrollbar": "#2e3238",
            "scrollbar-hover": "#3c4149",
            "scrollbar-active": "#565d68",
            "scrollbar-background": "#16171a",
            "scrollbar-background-hover": "#1a1c1f",
            "scrollbar-background-active": "#1a1c1f",
            "scrollbar-corner-color": "#16171a",
        },
    ),
)


def check_name(name: str, known: Iterable[str] = ()) -> None:
    """Raises UsageError, with the nearest name, where there is no such theme.

    known: the themes of a window; without one those that each window has.
    """
    names = {AUTO, *(known or (*BUILTIN_THEMES, *(theme.name for theme in THEMES)))}
    if name not in names:
        raise unknown("theme", name, names)


def legible(given: Mapping[str, str]) -> dict[str, str]:
    """The variables of a theme, with an ink that has room for quieter text between it and the paper (see
    `Tones`), and with coloured text that can be read on all that lies behind it."""
    paper, surface, ink = (
        Color.parse(given[name]) for name in ("background", "surface", "foreground")
    )
    if paper.ansi is not None:
        return dict(given)
    page = tones(paper, ink)
    coloured = {
        name: page.readable(page.readable(Color.parse(given[name]), surface), paper).hex
        for name in _COLOURED
    }
    return {**given, **coloured, "foreground": page.ink.hex}


def terminal_is_light(environment: Mapping[str, str]) -> bool:
    """Whether the environment says that the terminal writes on a light background.

    `COLORFGBG` holds the numbers of two of the 16 colours, the background's last; unset says nothing.
    """
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return background in {"7", "15"}


def fitting(*, light: bool, themed: bool = True) -> str:
    """The theme for a terminal that is light, or not, and that can show (themed) a theme's colours, or not."""
    if themed:
        return PAPER if light else INK
    return ON_LIGHT if light else ON_DARK
