"""The line of reasons: above the status line, one digit each; any other key is for the draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from cowrite.core.outcome import Why
from cowrite.tui.parts import PartMessage

KEYS = [("1…6", "Say why"), ("Esc", "Back")]
_REASONS = tuple(Why)


class WhyBar(Static, can_focus=True):
    """Tells which reason was chosen, and passes on what isn't one."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "close", "Back")]
    DEFAULT_CSS = """
    WhyBar { height: auto; background: $surface; padding: 0 1; color: $foreground 60%; }
    """

    class Said(PartMessage):
        """The writer says why."""

        def __init__(self, reason: Why) -> None:
            super().__init__()
            self.reason = reason

    class Closed(PartMessage):
        """Back to the draft, with nothing said."""

    def __init__(self, about: str, behind: Callable[[events.Key], object]) -> None:
        """about: what it is about. behind: takes the focus back, with a key that is no reason."""
        self._lead = f"Why not {about}?  "
        super().__init__(self._content(), id="why", markup=False)
        self._behind = behind
        self._done = False

    def _content(self) -> Content:
        parts: list[tuple[str, str]] = [(self._lead, "")]
        for number, reason in enumerate(_REASONS, 1):
            parts += [
                (f"{number}\u00a0", "$foreground"),
                (reason.value.replace(" ", "\u00a0"), ""),
                ("  ", ""),
            ]
        return Content.assemble(*parts)

    def on_key(self, event: events.Key) -> None:
        """A digit says why; with any other key the writer goes on, and it is not lost."""
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        number = int(event.key) if event.key in "123456" and len(event.key) == 1 else 0
        if number and not self._done:
            self._say(_REASONS[number - 1])
            return
        self._behind(event)
        self.action_close()

    def on_click(self, event: events.Click) -> None:
        """A click says the reason that it is on."""
        event.stop()
        reason = self._at(event.get_content_offset(self))
        if reason is not None:
            self._say(reason)

    def _at(self, place: Offset | None) -> Why | None:
        """The reason at a cell of the line, where it is on one row; None elsewhere."""
        if place is None or place.y:
            return None
        at = len(self._lead)
        for reason in _REASONS:
            end = at + 2 + len(reason.value)
            if at <= place.x < end:
                return reason
            at = end + 2
        return None

    def _say(self, reason: Why) -> None:
        if not self._done:
            self._done = True
            self.post_message(self.Said(reason))

    def action_close(self) -> None:
        """Back to the draft."""
        if not self._done:
            self._done = True
            self.post_message(self.Closed())
