"""The writer's edits: document, provenance, selection and undo history, kept in step and journaled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cowrite.core.change import Change, Piece
from cowrite.core.diff import difference
from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Edit, History, Origin, Part
from cowrite.core.events import Edited
from cowrite.core.provenance import PASTE, WRITER, Provenance, Runs, Source, one_run
from cowrite.session.line_changes import LineChanges
from cowrite.session.ports import Listener
from cowrite.session.session_log import SessionLog

READ_ONLY_HINT = "Save it under another name to go on there."

SOURCES: dict[Origin, Source] = {Origin.PASTE: PASTE}


@dataclass(frozen=True, slots=True)
class HunkEdit:
    """A hunk that is taken: `text` by these authors in the place of the draft from `start` to `end`."""

    start: int
    end: int
    text: str
    runs: Runs


class Buffer:
    """A draft under the writer's hands, which knows of no ghost.

    Positions are code points. `selection` is `(anchor, head)`; the cursor is at `head`.
    """

    def __init__(
        self,
        text: str,
        runs: Runs,
        log: SessionLog,
        listener: Listener,
        *,
        read_only: str | None = None,
        read_only_hint: str = "",
    ) -> None:
        self.document = Document(text)
        self.provenance = Provenance(runs)
        self.history = History()
        self.selection = (0, 0)
        self._log, self._listener = log, listener
        self._lines = LineChanges(self.document, listener)
        self.set_read_only(read_only, read_only_hint)
        self._clipboard: tuple[str, Runs] = ("", ())
        self._saved_at: tuple[int, int | None] = (0, None)

    @property
    def cursor(self) -> int:
        return self.selection[1]

    @property
    def selected(self) -> tuple[int, int]:
        """The selection in the order of the text."""
        return min(self.selection), max(self.selection)

    @property
    def dirty(self) -> bool:
        """Whether the draft differs from what was opened or saved last."""
        version, step = self._saved_at
        return version != self.document.version and step != self._last_step

    def mark_saved(self) -> None:
        """The draft as it is now is in its file."""
        self.history.close()
        self._saved_at = (self.document.version, self._last_step)

    @property
    def _last_step(self) -> int | None:
        """The number of the step that an undo would take back."""
        last = self.history.last
        return None if last is None else last.number

    # Selection

    def select(self, anchor: int, head: int) -> None:
        """Put the cursor at `head`, with the text from `anchor` to it selected. Clamped to the text."""
        size = len(self.document)
        wanted = (min(max(anchor, 0), size), min(max(head, 0), size))
        if wanted == self.selection:
            return
        self.history.close()
        self._go(*wanted)

    # Edits

    def type(self, text: str) -> None:
        """Put typed text in the place of the selection."""
        start, end = self.selected
        self.edit(start, end, text, Origin.TYPED)

    def paste(self, text: str, *, goes_on: bool = False) -> None:
        """Put pasted text in the place of the selection.

        What was cut or copied in this session keeps its authors; anything else is `paste`. goes_on: more
        of the paste before, which one undo takes back with it.
        """
        start, end = self.selected
        text = self.with_newlines(text)
        own, runs = self._clipboard
        edit = self.edit(start, end, text, Origin.PASTE, runs=runs if text == own else None)
        if goes_on and edit is not None:
            self.history.join_paste()

    def copy(self) -> str:
        """The selected text; remembered with its authors for a later paste."""
        start, end = self.selected
        text = self.document.slice(start, end)
        if text:
            self._clipboard = (text, self.provenance.slice(start, end))
        return text

    def cut(self) -> str:
        """Copy the selection and delete it."""
        text = self.copy()
        if text:
            start, end = self.selected
            self.edit(start, end, "", Origin.CUT)
        return text

    def delete(self, start: int, end: int) -> None:
        """Delete the text from `start` to `end`."""
        start, end = max(0, start), min(end, len(self.document))
        if start < end:
            self.edit(start, end, "", Origin.TYPED)

    def exchange(self, start: int, end: int, text: str) -> None:
        """Put `text` in the place of what was just typed; a step of its own, which one undo takes back."""
        self.history.close()
        self.edit(start, end, text, Origin.TYPED)
        self.history.close()

    def replace_many(self, edits: list[Piece]) -> int:
        """Replace each range `(start, end, text)`; one undo step. Returns how many were replaced.

        The ranges are of the text as it is now and don't overlap. Texts are put in as they are, line ends too.
        """
        if self.refuses() or not edits:
            return 0
        before = self.selection
        done = self._apply_all(edits, Origin.REPLACE)
        # The last one in the text was made first: those before it have moved it since.
        place = done[0].end + sum(len(edit.inserted) - len(edit.deleted) for edit in done[1:])
        self._step(done, before, (place, place))
        return len(done)

    def carry_out(self, change: Change) -> None:
        """Make a change that the writer's key stands for, as if it had been typed; one undo step."""
        if self.refuses() or not change.pieces:
            return
        before = self.selection
        self._step(self._apply_all(change.pieces, Origin.TYPED), before, change.selection)

    def _apply_all(self, pieces: Iterable[Piece], origin: Origin) -> list[Edit]:
        """Make edits whose places are of the text as it is now, the last one of the text first."""
        with self._lines.together():
            return [self.apply(*piece, origin) for piece in sorted(pieces, reverse=True)]

    def _step(self, done: list[Edit], before: tuple[int, int], after: tuple[int, int]) -> None:
        """Remember edits as one step, and go where the selection is behind it."""
        self.history.record_step(done, before, after)
        self._go(*after)
        self._listener.status()

    def take_hunks(self, hunks: list[HunkEdit], suggestion_id: str, candidate: int) -> None:
        """Put hunks of a rewrite into the draft, the last one of the text first; the cursor is behind that.

        One undo takes back all that was taken of a rewrite in a row.
        """
        before, was_dirty = self.selection, self.dirty
        took = (suggestion_id, candidate, Part.HUNK)
        with self._lines.together():
            done = [
                self.apply(hunk.start, hunk.end, hunk.text, Origin.SUGGESTION, hunk.runs, *took)
                for hunk in hunks
            ]
        place = done[0].end + sum(len(edit.inserted) - len(edit.deleted) for edit in done[1:])
        self.history.record_step(done, before, (place, place))
        self.history.join_hunks()
        self._go(place, place)
        if self.dirty is not was_dirty:
            self._listener.status()

    def become(self, text: str, runs: Runs, origin: Origin) -> bool:
        """Make the draft this text, changing only what differs; one undo step. False where nothing did."""
        old = self.document.text
        if text == old:
            return False
        low, high, fresh = difference(old, text)
        self.edit(low, high, text[low:fresh], origin, runs=Provenance(runs).slice(low, fresh))
        return True

    def undo(self) -> bool:
        """Take the last step back; false where there is none."""
        if self.refuses():
            return False
        step = self.history.undo()
        if step is None:
            return False
        with self._lines.together():
            for edit in reversed(step.edits):
                self.apply(edit.start, edit.end, edit.deleted, Origin.UNDO, edit.gone)
        self._after_step(*step.before)
        return True

    def redo(self) -> bool:
        """Do the last undone step again; false where there is none."""
        if self.refuses():
            return False
        step = self.history.redo()
        if step is None:
            return False
        with self._lines.together():
            for edit in step.edits:
                end = edit.start + len(edit.deleted)
                self.apply(edit.start, end, edit.inserted, Origin.REDO, edit.runs)
        self._after_step(*step.after)
        return True

    def _after_step(self, anchor: int, head: int) -> None:
        self._go(anchor, head)
        self._listener.status()

    def _go(self, anchor: int, head: int) -> None:
        """Put the selection there, and note the move for the journal."""
        self.selection = (anchor, head)
        self._log.moved(anchor, head)
        self._listener.moved()

    # What can't be changed

    def set_read_only(self, reason: str | None, hint: str = "") -> None:
        """Refuse changes from now on, for this reason (a clause), or with None take them."""
        self.read_only = reason
        self.read_only_hint = hint or READ_ONLY_HINT

    def refuses(self) -> bool:
        """Whether the draft can't be changed; the writer is told why."""
        if self.read_only is None:
            return False
        self._listener.notice(*self.read_only_notice(), "warning")
        return True

    def read_only_notice(self) -> tuple[str, str]:
        """Why nothing can be changed, and what to do about it."""
        return f"This draft is read-only: {self.read_only}.", self.read_only_hint

    def with_newlines(self, text: str) -> str:
        """The text with the draft's own line endings."""
        plain = one_line_end(text)
        return plain.replace("\n", self.document.newline) if "\n" in plain else plain

    def edit(
        self,
        start: int,
        end: int,
        text: str,
        origin: Origin,
        *,
        runs: Runs | None = None,
        suggestion_id: str | None = None,
        candidate: int | None = None,
        part: Part | None = None,
    ) -> Edit | None:
        """One edit of the writer's: applied, recorded for undo, the cursor behind it. None if refused."""
        if self.refuses():
            return None
        text = text if runs is not None else self.with_newlines(text)
        before = self.selection
        was_dirty = self.dirty
        edit = self.apply(start, end, text, origin, runs, suggestion_id, candidate, part)
        self.selection = (edit.end, edit.end)
        self.history.record(edit, before, self.selection)
        self._listener.moved()
        if self.dirty is not was_dirty:
            self._listener.status()
        return edit

    def apply(
        self,
        start: int,
        end: int,
        text: str,
        origin: Origin,
        runs: Runs | None = None,
        suggestion_id: str | None = None,
        candidate: int | None = None,
        part: Part | None = None,
    ) -> Edit:
        """Change document, provenance and journal together, and tell who draws them."""
        self._lines.coming(start, end)
        deleted, *lines = self.document.replace(start, end, text)
        if runs is None:
            runs = one_run(len(text), SOURCES.get(origin, WRITER))
        gone = self.provenance.replace(start, end, runs)
        edit = Edit(start, deleted, text, origin, runs, gone, suggestion_id, candidate, part)
        self._log.append(Edited(edit))
        self._lines.made(*lines)
        return edit
