"""What is said of a copy: only what is sure. A terminal doesn't say whether it took what it was offered."""

from __future__ import annotations

from cowrite.core.wording import counted
from cowrite.tui.draft.feature import Feature
from cowrite.tui.editor.editing import EditingPage


class Clipboard(Feature):
    """Tells how much was copied or cut, and where to. cowrite's own clipboard has all of it in any case."""

    def on_editing_page_copied(self, message: EditingPage.Copied) -> None:
        """The page has copied or cut something."""
        much = counted(message.count, "character")
        done = "Cut" if message.cut else "Copied"
        if message.offered:
            self.status.flash(f"{done.lower()} {much}, offered to the terminal too")
            return
        paste = self.window.keymap.label("paste")
        here = f"{paste} pastes it here. " if paste else ""
        self.window.tell(
            f"{done} {much}, within cowrite alone.",
            f"{here}It is more than terminals take, whose clipboard is as it was.",
        )
