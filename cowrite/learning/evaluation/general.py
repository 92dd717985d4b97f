"""General prose by other authors: what a model that has learned one writer must still be good at.

Six passages, one of each novel of Jane Austen (1811 to 1817, public domain), from the middle, since
beginnings are known by heart. Nothing is trained on them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

_BETWEEN = "\n\n%%\n\n"


@cache
def general_prose() -> tuple[str, ...]:
    """The passages, some 2,500 characters each."""
    file = resources.files("cowrite.learning.evaluation").joinpath("general.txt")
    return tuple(file.read_text(encoding="utf-8").strip().split(_BETWEEN))
