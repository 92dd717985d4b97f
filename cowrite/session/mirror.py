"""A draft that another editor holds: its changes, made here too, and what of them was taken from a ghost.

The editor's text is the truth; what it does is journaled as if it were done in the window, so that whatever
reads the log need not know where a draft was written.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from cowrite.core.diff import Change, difference
from cowrite.core.edits import Origin
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, PASTE, WRITER, Runs, one_run
from cowrite.core.units import Units, code_points, whole_characters, width
from cowrite.core.word_diff import differences
from cowrite.session.draft import DraftSession
from cowrite.session.mirrored_ghost import MirroredGhost

_PASTED = 64
"""More characters at once were not typed: editors send what is typed every few tenths of a second."""

_REMEMBERED = 64
"""Deleted pieces whose authors are known when they come back, by undo or by pasting, and"""
_WORTH = 3
"""of how many characters each is at least."""

_IN_WORDS = 20_000
"""Characters that are compared word by word, so that a paragraph which was wrapped anew keeps its authors."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the other editor: line from 0, and a column in its units."""

    line: int
    column: int


class Mirror:
    """The session's draft, kept as another editor has it. Places out of the text are those at its border."""

    def __init__(self, session: DraftSession, units: Units) -> None:
        self._session, self._units = session, units
        self.ghost = MirroredGhost(session)
        self._gone: deque[tuple[str, Runs]] = deque(maxlen=_REMEMBERED)
        session.suggestions.is_drawn_elsewhere()
        session.buffer.set_read_only(None)

    # Places

    def offset(self, place: Place) -> int:
        """The code point at a place."""
        document = self._session.document
        if place.line < 0:
            return 0
        if place.line >= document.line_count:
            return len(document)
        column = code_points(document.line(place.line), place.column, self._units)
        return document.offset(place.line, column)

    def place(self, offset: int) -> Place:
        """Where a code point is."""
        document = self._session.document
        line, column = document.locate(offset)
        return Place(line, width(document.line(line)[:column], self._units))

    def go(self, place: Place) -> None:
        """The cursor is there."""
        offset = self.offset(place)
        if self._session.buffer.selection != (offset, offset):
            self._session.select(offset, offset)

    # Changes

    def begin(self, text: str) -> None:
        """The editor's text, which may be another than the file's."""
        fresh = whole_characters(text)
        self._session.become(fresh, one_run(len(fresh), FILE), Origin.RELOAD)
        self._session.select(0, 0)

    def replace_all(self, text: str) -> None:
        """The editor sends its text anew: what differs is what it changed."""
        old, fresh = self._session.document.text, whole_characters(text)
        if old != fresh:
            low, high, end = difference(old, fresh)
            self._replace(low, high, fresh[low:end])

    def change(self, start: Place, end: Place, text: str) -> None:
        """The editor has put a text in the place of what was from `start` to `end`."""
        low, high = sorted((self.offset(start), self.offset(end)))
        self._replace(low, high, whole_characters(text))

    def _replace(self, start: int, end: int, text: str) -> None:
        """Make the change, of which only what differs is one: editors send lines to change a word."""
        old = self._session.document.slice(start, end)
        if old == text:
            return
        low, high, fresh = difference(old, text)
        self._make(start + low, start + high, text[low:fresh])

    def _make(self, start: int, end: int, text: str) -> None:
        session = self._session
        if start == end:
            if not self.ghost.took(start, text):
                self._insert(start, text)
        elif not text:
            self._remember(start, end)
            session.delete(start, end)
        elif max(end - start, len(text)) > _IN_WORDS:
            self._exchange(start, end, text)
        else:
            self._in_words(start, session.document.slice(start, end), text)
        self.ghost.forget_if_gone()

    def _insert(self, start: int, text: str) -> None:
        """A text came in: what was deleted before keeps its authors."""
        known = next((runs for gone, runs in reversed(self._gone) if gone == text), None)
        pasted = known is not None or len(text) > _PASTED
        runs = known or one_run(len(text), PASTE if pasted else WRITER)
        self._edit(start, start, text, runs, Origin.PASTE if pasted else Origin.TYPED)

    def _in_words(self, start: int, old: str, text: str) -> None:
        """Words were exchanged: those that stayed are whose they were."""
        place = start
        gone = ""
        for change, piece in (*differences(old, text), (Change.SAME, "")):
            if change is Change.GONE:
                gone += piece
                continue
            fresh = piece if change is Change.NEW else ""
            if gone or fresh:
                self._exchange(place, place + len(gone), fresh)
            place, gone = place + len(piece), ""

    def _exchange(self, start: int, end: int, text: str) -> None:
        self._remember(start, end)
        pasted = len(text) > _PASTED
        runs = one_run(len(text), PASTE if pasted else WRITER)
        self._edit(start, end, text, runs, Origin.PASTE if pasted else Origin.TYPED)

    def _edit(self, start: int, end: int, text: str, runs: Runs, origin: Origin) -> None:
        """One edit as it is, without a change of its line ends; a ghost is closed."""
        self._session.pauses.end()
        self._session.suggestions.leave(Closing.TYPED)
        self._session.buffer.edit(start, end, text, origin, runs=runs)

    def _remember(self, start: int, end: int) -> None:
        if end - start >= _WORTH:
            text = self._session.document.slice(start, end)
            self._gone.append((text, self._session.provenance.slice(start, end)))
