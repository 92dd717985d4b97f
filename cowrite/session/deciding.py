"""Going through the hunks of a rewrite, and taking them into the draft or refusing them."""

from __future__ import annotations

from cowrite.core.events import Refused
from cowrite.core.hunks import Hunk, authors
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author, Source
from cowrite.session.buffer import HunkEdit
from cowrite.session.desk import Desk
from cowrite.session.instructions import Instructions


class Deciding:
    """Moves hunks from the rewrite to the draft. What was moved is the rewrite's and the buffer's to know."""

    def __init__(self, desk: Desk, instructions: Instructions) -> None:
        self._buffer, self._log, self._listener = desk.buffer, desk.log, desk.listener
        self._instructions = instructions

    def go(self, step: int) -> bool:
        """Put the cursor at the next (1) or previous (-1) hunk; false where there is none."""
        rewrite = self._instructions.current
        hunks = rewrite.hunks if rewrite is not None else []
        if rewrite is None or not hunks:
            return False
        cursor = self._buffer.cursor - rewrite.start
        index = rewrite.hunk_at(self._buffer.cursor)
        if cursor > hunks[index].end:  # behind all of them
            index = 0 if step > 0 else index
        elif cursor == hunks[index].at or step < 0:
            index = (index + step) % len(hunks)
        place = rewrite.start + hunks[index].at
        self._buffer.select(place, place)
        return True

    def come_back(self) -> bool:
        """Put the cursor at the first hunk; false where no rewrite stands."""
        rewrite = self._instructions.current
        if rewrite is None:
            return False
        hunks = rewrite.hunks
        place = rewrite.start + (hunks[0].at if hunks else 0)
        self._buffer.select(place, place)
        return True

    def take(self) -> bool:
        """Take the hunk at the cursor into the draft, and go to the next one."""
        return self._take(self._here())

    def take_all(self) -> bool:
        """Take all hunks that the model has written; nothing more is decided on then."""
        rewrite = self._instructions.current
        if rewrite is None:
            return False
        done = self._take([hunk for hunk in rewrite.hunks if hunk.settled])
        if done and self._instructions.current is rewrite and rewrite.written:
            self._instructions.leave(Closing.TAKEN)
        return done

    def refuse(self) -> bool:
        """Leave the draft as it is at the hunk at the cursor, and go to the next one."""
        rewrite, hunks = self._instructions.current, self._here()
        if rewrite is None or not hunks:
            return False
        start, end = rewrite.start + hunks[0].at, rewrite.start + hunks[0].end
        self._log.append(Refused(rewrite.suggestion_id, rewrite.index, start, end))
        self._after_decision()
        return True

    def refuse_all(self) -> bool:
        """Let all that is not taken go; false where no rewrite stands."""
        rewrite = self._instructions.current
        if rewrite is None:
            return False
        said = Closing.REJECTED if rewrite.text else Closing.CANCELLED
        self._instructions.leave(Closing.TAKEN if rewrite.taken else said)
        return True

    def _here(self) -> list[Hunk]:
        """The hunk at the cursor, where it can be decided on."""
        rewrite = self._instructions.current
        index = rewrite.hunk_at(self._buffer.cursor) if rewrite is not None else -1
        if rewrite is None or index < 0:
            return []
        hunk = rewrite.hunks[index]
        if not hunk.settled:
            self._listener.notice("The model is still writing this one")
            return []
        return [hunk]

    def _take(self, hunks: list[Hunk]) -> bool:
        """Put hunks into the draft: all that is taken of a rewrite in a row is one step for undo."""
        rewrite = self._instructions.current
        if rewrite is None or not hunks or self._buffer.refuses():
            return False
        source = Source(Author.MODEL, rewrite.suggestion_id)
        edits = []
        for hunk in reversed(hunks):
            start, end = rewrite.start + hunk.at, rewrite.start + hunk.end
            runs = authors(hunk, self._buffer.provenance.slice(start, end), source)
            edits.append(HunkEdit(start, end, hunk.new, runs))
        self._buffer.take_hunks(edits, rewrite.suggestion_id, rewrite.index)
        self._after_decision()
        return True

    def _after_decision(self) -> None:
        """Go to the next hunk, or end where nothing is left to decide on."""
        rewrite = self._instructions.current
        if rewrite is None:
            return
        hunks = rewrite.hunks
        if hunks:
            index = rewrite.hunk_at(self._buffer.cursor)
            place = rewrite.start + hunks[index].at
            self._buffer.select(place, place)
        elif rewrite.written:
            self._instructions.leave(Closing.TAKEN if rewrite.taken else Closing.REJECTED)
            return
        self._instructions.tell()
