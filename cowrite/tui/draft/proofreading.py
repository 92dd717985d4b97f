"""Remarks on the whole draft, in a list: repeated words, long sentences, slips of tense and names."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.window.messages import Answered

if TYPE_CHECKING:
    from cowrite.prose.remarks import Remark

_WORK, _REST = 0.003, 0.001
"""Seconds that the thread reads, and rests, so that no key waits for it."""
_AROUND = 40
"""Characters before and behind a place that are shown of it."""


class Proofreading(Feature):
    """Owns the reading that goes on. A second press ends it, and so does a change of the draft."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._number = 0
        self._reading = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"proofread": self.proofread}

    def changed(self, *_lines: int) -> None:
        """What was read isn't the draft any more."""
        self._stop()

    def _stop(self) -> None:
        self._number += 1
        self._reading = False

    def proofread(self) -> None:
        """Read the draft, in a thread, and list what there is to say; or end such a reading."""
        if self._reading:
            self._stop()
            self.status.flash("proofreading ended")
            return
        self._number += 1
        self._reading = True
        self.status.flash("reading the draft …")
        args = (self.session.document.text, self._number)
        threading.Thread(target=self._read, args=args, name="proofreader", daemon=True).start()

    def _read(self, text: str, number: int) -> None:
        """The thread."""
        from cowrite.prose.proofreading import proofread
        from cowrite.prose.remarks import StoppedError

        began = time.monotonic()

        def stopped() -> bool:
            nonlocal began
            if time.monotonic() - began > _WORK:
                time.sleep(_REST)
                began = time.monotonic()
            return number != self._number

        try:
            found = proofread(text, stopped)
        except StoppedError:
            return
        self.screen.app.post_message(Answered(lambda: self._show(found, number)))

    def _show(self, found: list[Remark], number: int) -> None:
        from cowrite.tui.screens.choosing import Choice, Chooser

        if number != self._number:
            return
        self._reading = False
        if not self.screen.is_current:
            return
        if not found:
            self.status.flash("no remarks")
            return
        self.status.clear()
        entries = [
            Choice(str(index), remark.says, self._about(remark), remark.kind.value)
            for index, remark in enumerate(found)
        ]
        here = self.session.selected[1]
        start = next((index for index, one in enumerate(found) if one.start >= here), 0)

        def chosen(answer: str | None) -> None:
            if answer is not None and answer.isdecimal() and int(answer) < len(found):
                self.session.select(found[int(answer)].start, found[int(answer)].end)

        title = f"{counted(len(found), 'remark')}: Enter goes there, typing narrows"
        self.window.push_screen(Chooser(title, entries, start=start), chosen)

    def _about(self, remark: Remark) -> str:
        """The line, and what stands around the place."""
        document = self.session.document
        line = document.line_at(remark.start)
        low = max(document.line_start(line), remark.start - _AROUND)
        high = min(document.line_end(line), remark.start + _AROUND)
        return f"line {line + 1}: {printable(document.slice(low, high)).strip()}"
