"""Prose by other authors, which comes with the package: a half to train with, a half to judge by."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "prose"
_BORDER = "\n\f\n"


def replay() -> tuple[str, ...]:
    """Passages on which a training keeps the model near to what it was."""
    return _passages("replay.txt")


def held_out() -> tuple[str, ...]:
    """Passages that no training has seen, to measure what learning a writer costs all other prose."""
    return _passages("held-out.txt")


def _passages(name: str) -> tuple[str, ...]:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return tuple(passage.strip() for passage in text.split(_BORDER))
