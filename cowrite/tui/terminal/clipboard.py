"""How much text may be offered to a terminal for its clipboard (OSC 52), which answers nothing.

A terminal that finds a sequence too long drops it, cuts it, or shows the rest of it as text. hterm and the
scripts that were made for it end at 100,000 bytes, of which 74,994 are text; that is what copies by OSC 52
keep to since. Others have bounds of their own: some of a few kB, kitty one of 8 MB, and Ghostty takes 2 MB.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

MOST = 74_994
"""Bytes of text that are offered to any terminal."""
MOST_OF_LARGE = 1_000_000
_LARGE = re.compile(r"xterm-(kitty|ghostty)\Z")
"""`TERM` of those that take more. Within tmux and screen it is another."""


def most(environment: Mapping[str, str]) -> int:
    """Bytes of text that the terminal of this environment is offered at most."""
    return MOST_OF_LARGE if _LARGE.match(environment.get("TERM", "")) else MOST


def fits(text: str, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a text is offered to the terminal. environment: the program's own by default."""
    limit = most(os.environ if environment is None else environment)
    return len(text) <= limit and len(text.encode("utf-8", "replace")) <= limit
