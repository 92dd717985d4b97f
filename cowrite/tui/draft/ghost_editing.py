"""Changing a suggestion before it goes in: the pane with the ghost's text, from opening to closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.tui.draft.ghost_pane import GhostPane

_KEYS = [("Enter", "Accept"), ("Ctrl+J", "New line"), ("Esc", "Back")]


class GhostEditing(Feature):
    """Owns the pane."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._pane: GhostPane | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"edit-ghost": self.open}

    async def open(self) -> None:
        """Open the pane with the ghost in it. While the model writes it grows, until the writer changes it."""
        from cowrite.tui.draft.ghost_pane import GhostPane

        if self._pane is not None or not self.screen.is_current:
            return
        if not self.session.ghost:
            self.status.flash("no words to change yet")
            return
        pane = self._pane = GhostPane(
            self.session.ghost,
            self._accept,
            self.editor.post_message,
            growing=self.session.suggestions.writing,
        )
        await self.screen.mount(pane, after=self.editor)
        self.footer.pane = _KEYS

    def ghosted(self) -> None:
        """The pane follows, and goes with the suggestion."""
        pane = self._pane
        if pane is not None and self.session.suggestion is None:
            self.screen.call_later(self._close)
        elif pane is not None and self.session.ghost:
            pane.grow(self.session.ghost, growing=self.session.suggestions.writing)

    def on_ghost_pane_touched(self, _message: GhostPane.Touched) -> None:
        """The writer began to change a ghost that was still being written: it is the writer's from here."""
        self.session.suggestions.stop_writing()

    def _accept(self, text: str) -> None:
        """Take what the writer made of the ghost; the keys that follow are for the draft."""
        self.session.accepting.accept_edited(text)
        self.screen.set_focus(self.editor)
        self.screen.call_later(self._close)

    async def on_ghost_pane_closed(self, _message: GhostPane.Closed) -> None:
        """Back to the draft, with the ghost as it was."""
        await self._close()

    async def _close(self) -> None:
        pane, self._pane = self._pane, None
        if pane is not None:
            self.footer.pane = None
            await pane.remove()
            self.screen.set_focus(self.editor)
