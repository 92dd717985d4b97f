"""Which part of the draft a model is shown: a pure function with a stable beginning.

A prompt's KV cache is reused as far as its beginning stays the same, so the window does not slide: its
start stays where it is while the writer goes on, and then moves in one big step to a paragraph's end.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """What a model is shown at a position of the draft.

    head: frozen text that comes first (notes, style), or an empty string.
    before, after: the draft on both sides of the position, line endings as `\\n`.
    start: the offset in the draft (code points) where `before` begins.
    """

    head: str
    before: str
    after: str
    start: int = 0


def window_start(before: str, budget: int) -> int:
    """Where the window begins in `before`, for at most `budget` characters.

    The earliest start that fits is rounded up to half a budget, then moved to the next paragraph's end,
    or to the next space where a paragraph is very long. So between half and a whole budget is shown.
    """
    if len(before) <= budget:
        return 0
    step = max(1, budget // 2)
    start = -(-(len(before) - budget) // step) * step
    reach = start + step // 2
    for mark in ("\n\n", "\n", " "):
        found = before.find(mark, start, reach)
        if found >= 0:
            return found + len(mark)
    return start


def make_context(before: str, after: str, *, budget: int, head: str = "", after_budget: int = 600) -> Context:
    """The context at the place between `before` and `after`.

    budget: the most characters of `before`; after_budget: the most of `after`.
    """
    start = window_start(before, max(1, budget - len(head)))
    shown = before[start:].replace("\r\n", "\n")
    return Context(head, shown, after[:after_budget].replace("\r\n", "\n"), start)
