"""Make a window send what its terminal can show, and let its style sheets know what that is."""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color as Background
from textual.filter import LineFilter, Monochrome, NoColor

from cowrite.tui.terminal.abilities import ALL, Abilities
from cowrite.tui.terminal.palette import nearest_of_256

SIGNS_CSS = """
Input:ansi > .input--cursor, Input:ansi > .input--selection,
TextArea:ansi .text-area--cursor, TextArea:ansi .text-area--selection {
    background: ansi_default; color: ansi_default; text-style: reverse;
}
Input:ansi > .input--cursor { text-style: reverse underline; }
"""
"""What Textual's own widgets tell by colour alone, told without, where the colours are the terminal's."""


class Of256(LineFilter):
    """The nearest of 256 colours for each. Rich often chooses another hue: for Nord's dark grey, teal."""

    def apply(self, segments: list[Segment], background: Background) -> list[Segment]:
        """The segments in these colours."""
        del background
        return [
            Segment(text, _of_256(style) if style is not None else None, control)
            for text, style, control in segments
        ]


@lru_cache(2048)
def _of_256(style: Style) -> Style:
    pair = (_nearest(style.color), _nearest(style.bgcolor))
    return style + Style.from_color(*pair)


def _nearest(colour: Color | None) -> Color | None:
    return nearest_of_256(colour) if colour is not None and colour.triplet is not None else colour


def fit(app: App[None], abilities: Abilities) -> None:
    """Before anything is painted: let the app send these colours and no others.

    Textual turns all colours into greys where `NO_COLOR` is set, also where it is empty; a writer who sets it
    wants the terminal's own two. Rich's guess of the number of colours gives way to what is known.
    """
    bare = abilities.colours == 0
    app.no_color = bare
    kept = [line for line in app._filters if not isinstance(line, Monochrome | NoColor)]
    if bare:
        kept.append(NoColor())
    elif abilities.colours == 256:
        kept.append(Of256())
    app._filters[:] = kept
    app.console._color_system = _system(abilities.colours)
    classes = {"-no-italic": not abilities.italic, "-no-dim": not abilities.dim, "-bare": bare}
    app.update_classes(classes, update=False)


def _system(colours: int) -> ColorSystem:
    if colours >= ALL:
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if colours >= 256 else ColorSystem.STANDARD
