"""Taking what the model wrote into the draft: whole, in parts, changed, or letter by letter."""

from __future__ import annotations

from cowrite.core.diff import words_kept
from cowrite.core.edits import Edit, Origin, Part, Step
from cowrite.core.ghost import Suggestion
from cowrite.core.outcome import Closing
from cowrite.core.provenance import WRITER, Author, Runs, Source, joined
from cowrite.session.buffer import Buffer
from cowrite.session.ports import Listener
from cowrite.session.suggestions import Suggestions


class Accepting:
    """Moves text from the ghost to the draft. What was moved is the ghost's and the buffer's to know."""

    def __init__(self, buffer: Buffer, suggestions: Suggestions, listener: Listener) -> None:
        self._buffer, self._suggestions, self._listener = buffer, suggestions, listener

    def accept(self, part: Part = Part.ALL) -> str:
        """Take a part of the ghost into the draft, as one undo step; returns what was taken."""
        suggestion = self._suggestions.current
        if suggestion is None or not self._suggestions.ghost:
            return ""
        text = suggestion.part(part)
        whole = part is Part.ALL and not suggestion.done
        if not self._take(suggestion, text, part):
            return ""
        self._listener.ghosted()
        if whole:
            self._suggestions.leave(Closing.TAKEN)
        else:
            self._suggestions.leave_if_taken()
        return text

    def take(self, text: str, part: Part) -> bool:
        """Take `text`, with which the ghost begins, as another editor did; false where it doesn't."""
        suggestion = self._suggestions.current
        if suggestion is None or not text or not suggestion.ghost.startswith(text):
            return False
        if not self._take(suggestion, text, part):
            return False
        self._listener.ghosted()
        if part is Part.ALL:
            self._suggestions.leave(Closing.TAKEN)
        else:
            self._suggestions.leave_if_taken()
        return True

    def accept_edited(self, text: str) -> None:
        """Take `text`, which the writer made of the ghost in the pane, in its place.

        The words that the ghost had stay the model's, the others are the writer's.
        """
        suggestion = self._suggestions.current
        if suggestion is None or self._buffer.refuses():
            return
        self._suggestions.stop_writing()
        if text:
            fresh = self._buffer.with_newlines(text)
            kept = words_kept(self._buffer.with_newlines(suggestion.ghost), fresh)
            self._take(suggestion, text, Part.PANE, kept)
        self._suggestions.close(Closing.TAKEN)

    def agrees(self, text: str) -> bool:
        """Whether the ghost begins with `text` and stands at the cursor, so that typing takes it."""
        suggestion = self._suggestions.current
        if suggestion is None or not text:
            return False
        here = self._buffer.selection == (suggestion.position,) * 2
        return here and self._suggestions.ghost.startswith(text)

    def type_through(self, text: str) -> None:
        """Type what the ghost says: it is in the draft, and gone from the ghost."""
        suggestion = self._suggestions.current
        if suggestion is None:
            return
        place = suggestion.position
        self._buffer.edit(
            place,
            place,
            text,
            Origin.TYPED,
            suggestion_id=suggestion.suggestion_id,
            candidate=suggestion.index,
            part=Part.TYPED,
        )
        self._suggestions.leave_if_taken()
        self._listener.ghosted()

    def gives_back(self, start: int, end: int) -> bool:
        """Whether deleting from `start` to `end` gives back to the ghost what was just taken from it."""
        suggestion = self._suggestions.current
        if suggestion is None or end != suggestion.position or start >= end:
            return False
        return suggestion.accepted.ends_with(self._buffer.document.slice(start, end))

    def undo_gives_back(self) -> bool:
        """Whether an undo gives back to the ghost what was just taken from it, and does nothing else."""
        suggestion, step = self._suggestions.current, self._buffer.history.last
        if suggestion is None or step is None or not _took(suggestion, step):
            return False
        return suggestion.accepted.ends_with(step.edits[-1].inserted)

    def _take(
        self,
        suggestion: Suggestion,
        text: str,
        part: Part,
        kept: list[tuple[int, bool]] | None = None,
    ) -> Edit | None:
        """Put a text of the ghost's into the draft, in the place of what it replaces; one undo step.

        kept: lengths of its runs, and whether each of them is the model's; None where all of it is.
        """
        buffer = self._buffer
        if not text or buffer.refuses():
            return None
        fresh = buffer.with_newlines(text)
        buffer.history.close()
        room = self._make_room(suggestion)
        edit = buffer.edit(
            suggestion.position,
            suggestion.position,
            fresh,
            Origin.SUGGESTION,
            runs=_runs(suggestion.suggestion_id, kept or [(len(fresh), True)]),
            suggestion_id=suggestion.suggestion_id,
            candidate=suggestion.index,
            part=part,
        )
        if room is not None:
            buffer.history.join_last(room)
        return edit

    def _make_room(self, suggestion: Suggestion) -> Edit | None:
        """Take out of the draft what the ghost comes in the place of; None where it is nothing."""
        place, size = suggestion.position, suggestion.replaces
        return self._buffer.apply(place, place + size, "", Origin.REPLACE) if size else None


def _runs(suggestion_id: str, kept: list[tuple[int, bool]]) -> Runs:
    """The authors of a text of which some pieces are the model's."""
    model = Source(Author.MODEL, suggestion_id)
    return tuple(joined((length, model if own else WRITER) for length, own in kept))


def _took(suggestion: Suggestion, step: Step) -> bool:
    """Whether a step took the last part of this suggestion, and did nothing else but make room for it."""
    edit = step.edits[-1]
    own = edit.suggestion_id == suggestion.suggestion_id and edit.end == suggestion.position
    return own and all(one.origin is Origin.REPLACE and not one.inserted for one in step.edits[:-1])
