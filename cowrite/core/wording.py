"""Numbers in sentences."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """A number and what it counts: `1 word`, `1,234 words`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
