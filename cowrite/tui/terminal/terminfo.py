"""What the system knows of a kind of terminal: a reader of terminfo's compiled descriptions.

The format is that of term(5): a header of six 16-bit numbers, names, flags, numbers, offsets of strings. The
standard library reads it with ncurses, which takes ten milliseconds of the start and looks up one terminal in
a process.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_SHORT, _LONG = 0o432, 0o1036
"""The first number of a description with numbers of 16 and of 32 bits."""
_COLOURS = 13
_DIM, _ITALIC = 30, 311
"""Places of `colors` among the numbers, of `dim` and `sitm` among the strings."""
_SYSTEM = ("etc", "lib", "usr/share", "usr/lib", "usr/local/share", "usr/share/lib")
_LARGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class Described:
    """colours: 0 where it has none. italic, dim: whether it has a sequence for such text."""

    colours: int
    italic: bool
    dim: bool


def look_up(kind: str, environment: Mapping[str, str]) -> Described | None:
    """The description of the terminal with this name, None where there is none that can be read."""
    if not kind or "/" in kind or kind.startswith("."):
        return None
    for folder in _folders(environment):
        for letter in (
            kind[0],
            f"{ord(kind[0]):02x}",
        ):  # macOS names its folders by the letter's code
            try:
                with (folder / letter / kind).open("rb") as file:
                    return read(file.read(_LARGEST))
            except (OSError, ValueError, struct.error):
                continue
    return None


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where descriptions are, the user's own first."""
    if environment.get("TERMINFO"):
        yield Path(environment["TERMINFO"])
    if environment.get("HOME"):
        yield Path(environment["HOME"]) / ".terminfo"
    for name in filter(None, environment.get("TERMINFO_DIRS", "").split(":")):
        yield Path(name)
    for name in _SYSTEM:
        yield Path("/", name, "terminfo")


def read(data: bytes) -> Described:
    """A compiled description. Raises ValueError or struct.error for what is none."""
    magic, names, flags, numbers, strings, _ = struct.unpack_from("<6h", data)
    size = {_SHORT: 2, _LONG: 4}.get(magic)
    if size is None or min(names, flags, numbers, strings) < 0:
        raise ValueError("not a compiled description")
    begin = 12 + names + flags
    begin += begin % 2
    colours = 0
    if numbers > _COLOURS:
        form = "<h" if size == 2 else "<i"
        (colours,) = struct.unpack_from(form, data, begin + _COLOURS * size)
    begin += numbers * size
    italic, dim = (
        place < strings and struct.unpack_from("<h", data, begin + 2 * place)[0] >= 0
        for place in (_ITALIC, _DIM)
    )
    return Described(max(0, colours), italic, dim)
