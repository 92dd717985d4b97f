"""Find and replace across chapters: a term, what comes in its place, and every match to be looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.tui.draft.finding import MOST_FOUND, Query
from cowrite.tui.draft.finding_across import Found, edits_of
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.widgets.fields import SafeInput
from cowrite.tui.widgets.hit_list import HitList, Row, Section

_SWITCHES = (("case", "Aa"), ("word", "word"), ("regex", ".*"))
_REST = 0.15
"""Seconds without a key, after which is searched."""

Chosen = list[tuple[Found, list[tuple[int, int]]]]
"""What was found in each chapter, and the places of it that are wanted."""


class Worker(Protocol):
    """Who searches and replaces for the screen."""

    def search(self, query: Query) -> None:
        """Begin anew; what is found comes by `add` and `ended`."""

    def replace(self, query: Query, chosen: Chosen, template: str) -> None:
        """Replace; what becomes of it comes by `say`."""

    def undo(self) -> None:
        """Take the last replacement back, in all chapters."""

    def stop(self) -> bool:
        """Stop what runs; false where that is only a search."""


class AcrossScreen(Dialog):
    """Answers with a chapter's number in the search and a place in it: `3:1200`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("alt+c", "switch('case')", "Case"),
        ("alt+w", "switch('word')", "Word"),
        ("alt+x", "switch('regex')", "Regex"),
        ("alt+a", "replace_all", "Replace all"),
        ("alt+u", "undo", "Undo"),
    ]
    DEFAULT_CSS = """
    AcrossScreen > .box { width: 112; height: 90%; }
    AcrossScreen Horizontal { height: 1; margin-top: 1; }
    AcrossScreen Horizontal.second { margin-top: 0; }
    AcrossScreen .label { width: 9; color: $foreground 60%; }
    AcrossScreen Input { width: 1fr; margin: 0; }
    AcrossScreen .switches { width: 13; padding: 0 0 0 1; }
    AcrossScreen .summary { height: auto; margin-top: 1; color: $foreground 60%; }
    AcrossScreen .told { height: auto; color: $text-accent; display: none; }
    AcrossScreen HitList { margin-top: 1; }
    AcrossScreen .keys { height: auto; margin-top: 1; color: $foreground 60%; }
    AcrossScreen.-tight > .box, AcrossScreen.-low > .box { height: 100%; }
    AcrossScreen.-low .keys, AcrossScreen.-low HitList, AcrossScreen.-low .summary { margin-top: 0; }
    """

    def __init__(self, worker: Worker, term: str, chapters: int) -> None:
        """term: what is looked for first. chapters: how many are searched."""
        super().__init__()
        self._worker, self._chapters = worker, chapters
        self._on = {name: False for name, _ in _SWITCHES}
        self._find = SafeInput(term, compact=True, id="across-find")
        self._replace = SafeInput(compact=True, id="across-replace")
        self._hits = HitList(self._comes)
        self._found: list[Found] = []
        self._resting: Timer | None = None
        self._searched: Query | None = None
        self._is_done = self._is_busy = False
        self._trouble = ""
        self._no_preview: tuple[Query, str] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Find and replace in all chapters", classes="title", markup=False)
            with Horizontal():
                yield Static("Find", classes="label", markup=False)
                yield self._find
                yield Static("", classes="switches", markup=False)
            with Horizontal(classes="second"):
                yield Static("Replace", classes="label", markup=False)
                yield self._replace
            yield Static("", classes="summary", markup=False)
            yield Static("", classes="told", markup=False)
            yield self._hits
            yield Static(
                "tab next   space leave out   enter go there   alt+a replace   alt+u undo"
                "   alt+c case   alt+w word   alt+x regex",
                classes="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        self.set_focus(self._find)
        self._paint_switches()
        self._search()

    @on(events.Resize)
    def _fit(self) -> None:
        self.set_class(self.app.size.height < 24, "-low")

    # What is looked for

    @property
    def query_now(self) -> Query:
        """The query as it stands."""
        return Query(self._find.value, **self._on)

    @on(Input.Changed, "#across-find")
    def _typed(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST, self._search)

    @on(Input.Changed, "#across-replace")
    def _another(self) -> None:
        self._hits.refresh()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._search()
        self.is_reading = not self._is_done  # the keys that follow are about what is found
        self.set_focus(self._hits)

    def action_switch(self, name: str) -> None:
        """Look for it in another way."""
        self._on[name] = not self._on[name]
        self._paint_switches()
        self._search()

    def _paint_switches(self) -> None:
        parts = []
        for name, label in _SWITCHES:
            style = "bold underline $text-accent" if self._on[name] else "$foreground 40%"
            parts += [(label, style), (" ", "")]
        self.query_one(".switches", Static).update(Content.assemble(*parts[:-1]))

    def _search(self, *, anew: bool = False) -> None:
        query = self.query_now
        if self._is_busy or (query == self._searched and not anew):
            return
        self._searched, self._found, self._trouble = query, [], ""
        self._hits.clear()
        self._tell("")
        self._is_done = False
        self._worker.search(query)
        self._sum_up()

    def path_of(self, number: int) -> Path:
        """The file of a chapter in which something was found."""
        return self._found[number].path

    # What the worker tells

    def add(self, found: Sequence[Found]) -> None:
        """More was found."""
        if not self.query(".summary"):  # the window is being left
            return
        self._found += found
        self._hits.add(Section(one.path.name, one.text, one.places, one.trouble) for one in found)
        self._sum_up()

    def ended(self, trouble: str = "") -> None:
        """The search is over. trouble: why it found nothing."""
        self._is_done, self._trouble = True, trouble
        self.is_reading = False
        if self.query(".summary"):
            self._sum_up()

    def say(self, said: str, *, busy: bool = False) -> None:
        """How far a replacement is (busy), or what became of it."""
        self._is_busy = busy
        if not self.query(".summary"):
            return
        if not busy:
            self._search(anew=True)
        self._tell(said)

    def _tell(self, said: str) -> None:
        told = self.query_one(".told", Static)
        told.update(printable(said, keep="\n"))
        told.display = bool(said)

    @on(HitList.Changed)
    def _sum_up(self) -> None:
        summary = self.query_one(".summary", Static)
        hits = sum(len(one.places) for one in self._found)
        chapters = sum(1 for one in self._found if one.places)
        out = len(self._hits.left_out)
        if self._trouble:
            summary.update(Content.styled(printable(self._trouble), "$text-error"))
        elif not self._find.value:
            summary.update(f"In {counted(self._chapters, 'chapter')}.")
        elif not self._is_done:
            summary.update(f"{hits:,} so far …")
        elif not hits:
            summary.update(f"Not found in {counted(self._chapters, 'chapter')}.")
        else:
            most = "The first " if hits >= MOST_FOUND else ""
            left = f", {out:,} left out" if out else ""
            told = f"{most}{hits:,} in {chapters:,} of {counted(self._chapters, 'chapter')}{left}"
            summary.update(told)

    def _comes(self, row: Row) -> str | None:
        """What would come in a place, where something was said to come."""
        template, query = self._replace.value, self._searched
        if query is None or not template or (query, template) == self._no_preview:
            return None
        found = self._found[row[0]]
        try:
            edits = edits_of(query, found, [found.places[row[1]]], template)
        except CowriteError:  # once is enough: an expression may take its time in every row
            self._no_preview = (query, template)
            return None
        return edits[0][2] if edits else None

    # What its keys do

    def action_replace_all(self) -> None:
        """Replace all that is not left out; where it is not what is looked for now, show that first."""
        if self.query_now != self._searched:
            self._search()
            return
        out = self._hits.left_out
        chosen = [
            (one, [p for n, p in enumerate(one.places) if (number, n) not in out])
            for number, one in enumerate(self._found)
        ]
        chosen = [(one, places) for one, places in chosen if places]
        if self._is_done and chosen and not self._is_busy:
            self._worker.replace(self._searched, chosen, self._replace.value)

    def action_undo(self) -> None:
        """Take the last replacement back."""
        if not self._is_busy:
            self._worker.undo()

    def action_cancel(self) -> None:
        """Stop a replacement between two chapters, or leave."""
        if not self._worker.stop():
            self.dismiss(None)

    @on(HitList.Chosen)
    def _chosen(self, event: HitList.Chosen) -> None:
        section, place = event.row
        found = self._found[section]
        if found.places and not self._is_busy:
            self.dismiss(f"{section}:{found.places[max(0, place)][0]}")
