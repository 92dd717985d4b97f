"""The colours of the page: a component class for each layer, and one style for layers that lie together."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

from cowrite.tui.editor.rows import Names

_LAYERS = """
    heading strong emphasis strike code quote list link mark origin-model origin-edited origin-paste misspelled
    match replaced ghost marker token-0 token-1 token-2 token-3 token-4 token-here dim selection cursor
"""

ORIGINS = {
    "origin-model": "$primary 22%",
    "origin-edited": "$warning 22%",
    "origin-paste": "$foreground 12%",
}
"""What stands behind words by who wrote them; the writer's own have nothing."""

COMPONENTS = {f"page--{layer}" for layer in _LAYERS.split()}

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
    & .page--misspelled { color: $text-error 80%; text-style: underline; }
    & .page--match { background: $warning 35%; }
    & .page--replaced { color: $foreground 45%; text-style: strike; }
    & .page--ghost { color: $foreground 65%; text-style: italic; }
    & .page--marker { color: $text-primary; }
    & .page--token-0 { color: $text-error; }
    & .page--token-1 { color: $text-warning; }
    & .page--token-2 { color: $foreground 70%; }
    & .page--token-3 { color: $text-success 75%; }
    & .page--token-4 { color: $text-success; }
    & .page--token-here { text-style: reverse; }
    & .page--dim { color: $foreground 35%; }
    & .page--selection { background: $primary 35%; }
    & .page--cursor { background: $foreground; color: $background; text-style: not italic; }
    &:ansi .page--ghost { text-style: italic dim; }
    &:ansi .page--misspelled { text-style: underline; }
    &:ansi .page--dim { text-style: dim; }
    &:ansi .page--mark { text-style: dim; }
    &:ansi .page--selection { text-style: reverse; background: ansi_default; }
    &:ansi .page--cursor { text-style: reverse not dim; }
}
""" + "".join(
    f"Page .page--{name} {{ background: {colour}; }}\n" for name, colour in ORIGINS.items()
)


def style_of(widget: Widget, names: Names) -> Style:
    """The style of text under these layers, lowest first, with half-transparent colours mixed in."""
    base = widget.background_colors[1]
    background, foreground = base, base + widget.colors[3]
    text = Style.null()
    for name in names:
        styles = widget.get_component_styles(f"page--{name}")
        if styles.has_rule("background"):
            background = background + styles.background
        if styles.has_rule("color"):
            foreground = background + styles.color
        if styles.has_rule("text_style"):
            text += styles.text_style
    return Style.from_color(foreground.rich_color, background.rich_color) + text
