"""The draft on the screen: how its rows look, and which of them to paint again."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Offset, Region, Size
from textual.strip import Strip

from cowrite.tui.editor import painting, rows
from cowrite.tui.editor.diff_view import NOTHING, diff_view
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.layers import Layers, Problems, WrongWords
from cowrite.tui.editor.layout import Ghost
from cowrite.tui.editor.marker import place_of_marker
from cowrite.tui.editor.page_styles import COMPONENTS, CSS, said
from cowrite.tui.editor.rows import BLANK, Row
from cowrite.tui.editor.strips import Strips
from cowrite.tui.editor.view import DraftView
from cowrite.tui.editor.viewport import Viewport


class Page(Viewport, inherit_bindings=False, can_focus=True):
    """Draws a session's draft. Knows nothing about keys; `Editor` adds them."""

    COMPONENT_CLASSES = COMPONENTS
    DEFAULT_CSS = CSS
    SCOPED_CSS = False  # it asks for classes of the window too

    def __init__(
        self,
        session: DraftView,
        *,
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(session, look, name=name, id=id, classes=classes)
        self.page_layers = Layers(session, self.layout_rows)
        self._shown: list[Row] = []
        self._places: list[tuple[int, int] | None] = []
        self.strips = Strips(self)
        self._fitted = Size(0, 0)
        self._stale = False
        self._in_key = False
        self._cursor_on = True

    # The draft as a whole

    def show(self, session: DraftView) -> None:
        """Draw another session's draft from now on."""
        self._begin_at_top(session)
        self.page_layers = Layers(session, self.layout_rows)
        self.settle_later()

    def set_look(self, look: Look) -> None:
        """Show the draft in another way."""
        if look == self.look:
            return
        self._use_look(look)
        if self.is_mounted:
            self.strips.resized()
            self._fit_width()
            self._follow_cursor()
            self.settle_later()

    def set_finder(self, finder: Callable[[str], list[tuple[int, int]]] | None) -> None:
        """Mark what `finder` finds in the text of each paragraph on screen; None to mark nothing."""
        self.page_layers.finder = finder
        self.settle_later()

    def set_tokens(
        self, tokens: list[tuple[int, int, str]], *, version: int = -1, token: int | None = None
    ) -> None:
        """Colour tokens of the draft of this version, and mark the ghost's `token`."""
        if (self.page_layers.tokens, self.page_layers.token) != ((version, tokens), token):
            self.page_layers.tokens, self.page_layers.token = (version, tokens), token
            self.settle_later()

    def set_weighed(self, layers: list[tuple[int, int, str]], *, version: int) -> None:
        """Shade places of the draft of this version: `weigh-1` to `weigh-3`."""
        if self.page_layers.weighed != (version, layers):
            self.page_layers.weighed = (version, layers)
            self.settle_later()

    def set_speller(self, speller: WrongWords | None) -> None:
        """Underline what `speller` finds wrong in the text of each paragraph on screen; None for nothing."""
        self.page_layers.speller = speller
        self.settle_later()

    def set_grammar(self, grammar: Problems | None) -> None:
        """Underline what `grammar` finds in each line on screen; None for nothing."""
        self.page_layers.grammar = grammar
        self.settle_later()

    # What the session tells

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        self.layout_rows.changed(first, before, after)
        self.page_layers.changed(first, before, after)
        self._keep_top(first, before, after)
        if before != after:
            self._begin_work()
        self._follow_cursor()
        self.settle_later()

    def moved(self) -> None:
        """The selection is another one."""
        self._follow_cursor()
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

    def _hold(self) -> None:
        """Leave the screen alone while a key is done, which may change many things."""
        self._in_key = True

    def _let_go(self) -> bool:
        """The key is done. Whether to settle the screen now: not where nothing changed, or more waits."""
        self._in_key = False
        if self._stale and self._is_pressed():
            self._stale = False
            self.settle_later()
            return False
        return self._stale

    def _show_cursor(self, shown: bool) -> None:
        """Show the cursor, or not, for as long as a blink takes."""
        if shown != self._cursor_on:
            self._cursor_on = shown
            self.settle_later()

    def _settle_if_stale(self) -> None:
        if self._stale:
            self.settle()
            painting.later(self)

    def settle(self) -> None:
        """Find which rows look different from what is painted, and mark them."""
        self._stale = False
        if not self.is_mounted or not self.size:
            return
        if changed := self._look_again():
            painting.mark(self, changed)
        self._tell_bar_later()

    def _look_again(self) -> list[int]:
        """Find how each row is to look; returns those that look different now."""
        self._place_diff()
        self._place_ghost()
        self._catch_up()
        old, self._shown = self._shown, self._rows()
        if len(old) != len(self._shown):
            return list(range(len(self._shown)))
        pairs = zip(old, self._shown, strict=True)
        return [y for y, (one, other) in enumerate(pairs) if one != other]

    def _place_ghost(self) -> None:
        text = self.session.ghost
        suggestion = self.session.suggestion
        if not text or suggestion is None:
            self.layout_rows.set_ghost(None)
            return
        paragraph, column = self.session.document.locate(suggestion.position)
        fresh = Ghost(paragraph, column, text)
        if fresh != self.layout_rows.ghost:
            if self.cursor_cell() is not None:
                self._follow_cursor()
            self.layout_rows.set_ghost(fresh)

    def _place_diff(self) -> None:
        """Show the rewrite as it is now. (The first paint waits for every import.)"""
        rewrite, layers = self.session.rewrite, self.page_layers
        if rewrite is None:
            if layers.diff is not NOTHING:
                layers.diff = NOTHING
                self.layout_rows.set_fresh({})
            return
        layers.diff = diff_view(self.session.document, rewrite, self.session.cursor, layers.diff)
        self.layout_rows.set_fresh(layers.diff.fresh)

    # Rows

    def _rows(self) -> list[Row]:
        """How each row of the screen is to look."""
        height = self.size.height
        layout = self.layout_rows
        self._clamp_top()
        paragraph, index = self._top
        places: list[tuple[int, int] | None] = [None] * min(height, self._lead)
        out: list[Row] = [BLANK] * len(places)
        self.page_layers.begin(self.look, self._visible_range(height), self._top[0])
        cursor = self.cursor_place() if self.has_focus and self._cursor_on else None
        marker_row, marker = place_of_marker(self.session, layout, self.page_layers.diff)
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
                fresh = rows.row(
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
                    fresh = rows.with_marker(fresh, marker, room)
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

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the screen.

        A page without padding, border or opacity gives its strips as they are, so that a row that only
        moved keeps the escape codes that were made for it. The first paint comes before the message that
        tells the size, so what fits that size is found here.
        """
        self._fit()
        plain = not self.styles.gutter.totals[0] and not self.styles.gutter.totals[1]
        if not plain or self.opacity != 1.0 or crop.column_span != (0, self.size.width):
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            background = self.background_colors[1]
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        row = self._shown[y] if y < len(self._shown) else BLANK
        return self.strips.of(row, self.text_left)

    def look_of_layer(self, name: str) -> str:
        """How text under a layer looks, for a line of text elsewhere."""
        return said(self.strips.style((name,)))

    def notify_style_update(self) -> None:
        """The theme or the focus is another one: nothing that was drawn is right any more."""
        super().notify_style_update()
        self.strips.restyled()

    # Size, focus, scroll bar

    def on_mount(self) -> None:
        """Begin to draw."""
        self._begin_work()

    def _on_resize(self) -> None:
        if self._fit():
            self.refresh()
        self._tell_bar_later()

    def _fit(self) -> bool:
        """Lay the draft out for the size there is; false where it is already."""
        if self._fitted == self.size:
            return False
        self._fitted = self.size
        self.strips.resized()
        self._fit_width()
        self._follow_cursor()
        self._stale = False
        self._look_again()
        return True

    def watch_has_focus(self, _focused: bool) -> None:
        """The cursor is shown where keys go."""
        super().watch_has_focus(_focused)
        self.settle_later()

    def cursor_cell(self) -> Offset | None:
        """Where on the screen the cursor is, None while it is not in view."""
        place = self.cursor_place()
        for y, shown in enumerate(self._places):
            if shown == (place.paragraph, place.row):
                cell = min(place.cell, self.layout_rows.width)
                return self.content_region.offset + Offset(self.text_left + cell, y)
        return None
