"""A name for a draft that has none: from its first heading, or else its first words."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LOOKED_AT = 20_000
"""Characters in which a heading is looked for."""
_MOST_WORDS, _MOST_CHARACTERS = 6, 48


def proposed(text: str, folder: Path) -> str:
    """A file's name that `folder` does not have yet: letters, digits and hyphens, then `.md`."""
    heading = _HEADING.search(text[:_LOOKED_AT])
    stem = _stem(heading[1] if heading else "") or _stem(text[:_LOOKED_AT]) or "untitled"
    name, number = f"{stem}.md", 1
    while (folder / name).exists() or (folder / name).is_symlink():
        number += 1
        name = f"{stem}-{number}.md"
    return name


def _stem(text: str) -> str:
    """The first words, in small letters, with hyphens between them."""
    out = ""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    for word in words[:_MOST_WORDS]:
        longer = f"{out}-{word}" if out else word
        if out and len(longer) > _MOST_CHARACTERS:
            break
        out = longer[:_MOST_CHARACTERS]
    return re.sub(r"['\u2019]", "", out).lower()
