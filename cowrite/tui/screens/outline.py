"""The draft's headings, to go to one."""

from __future__ import annotations

from cowrite.core.document import Document
from cowrite.core.reading import Heading, Reading
from cowrite.tui.screens.choosing import Choice, Chooser


def headings(document: Document) -> list[Heading]:
    """The draft's headings as Markdown has them; what stands in code, comments or front matter is none."""
    return Reading(document).headings()


class Outline(Chooser):
    """Headings, indented by level; the one that the cursor is under comes first."""

    def __init__(self, found: list[Heading], line: int) -> None:
        entries = [
            Choice(str(at), "  " * (level - 1) + (title or "…")) for at, level, title in found
        ]
        above = [index for index, (at, _, _) in enumerate(found) if at <= line]
        super().__init__(
            "Go to heading",
            entries,
            start=above[-1] if above else 0,
            placeholder="words of the heading",
        )
