"""Which rows of the screen the paragraph at the cursor has."""

from __future__ import annotations

from cowrite.tui.editor.page import Page


def paragraph_rows(page: Page) -> tuple[int, int]:
    """The first of them and the one behind the last; none, twice 0, while the cursor is out of sight."""
    cell = page.cursor_cell()
    if cell is None:
        return 0, 0
    place, region = page.cursor_place(), page.content_region
    first = cell.y - place.row
    behind = first + page.layout_rows.rows(place.paragraph)
    return max(region.y, first), min(region.bottom, behind)
