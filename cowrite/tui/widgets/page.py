"""The draft on the screen: which rows are shown, how they look, and which of them to paint again.

The view hangs on an anchor, the paragraph and row at its top, and not on a row number: so a change above
it, or a paragraph whose true height becomes known, moves nothing that the writer sees. The scroll bar is
told afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from cowrite.tui import looks, painting
from cowrite.tui.drawn import Drawn
from cowrite.tui.layers import Layers
from cowrite.tui.layout import Ghost, Layout, Place
from cowrite.tui.look import Look
from cowrite.tui.looks import BLANK, Names, Row
from cowrite.tui.widgets.page_styles import COMPONENTS, CSS, style_of

_BAR_DELAY = 0.15
"""Seconds until the scroll bar follows."""

_WORK = 0.004
"""Seconds of wrapping at a time while nobody types."""

_STRIPS = 4096
_MARKER_ROOM = 5
_MARGIN = 2
"""Rows that stay visible above and below the cursor when a key moves it."""


class Page(ScrollView, inherit_bindings=False, can_focus=True):
    """Draws a session's draft. Knows nothing about keys; `Editor` adds them."""

    COMPONENT_CLASSES = COMPONENTS
    DEFAULT_CSS = CSS

    def __init__(
        self,
        session: Drawn,
        *,
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.session: Drawn = session
        self.look = look or Look()
        self.layout_rows = Layout(session.document, self.look.column, self.look.tab)
        self.page_layers = Layers(session, self.layout_rows)
        self._top = (0, 0)
        self._lead = 0
        self._shown: list[Row] = []
        self._places: list[tuple[int, int] | None] = []
        self._strips: dict[Row, Strip] = {}
        self._styles: dict[Names, Style] = {}
        self._follow = True
        self._stale = False
        self._in_key = False
        self._cursor_on = True
        self._told_bar = False
        self._bar_pending = False
        self._working = False

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

    # The draft as a whole

    def show(self, session: Drawn) -> None:
        """Draw another session's draft from now on."""
        self.session = session
        self.layout_rows = Layout(session.document, self.text_width, self.look.tab)
        self.page_layers = Layers(session, self.layout_rows)
        self._top, self._lead, self._follow = (0, 0), 0, True
        self._begin_work()
        self.settle_later()

    def set_look(self, look: Look) -> None:
        """Show the draft in another way."""
        if look == self.look:
            return
        if look.tab != self.look.tab:
            self.layout_rows.tab = look.tab
            self.layout_rows.renew_all()
        self.look = look
        if self.is_mounted:
            self._fit_width()
            self._follow = True
            self.settle_later()

    def set_finder(self, finder: Callable[[str], list[tuple[int, int]]] | None) -> None:
        """Mark what `finder` finds in the text of each paragraph on screen; None to mark nothing."""
        self.page_layers.finder = finder
        self.settle_later()

    # What the session tells

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        self.layout_rows.changed(first, before, after)
        self.page_layers.changed(first, before, after)
        paragraph, row = self._top
        if first + before <= paragraph:
            self._top = (paragraph + after - before, row)
        elif first < paragraph or (first == paragraph and before != after):
            self._top = (min(paragraph, first + after - 1), row if first == paragraph else 0)
        self._follow = True
        self.settle_later()

    def moved(self) -> None:
        """The selection is another one."""
        self._follow = True
        self.settle_later()

    def ghosted(self) -> None:
        """The suggestion appeared, grew, was cycled, taken or closed."""
        self.settle_later()

    # From a change to the screen

    def settle_later(self) -> None:
        """Bring the screen up to date once the messages at hand are done; once for many changes."""
        if self._stale:
            return
        self._stale = True
        if not self._in_key and self.is_mounted:
            self.call_later(self._settle_if_stale)

    def _settle_if_stale(self) -> None:
        if self._stale:
            self.settle()
            painting.later(self)

    def settle(self) -> None:
        """Find which rows look different from what is painted, and mark them."""
        self._stale = False
        if not self.is_mounted or not self.size:
            return
        self._place_ghost()
        if self._follow:
            self._follow = False
            self._bring_into_view()
        fresh = self._rows()
        old = self._shown
        if len(old) != len(fresh):
            changed = list(range(len(fresh)))
        else:
            changed = [
                y for y, (one, other) in enumerate(zip(old, fresh, strict=True)) if one != other
            ]
        self._shown = fresh
        if changed:
            painting.mark(self, changed)
        self._tell_bar_later()

    def _place_ghost(self) -> None:
        text = self.session.ghost
        suggestion = self.session.suggestion
        if not text or suggestion is None:
            self.layout_rows.set_ghost(None)
            return
        paragraph, column = self.session.document.locate(suggestion.position)
        fresh = Ghost(paragraph, column, text)
        if fresh != self.layout_rows.ghost:
            self.layout_rows.set_ghost(fresh)
            self._follow = True

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
            row_of_end = sum(1 for start in starts if start < last) - 1
            end = min(row + height - 1 - margin, row + row_of_end - cursor.row)
        at_start = cursor.paragraph == 0 and cursor.row < margin
        low = 0 if at_start else margin
        high = height - 1 - margin
        if abs(row) >= 2 * height:
            self._put_at(cursor, height // 3)
        elif row < low:
            self._put_at(cursor, low)
        elif max(row, end) > high:
            self._put_at(cursor, max(low, row - (max(row, end) - high)))

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

    def scroll_rows(self, by: int) -> None:
        """Scroll without moving the cursor, at most until the last row is in the middle."""
        self._clamp_top()
        layout = self.layout_rows
        if by < 0 or self._lead:
            self._lead = max(0, self._lead - max(0, by))
        self._top = layout.step(*self._top, by)
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

    # Rows

    def _rows(self) -> list[Row]:
        """How each row of the screen is to look."""
        height = self.size.height
        layout = self.layout_rows
        self._clamp_top()
        paragraph, index = self._top
        places: list[tuple[int, int] | None] = [None] * min(height, self._lead)
        out: list[Row] = [BLANK] * len(places)
        self.page_layers.begin(self.look, self._visible_range(height))
        cursor = self.cursor_place() if self.has_focus and self._cursor_on else None
        marker_row, marker = self._marker()
        room = self.size.width - self.text_left
        while len(out) < height and paragraph < layout.count:
            text, starts = layout.wrapped(paragraph)
            layers = self.page_layers.of(paragraph)
            breaks = self.page_layers.selects_break(paragraph)
            for row in range(index, min(len(starts), index + height - len(out))):
                last = row + 1 == len(starts)
                end = len(text) if last else starts[row + 1]
                at = -1
                if cursor is not None and cursor.paragraph == paragraph and cursor.row == row:
                    at = self.page_layers.cursor_index
                fresh = looks.row(
                    text,
                    starts[row],
                    end,
                    layers,
                    layout.width,
                    layout.tab,
                    at,
                    selected_end=breaks and last,
                )
                if marker_row == (paragraph, row):
                    fresh = looks.with_marker(fresh, marker, room)
                out.append(fresh)
                places.append((paragraph, row))
            paragraph += 1
            index = 0
        out += [BLANK] * (height - len(out))
        places += [None] * (height - len(places))
        self._places = places
        return out

    def _visible_range(self, height: int) -> tuple[int, int]:
        """The rows of the first paragraph on screen that can be seen; what is far away isn't coloured."""
        return self._top[1], self._top[1] + height

    def _marker(self) -> tuple[tuple[int, int] | None, str]:
        """Where `2/3` stands: behind the row in which the ghost ends."""
        ghost, suggestion = self.layout_rows.ghost, self.session.suggestion
        if ghost is None or suggestion is None:
            return None, ""
        choices = suggestion.choices
        if len(choices) < 2 or suggestion.index not in choices:
            return None, ""
        end = ghost.column + len(ghost.text)
        _, starts = self.layout_rows.wrapped(ghost.paragraph)
        row = sum(1 for start in starts if start < end) - 1
        return (ghost.paragraph, row), f"{choices.index(suggestion.index) + 1}/{len(choices)}"

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        row = self._shown[y] if y < len(self._shown) else BLANK
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) >= _STRIPS:
                self._strips.clear()
            strip = self._strips[row] = self._strip(row)
        return strip

    def _strip(self, row: Row) -> Strip:
        width = self.size.width
        left = self.text_left
        base = self._style(())
        segments = [Segment(" " * left, base)] if left else []
        segments += [Segment(text, self._style(names)) for text, names in row.runs]
        rest = width - left - row.width
        if rest > 0:
            segments.append(Segment(" " * rest, base))
        return Strip(segments, max(width, left + row.width))

    def _style(self, names: Names) -> Style:
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = style_of(self, names)
        return style

    def notify_style_update(self) -> None:
        """The theme or the focus is another one: nothing that was drawn is right any more."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    # Size, focus, scroll bar

    def on_mount(self) -> None:
        """Begin to draw."""
        self._begin_work()

    def _on_resize(self) -> None:
        self._fit_width()
        self._strips.clear()
        self._follow = True
        self.settle()
        self.refresh()

    def _fit_width(self) -> None:
        """Lay the draft out for the width there is, with the same text at the top."""
        layout = self.layout_rows
        self._strips.clear()
        if layout.width == self.text_width:
            return
        self._clamp_top()
        paragraph, row = self._top
        index = layout.wrapped(paragraph)[1][row]
        layout.resize(self.text_width)
        starts = layout.wrapped(paragraph)[1]
        self._top = (paragraph, sum(1 for start in starts if start <= index) - 1)
        self._begin_work()

    def watch_has_focus(self, _focused: bool) -> None:
        """The cursor is shown where keys go."""
        super().watch_has_focus(_focused)
        self.settle_later()

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
        self._top, self._lead = self.layout_rows.heights.locate(round(new_value)), 0
        self._follow = False
        self.settle_later()

    def cursor_cell(self) -> Offset | None:
        """Where on the screen the cursor is, None while it is not in view."""
        place = self.cursor_place()
        for y, shown in enumerate(self._places):
            if shown == (place.paragraph, place.row):
                cell = min(place.cell, self.layout_rows.width)
                return self.content_region.offset + Offset(self.text_left + cell, y)
        return None
