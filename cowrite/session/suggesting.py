"""Asking for suggestions and deciding on them: the writer's side of a ghost."""

from __future__ import annotations

import uuid
from dataclasses import replace

from cowrite.core.difference import words_kept
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import Requested
from cowrite.core.outcome import Closing
from cowrite.core.provenance import WRITER, Author, Runs, Source, joined
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Suggestion
from cowrite.core.window import Context, context_at
from cowrite.session.answering import Answering, Pending


class Suggesting(Answering):
    """A draft whose writer can ask, look through what comes, take, change and refuse it."""

    # Asking

    def ask(self, *, auto: bool = False) -> None:
        """Ask for suggestions at the cursor. With a ghost on screen, ask for others."""
        if self._refuses():
            return
        if self.engine is None or self.engine_state == "no model":
            if not auto:
                reason = self.engine_reason or "the model is still being made ready"
                self.listener.notice(f"There is no model to ask: {reason}", severity="warning")
            return
        parent = self.suggestion.suggestion_id if self.suggestion else None
        self._close(Closing.REGENERATED)
        self.history.close()
        position = self.cursor
        context = self._context(position)
        identity = uuid.uuid4().hex
        params = self.asking.params
        if params.seed is None:
            params = replace(params, seed=self._seed(context))
        self.log(
            Requested(
                identity,
                position,
                context.start,
                context.end,
                params,
                self.model_name,
                self.model_sha256,
                head=context.head,
                auto=auto,
                parent_id=parent,
            )
        )
        self.suggestion = Suggestion(identity, position, [""] * params.n)
        self.finished = {}
        self._auto = auto
        self._pending[identity] = Pending(self._clock())
        self.engine.suggest(identity, context, params)
        self.listener.ghosted()
        self.listener.status()

    def _seed(self, context: Context) -> int:
        """The seed of this place, another one each time that it is asked there again in a row."""
        seed = place_seed(context)
        again = self._asked is not None and self._asked[0] == seed
        self._asked = (seed, self._asked[1] + 1 if again and self._asked else 0)
        return place_seed(context, self._asked[1])

    def _context(self, position: int) -> Context:
        asking = self.asking
        budget = asking.context_budget or self._window_chars
        return context_at(self.document, position, budget=budget, head=asking.head)

    def tick(self) -> None:
        """Do what a pause is for: run ahead, ask by itself. The UI calls this some times a second."""
        self.flush_moves()
        if self.engine is None or self.read_only is not None:
            return
        place = (self.document.version, self.cursor)
        idle = self._clock() - self._active_at
        if (
            self.asking.run_ahead
            and self.suggestion is None
            and self._warmed != place
            and idle >= 0.1
        ):
            self._warmed = place
            self.engine.warm(self._context(self.cursor))
        ready = self.engine_state == "ready" and self.suggestion is None and len(self.document) > 0
        if (
            self.asking.auto
            and ready
            and idle >= self.asking.auto_pause
            and self._auto_asked != place
        ):
            self._auto_asked = place
            if self.selection[0] == self.cursor:
                self.ask(auto=True)

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
        if edit is not None and whole:
            suggestion.take(text)
            suggestion.position = edit.end
            self.listener.ghosted()
        return edit

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
            gone = self.document.slice(start, end).replace("\r\n", "\n")
            if suggestion.give_back(gone):
                super().delete(start, end)
                suggestion.position = start
                self.listener.ghosted()
                return
        self._leave(Closing.TYPED)
        super().delete(start, end)

    def paste(self, text: str) -> None:
        """Paste; a ghost is closed."""
        self._leave(Closing.TYPED)
        super().paste(text)

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
        if suggestion is not None and step is not None and len(step.edits) == 1:
            edit = step.edits[0]
            own = edit.suggestion_id == suggestion.suggestion_id and edit.end == suggestion.position
            if own and suggestion.give_back(edit.inserted.replace("\r\n", "\n")):
                done = super().undo()
                suggestion.position = edit.start
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
