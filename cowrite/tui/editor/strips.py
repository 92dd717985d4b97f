"""Rows as what Textual paints: a strip for each row that looks different, made once."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from cowrite.tui.editor.page_styles import style_of
from cowrite.tui.editor.rows import Names, Row

_MOST = 512
"""Rows that are kept as strips, some screens full: one takes 8 kB with what Textual keeps beside it."""


class Strips:
    """Owns the strips and styles that were made for a page of this width and theme."""

    def __init__(self, page: Widget) -> None:
        self._page = page
        self._strips: dict[Row, Strip] = {}
        self._styles: dict[Names, Style] = {}

    def of(self, row: Row, left: int) -> Strip:
        """A row with `left` cells before its text. The same row gives the same strip."""
        strip = self._strips.get(row)
        if strip is None:
            if len(self._strips) >= _MOST:
                self._strips.clear()
            strip = self._strips[row] = self._made(row, left)
        return strip

    def _made(self, row: Row, left: int) -> Strip:
        width = self._page.size.width
        base = self.style(())
        segments = [Segment(" " * left, base)] if left else []
        segments += [Segment(text, self.style(names)) for text, names in row.runs]
        rest = width - left - row.width
        if rest > 0:
            segments.append(Segment(" " * rest, base))
        return Strip(segments, max(width, left + row.width))

    def style(self, names: Names) -> Style:
        """The style of layers that lie together."""
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = style_of(self._page, names)
        return style

    def resized(self) -> None:
        """The page has another width: no strip is right any more."""
        self._strips.clear()

    def restyled(self) -> None:
        """The theme or the focus is another one: nothing is right any more."""
        self._styles.clear()
        self._strips.clear()
