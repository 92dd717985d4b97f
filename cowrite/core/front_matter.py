"""Front matter: what stands at a draft's very start for a site's generator, and is no text of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

_FRONT_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
_LONGEST_FRONT = 200
"""Lines in which front matter ends, where it is any."""
_VALUE = re.compile(r"[\"']?([A-Za-z][\w-]*)[\"']?(?::[ \t]+|[ \t]*=[ \t]*)(.*)$")


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


def front_values(lines: Sequence[str]) -> dict[str, str]:
    """What front matter says in a line each, by name in small letters: `title: The Mill`, `title = "The Mill"`.

    lines: those of the front matter. Lists in brackets are joined by commas; what goes over lines is left out.
    """
    out: dict[str, str] = {}
    for line in lines:
        match = _VALUE.match(line)
        if match is None:
            continue
        value = match[2].strip()
        if value[:1] == "[" and value[-1:] == "]":
            value = ", ".join(_bare(one) for one in value[1:-1].split(","))
        if value and value not in ("|", ">", "|-", ">-"):
            out.setdefault(match[1].casefold(), _bare(value))
    return out


def _bare(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def quoted(text: str) -> str:
    """A text as a basic string of TOML or YAML, which JSON's escapes serve for; a name may hold anything."""
    clean = text.encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")
