"""`2/3`: which candidate is shown, and in which row that stands."""

from __future__ import annotations

from bisect import bisect_left

from cowrite.core.ghost import Suggestion
from cowrite.core.instruction import Rewrite
from cowrite.tui.editor.diff_view import DiffView
from cowrite.tui.editor.layout import Layout
from cowrite.tui.editor.view import DraftView


def place_of_marker(
    session: DraftView, layout: Layout, diff: DiffView
) -> tuple[tuple[int, int] | None, str]:
    """The paragraph and row in which the ghost, or the passage of a rewrite, ends, and what stands behind it.

    None and nothing where there is only one candidate.
    """
    ghost, suggestion, rewrite = layout.ghost, session.suggestion, session.rewrite
    shown: Suggestion | Rewrite
    if ghost is not None and suggestion is not None:
        paragraph, column, shown = ghost.paragraph, ghost.column, suggestion
    elif rewrite is not None:
        (paragraph, column), shown = diff.end, rewrite
    else:
        return None, ""
    choices = shown.choices
    if len(choices) < 2 or shown.index not in choices:
        return None, ""
    end = layout.shown_index(paragraph, column, behind=True)
    _, starts = layout.wrapped(paragraph)
    row = max(0, bisect_left(starts, end) - 1)
    return (paragraph, row), f"{choices.index(shown.index) + 1}/{len(choices)}"
