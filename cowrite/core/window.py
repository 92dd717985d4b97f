"""Which part of the draft a model is shown: a pure function with a stable beginning.

A prompt's KV cache is reused as far as its beginning stays the same, so the window does not slide: its
start stays where it is while the writer goes on, and then moves in one big step to a paragraph's end.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.document import Document, one_line_end


@dataclass(frozen=True, slots=True)
class Context:
    """What a model is shown at a position of the draft.

    head: frozen text that comes first (notes, style), or an empty string.
    before, after: the draft on both sides of the position, line endings as `\\n`.
    start, end: the offsets in the draft (code points) where `before` begins and `after` ends.
    """

    head: str
    before: str
    after: str
    start: int = 0
    end: int = 0


def window_start(document: Document, position: int, budget: int) -> int:
    """The offset where the window that ends at `position` begins, for at most `budget` characters.

    The earliest start that fits is rounded up to half a budget, then moved to the next paragraph's end,
    or to the next space where a paragraph is very long. So between a quarter of a budget and all of it is
    shown, and while the writer goes on the start moves once in half a budget.
    """
    if position <= budget:
        return 0
    step = max(1, budget // 2)
    start = -(-(position - budget) // step) * step
    ahead = document.slice(start, min(position, start + step // 2))
    for mark in ("\n\n", "\r\n\r\n", "\r\r", "\n", "\r", " "):
        found = ahead.find(mark)
        if found >= 0:
            return start + found + len(mark)
    return start


def context_at(
    document: Document, position: int, *, budget: int, head: str = "", after_budget: int = 600
) -> Context:
    """The context at `position` of the draft.

    budget: the most characters of `head` and `before` together; after_budget: the most of `after`.
    """
    start = window_start(document, position, max(1, budget - len(head)))
    before = one_line_end(document.slice(start, position))
    end = min(len(document), position + after_budget)
    after = one_line_end(document.slice(position, end))
    return Context(head, before, after, start, end)
