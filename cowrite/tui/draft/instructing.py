"""Saying what shall be done with a passage: the line, the presets, the passage that is meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cowrite.core.blocks import BlockKind
from cowrite.core.presets import Preset, all_presets, find
from cowrite.core.segmentation import word_count
from cowrite.core.task import TaskKind
from cowrite.session.tasks import Wish
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.editor import motions

if TYPE_CHECKING:
    from cowrite.tui.draft.instruction_bar import InstructionBar, Offer

_HEADING = re.compile(r"#{0,6}\s*")
_TRANSLATE = "translate to …"
_MOST_SHOWN = 20_000
"""Characters of a passage whose words are counted for the line."""


class Instructing(Feature):
    """Owns the line and what it is about."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._bar: InstructionBar | None = None
        self._reaches: list[tuple[str, int, int]] = []
        """What it may be about, the shortest first: a name, and where that begins and ends."""
        self._reach = 0
        self._read_for: Preset | None = None
        """What the model reads the passage for: the preset that was typed, None for words of one's own."""
        self._selection = (0, 0)
        """What was selected before the line was opened."""
        self._follows_up = False
        self._earlier: list[str] | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"instruct": self.open}

    async def open(self) -> None:
        """Open the line. In a rewrite that stands in the draft, for what shall be done with the result."""
        from cowrite.tui.draft.instruction_bar import KEYS, InstructionBar

        if self.session.buffer.refuses():
            return
        if self._bar is None:
            self._bar = InstructionBar()
            await self.screen.mount(self._bar, after=self.editor)
        self._bar.display = True
        self._selection = self.session.buffer.selection
        here = self.session.instructions.is_at(self.session.cursor)
        self._follows_up = here and self.session.rewrite is not None
        self._reaches = [] if self._follows_up else self._found_reaches()
        self._reach = 0
        self._read_for = None
        label = "Then" if self._follows_up else "Instruct"
        self._bar.open(label, self._about(), self._offers(), self._history())
        self.footer.pane = KEYS
        self._show_reach()

    def _found_reaches(self) -> list[tuple[str, int, int]]:
        """The selection; else the sentence at the cursor, its paragraph; on an empty line that place."""
        document, cursor = self.session.document, self.session.cursor
        low, high = self.session.selected
        if low < high:
            return [("selection", low, high)]
        line = document.line_at(cursor)
        if not document.line(line).strip():
            return [("here", cursor, cursor)]
        start, end, _ = motions.sentences(document, cursor)
        first, last = motions.paragraph_around(document, line)
        words = self._behind_signs(first)
        low, high = max(document.line_start(first), words), document.line_end(last)
        if low >= high:
            return [("here", high, high)]
        start = max(start, words)
        out = [("sentence", start, end)] if start < end and (start, end) != (low, high) else []
        return [*out, ("paragraph", low, high)]

    def _behind_signs(self, line: int) -> int:
        """Where a line's words begin: a heading's sign and a list's are no words to be made anew."""
        read = self.editor.page_layers.reading.line(line)
        document = self.session.document
        text = document.line(line)
        start = read.start
        if read.kind is BlockKind.HEADING and (sign := _HEADING.match(text, start)):
            start = sign.end()
        return document.line_start(line) + min(start, len(text))

    def _show_reach(self) -> None:
        """Let the writer see what it is about, and the model read it."""
        if not self._reaches:
            return
        _, start, end = self._reaches[self._reach]
        self.session.select(start, end)
        self.session.instructions.prepare(start, end, self._read_for)
        if self._bar is not None:
            self._bar.tell(self._about())

    def _about(self) -> str:
        if not self._reaches:
            return "with the result"
        name, start, end = self._reaches[self._reach]
        if start == end:
            return "writes here"
        if end - start > _MOST_SHOWN:
            return f"{name}, {end - start:,} characters"
        count = word_count(self.session.document.slice(start, end))
        return f"{name}, {count:,} word{'' if count == 1 else 's'}"

    def _presets(self) -> tuple[Preset, ...]:
        return all_presets(self.window.settings.presets)

    def _offers(self) -> list[Offer]:
        from cowrite.tui.draft.instruction_bar import Offer

        here = self._reaches[:1] and self._reaches[0][1] == self._reaches[0][2]
        if here:
            return []
        found = [
            Offer(one.title, one.keys) for one in self._presets() if one.kind is not TaskKind.ASK
        ]
        return [*found, Offer(_TRANSLATE.capitalize(), "l")]

    def _history(self) -> list[str]:
        """The last instructions, oldest first."""
        if self._earlier is None:
            store = self.window.store
            self._earlier = store.reader.last_instructions() if store is not None else []
        return self._earlier

    # What the line tells

    def on_instruction_bar_reached(self, message: InstructionBar.Reached) -> None:
        """About more of the draft, or less."""
        at = max(0, min(len(self._reaches) - 1, self._reach + message.step))
        if self._reaches and at != self._reach:
            self._reach = at
            self._show_reach()

    def on_instruction_bar_typed(self, message: InstructionBar.Typed) -> None:
        """What was typed is a preset now, or is none any more: its examples stand before the passage, so it is
        read again with them, and there is nothing left to read when the writer has done."""
        preset = find(message.text.strip(), self._presets())
        if self._reaches and preset != self._read_for:
            self._read_for = preset
            _, start, end = self._reaches[self._reach]
            self.session.instructions.prepare(start, end, preset)

    def on_instruction_bar_given(self, message: InstructionBar.Given) -> None:
        """Have it done, and go back to the draft where it is."""
        text = message.text.strip()
        if text.casefold() == _TRANSLATE:
            self.status.flash("into which language? For example: translate to German")
            if self._bar is not None:
                self._bar.begin_with("translate to ")
            return
        preset = find(text, self._presets())
        if preset is None and not text:
            self.status.flash("say what shall be done")
            return
        done = self._give(text, preset)
        if done:
            self._remember(text)
            self._close(keep=True)

    def _give(self, text: str, preset: Preset | None) -> bool:
        instructions = self.session.instructions
        if self._follows_up:
            return instructions.follow_up(text, preset)
        _, start, end = self._reaches[self._reach]
        return instructions.give(Wish(text, start, end, preset))

    def _remember(self, text: str) -> None:
        history = self._history()
        if text in history:
            history.remove(text)
        history.append(text)

    def on_instruction_bar_closed(self, _message: InstructionBar.Closed) -> None:
        """Back to the draft as it was."""
        self._close(keep=False)

    def _close(self, *, keep: bool) -> None:
        """Hide the line. keep: leave the cursor where it is, and not where it was."""
        if self._bar is not None:
            self._bar.display = False
        self.session.instructions.prepared()
        if not keep and self._reaches:
            self.session.select(*self._selection)
        self.footer.pane = None
        self.screen.set_focus(self.editor)
