"""The 256 colours of terminals: a cube of six steps each of red, green and blue, and 24 greys.

The first 16 are the user's to choose, and therefore left out.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color, ColorType

_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE, _GREYS = 16, 232


@lru_cache(4096)
def nearest_of_256(colour: Color) -> Color:
    """The nearest of those colours, as red, green and blue have it."""
    wanted = tuple(colour.get_truecolor())
    steps = [min(range(6), key=lambda step: abs(_STEPS[step] - part)) for part in wanted]
    grey = min(23, max(0, round((sum(wanted) / 3 - 8) / 10)))
    in_cube = tuple(_STEPS[step] for step in steps)
    as_grey = (8 + 10 * grey,) * 3
    red, green, blue = steps
    if _distance(wanted, as_grey) < _distance(wanted, in_cube):
        number = _GREYS + grey
    else:
        number = _CUBE + 36 * red + 6 * green + blue
    return Color(f"color({number})", ColorType.EIGHT_BIT, number=number)


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
