"""A name for a draft that has none: from its title or first heading, or else its first words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.reading import Reading
from cowrite.core.words import plain, words

_LOOKED_AT = 20_000
"""Characters in which a heading is looked for."""
_MOST_WORDS, _MOST_CHARACTERS = 6, 48
_TITLE = re.compile(r"title\s*[:=]\s*(.+)", re.IGNORECASE)


def proposed(text: str, folder: Path) -> str:
    """A file's name that `folder` does not have yet: letters, digits and hyphens, then `.md`."""
    stem = next(filter(None, map(_stem, _candidates(text[:_LOOKED_AT]))), "untitled")
    name, number = f"{stem}.md", 1
    while (folder / name).exists() or (folder / name).is_symlink():
        number += 1
        name = f"{stem}-{number}.md"
    return name


def _candidates(text: str) -> Iterator[str]:
    """What may name a draft, the best first."""
    document = Document(text)
    reading = Reading(document)
    lines = [(document.line(at), reading.line(at).kind) for at in range(document.line_count)]
    for line, kind in lines:
        if kind is BlockKind.FRONT and (title := _TITLE.match(line)):
            yield title[1]
    for heading in reading.headings()[:1]:
        yield heading.title
    yield "\n".join(
        line for line, kind in lines if kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    )
    yield text


def _stem(text: str) -> str:
    """The first words, in small letters, with hyphens between them."""
    out, place = "", -1
    text = plain(text)
    for number, (start, end) in enumerate(words(text)):
        between = "-" if out and start > place else ""
        longer = out + between + text[start:end].replace("_", "-")
        if number == _MOST_WORDS or (out and len(longer) > _MOST_CHARACTERS):
            break
        out, place = longer[:_MOST_CHARACTERS], end
    return out.replace("'", "").lower()
