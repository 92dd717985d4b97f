"""Deciding on a suggestion: looking through the candidates, taking, changing and refusing."""

from __future__ import annotations

from dataclasses import replace

from cowrite.core.difference import words_kept
from cowrite.core.document import one_line_end
from cowrite.core.edits import Edit, Origin, Part, Step
from cowrite.core.outcome import Closing
from cowrite.core.provenance import WRITER, Author, Runs, Source, joined
from cowrite.core.suggestion import Suggestion
from cowrite.session.requests import Requesting


class Suggesting(Requesting):
    """A draft whose writer can ask, look through what comes, take, change and refuse it."""

    # Deciding

    def cycle(self, step: int) -> bool:
        """Show the next (1) or previous (-1) candidate; false where there is no other."""
        if self.suggestion is None or not self.suggestion.cycle(step):
            return False
        self._note_shown()
        self.listener.ghosted()
        return True

    def choose(self, index: int) -> bool:
        """Show the candidate with this index; false where it can't be shown."""
        suggestion = self.suggestion
        if suggestion is None or index not in suggestion.choices:
            return False
        suggestion.index = index
        self._note_shown()
        self.listener.ghosted()
        return True

    def accept(self, part: Part = Part.ALL) -> str:
        """Take a part of the ghost into the draft, as one undo step; returns what was taken."""
        suggestion = self.suggestion
        if suggestion is None or not self.ghost:
            return ""
        text = suggestion.part(part)
        self._insert(suggestion, text, part)
        if part is Part.ALL and not suggestion.done:
            self._cancel(suggestion)
            self._close(Closing.TAKEN)
        else:
            self._close_if_taken()
        return text

    def accept_edited(self, text: str) -> None:
        """Take `text`, which the writer made of the ghost in the pane, in its place.

        The words that the ghost had stay the model's, the others are the writer's.
        """
        suggestion = self.suggestion
        if suggestion is None or self._refuses():
            return
        self._cancel(suggestion)
        self._insert(suggestion, text, Part.PANE, whole=False)
        self._close(Closing.TAKEN)

    def stop_writing(self) -> None:
        """Let the model stop; what it has written so far stays on screen."""
        if self.suggestion is not None:
            self._cancel(self.suggestion)

    def reject(self) -> bool:
        """Say no to the ghost; false where there is none."""
        if self.suggestion is None:
            return False
        self._cancel(self.suggestion)
        self._close(Closing.REJECTED if self.suggestion.ghost else Closing.CANCELLED)
        return True

    def _insert(
        self, suggestion: Suggestion, text: str, part: Part, *, whole: bool = True
    ) -> Edit | None:
        if not text:
            return None
        identity = suggestion.suggestion_id
        fresh = self._with_newlines(text)
        model = Source(Author.MODEL, identity)
        kept = (
            words_kept(self._with_newlines(suggestion.ghost), fresh)
            if not whole
            else [(len(fresh), True)]
        )
        runs = joined((length, model if own else WRITER) for length, own in kept)
        place = suggestion.position
        self.history.close()
        gone = self._give_way(suggestion)
        edit = self._edit(
            place,
            place,
            fresh,
            Origin.SUGGESTION,
            runs=tuple(runs),
            suggestion_id=identity,
            candidate=suggestion.index,
            part=part,
        )
        if edit is not None and gone is not None:
            self.history.join_last(gone)
        if edit is not None and whole:
            suggestion.take(text)
            suggestion.position = edit.end
            self.listener.ghosted()
        return edit

    def _give_way(self, suggestion: Suggestion) -> Edit | None:
        """Take out of the draft what the ghost comes in the place of; None where it is nothing."""
        size, suggestion.replaces = suggestion.replaces, 0
        if not size or self.read_only is not None:
            return None
        place = suggestion.position
        return self._apply(place, place + size, "", Origin.REPLACE)

    # The writer's hands, with a ghost on screen

    def select(self, anchor: int, head: int) -> None:
        """Move the cursor; a ghost that it leaves behind is closed."""
        self._active_at = self._clock()
        super().select(anchor, head)
        suggestion = self.suggestion
        if suggestion is not None and self.selection != (suggestion.position,) * 2:
            self._cancel(suggestion)
            self._close(Closing.MOVED)

    def type(self, text: str) -> None:
        """Type; what the ghost says is taken from it, anything else closes it."""
        self._active_at = self._clock()
        suggestion = self.suggestion
        if suggestion is not None and self.selection == (suggestion.position,) * 2:
            ghost = self.ghost
            if text and ghost.startswith(text):
                self._type_through(suggestion, text)
                return
        self._leave(Closing.TYPED)
        super().type(text)

    def _type_through(self, suggestion: Suggestion, text: str) -> None:
        edit = self._edit(
            suggestion.position,
            suggestion.position,
            text,
            Origin.TYPED,
            suggestion_id=suggestion.suggestion_id,
            candidate=suggestion.index,
            part=Part.TYPED,
        )
        if edit is None:
            return
        suggestion.take(text)
        suggestion.position = edit.end
        self._close_if_taken()
        self.listener.ghosted()

    def delete(self, start: int, end: int) -> None:
        """Delete; what was just taken from the ghost goes back to it."""
        self._active_at = self._clock()
        suggestion = self.suggestion
        if suggestion is not None and end == suggestion.position and start < end:
            gone = one_line_end(self.document.slice(start, end))
            if suggestion.give_back(gone):
                super().delete(start, end)
                suggestion.position = start
                self.listener.ghosted()
                return
        self._leave(Closing.TYPED)
        super().delete(start, end)

    def paste(self, text: str, *, goes_on: bool = False) -> None:
        """Paste; a ghost is closed."""
        self._leave(Closing.TYPED)
        super().paste(text, goes_on=goes_on)

    def cut(self) -> str:
        """Cut; a ghost is closed."""
        self._leave(Closing.TYPED)
        return super().cut()

    def replace_many(self, edits: list[tuple[int, int, str]]) -> int:
        """Replace; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().replace_many(edits)

    def become(self, text: str, runs: Runs, origin: Origin) -> bool:
        """Make the draft another text; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().become(text, runs, origin)

    def undo(self) -> bool:
        """Undo; a ghost gets back what the undone step had taken from it, or is closed."""
        self._active_at = self._clock()
        suggestion, step = self.suggestion, self.history.last
        if suggestion is not None and step is not None and _took(suggestion, step):
            edit = step.edits[-1]
            if suggestion.give_back(one_line_end(edit.inserted)):
                done = super().undo()
                suggestion.position = edit.start
                if len(step.edits) > 1:
                    suggestion.replaces = len(step.edits[0].deleted)
                self.listener.ghosted()
                return done
        self._leave(Closing.MOVED)
        return super().undo()

    def redo(self) -> bool:
        """Redo; a ghost is closed."""
        self._leave(Closing.MOVED)
        return super().redo()

    def _close_if_taken(self) -> None:
        suggestion = self.suggestion
        if suggestion is not None and not suggestion.ghost and suggestion.index in self.finished:
            self._cancel(suggestion)
            self._close(Closing.TAKEN)

    def _leave(self, closing: Closing) -> None:
        """The writer goes on without the ghost."""
        self._active_at = self._clock()
        if self.suggestion is not None:
            self._cancel(self.suggestion)
            self._close(closing)

    def set_asking(self, **changes: object) -> None:
        """Change how the session asks, from now on."""
        self.asking = replace(self.asking, **changes)  # type: ignore[arg-type]


def _took(suggestion: Suggestion, step: Step) -> bool:
    """Whether a step took the last part of this suggestion, and did nothing else but make room for it."""
    edit = step.edits[-1]
    own = edit.suggestion_id == suggestion.suggestion_id and edit.end == suggestion.position
    return own and all(one.origin is Origin.REPLACE and not one.inserted for one in step.edits[:-1])
