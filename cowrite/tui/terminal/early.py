"""Keys that come before there is anything to write in.

The input thread reads from the moment on in which the terminal is raw, a third of a second before the draft
is there; and what was typed before the program ran waits in the terminal. Textual would drop all of it.
"""

from __future__ import annotations

from textual import events


class EarlyKeys:
    """Keeps keys and pastes, in their order, until `release`; nothing from then on."""

    def __init__(self) -> None:
        self._kept: list[events.Event] | None = []

    def keeps(self, event: events.Event) -> bool:
        """Whether this event is a key or a paste that waits here now."""
        if self._kept is None or not isinstance(event, events.Key | events.Paste):
            return False
        self._kept.append(event)
        return True

    def release(self) -> list[events.Event]:
        """What has waited, for whoever takes it now."""
        kept, self._kept = self._kept or [], None
        return kept
