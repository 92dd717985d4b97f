"""Front matter: what stands at a draft's very start for a site's generator, and is no text of it."""

from __future__ import annotations

from collections.abc import Callable

_FRONT_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
_LONGEST_FRONT = 200
"""Lines in which front matter ends, where it is any."""


def front_matter(line: Callable[[int], str], count: int) -> int:
    """How many lines at a draft's start are front matter, its fences with them; 0 for none.

    line: gives a line by its number; count: how many there are. As Jekyll and pandoc have it: the very first
    line is `---` (`+++` for TOML), the second one isn't blank, and another such line ends it.
    """
    ends = _FRONT_ENDS.get(line(0).rstrip()) if count > 1 else None
    if ends is None or not line(1).strip():
        return 0
    for index in range(1, min(count, _LONGEST_FRONT)):
        if line(index).rstrip() in ends:
            return index + 1
    return 0
