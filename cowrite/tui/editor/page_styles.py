"""The look of the page: a component class for each layer, and one style for layers that lie together.

What carries a meaning is told twice: by contrast, whatever the theme, and by a sign that needs no colour, one
of those that every terminal has (see docs/decisions/0051-told-without-colour.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.color import Color
from textual.css.styles import StylesBase
from textual.style import Style as ContentStyle
from textual.widget import Widget

from cowrite.tui.editor.contrast import Tones, as_it_is, of_256, tones
from cowrite.tui.editor.rows import CURSOR, SELECTION, Names

_LAYERS = """
    heading strong emphasis strike code quote list link mark origin-model origin-edited origin-paste
    misspelled match grammar replaced weigh-1 weigh-2 weigh-3 diff-gone diff-new diff-lost diff-here ghost
    ghost-among marker token-0 token-1 token-2 token-3 token-4 token-here dim selection cursor
"""
COMPONENTS = {f"page--{layer}" for layer in _LAYERS.split()}

GHOST, MATCH, DIM = "ghost", "match", "dim"
GHOST_AMONG = "ghost-among"
"""Over the ghost while origins are shown: two classes of them are signs that a bare terminal has for it too."""
MODEL, EDITED, PASTED = "origin-model", "origin-edited", "origin-paste"

_SELECTED = 1.5
"""Contrast of the selection with the page, at least: it is a large thing, and the cursor stands at its end."""

CSS = """
Page {
    overflow-x: hidden;
    overflow-y: scroll;
    scrollbar-size-vertical: 1;
    scrollbar-color: $foreground 15%;
    scrollbar-color-hover: $foreground 30%;
    scrollbar-color-active: $primary;
    scrollbar-background: $background;
    scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    background: $background;
    color: $foreground;
    width: 1fr;
    height: 1fr;
    & .page--heading { color: $text-primary; text-style: bold; }
    & .page--strong { text-style: bold; }
    & .page--emphasis { text-style: italic; }
    & .page--strike { text-style: strike; }
    & .page--code { color: $text-accent; }
    & .page--quote { color: $foreground 75%; text-style: italic; }
    & .page--list { color: $text-primary; }
    & .page--link { color: $text-primary; text-style: underline; }
    & .page--mark { color: $foreground 40%; }
    & .page--origin-model { background: $primary; text-style: underline; }
    & .page--origin-edited { background: $warning; text-style: bold underline; }
    & .page--origin-paste { text-style: bold; }
    & .page--misspelled { color: $text-error 80%; text-style: underline; }
    & .page--grammar { color: $text-warning; text-style: underline; }
    & .page--match { background: $warning; }
    & .page--replaced { color: $foreground 45%; text-style: strike; }
    & .page--diff-gone { color: $text-error 85%; text-style: strike; }
    & .page--diff-new { color: $text-success; text-style: underline; }
    & .page--diff-lost { text-style: bold strike reverse; }
    & .page--diff-here { text-style: bold; }
    & .page--weigh-1 { background: $warning 18%; }
    & .page--weigh-2 { background: $warning 32%; text-style: underline; }
    & .page--weigh-3 { background: $warning 48%; text-style: bold underline; }
    & .page--ghost { color: $foreground; text-style: italic; }
    & .page--marker { color: $text-primary; }
    & .page--token-0 { color: $text-error; text-style: bold underline; }
    & .page--token-1 { color: $text-warning; text-style: underline; }
    & .page--token-2 { color: $foreground 70%; text-style: not underline; }
    & .page--token-3 { color: $text-success 75%; text-style: not underline; }
    & .page--token-4 { color: $text-success; text-style: not underline; }
    & .page--token-here { text-style: reverse; }
    & .page--dim { color: $foreground 35%; }
    & .page--selection { background: $primary 35%; }
    & .page--cursor { background: $foreground; color: $background; text-style: not italic; }
}
.-no-italic Page {
    & .page--emphasis { text-style: underline; }
    & .page--quote { text-style: none; }
    & .page--ghost { text-style: underline; }
    & .page--ghost-among { text-style: reverse; }
}
Page:ansi {
    & .page--heading { color: ansi_default; }
    & .page--quote { color: ansi_default; }
    & .page--list { color: ansi_default; }
    & .page--link { color: ansi_default; }
    & .page--marker { color: ansi_default; text-style: dim; }
    & .page--mark { text-style: dim; }
    & .page--dim { text-style: dim; }
    & .page--grammar { color: ansi_default; text-style: bold underline; }
    & .page--misspelled { color: $error; }
    & .page--replaced { color: ansi_default; text-style: dim strike; }
    & .page--diff-gone { color: ansi_default; text-style: dim strike; }
    & .page--diff-new { color: ansi_default; text-style: bold underline; }
    & .page--diff-here { color: ansi_default; text-style: bold not dim; }
    & .page--ghost { color: ansi_default; text-style: dim italic underline; }
    & .page--origin-model { color: ansi_black; background: ansi_cyan; }
    & .page--origin-edited { color: ansi_white; background: ansi_magenta; }
    & .page--origin-paste { color: ansi_default; background: ansi_default; text-style: dim bold; }
    &:light .page--origin-model { color: ansi_white; background: ansi_blue; }
    &:light .page--origin-edited { color: ansi_black; background: ansi_magenta; }
    & .page--match { background: ansi_default; text-style: reverse underline; }
    & .page--weigh-1 { background: ansi_default; text-style: underline; }
    & .page--weigh-2 { background: ansi_default; text-style: bold underline; }
    & .page--weigh-3 { background: ansi_default; text-style: reverse; }
    & .page--selection {
        color: ansi_default; background: ansi_default; text-style: reverse not underline not bold not dim;
    }
    & .page--cursor { color: ansi_default; background: ansi_default; text-style: reverse not dim not italic; }
}
.-no-italic Page:ansi {
    & .page--ghost { text-style: dim underline; }
    & .page--ghost-among { text-style: none; }
}
.-no-dim Page:ansi {
    & .page--replaced { text-style: reverse; }
    & .page--diff-gone { text-style: reverse; }
    & .page--token-2, & .page--token-3, & .page--token-4 { text-style: none; }
}
.-no-dim.-no-italic Page:ansi .page--ghost-among { text-style: reverse; }
"""


def style_of(widget: Widget, names: Names) -> Style:
    """The style of text under these layers, lowest first."""
    paper = widget.background_colors[1]
    ink = paper + widget.colors[3]
    layers = [widget.get_component_styles(f"page--{name}") for name in names]
    text = Style.null()
    for name, layer in zip(names, layers, strict=True):
        below = text.reverse
        text += layer.text_style
        if name == CURSOR and below and layer.text_style.reverse:
            text += Style(reverse=False)
    if paper.ansi is not None or ink.ansi is not None:
        foreground = _last(layers, "color", ink)
        background = _last(layers, "background", paper)
    else:
        shown = of_256 if widget.app.console.color_system == "256" else as_it_is
        foreground, background = _painted(names, layers, tones(paper, ink, shown))
    return Style.from_color(foreground.rich_color, background.rich_color) + text


def said(style: Style) -> str:
    """The style as lines of text (`Content`) take it."""
    return str(ContentStyle.from_rich_style(style))


def _last(layers: Sequence[StylesBase], rule: str, otherwise: Color) -> Color:
    """The terminal's own colours don't mix: the highest layer that has one decides."""
    found = [getattr(layer, rule) for layer in layers if layer.has_rule(rule)]
    return found[-1] if found else otherwise


def _painted(names: Names, layers: Sequence[StylesBase], page: Tones) -> tuple[Color, Color]:
    """Foreground and background under these layers, with half-transparent colours mixed in."""
    background, foreground = page.paper, page.ink
    found = MATCH in names
    for name, layer in zip(names, layers, strict=True):
        hue = layer.background.with_alpha(1.0)
        if name == GHOST:
            foreground = page.quiet
        elif name in (MODEL, MATCH):
            background = page.block(hue)
            foreground = page.as_ink(background)
        elif name == PASTED:
            background = page.block(page.ink)
            foreground = page.as_paper(background)
        elif name == EDITED or (name == SELECTION and found):
            background = page.far_block(hue)
            foreground = page.as_paper(background)
        elif name == SELECTION:
            background = page.readable(page.paper + layer.background, page.paper, _SELECTED)
        else:
            if layer.has_rule("background"):
                background = background + layer.background
            if layer.has_rule("color"):
                foreground = background + layer.color
    if DIM not in names:
        foreground = page.readable(foreground, background)
    return foreground, background
