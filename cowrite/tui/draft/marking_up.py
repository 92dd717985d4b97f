"""Headings, footnotes, links and lists by key."""

from __future__ import annotations

from functools import partial

from cowrite.core import heading_keys, link_keys
from cowrite.core.change import Change
from cowrite.tui.draft.feature import Actions, Feature


class MarkingUp(Feature):
    """Writes the signs of Markdown that are much to type, each as one step for undo."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "heading-up": partial(self.shift, up=True),
            "heading-down": partial(self.shift, up=False),
            "footnote": self.footnote,
            "link": self.link,
            "outdent": self.outdent,
            "plain-line": lambda: self.session.type("\n"),
        }

    def outdent(self) -> None:
        """Bring the selected items of a list one level up."""
        self.editor.by_list("outdent")

    def shift(self, *, up: bool) -> None:
        """Make the selected headings higher or lower."""
        reading = self.editor.page_layers.reading
        change = heading_keys.shift(self.session.document, reading, *self.session.selected, up=up)
        self._do(change, "There is no heading here to change.")

    def footnote(self) -> None:
        """A new footnote, or from its sign to its text and back."""
        self._do(link_keys.footnote(self.session.document, self.session.selected[1]), "")

    def link(self) -> None:
        """A link of the selection, to the address that was copied last if it is one."""
        copied = self.screen.app.clipboard
        change = link_keys.link(self.session.document, *self.session.selected, copied)
        self._do(change, "A link is on one line; select less.")

    def _do(self, change: Change | None, refused: str) -> None:
        if change is None:
            self.window.tell(refused)
        elif change.pieces:
            self.session.carry_out(change)
        else:
            self.session.select(*change.selection)
