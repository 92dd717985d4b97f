"""The footer: what the keys do now. With a ghost on screen, its keys."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cowrite.tui.commands.action import Action
from cowrite.tui.commands.keymap import Keymap

FooterKey = tuple[str, str, Action | None]
"""A key, what it does in a word, and the action where a click can do it."""


def fitted(entries: list[FooterKey], width: int) -> list[FooterKey]:
    """The entries that fit into `width` cells: all of the first ones, none in part."""
    out = []
    used = 1
    for key, title, action in entries:
        used += cell_len(key) + 1 + cell_len(title) + 2
        if used - 1 > width:
            break
        out.append((key, title, action))
    return out


class KeyFooter(Widget):
    """Reads the keymap; a click on an entry does it."""

    DEFAULT_CSS = """
    KeyFooter { height: 1; background: $surface; color: $foreground 60%; }
    """

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="footer")
        self._keymap = keymap
        self._ghost = False
        self._diff = False
        self._why = False
        self._pane: list[tuple[str, str]] | None = None

    @property
    def ghost(self) -> bool:
        """Whether a ghost is shown, so that its keys are."""
        return self._ghost

    @ghost.setter
    def ghost(self, shown: bool) -> None:
        if shown != self._ghost:
            self._ghost = shown
            self.refresh()

    @property
    def diff(self) -> bool:
        """Whether the cursor is in a rewrite, so that its keys are shown."""
        return self._diff

    @diff.setter
    def diff(self, here: bool) -> None:
        if here != self._diff:
            self._diff = here
            self.refresh()

    @property
    def why(self) -> bool:
        """Whether something was refused that the writer may say why of."""
        return self._why

    @why.setter
    def why(self, refused: bool) -> None:
        if refused != self._why:
            self._why = refused
            self.refresh()

    @property
    def pane(self) -> list[tuple[str, str]] | None:
        """The keys of a pane that has the focus, which are shown instead of the draft's."""
        return self._pane

    @pane.setter
    def pane(self, keys: list[tuple[str, str]] | None) -> None:
        if keys != self._pane:
            self._pane = keys
            self.refresh()

    def set_keymap(self, keymap: Keymap) -> None:
        """Show other keys from now on."""
        self._keymap = keymap
        self.refresh()

    def _entries(self) -> list[FooterKey]:
        if self._pane is not None:
            entries: list[FooterKey] = [(key, title, None) for key, title in self._pane]
        else:
            shown = self._keymap.footer(ghost=self._ghost, diff=self._diff, why=self._why)
            entries = [(key, action.title, action) for key, action in shown]
        return fitted(entries, self.size.width)

    def render(self) -> Content:
        parts: list[tuple[str, str]] = [(" ", "")]
        for key, title, _ in self._entries():
            parts += [(key, "$foreground"), (f" {title}  ", "$foreground 60%")]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        place = 1
        for key, title, action in self._entries():
            end = place + cell_len(key) + 1 + cell_len(title)
            if place <= event.x < end:
                if action is not None:
                    self.post_message(self.Chosen(action))
                return
            place = end + 2
