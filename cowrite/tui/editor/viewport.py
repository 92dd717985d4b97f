"""Where on the draft the screen looks: its anchor, scrolling, and what the scroll bar is told.

The view hangs on an anchor, the paragraph and row at its top, and not on a row number: so a change above
it, or a paragraph whose true height becomes known, moves nothing that the writer sees. The scroll bar is
told afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp
from textual.widget import Widget

from cowrite.tui.editor.display import Look
from cowrite.tui.editor.layout import Layout, Place
from cowrite.tui.editor.view import DraftView

_BAR_DELAY = 0.15
"""Seconds until the scroll bar follows."""

_WORK = 0.004
"""Seconds of wrapping at a time while nobody types."""

_MARKER_ROOM = 5
"""Cells right of the text where `2/3` finds room."""

_WHEEL = 3
"""Rows of one notch of the wheel."""

_MARGIN = 2
"""Rows that stay visible above and below the cursor when a key moves it."""


class Viewport(ScrollView, inherit_bindings=False):
    """A window on the rows of a draft."""

    def __init__(
        self,
        session: DraftView,
        look: Look | None,
        *,
        name: str | None,
        id: str | None,  # noqa: A002 - Textual's name for it
        classes: str | None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.session: DraftView = session
        self.look = look or Look()
        self.layout_rows = Layout(session.document, self.look.column, self.look.tab)
        self._top = (0, 0)
        self._lead = 0
        """Empty rows above the first paragraph, for typewriter scrolling."""
        self._follow = True
        """Whether the cursor is to be brought into view."""
        self._told_bar = False
        self._bar_pending = False
        self._working = False

    def settle_later(self) -> None:
        """Bring the screen up to date soon."""
        raise NotImplementedError

    def _begin_at_top(self, session: DraftView) -> None:
        """Look at the draft of another session, from its first row on."""
        self.session = session
        self.layout_rows = Layout(session.document, self.text_width, self.look.tab)
        self._top, self._lead, self._follow = (0, 0), 0, True
        self._begin_work()

    def _use_look(self, look: Look) -> None:
        """Lay the draft out in another way."""
        if look.tab != self.look.tab:
            self.layout_rows.tab = look.tab
            self.layout_rows.renew_all()
        self.look = look

    # Geometry

    @property
    def text_width(self) -> int:
        """The cells that a row of text may take."""
        width = self.size.width
        return max(1, min(self.look.column, width - 1 - (_MARKER_ROOM if width >= 40 else 1)))

    @property
    def text_left(self) -> int:
        """The cells left of the text."""
        return max(0, (self.size.width - self.text_width - 1) // 2)

    # Following the cursor

    def _follow_cursor(self) -> None:
        """Let the cursor be brought into view when the screen is settled."""
        self._follow = True

    def _stay(self) -> None:
        """Let the view stay where it is, wherever the cursor is."""
        self._follow = False

    def _catch_up(self) -> None:
        """Bring the cursor into view where that is wanted."""
        if self._follow:
            self._follow = False
            self._bring_into_view()

    def cursor_place(self) -> Place:
        """Where the cursor is."""
        return self.layout_rows.place(self.session.cursor)

    def _bring_into_view(self) -> None:
        """Scroll as little as it takes to show the cursor, and the ghost as far as it fits."""
        height = self.size.height
        layout = self.layout_rows
        cursor = self.cursor_place()
        if self.look.typewriter:
            self._put_at(cursor, height // 2)
            return
        self._clamp_top()
        margin = min(_MARGIN, (height - 1) // 3)
        row = layout.distance(*self._top, cursor, 3 * height) + self._lead
        end = row
        ghost = layout.ghost
        if ghost is not None:
            _, starts = layout.wrapped(ghost.paragraph)
            last = ghost.column + len(ghost.text)
            row_of_end = bisect_left(starts, last) - 1
            end = min(row + height - 1 - margin, row + row_of_end - cursor.row)
        at_start = cursor.paragraph == 0 and cursor.row < margin
        low = 0 if at_start else margin
        high = height - 1 - margin
        if abs(row) >= 2 * height:
            self.put_cursor_at(height // 3)
        elif row < low:
            self._put_at(cursor, low)
        elif max(row, end) > high:
            self._put_at(cursor, max(low, row - (max(row, end) - high)))

    def put_cursor_at(self, y: int) -> None:
        """Let the cursor stand on row `y` of the screen, or lower where the draft would end too early."""
        place = self.cursor_place()
        layout = self.layout_rows
        height = self.size.height
        last = Place(layout.count - 1, layout.rows(layout.count - 1) - 1, 0)
        below = layout.distance(place.paragraph, place.row, last, height)
        self._put_at(place, max(y, height - 1 - min(_MARGIN, (height - 1) // 3) - below))

    def _put_at(self, place: Place, y: int) -> None:
        """Make `place` stand on row `y` of the screen, or above where the draft begins."""
        above = self._rows_above(place, y)
        self._lead = y - above if self.look.typewriter else 0
        self._top = self.layout_rows.step(place.paragraph, place.row, -above)

    def _rows_above(self, place: Place, most: int) -> int:
        rows = place.row
        paragraph = place.paragraph
        while rows < most and paragraph > 0:
            paragraph -= 1
            rows += self.layout_rows.rows(paragraph)
        return min(rows, most)

    def _clamp_top(self) -> None:
        paragraph, row = self._top
        paragraph = max(0, min(paragraph, self.layout_rows.count - 1))
        self._top = (paragraph, min(row, self.layout_rows.rows(paragraph) - 1))
        if not self.look.typewriter:
            self._lead = 0

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_rows(_WHEEL)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_rows(-_WHEEL)

    def scroll_rows(self, by: int) -> None:
        """Scroll without moving the cursor, at most until the last row is in the middle."""
        self._clamp_top()
        layout = self.layout_rows
        blank = min(self._lead, max(0, by))  # the rows above the draft go first
        self._lead -= blank
        self._top = layout.step(*self._top, by - blank)
        if by > 0:
            rows = layout.rows(layout.count - 1)
            last = Place(layout.count - 1, rows - 1, 0)
            keep = self.size.height // 2
            below = layout.distance(*self._top, last, self.size.height)
            if below < keep:
                self._top = layout.step(
                    last.paragraph, last.row, -min(keep, self._rows_above(last, keep))
                )
        self._follow = False
        self.settle_later()

    def _keep_top(self, first: int, before: int, after: int) -> None:
        """Let the anchor stay on its paragraph while lines [first, first + before) change."""
        paragraph, row = self._top
        if first + before <= paragraph:
            self._top = (paragraph + after - before, row)
        elif first < paragraph or (first == paragraph and before != after):
            self._top = (min(paragraph, first + after - 1), row if first == paragraph else 0)

    # Width, heights, scroll bar

    def _fit_width(self) -> None:
        """Lay the draft out for the width there is, with the same text at the top."""
        layout = self.layout_rows
        if layout.width == self.text_width:
            return
        self._clamp_top()
        paragraph, row = self._top
        index = layout.wrapped(paragraph)[1][row]
        layout.resize(self.text_width)
        starts = layout.wrapped(paragraph)[1]
        self._top = (paragraph, bisect_right(starts, index) - 1)
        self._begin_work()

    def _begin_work(self) -> None:
        if not self._working and self.is_mounted:
            self._working = True
            self.set_timer(0.3, self._work)

    def _work(self) -> None:
        """Wrap some paragraphs that nobody looks at, so that the scroll bar tells the truth."""
        if self.layout_rows.work(_WORK, self._is_pressed):
            self.set_timer(0.01, self._work)
        else:
            self._working = False
            self._tell_bar_later()

    def _is_pressed(self) -> bool:
        """Whether more keys or other messages wait."""
        return not self._message_queue.empty()

    def _tell_bar_later(self) -> None:
        if not self._bar_pending:
            self._bar_pending = True
            self.set_timer(_BAR_DELAY, self.tell_bar)

    def tell_bar(self) -> None:
        """Let the scroll bar know where the view is."""
        self._bar_pending = False
        layout = self.layout_rows
        height = self.size.height
        rows = layout.heights.total
        total = rows + height // 2 if rows > height else height
        size = Size(self.size.width, total)
        y = float(layout.heights.before(self._top[0]) + self._top[1])
        self._told_bar = True
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
        self.set_reactive(Widget.scroll_target_y, y)
        self.set_reactive(Widget.scroll_y, y)
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            bar.window_virtual_size, bar.window_size, bar.position = total, height, y
        self._told_bar = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The scroll bar was moved."""
        if self._told_bar or round(old_value) == round(new_value):
            return
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        self._look_at(new_value)

    def _look_at(self, y: float) -> None:
        """Let row `y` of the whole draft be the first on the screen."""
        self._top, self._lead = self.layout_rows.heights.locate(round(y)), 0
        self._follow = False
        self.settle_later()

    # The scroll bar under the mouse: at once, since keys would fight with an animation for the view

    def _on_scroll_up(self, event: ScrollUp) -> None:
        event.prevent_default().stop()
        self.scroll_rows(1 - self.size.height)

    def _on_scroll_down(self, event: ScrollDown) -> None:
        event.prevent_default().stop()
        self.scroll_rows(self.size.height - 1)

    def _on_scroll_to(self, message: ScrollTo) -> None:
        message.prevent_default().stop()
        if message.y is not None:
            self._look_at(message.y)
