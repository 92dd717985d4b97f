"""The mouse on the page: click, drag, words and paragraphs by two and three clicks."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset
from textual.timer import Timer

from cowrite.tui.editor import motions
from cowrite.tui.editor.deciding import DecidingPage

_AGAIN = 0.5
"""Seconds in which a second press makes a double click."""

_EDGE = 0.05
"""Seconds between rows while a drag is held above or below the page."""


class PointingPage(DecidingPage):
    """A page that follows the mouse."""

    _held: tuple[int, int] | None = None
    """What the press selected; dragging extends it to both sides. None while no button is down."""
    _presses = 0
    _pressed_at = 0.0
    _pointer = Offset(0, 0)
    _edge_timer: Timer | None = None

    def offset_under(self, pointer: Offset) -> int:
        """The offset of the draft under a cell of the page."""
        document = self.session.document
        places = self._places
        y = max(0, min(pointer.y, len(places) - 1))
        place = places[y] if places else None
        if place is None:
            shown = next((found for found in places if found is not None), None)
            return 0 if shown is None or y < places.index(shown) else len(document)
        paragraph, row = place
        if paragraph >= document.line_count:
            return len(document)
        row = min(row, self.layout_rows.rows(paragraph) - 1)  # it may be gone since it was painted
        return self.layout_rows.offset(paragraph, row, max(0, pointer.x - self.text_left))

    def _unit(self, offset: int) -> tuple[int, int]:
        """What a press at an offset selects: nothing, its word, its paragraph."""
        document = self.session.document
        if self._presses == 2:
            return motions.word_around(document, offset)
        if self._presses == 3:
            first, last = motions.paragraph_around(document, document.line_at(offset))
            return document.line_start(first), document.line_end(last)
        return offset, offset

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        event.stop()
        event.prevent_default()
        again = event.time - self._pressed_at < _AGAIN and event.offset == self._pointer
        self._presses = self._presses % 3 + 1 if again else 1
        self._pressed_at, self._pointer = event.time, event.offset
        self.focus(scroll_visible=False)
        self.capture_mouse()
        offset = self.offset_under(event.offset)
        if event.shift:
            self._presses = 1
            anchor = self.session.buffer.selection[0]
            self._held = (anchor, anchor)
            self._select(anchor, offset)
        else:
            self._held = self._unit(offset)
            self._select(*self._held)

    def _select(self, anchor: int, head: int) -> None:
        """Select without scrolling: what was clicked stays under the mouse."""
        self.session.select(anchor, head)
        self._stay()

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held is None:
            return
        event.stop()
        event.prevent_default()
        self._pointer = event.offset
        self._drag()
        outside = not 0 <= event.y < self.size.height
        if outside and self._edge_timer is None:
            self._edge_timer = self.set_interval(_EDGE, self._scroll_at_edge)
        elif not outside:
            self._stop_edge_timer()

    def _drag(self) -> None:
        if self._held is None:
            return
        low, high = self._unit(self.offset_under(self._pointer))
        first, last = self._held
        if low < first:
            self._select(last, low)
        else:
            self._select(first, max(high, last) if self._presses > 1 else high)

    def _scroll_at_edge(self) -> None:
        above = self._pointer.y < 0
        self.scroll_rows(-1 if above else 1)
        self.settle()
        self._drag()

    def _stop_edge_timer(self) -> None:
        if self._edge_timer is not None:
            self._edge_timer.stop()
            self._edge_timer = None

    def _end_drag(self) -> None:
        if self._held is not None:
            self._held = None
            self._stop_edge_timer()
            self.release_mouse()

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        self._end_drag()
        event.prevent_default()

    def _on_hide(self, _event: events.Hide) -> None:
        self._end_drag()
