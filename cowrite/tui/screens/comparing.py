"""The same place asked in two ways, side by side: with what was learned, and without it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cowrite.core.printable import printable
from cowrite.tui.screens.dialogs import Dialog

TITLES = ("With what was learned", "As the model came")
_WAITING = "…"


class ComparingScreen(Dialog):
    """Two columns of candidates, one below the other where it is narrow. Only read: writing on closes it."""

    gives_way: ClassVar[bool] = True

    DEFAULT_CSS = """
    ComparingScreen > .box { width: 96; max-height: 90%; }
    ComparingScreen Horizontal { height: auto; margin-top: 1; }
    ComparingScreen .side { width: 1fr; height: auto; padding: 0 1; }
    ComparingScreen .side Static { height: auto; }
    ComparingScreen .name { color: $text-accent; text-style: bold; }
    ComparingScreen .note { color: $foreground 60%; height: auto; margin-top: 1; }
    ComparingScreen.-narrow Horizontal { layout: vertical; }
    ComparingScreen.-narrow .side { width: 100%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._texts: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self._done = [False, False]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static("The same place, twice", classes="title", markup=False)
            with Horizontal():
                for side, title in enumerate(TITLES):
                    with Vertical(classes="side"):
                        yield Static(title, classes="name", markup=False)
                        yield Static(_WAITING, id=f"side-{side}", markup=False)
            yield Static(
                "Nothing of this is in your draft or in the log.", classes="note", markup=False
            )

    def on_mount(self) -> None:
        for side in (0, 1):
            self._show(side)

    def on_resize(self, event: events.Resize) -> None:
        """Columns need some room."""
        super().on_resize(event)
        self.set_class(event.size.width < 72, "-narrow")

    def grow(self, side: int, candidate: int, text: str) -> None:
        """More of a candidate has come. side: 0 with what was learned, 1 without."""
        texts = self._texts[side]
        texts[candidate] = texts.get(candidate, "") + text
        self._show(side)

    def ended(self, side: int, texts: list[str]) -> None:
        """All candidates of a side, as they are."""
        self._texts[side].clear()
        self._texts[side].update(enumerate(texts))
        self._done[side] = True
        self._show(side)

    def failed(self, why: str) -> None:
        """It could not be asked."""
        self.query_one(".note", Static).update(printable(why))

    def _show(self, side: int) -> None:
        if not self.is_mounted:
            return
        texts = [self._texts[side][number] for number in sorted(self._texts[side])]
        waiting = "" if self._done[side] else _WAITING
        if not texts:
            self.query_one(f"#side-{side}", Static).update(waiting or "(nothing)")
            return
        parts: list[tuple[str, str]] = []
        for number, text in enumerate(texts):
            parts.append((f"{number + 1}  ", "$foreground 60%"))
            parts.append((printable(text, keep="\n").strip("\n") + "\n", ""))
        self.query_one(f"#side-{side}", Static).update(Content.assemble(*parts))
