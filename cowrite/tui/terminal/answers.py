"""What a terminal tells that is no key: the mouse, the focus, sizes, modes, colours. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FOR_TEXTUAL = (
    r"(?a)\x1b\[(?:"
    r"<\d{1,4};-?\d{1,6};-?\d{1,6}[Mm]"  # mouse
    r"|[IO]"  # focus
    r"|48(?:;\d{1,6}(?::\d{0,6})*){4}t"  # the window's size
    r"|\?\d{1,6};\d\$y"  # a mode
    r"|\d{1,6};\d{1,6}R"  # the cursor's place
    r")"
)
_COLOUR = r"(?a)\x1b\](1[01]);([^\x07\x1b]*)(?:\x07|\x1b\\)?"
_RGB = r"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that Textual understands: mouse, focus, size, mode, the cursor's place."""

    sequence: str


@dataclass(frozen=True, slots=True)
class Background:
    """The terminal said which colour it writes on. `luminance` is 0 (black) to 1 (white)."""

    luminance: float


def is_report(sequence: str) -> bool:
    """Whether a sequence is one that Textual takes, well-formed and with numbers that can be."""
    return re.fullmatch(_FOR_TEXTUAL, sequence) is not None


def background(answer: str) -> Background | None:
    """The background's brightness, from `OSC 11;rgb:RRRR/GGGG/BBBB` (1 to 4 hexadecimal digits each)."""
    found = re.fullmatch(_COLOUR, answer)
    colour = re.match(_RGB, found[2]) if found is not None and found[1] == "11" else None
    if colour is None:
        return None
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in colour.groups())
    return Background(0.2126 * red + 0.7152 * green + 0.0722 * blue)
