"""HTML's entities in Markdown: what `&amp;` and `&#8212;` stand for. Pure."""

from __future__ import annotations

import re

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
"""What may be one; a name that HTML does not know stands for itself (CommonMark 0.30, 2.5)."""


def meant(entity: str) -> str:
    """What an entity stands for."""
    from html import unescape  # two thousand names, which the first paint need not wait for

    return unescape(entity)


def without_entities(text: str) -> str:
    """The text with what its entities stand for."""
    return ENTITY.sub(lambda match: meant(match[0]), text) if "&" in text else text
