"""Paint what has changed of one widget at once, instead of with the next tick of Textual's frame clock.

Textual collects repaints and draws them up to 1/60 second later. For a key in an editor that wait is most
of the time between finger and eye, so the editor draws its changed rows as soon as the key is done.
This is the one place that knows how Textual draws; it leaves everything to the clock whenever more than
rows of widgets is at stake.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.widget import Widget


def mark(widget: Widget, rows: Iterable[int]) -> None:
    """Let the next paint draw these rows (0 at the widget's top) anew.

    Unlike `Widget.refresh` it keeps the caches of styles and sizes, which a change of text leaves true.
    """
    width = widget.size.width
    widget._set_dirty(*(Region(0, row, width, 1) for row in rows))


def later(widget: Widget) -> None:
    """Paint what is marked with the next frame."""
    widget._repaint_required = True
    widget.check_idle()


def now(widget: Widget) -> None:
    """Paint what is marked, or with the next frame where that can't be done alone."""
    screen = widget.screen
    app = widget.app
    busy = (
        app._batch_count
        or not screen.is_current
        or screen is not app.screen
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
    )
    if busy:
        later(widget)
        return
    screen._compositor.update_widgets({widget, *screen._dirty_widgets})
    screen._compositor_refresh()
