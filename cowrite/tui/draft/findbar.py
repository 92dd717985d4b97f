"""The bar for find and replace: two lines above the status line, no dialog over the draft."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from cowrite.tui.draft.finding import Query
from cowrite.tui.parts import PartMessage
from cowrite.tui.widgets.fields import SafeInput

_SWITCHES = (("case", "Aa", "alt+c"), ("word", "word", "alt+w"), ("regex", ".*", "alt+x"))


class FindBar(Vertical):
    """Asks for a query, and tells what the writer does with it; the screen finds and replaces."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "close", "Close"),
        ("down", "step(1)", "Next"),
        ("f3", "step(1)", "Next"),
        ("up", "step(-1)", "Previous"),
        ("shift+f3", "step(-1)", "Previous"),
        ("alt+c", "switch('case')", "Case"),
        ("alt+w", "switch('word')", "Word"),
        ("alt+x", "switch('regex')", "Regex"),
        ("alt+enter", "replace_all", "All"),
        ("alt+a", "replace_all", "All"),
    ]
    DEFAULT_CSS = """
    FindBar { height: auto; background: $surface; padding: 0 1; }
    FindBar Horizontal { height: 1; }
    FindBar .label { width: 8; color: $foreground 60%; }
    FindBar Input { width: 1fr; height: 1; border: none; background: $panel; padding: 0 1; }
    FindBar .count { width: auto; min-width: 12; text-align: right; color: $foreground 60%; padding: 0 0 0 1; }
    FindBar .switches { width: auto; padding: 0 0 0 1; }
    FindBar.-plain .replacing { display: none; }
    """

    class Changed(PartMessage):
        """Another query."""

        def __init__(self, query: Query) -> None:
            super().__init__()
            self.query = query

    class Stepped(PartMessage):
        """To the next (1) or the previous (-1) match."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Replaced(PartMessage):
        """Put `text` in the place of this match, or of all."""

        def __init__(self, text: str, everywhere: bool) -> None:
            super().__init__()
            self.text, self.everywhere = text, everywhere

    class Closed(PartMessage):
        """The writer goes back to the draft."""

    def __init__(self) -> None:
        super().__init__(id="findbar")
        self._on: dict[str, bool] = {name: False for name, _, _ in _SWITCHES}
        self._count = Static("", classes="count", markup=False)
        self._switches = Static("", classes="switches", markup=False)
        self._find = SafeInput(compact=True, id="find-text", select_on_focus=True)
        self._replace = SafeInput(compact=True, id="replace-text", select_on_focus=False)

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("Find", classes="label", markup=False)
            yield self._find
            yield self._switches
            yield self._count
        with Horizontal(classes="replacing"):
            yield Static("Replace", classes="label", markup=False)
            yield self._replace

    def on_mount(self) -> None:
        self._paint_switches()

    @property
    def looked_for(self) -> Query:
        """The query as it stands."""
        return Query(self._find.value, **self._on)

    def open(self, text: str, *, replacing: bool) -> None:
        """Take the focus. `text` (what is selected) is looked for where there is some; else the last query
        waits, selected, and nothing is gone to until the writer says so.
        """
        self.set_class(not replacing, "-plain")
        if text:
            self._find.value = text
        self.screen.set_focus(self._find)  # now: `focus()` would come after keys that wait already

    def show_count(self, index: int, count: int, trouble: str = "") -> None:
        """`index` (from 0, -1 for none) of `count` matches; trouble: why there can be none."""
        if trouble:
            self._count.update(Content.styled(trouble, "$text-error"))
        elif not self._find.value:
            self._count.update("")
        elif count == 0:
            self._count.update("not found")
        else:
            self._count.update(f"{index + 1} of {count:,}")

    def _paint_switches(self) -> None:
        parts = []
        for name, label, _ in _SWITCHES:
            parts += [
                (label, "bold underline $text-accent" if self._on[name] else "$foreground 40%"),
                (" ", ""),
            ]
        self._switches.update(Content.assemble(*parts[:-1]))

    @on(events.Click, ".switches")
    def _switch_clicked(self, event: events.Click) -> None:
        place = 1
        for name, label, _ in _SWITCHES:
            if place <= event.x < place + len(label):
                self.action_switch(name)
            place += len(label) + 1

    @on(Input.Changed, "#find-text")
    def _query_changed(self) -> None:
        self.post_message(self.Changed(self.looked_for))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is self._replace:
            self.post_message(self.Replaced(self._replace.value, everywhere=False))
        else:
            self.post_message(self.Stepped(1))

    def action_step(self, step: int) -> None:
        self.post_message(self.Stepped(step))

    def action_switch(self, name: str) -> None:
        self._on[name] = not self._on[name]
        self._paint_switches()
        self.post_message(self.Changed(self.looked_for))

    def action_replace_all(self) -> None:
        self.post_message(self.Replaced(self._replace.value, everywhere=True))

    def action_close(self) -> None:
        self.post_message(self.Closed())
