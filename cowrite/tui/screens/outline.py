"""The draft's headings, to go to one."""

from __future__ import annotations

import re

from cowrite.core.document import Document
from cowrite.tui.screens.choosing import Choice, Chooser

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def headings(document: Document) -> list[tuple[int, int, str]]:
    """`(line, level, title)` of each Markdown heading; what stands in a code block is none."""
    out = []
    fenced = ""
    for index in range(document.line_count):
        line = document.line(index)
        if not line.lstrip().startswith(("#", "```", "~~~")):
            continue
        fence = _FENCE.match(line)
        if fence is not None:
            if not fenced:
                fenced = fence[1]
            elif fence[1] == fenced:
                fenced = ""
            continue
        match = None if fenced else _HEADING.match(line)
        if match is not None:
            out.append((index, len(match[1]), match[2]))
    return out


class Outline(Chooser):
    """Headings, indented by level; the one that the cursor is under comes first."""

    def __init__(self, found: list[tuple[int, int, str]], line: int) -> None:
        entries = [
            Choice(str(at), "  " * (level - 1) + (title or "…")) for at, level, title in found
        ]
        above = [index for index, (at, _, _) in enumerate(found) if at <= line]
        super().__init__("Go to heading", entries, start=above[-1] if above else 0)
