"""A question with a diff above it: recovery after a crash, and a file that another program changed."""

from __future__ import annotations

from itertools import islice

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cowrite.core.diff import Change, Paragraph, in_lines
from cowrite.core.printable import printable
from cowrite.tui.screens.dialogs import Choice, Question, answers

_MOST_SHOWN = 400
"""Paragraphs of a diff that are shown: nobody reads more before deciding."""

MORE = "  ⋯ and more"

_STYLES = {
    Change.SAME: "$foreground 60%",
    Change.GONE: "$text-error strike",
    Change.NEW: "$text-success underline",
}


_BRACKETS = {Change.GONE: ("[-", "-]"), Change.NEW: ("{+", "+}")}
"""Around words where not all terminals strike out: the signs of wdiff."""


def painted(paragraph: Paragraph, *, bare: bool = False) -> Content:
    """A line of the diff; new words are underlined and old ones struck out, for eyes that see no colours.

    bare: with brackets around both, for terminals that show neither.
    """
    if paragraph.number is None:
        return Content.styled(f"  ⋯ {paragraph.pieces[0][1]}", "$foreground 40%")
    parts: list[tuple[str, str]] = []
    for kind, text in paragraph.pieces:
        if kind is not Change.SAME and text.isspace():
            text = "·" * len(text)
        before, after = _BRACKETS.get(kind, ("", "")) if bare else ("", "")
        parts.append((f"{before}{printable(text)}{after}", _STYLES[kind]))
    return Content.assemble(*parts)


class DiffQuestion(Question):
    """Asks below what has changed, which scrolls."""

    DEFAULT_CSS = """
    DiffQuestion > .box { width: 96; height: 90%; }
    DiffQuestion .diff { height: 1fr; margin-top: 1; padding: 0 1; background: $background; }
    DiffQuestion .diff Static { height: auto; }
    DiffQuestion.-tight > .box { height: 100%; }
    DiffQuestion.-tight .diff { margin: 0; }
    """

    def shown(self, *, bare: bool) -> list[Content]:
        """What has changed, in lines. bare: for terminals that neither strike out nor underline."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(printable(self._title), classes="title", markup=False)
            yield Static(printable(self._body), classes="body", markup=False)
            with VerticalScroll(classes="diff"):
                # One widget for all: hundreds of them take a second.
                lines = self.shown(bare=self.app.native_ansi_color)
                yield Static(Content("\n").join(lines), markup=False)
            yield answers(self._choices)

    def on_key(self, event: events.Key) -> None:
        """Page keys scroll the diff; a letter answers."""
        diff = self.query_one(".diff", VerticalScroll)
        if event.key == "pagedown":
            diff.scroll_page_down()
            event.stop()
        elif event.key == "pageup":
            diff.scroll_page_up()
            event.stop()


class Differing(DiffQuestion):
    """Shows what turns `old` into `new`, and asks."""

    DEFAULT_CSS = """
    Differing.-tight .body { display: none; }
    """

    def __init__(
        self, title: str, body: str, old: str, new: str, choices: tuple[Choice, ...]
    ) -> None:
        super().__init__(title, body, choices)
        self._old, self._new = old, new

    def shown(self, *, bare: bool) -> list[Content]:
        lines = list(islice(in_lines(self._old, self._new), _MOST_SHOWN + 1))
        shown = [painted(paragraph, bare=bare) for paragraph in lines[:_MOST_SHOWN]]
        return [*shown, Content(MORE)] if len(lines) > _MOST_SHOWN else shown
