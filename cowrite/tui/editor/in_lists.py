"""Enter, Tab and Shift+Tab where the cursor is in a list or a quotation."""

from __future__ import annotations

from cowrite.core import list_keys
from cowrite.core.reading import Reading
from cowrite.session.draft import DraftSession
from cowrite.tui.editor.display import Look


def carry_out(verb: str, session: DraftSession, reading: Reading, look: Look) -> bool:
    """Do `new_line`, `indent` or `outdent`; false where that is nothing of a list."""
    document, (low, high) = session.document, session.selected
    match verb:
        case "new_line":
            change = list_keys.new_line(document, reading, low, high)
        case "indent":
            change = list_keys.indent(document, reading, low, high, tabs=not look.spaces)
        case _:
            change = list_keys.outdent(document, reading, low, high)
    if change is None:
        return False
    if change.pieces:
        session.carry_out(change)
    elif verb == "indent":
        session.listener.notice("There is no item above to put this one under.")
    return True
