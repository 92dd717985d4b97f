"""Snapshots: the list of them, and what has changed since one, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cowrite.core.dates import minute
from cowrite.core.diff import Paragraph
from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.logbook.snapshots import Snapshot
from cowrite.tui.screens.dialogs import Choice, Dialog
from cowrite.tui.screens.differing import MORE, DiffQuestion, painted

NEW, NEW_HERE = "new", "here"
"""Answers that are no snapshot: take one of all chapters, or of this draft alone."""
BACK, BACK_HERE = "back", "back-here"
_WIDTH, _AROUND = 96, 8


class SnapshotsScreen(Dialog):
    """Answers with a snapshot's id, or with `NEW` or `NEW_HERE`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("n", "answer('new')", "New"),
        ("h", "answer('here')", "New, this draft"),
    ]
    DEFAULT_CSS = """
    SnapshotsScreen > .box { width: 96; max-height: 90%; }
    SnapshotsScreen OptionList { max-height: 100%; }
    SnapshotsScreen .summary { color: $foreground 60%; height: auto; }
    SnapshotsScreen .keys { height: auto; margin-top: 1; color: $foreground 60%; }
    SnapshotsScreen.-tight .keys { margin-top: 0; }
    """

    is_reading = True

    def __init__(self, chapters: int) -> None:
        """chapters: of the draft's project, 0 where it is in none."""
        super().__init__()
        self._chapters = chapters
        self._snapshots: Sequence[Snapshot] = ()

    def compose(self) -> ComposeResult:
        new = "n new, all chapters   h this draft alone" if self._chapters else "n new"
        with Vertical(classes="box"):
            yield Static("Snapshots", classes="title", markup=False)
            yield Static("Reading the log …", classes="summary", markup=False)
            yield OptionList(compact=True)
            yield Static(f"enter compare, go back   {new}   esc back", classes="keys", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def show(self, snapshots: Sequence[Snapshot], trouble: str = "") -> None:
        """They were read."""
        self.is_reading = False
        if not self.query(".summary"):  # the window is being left
            return
        self._snapshots = snapshots
        said = trouble or (
            counted(len(snapshots), "snapshot")
            if snapshots
            else "None yet. Cowrite takes one by itself before it replaces in all chapters."
        )
        self.query_one(".summary", Static).update(printable(said))
        self._fill()

    @on(events.Resize)
    def _fill(self) -> None:
        options = self.query_one(OptionList)
        here = options.highlighted or 0
        width = min(_WIDTH, self.app.size.width) - _AROUND
        options.clear_options()
        options.add_options(Option(_line(one, width), id=one.identity) for one in self._snapshots)
        if self._snapshots:
            options.highlighted = min(here, len(self._snapshots) - 1)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_answer(self, what: str) -> None:
        """Take a snapshot."""
        self.dismiss(what)


def _line(one: Snapshot, width: int) -> Content:
    drafts = one.drafts[0].name if len(one.drafts) == 1 else f"{len(one.drafts):,} drafts"
    about = Content.styled(f"  {printable(drafts)}", "$foreground 60%").truncate(
        width // 3, ellipsis=True
    )
    when = Content.styled(f"{minute(one.when_ms)}  ", "$foreground 60%")
    name = Content.styled(printable(one.name), "$foreground 60%" if one.automatic else "")
    room = max(8, width - when.cell_length - about.cell_length)
    return when.append(name.truncate(room, ellipsis=True, pad=True)).append(about)


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A draft that is another by now, with what changed, as far as it is shown."""

    name: str
    lines: tuple[Paragraph, ...]


class SinceSnapshot(DiffQuestion):
    """Shows what changed since a snapshot, draft by draft; answers with `BACK` or `BACK_HERE`."""

    def __init__(
        self, snapshot: Snapshot, changed: Sequence[ChangedSince], *, is_here: bool, whole: bool
    ) -> None:
        """is_here: whether the draft on the screen is among them. whole: whether all lines are shown."""
        only = is_here and len(changed) == 1
        choices = [Choice("close", "Leave all as it is", "c")]
        if is_here:
            choices.append(Choice(BACK_HERE, "Go back in this draft", "t"))
        if changed and not only:
            said = counted(len(changed), "draft")
            choices.append(Choice(BACK, f"Go back in all of them ({said})", "b"))
        body = "Struck out: what is gone since. Underlined: what is new." if changed else ""
        super().__init__(f"Since {snapshot.called}", body, tuple(choices))
        self._changed, self._whole = changed, whole

    def shown(self, *, bare: bool) -> list[Content]:
        if not self._changed:
            return [Content("Nothing has changed.")]
        shown: list[Content] = []
        for one in self._changed:
            shown.append(Content.styled(printable(one.name), "bold $text-accent"))
            shown += [painted(paragraph, bare=bare) for paragraph in one.lines]
        return shown if self._whole else [*shown, Content(MORE)]
