"""From settings to how the page looks."""

from __future__ import annotations

from cowrite.config import Settings
from cowrite.tui.editor.display import Look


def look_of(settings: Settings, *, tokens: bool = False) -> Look:
    """The page as the settings want it. tokens: a switch of this window alone."""
    page = settings.editor
    return Look(
        column=page.column,
        focus=page.focus,
        typewriter=page.typewriter,
        markdown=page.markdown,
        origins=page.show_origins,
        tokens=tokens,
        spaces=page.tab == "spaces",
        smart=page.smart_quotes,
    )
