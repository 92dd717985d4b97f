"""Find and replace, and the way to a heading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer

from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.draft.finding import Marker, Query, at_or_after, before, find_all, replacements

if TYPE_CHECKING:
    from cowrite.tui.draft.findbar import FindBar

_LONG = 1_000_000
"""Characters from which on a search takes longer than a key should."""
_REST = 0.2

_FIND_KEYS = [
    ("Enter", "Next"),
    ("↑", "Previous"),
    ("Alt+C", "Case"),
    ("Alt+W", "Whole word"),
    ("Alt+X", "Regex"),
    ("Esc", "Back"),
]
_REPLACE_KEYS = [("Tab", "Replace with"), ("Enter", "One"), ("Alt+A", "All"), *_FIND_KEYS[2:]]


class Search(Feature):
    """Owns the bar, the query and where it was found."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._bar: FindBar | None = None
        self._found: list[tuple[int, int]] = []
        self._found_in = -1
        """The version of the document that was searched."""
        self._trouble = ""
        """Why the query finds nothing: it is no expression, or takes too long."""
        self._query = Query("")
        self._from = 0
        self._resting: Timer | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"find": self.find, "replace": self.replace, "outline": self.choose_heading}

    async def find(self) -> None:
        """Open the bar; what is selected is looked for."""
        await self._open_bar(replacing=False)

    async def replace(self) -> None:
        """Open the bar with its second line."""
        await self._open_bar(replacing=True)

    async def _open_bar(self, *, replacing: bool) -> None:
        if self._bar is None:
            from cowrite.tui.draft.findbar import FindBar

            self._bar = FindBar()
            await self.screen.mount(self._bar, after=self.editor)
        self._bar.display = True
        start, end = self.session.selected
        chosen = self.session.document.slice(start, end) if end - start <= 200 else ""
        self._from = start
        self.footer.pane = _REPLACE_KEYS if replacing else _FIND_KEYS
        self._bar.open("" if "\n" in chosen or "\r" in chosen else chosen, replacing=replacing)
        self._soon(self._count)

    def _search(self) -> None:
        """Find again where the draft or the query is another one."""
        version = self.session.document.version
        if self._bar is None or (version, self._bar.looked_for) == (self._found_in, self._query):
            return
        self._query, self._found_in = self._bar.looked_for, version
        try:
            self._found, self._trouble = find_all(self._query, self.session.document.text), ""
        except CowriteError as error:
            self._found, self._trouble = [], error.message
        self.editor.set_finder(
            Marker(self._query) if self._query.text and not self._trouble else None
        )

    def on_find_bar_changed(self, _message: FindBar.Changed) -> None:
        """Another query. In a very long draft the search waits for the writer's fingers to rest."""
        self._soon(self._find_first)

    def _soon(self, search: Callable[[], None]) -> None:
        """Search now, or in a long draft in a moment."""
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        if len(self.session.document) > _LONG:
            self._resting = self.screen.set_timer(_REST, search)
        else:
            search()

    def _count(self) -> None:
        """Say how often the query is found and which one Enter goes to, and go nowhere."""
        self._search()
        if self._bar is not None:
            self._bar.show_count(
                at_or_after(self._found, self._from), len(self._found), self._trouble
            )

    def _find_first(self) -> None:
        """To the first match from where the writer stood when the search began."""
        self._search()
        here = self._from
        self._go(at_or_after(self._found, here))
        self._from = here

    def on_find_bar_stepped(self, message: FindBar.Stepped) -> None:
        """To the next match, or the one before."""
        self._search()
        start, end = self.session.selected
        if message.step > 0:
            self._go(at_or_after(self._found, end if end > start else start))
        else:
            self._go(before(self._found, start))

    def _go(self, index: int) -> None:
        """Select the match with this index and say which one it is."""
        if self._bar is None:
            return
        if index >= 0:
            start, end = self._found[index]
            self._from = start
            self.session.select(start, end)
        self._bar.show_count(index, len(self._found), self._trouble)

    def on_find_bar_replaced(self, message: FindBar.Replaced) -> None:
        """Replace the match that is selected, or all."""
        self._search()
        document = self.session.document
        text = document.text
        places = (
            self._found
            if message.everywhere
            else [p for p in self._found if p == self.session.selected]
        )
        if not places:
            self._go(at_or_after(self._found, self.session.selected[0]))
            return
        try:
            edits = replacements(self._query, text, places, message.text, document.newline)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
            return
        count = self.session.replace_many(edits)
        self._search()
        if message.everywhere:
            self.status.flash(f"replaced {count:,}")
            if self._bar is not None:
                self._bar.show_count(-1, len(self._found))
        else:
            self._go(at_or_after(self._found, self.session.cursor))

    def on_find_bar_closed(self, _message: FindBar.Closed) -> None:
        """Back to the draft."""
        if self._bar is not None:
            self._bar.display = False
        self._found_in = -1
        self.footer.pane = None
        self.editor.set_finder(None)
        self.screen.set_focus(self.editor)

    def choose_heading(self) -> None:
        """Choose a heading and go there."""
        from cowrite.tui.screens.outline import Outline, headings

        found = headings(self.session.document)
        if not found:
            self.window.tell("There are no headings.", "A heading is a line that begins with #.")
            return

        def chosen(line: str | None) -> None:
            if line is not None:
                place = self.session.document.line_start(int(line))
                self.session.select(place, place)

        line = self.session.document.line_at(self.session.cursor)
        self.window.push_screen(Outline(found, line), chosen)
