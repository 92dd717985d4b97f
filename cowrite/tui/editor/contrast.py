"""Colours that can be told apart: what a theme gives, moved as far as it takes.

Contrast is that of WCAG 2.2: the lighter of two relative luminances by the darker, 0.05 added to each, from
1 (alike) to 21 (black and white). It asks for 3 between things that must be told apart and for 4.5 of text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from textual.color import BLACK, WHITE, Color

from cowrite.tui.terminal.palette import nearest_of_256

APART = 3.0
READABLE = 4.5
_ENOUGH = 3.75
"""What is asked of bold text on a background that also has to be read with the opposite one."""
_STEPS = 48

Shown = Callable[[Color], Color]
"""What the terminal makes of a colour."""


@lru_cache(2048)
def luminance(colour: Color) -> float:
    """Relative luminance, 0 (black) to 1 (white), of an opaque colour (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(part / 255) for part in colour.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: Color, other: Color) -> float:
    """From 1 to 21, whichever is the lighter one."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def as_it_is(colour: Color) -> Color:
    """What a terminal with all colours makes of one."""
    return colour


@lru_cache(2048)
def of_256(colour: Color) -> Color:
    """The nearest of 256 colours that is the same on all terminals: of the cube and the greys."""
    return Color(*nearest_of_256(colour.rich_color).get_truecolor())


def ramp(start: Color, end: Color) -> Iterator[Color]:
    """From one colour to another in small steps, both included."""
    return (start.blend(end, step / _STEPS, 1.0) for step in range(_STEPS + 1))


class Tones:
    """A page's paper and ink, and what can be told from both. All are opaque.

    Where a theme has too little contrast for a third tone between its two, the ink gives way: towards black
    on light paper, towards white on dark. shown: what the terminal makes of a colour.
    """

    def __init__(self, paper: Color, ink: Color, shown: Shown = as_it_is) -> None:
        self.paper, self._shown = paper, shown
        dark = luminance(paper) < luminance(ink)
        self._ends = (BLACK, WHITE) if dark else (WHITE, BLACK)
        """Beyond the paper, and beyond the ink."""
        inks = list(ramp(ink, self._ends[1]))
        pairs = ((tone, quiet) for tone in inks for quiet in self._between(tone))
        self.ink, self.quiet = next(pairs, (inks[-1], ink))
        """The text, and one that is as readable as it can be while it is told from that."""

    def _between(self, ink: Color) -> Iterator[Color]:
        if self.contrast(ink, self.paper) >= APART**2:
            yield from (
                tone for tone in ramp(ink, self.paper) if self._apart(tone, ink, self.paper)
            )

    def contrast(self, one: Color, other: Color) -> float:
        """Contrast on the screen."""
        return contrast(self._shown(one), self._shown(other))

    def _apart(self, one: Color, *others: Color) -> bool:
        return all(self.contrast(one, other) >= APART for other in others)

    def block(self, hue: Color) -> Color:
        """A background of this hue, told from the paper, on which text like ink and like paper can be read."""
        beyond, _ = self._ends
        tones = [tone for tone in _tones(hue) if self._apart(tone, self.paper)]
        clear = [tone for tone in tones if self.contrast(tone, beyond) >= _ENOUGH]
        return self._nearest(self.paper, clear or tones)

    def far_block(self, hue: Color) -> Color:
        """A background of this hue, told from the paper and from blocks."""
        near = self.block(self.ink), self.block(hue)
        return self._nearest(
            near[0], [tone for tone in _tones(hue) if self._apart(tone, self.paper, *near)]
        )

    def _nearest(self, to: Color, tones: list[Color]) -> Color:
        return min(tones or list(self._ends), key=lambda tone: self.contrast(tone, to))

    def as_ink(self, background: Color) -> Color:
        """Text that is to its background what the ink is to the paper."""
        return self._towards(self.ink, self._ends[1], background, READABLE)

    def as_paper(self, background: Color) -> Color:
        """Text on the paper's side of its background."""
        return self._towards(self.paper, self._ends[0], background, READABLE)

    def readable(self, text: Color, background: Color, least: float = APART) -> Color:
        """`text`, or what is nearest to it on the way to black or white and has this contrast, or the most."""
        ways = sorted((BLACK, WHITE), key=lambda end: self.contrast(end, background))
        same = WHITE if luminance(text) >= luminance(background) else BLACK
        end = same if self.contrast(same, background) >= least else ways[-1]
        return self._towards(text, end, background, least)

    def _towards(self, text: Color, end: Color, background: Color, least: float) -> Color:
        tones = ramp(text, end)
        return next((tone for tone in tones if self.contrast(tone, background) >= least), end)


def _tones(hue: Color) -> Iterator[Color]:
    yield from ramp(BLACK, hue)
    yield from ramp(hue, WHITE)


@lru_cache(64)
def tones(paper: Color, ink: Color, shown: Shown = as_it_is) -> Tones:
    """The tones of a page; they are looked for once."""
    return Tones(paper, ink, shown)
