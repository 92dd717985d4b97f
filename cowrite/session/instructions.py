"""Instructions on a passage: what the model makes of it stands in the draft as a diff, until it is decided on.

A rewrite is never in the document, the file or the undo history before some of it is taken. It stays where
it is while the writer goes on elsewhere, and goes when they write in it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

from cowrite.core.document import one_line_end
from cowrite.core.edits import Origin
from cowrite.core.events import DIFF, Body, Closed, Edited, Instructed, Shown
from cowrite.core.guards import Flaw, flaws
from cowrite.core.instruction import Rewrite
from cowrite.core.outcome import Closing
from cowrite.core.presets import Preset
from cowrite.core.rewrites import Rewrites
from cowrite.core.seeds import task_seed
from cowrite.core.suggestion import StopReason
from cowrite.core.task import Task, task_params
from cowrite.engine.protocol import Anew, Chunk, Done, Failed, Finished, HostMessage
from cowrite.session.answers import Answers
from cowrite.session.desk import Desk
from cowrite.session.suggestions import Suggestions
from cowrite.session.tasks import Tasks, Wish

TRIES = 3
"""Candidates of an instruction."""


class Instructions:
    """The rewrite of one draft, of which there is at most one at a time.

    What the journal's events make of it is in `Rewrites`, which follows the log; here is what makes the events.
    """

    def __init__(
        self, desk: Desk, rewrites: Rewrites, suggestions: Suggestions, answers: Answers
    ) -> None:
        self._rewrites, self._suggestions, self._answers = rewrites, suggestions, answers
        self._buffer, self._log = desk.buffer, desk.log
        self._listener, self._engine = desk.listener, desk.engine
        self.tasks = Tasks(desk.buffer, desk.listener, desk.engine)
        self._wish: Wish | None = None
        """What was asked for last, and"""
        self._task: Task | None = None
        """how the model was told."""
        self._attempt = 0
        self._looked_at: dict[int, tuple[str, StopReason | None, tuple[Flaw, ...]]] = {}
        """By candidate: the text and its end that were looked at, and what is wrong with them."""
        self._preparing = False
        desk.log.follow(self._saw)

    @property
    def current(self) -> Rewrite | None:
        """The rewrite that stands in the draft, also before its first word."""
        return self._rewrites.current

    @property
    def task(self) -> Task | None:
        """How the model was told of the rewrite that stands in the draft."""
        return self._task if self.current is not None else None

    @property
    def writing(self) -> bool:
        """Whether the model is still writing it."""
        return self.current is not None and not self.current.done

    @property
    def busy(self) -> bool:
        """Whether the engine has it to do, or reads a passage for an instruction that is being typed."""
        return self.writing or self._preparing

    def prepare(self, start: int, end: int, preset: Preset | None = None) -> None:
        """The writer is about to say what shall be done there: let the model read the passage meanwhile, and
        before it what goes with a preset, where what was typed is one already."""
        self._preparing = True
        self.tasks.prepare(start, end, preset)

    def prepared(self) -> None:
        """The instruction was given, or there comes none."""
        self._preparing = False

    def is_at(self, offset: int) -> bool:
        """Whether a place of the draft is in the passage that is being made anew."""
        return self.current is not None and self.current.covers(offset)

    # Beginning

    def give(self, wish: Wish) -> bool:
        """Have the model do this with a passage; false where that can't be, which the writer is told."""
        return self._begin(wish, parent=None, given=None)

    def follow_up(self, instruction: str, preset: Preset | None = None) -> bool:
        """A further instruction, on the result that is on screen. What was taken of it stays taken."""
        rewrite = self.current
        if rewrite is None:
            return False
        wish = Wish(instruction, rewrite.start, rewrite.end, preset)
        given = one_line_end(rewrite.text).strip() or None
        return self._begin(wish, parent=rewrite.suggestion_id, given=given)

    def again(self) -> bool:
        """Another try at the same: other candidates."""
        rewrite, wish = self.current, self._wish
        if rewrite is None or wish is None:
            return False
        self._attempt += 1
        given = self._task.passage if self._task is not None and wish.follows_up else None
        wish = replace(wish, start=rewrite.start, end=rewrite.end)
        return self._begin(wish, parent=rewrite.suggestion_id, given=given, attempt=self._attempt)

    def _begin(
        self, wish: Wish, *, parent: str | None, given: str | None, attempt: int = 0
    ) -> bool:
        if self._buffer.refuses():
            return False
        made = self.tasks.make(wish, given=given)
        if made is None:
            return False
        self._suggestions.leave(Closing.MOVED)
        self.leave(Closing.REGENERATED)
        self._buffer.history.close()
        task = made.task
        params = task_params(task, n=TRIES, seed=task_seed(task, attempt))
        name, sha256, adapter = self._engine.status.answers_as
        asked = Instructed(
            uuid.uuid4().hex,
            task.kind,
            task.instruction,
            made.start,
            made.end,
            made.window_start,
            made.window_end,
            params,
            name,
            sha256,
            task.preset,
            given,
            parent,
            adapter,
            task.known,
        )
        self._log.append(asked)
        self._wish, self._task = replace(wish, follows_up=given is not None), task
        self._attempt = attempt
        self._looked_at.clear()
        self._answers.expect(asked.suggestion_id, told=True)
        self._engine.instruct(asked.suggestion_id, task, params)
        self._buffer.select(made.start, made.start)
        self.tell()
        return True

    # What the model says

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine, after `Answers` has. Called on the UI thread."""
        rewrite = self.current
        if rewrite is None or getattr(message, "request_id", None) != rewrite.suggestion_id:
            return
        match message:
            case Chunk():
                rewrite.grow(message.candidate, message.text)
            case Anew():
                rewrite.begin_anew(message.candidate)
            case Finished():
                rewrite.ended(message.candidate, message.candidate_value)
                self._flaws(
                    rewrite, message.candidate
                )  # each when it comes, and not all at the end
            case Done():
                self._answered(rewrite)
            case Failed():
                self._close(Closing.FAILED)
                self._listener.notice(message.message, message.hint, "warning")
                return
            case _:
                return
        self._note_shown()
        self.tell()

    def _answered(self, rewrite: Rewrite) -> None:
        """All candidates have ended: a good one comes first, and what is wrong with it is told."""
        choices = rewrite.choices
        if not choices:
            self._close(Closing.TAKEN if rewrite.taken else Closing.FAILED)
            self._listener.notice("The model has nothing to say to that", "Try other words.")
            return
        found = self._flaws(rewrite, rewrite.index)
        if found and not rewrite.taken and not rewrite.refused:
            best = min(choices, key=lambda index: len(self._flaws(rewrite, index)))
            if best != rewrite.index:
                rewrite.choose(best)
                found = self._flaws(rewrite, best)
        if not rewrite.hunks and not rewrite.taken:
            self._listener.notice("The model would leave it as it is", "Try other words.")
        elif found:
            said = ", ".join(map(str, found))
            self._listener.notice(f"Look closely: {said}", "Another try may do better.", "warning")
        if not rewrite.hunks and len(choices) == 1:
            self._close(Closing.TAKEN if rewrite.taken else Closing.FAILED)

    def _flaws(self, rewrite: Rewrite, index: int) -> tuple[Flaw, ...]:
        """What is wrong with a candidate that has ended, as far as can be told."""
        ended = rewrite.finished.get(index)
        if self._task is None or ended is None:
            return ()
        text, known = rewrite.texts[index], self._looked_at.get(index)
        if known is None or known[:2] != (text, ended.stop):
            found = flaws(self._task, one_line_end(text), ended.stop)
            known = self._looked_at[index] = (text, ended.stop, found)
        return known[2]

    def _note_shown(self) -> None:
        """Journal that the candidate on screen is, once."""
        rewrite = self.current
        if rewrite is not None and rewrite.text.strip() and rewrite.index not in rewrite.on_screen:
            self._log.append(Shown(rewrite.suggestion_id, rewrite.index, DIFF))

    # Looking

    def cycle(self, step: int) -> bool:
        """Show the next (1) or previous (-1) candidate; false where there is no other."""
        rewrite = self.current
        if rewrite is None or not rewrite.cycle(step):
            return False
        self._note_shown()
        self.tell()
        return True

    # Ending

    def leave(self, closing: Closing) -> None:
        """The writer goes on without it: the engine stops, and it is off the screen for good."""
        rewrite = self.current
        if rewrite is not None:
            if not rewrite.done:
                self._engine.cancel(rewrite.suggestion_id)
            self._close(closing)

    def _close(self, closing: Closing) -> None:
        rewrite = self.current
        if rewrite is None:
            return
        durable = closing in (Closing.TAKEN, Closing.REJECTED)
        self._log.append(Closed(rewrite.suggestion_id, closing, rewrite.index), durable=durable)
        self.tell()

    def _saw(self, body: Body) -> None:
        """An event was journaled: one that changes the passage by another hand closes the rewrite."""
        rewrite = self.current
        if isinstance(body, Edited) and rewrite is not None and rewrite.broken:
            self.leave(Closing.TAKEN if rewrite.taken else Closing.TYPED)
            if body.edit.origin is Origin.RELOAD:
                self._listener.notice("The rewrite is closed", "The file has another text there.")

    def tell(self) -> None:
        """Let the writer see what there is of it."""
        self._listener.ghosted()
        self._listener.status()
