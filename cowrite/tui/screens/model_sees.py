"""What the model sees: each part of it as it is sent, where it is from, and what is left out and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cowrite.core.printable import printable
from cowrite.session.shown_rows import DRAFT, ShownRow, WeighedRow, levels
from cowrite.tui.screens.dialogs import Dialog

_QUIET = "$foreground 60%"
_SHADES = ("", "on $warning 15%", "underline on $warning 25%", "bold underline on $warning 40%")
"""Of a sentence, by how much it counted: told by a sign in front of it too."""

_BARE = ("", "", "underline", "bold underline")
"""The same in the terminal's own colours, which don't mix."""

_SIGNS = ("   ", " · ", " ▪ ", " █ ")
_NOTE = "Esc closes, w weighs it, i shows an instruction's"
_LONGEST = 20_000
"""Characters of a part that are drawn."""


class ModelSees(Dialog):
    """Only read. `w` has the sentences weighed for the suggestion on screen, `i` goes to what an instruction is
    told, and back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("w", "weigh", "Weigh"),
        ("i", "turn", "Instruction"),
        ("enter", "cancel", "Close"),
    ]
    DEFAULT_CSS = """
    ModelSees > .box { width: 96; height: 90%; }
    ModelSees .parts { height: 1fr; margin-top: 1; }
    ModelSees .parts Static { height: auto; }
    ModelSees .note { color: $foreground 60%; height: auto; }
    ModelSees.-tight > .box { height: 100%; }
    ModelSees.-tight .parts { margin: 0; }
    """

    def __init__(self, weigh: Callable[[], None], turn: Callable[[], None]) -> None:
        super().__init__()
        self._weigh, self._turn = weigh, turn
        self._content = Content("…")
        self._note = _NOTE

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="box", can_focus=False):
            yield Static("What the model sees", classes="title", markup=False)
            with VerticalScroll(classes="parts"):
                yield Static(self._content, id="parts", markup=False)
            yield Static(self._note, classes="note", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(".parts", VerticalScroll))
        self._renew()

    def on_key(self, event: events.Key) -> None:
        """Home and end go to the ends."""
        parts = self.query_one(".parts", VerticalScroll)
        if event.key == "home":
            parts.scroll_home()
            event.stop()
        elif event.key == "end":
            parts.scroll_end()
            event.stop()

    def action_weigh(self) -> None:
        """Have it weighed."""
        self._say("weighing …")
        self._weigh()

    def action_turn(self) -> None:
        """Show what an instruction is told, or a suggestion again."""
        self._say(_NOTE)
        self._turn()

    def show(self, rows: Sequence[ShownRow], size: str, after: str = "") -> None:
        """All parts, with their tokens. size: how many there are together, in words."""
        lines: list[tuple[str, str]] = [(f"{size}\n\n", _QUIET)]
        for row in rows:
            if row.text:
                source = row.source
                if not source and row.start is not None:
                    source = f"characters {row.start} to {row.end}"
                lines += _head(row.kind, source, f"{row.tokens} tokens", row.why)
                lines.append((_cut(row.text) + "\n\n", ""))
        if after.strip():
            said = "only so that the suggestion fits what follows; most models are not shown it"
            lines += _head("behind the cursor", "", f"{len(after)} characters", said)
            lines.append((_cut(after) + "\n\n", _QUIET))
        out = [row for row in rows if not row.text]
        if out:
            lines.append(("Not shown\n", "bold"))
            lines += [
                (f"{printable(row.kind)}  {printable(row.source)}: {row.why}\n", _QUIET)
                for row in out
            ]
        self._content = Content.assemble(*lines)
        self._renew()

    def shade(self, rows: Sequence[WeighedRow], reason: str) -> None:
        """The sentences in order, by how much they counted."""
        if not rows:
            return
        lines: list[tuple[str, str]] = [
            ("Without it the suggestion is so much less likely (nats), and attention:\n\n", _QUIET)
        ]
        kind = None
        shades = _BARE if self.app.native_ansi_color else _SHADES
        for row, shade in zip(rows, levels([row.lost for row in rows]), strict=True):
            if (row.kind, row.source) != kind:
                kind = (row.kind, row.source)
                lines.append((f"{printable(row.kind)}  {printable(row.source)}\n", "bold"))
            share = "    " if row.attention is None else f"{100 * row.attention:3.0f}%"
            lines.append((f"{_SIGNS[shade]}{row.lost:+6.2f} {share}  ", _QUIET))
            lines.append((printable(" ".join(row.text.split())), shades[shade]))
            lines.append(("\n", ""))
        self._content = Content.assemble(*lines)
        self._renew()
        self._say(reason or "Neither figure tells why; docs/memory.md says what they can tell")

    def failed(self, why: str) -> None:
        """It could not be told."""
        self._say(why)

    def _say(self, note: str) -> None:
        self._note = printable(note)
        if self.is_mounted:
            self.query_one(".note", Static).update(self._note)

    def _renew(self) -> None:
        if self.is_mounted:
            self.query_one("#parts", Static).update(self._content)


def _head(kind: str, source: str, size: str, why: str) -> list[tuple[str, str]]:
    name = printable(kind if kind != DRAFT else "the draft")
    return [
        (name, "bold $text-accent"),
        (f"{f'  {printable(source)}' if source else ''}  {size}; {printable(why)}\n", _QUIET),
    ]


def _cut(text: str) -> str:
    shown = text if len(text) <= _LONGEST else "… " + text[-_LONGEST:]
    return printable(shown.strip("\n"), keep="\n")
