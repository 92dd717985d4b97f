"""Two themes made for prose, and which theme fits the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

AUTO = "auto"
PAPER = "cowrite-paper"
INK = "cowrite-ink"

THEMES = (
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


def terminal_is_light(environment: Mapping[str, str]) -> bool:
    """Whether the environment says that the terminal writes on a light background.

    `COLORFGBG` holds the numbers of two of the 16 colours, the background's last; unset says nothing.
    """
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return background in {"7", "15"}


def fitting(*, light: bool) -> str:
    """The theme for a terminal that is light, or not."""
    return PAPER if light else INK
