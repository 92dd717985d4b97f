"""What the writer chose for the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How the editor shows the draft. Lengths in cells.

    focus: `off`, `paragraph` or `sentence` - what is not dimmed. typewriter: keep the cursor's row in the
    middle. markdown: colour headings and emphasis. origins: colour words by who wrote them. tokens: colour
    the ghost by how sure the model was. blink: let the cursor blink. spaces: the tab key writes spaces.
    smart: typed quotes, dashes and dots become typographic ones.
    """

    column: int = 80
    focus: str = "off"
    typewriter: bool = False
    markdown: bool = True
    origins: bool = False
    tokens: bool = False
    blink: bool = False
    tab: int = 4
    spaces: bool = True
    smart: bool = False
