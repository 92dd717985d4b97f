"""What the writer chose for the page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cowrite.config import Settings


@dataclass(frozen=True, slots=True)
class Look:
    """How the editor shows the draft. Lengths in cells.

    focus: `off`, `paragraph` or `sentence` - what is not dimmed. typewriter: keep the cursor's row in the
    middle. markdown: colour headings and emphasis. origins: colour words by who wrote them. tokens: colour
    the ghost by how sure the model was. blink: let the cursor blink. spaces: the tab key writes spaces.
    smart: typed quotes, dashes and dots become typographic ones. quotes: of which style, or `auto`: of the
    draft's language, or of `language` where that can't be told. lists: Enter goes
    on with lists, and Tab indents them.
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
    lists: bool = True
    quotes: str = "auto"
    language: str = ""


def look_of(settings: Settings) -> Look:
    """The page as the settings want it. Whether tokens are coloured is a switch of one draft alone."""
    page = settings.editor
    return Look(
        column=page.column,
        focus=page.focus,
        typewriter=page.typewriter,
        markdown=page.markdown,
        origins=page.show_origins,
        spaces=page.tab == "spaces",
        smart=page.smart_quotes,
        lists=page.lists,
        quotes=page.quotes,
        language=page.spelling if page.spelling != "off" else spoken_here(),
    )


def spoken_here(environ: Mapping[str, str] = os.environ) -> str:
    """The language that the environment speaks, such as `de-ch`; empty where it names none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            code = environ[name].partition(".")[0].partition("@")[0].replace("_", "-").lower()
            return "" if code in ("c", "posix") else code
    return ""
