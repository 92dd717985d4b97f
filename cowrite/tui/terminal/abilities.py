"""What the terminal can show: how many colours, and which signs that need none.

Rich guesses colours from the last word of `TERM`, takes what it doesn't know for 16 of them (also a VT100,
which has none) and sends italics to all: GNU screen shows those reversed, the Linux console in green. So
the terminal is looked up where it is described, in terminfo, and by its name where that doesn't know it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cowrite.tui.terminal.terminfo import Described, look_up

ALL = 1 << 24
"""As many colours as there are: 8 bits of red, green and blue."""
FEW = 16
"""Up to so many they are the terminal's own: no theme can be shown in them."""

_SYSTEMS = {"standard": 16, "windows": 16, "256": 256, "truecolor": ALL}
"""What `TEXTUAL_COLOR_SYSTEM` may ask for."""
_ALL_OF_THEM = re.compile(r"-direct\d*$")
_MANY = re.compile(r"256color|^(alacritty|contour|foot|ghostty|kitty|konsole|rio|wezterm|xterm-)")
_NONE = re.compile(r"^(vt[1-5]\d\d|vt52|adm|wyse|dumb$)|-m$|-mono$")
_NO_ITALICS = re.compile(r"^(linux|screen|vt|cons|ansi|cygwin|putty|rxvt|sun|adm|wyse|dumb)")
_NO_DIM = re.compile(r"^(vt|ansi|cons|rxvt|sun|adm|wyse|dumb)")


@dataclass(frozen=True, slots=True)
class Abilities:
    """colours: 0, 8, 16, 256 or `ALL`. italic, dim: whether it shows text so. Bold, underlined and reversed
    text is shown by all."""

    colours: int = ALL
    italic: bool = True
    dim: bool = True

    @property
    def themed(self) -> bool:
        """Whether a theme's colours can be shown."""
        return self.colours > FEW


EVERYTHING = Abilities()


def abilities(environment: Mapping[str, str], known: Described | None = None) -> Abilities:
    """What the terminal of this environment can show. known: its description, by default terminfo's.

    `NO_COLOR` (set, and not empty: no-color.org) takes all colours away, `TEXTUAL_COLOR_SYSTEM` gives them
    where it is set, then `COLORTERM`, then what the kind of terminal is known for.
    """
    kind = environment.get("TERM", "").strip()
    found = known or look_up(kind, environment)
    shown = by_name(kind) if found is None else _from(found)
    colours = shown.colours
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        colours = ALL
    colours = _SYSTEMS.get(environment.get("TEXTUAL_COLOR_SYSTEM", ""), colours)
    if environment.get("NO_COLOR"):
        colours = 0
    return Abilities(colours, shown.italic, shown.dim)


def _from(found: Described) -> Abilities:
    """The number of colours as one that we know."""
    colours = max((step for step in (0, 8, FEW, 256, ALL) if step <= found.colours), default=0)
    return Abilities(colours, found.italic, found.dim)


def by_name(kind: str) -> Abilities:
    """What a terminal of this name is likely to show."""
    if _ALL_OF_THEM.search(kind):
        colours = ALL
    elif _NONE.search(kind):
        colours = 0
    else:
        colours = 256 if _MANY.search(kind) else FEW
    return Abilities(colours, not _NO_ITALICS.search(kind), not _NO_DIM.search(kind))
