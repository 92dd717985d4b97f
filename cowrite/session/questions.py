"""Questions about the draft: the answer is read, and is in no draft unless the writer puts it there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from cowrite.core.citing import Passage, cited, gathered, passages
from cowrite.core.document import Document, one_line_end
from cowrite.core.edits import Origin, Part
from cowrite.core.events import ANSWER, Closed, Instructed, Shown
from cowrite.core.outcome import Closing
from cowrite.core.presets import Preset
from cowrite.core.provenance import Author, Source, one_run
from cowrite.core.seeds import task_seed
from cowrite.core.suggestion import one_kind_of_line
from cowrite.core.task import task_params
from cowrite.engine.protocol import Anew, Chunk, Done, Failed, HostMessage
from cowrite.session.answers import Answers
from cowrite.session.desk import Desk
from cowrite.session.suggestions import Suggestions
from cowrite.session.tasks import MadeTask, Tasks, Wish

_OPENS = frozenset("([{\u201c\u201e\u2018\u00ab\u2014-/\"'")
"""Signs that a text follows at once."""
_ROOM = 3
"""A question's passages take one of so many parts of what the model can be shown."""


@dataclass(slots=True)
class Answer:
    """What the model says to a question. places: the passages that it rests on, known when it has ended."""

    suggestion_id: str
    question: str
    text: str = ""
    done: bool = False
    trouble: str = ""
    places: list[Passage] = field(default_factory=list)


class Questions:
    """The last question about one draft, and its answer. `listener.ghosted` tells that it has grown."""

    def __init__(
        self, desk: Desk, tasks: Tasks, suggestions: Suggestions, answers: Answers
    ) -> None:
        self._buffer, self._log = desk.buffer, desk.log
        self._listener, self._engine = desk.listener, desk.engine
        self._tasks, self._suggestions, self._answers = tasks, suggestions, answers
        self._version = -1
        """The draft's when it was asked: places are of that."""
        self.answer: Answer | None = None

    @property
    def writing(self) -> bool:
        """Whether the model is still answering."""
        return self.answer is not None and not self.answer.done

    # Asking

    def ask(self, question: str, preset: Preset | None = None, about: str | None = None) -> bool:
        """Ask about the selection, else about what of the draft says most of it; false where that can't be.

        about: the text that it is about, where it is none of these: such as the word at the cursor.
        """
        low, high = self._buffer.selected
        low, high = (low, high) if low < high else (0, len(self._buffer.document))
        given = self._given(question, (low, high)) if about is None else about
        made = self._tasks.make(Wish(question, low, low, preset, asks=True), given=given)
        if made is None:
            return False
        self.close()
        self._suggestions.leave(Closing.MOVED)
        self._begin(question, made, (low, high))
        return True

    def _given(self, question: str, place: tuple[int, int]) -> str:
        """The passages that the model is shown."""
        low, high = place
        budget = max(500, self._engine.status.window_chars // _ROOM)
        document = self._buffer.document
        if high - low <= budget:
            return one_line_end(document.slice(low, high)).strip()
        cursor = self._buffer.cursor
        found = [one for one in passages(document, cursor) if low <= one.start and one.end <= high]
        shown = gathered(found, question, cursor, budget)
        text = "\n\n".join(one.text for one in shown)
        return text or one_line_end(document.slice(low, low + budget)).strip()

    def _begin(self, question: str, made: MadeTask, place: tuple[int, int]) -> None:
        task = made.task
        name, sha256, adapter = self._engine.status.answers_as
        params = task_params(task, n=1, seed=task_seed(task))
        asked = Instructed(
            uuid.uuid4().hex,
            task.kind,
            task.instruction,
            *place,
            *place,
            params,
            name,
            sha256,
            task.preset,
            task.passage,
            None,
            adapter,
            task.known,
        )
        self._log.append(asked)
        self.answer = Answer(asked.suggestion_id, question)
        self._version = self._buffer.document.version
        self._answers.expect(asked.suggestion_id, told=True)
        self._engine.instruct(asked.suggestion_id, task, params)
        self._tell()

    # What the model says

    def receive(self, message: HostMessage) -> None:
        """Take a message of the engine, after `Answers` has. Called on the UI thread."""
        answer = self.answer
        if answer is None or getattr(message, "request_id", None) != answer.suggestion_id:
            return
        match message:
            case Chunk():
                if not answer.text:
                    self._log.append(Shown(answer.suggestion_id, 0, ANSWER))
                answer.text += one_kind_of_line(message.text)
            case Anew():
                answer.text = ""
            case Done():
                if message.candidates:
                    answer.text = one_kind_of_line(message.candidates[0].text)
                self._ended(answer)
            case Failed():
                answer.done, answer.trouble = True, message.message
            case _:
                return
        self._tell()

    def _ended(self, answer: Answer) -> None:
        answer.done = True
        if not answer.text.strip():
            answer.trouble = "The model has nothing to say to that."
        elif self._version == self._buffer.document.version:
            found = list(passages(self._buffer.document, self._buffer.cursor))
            answer.places = cited(found, answer.text)

    # What can be done with it

    def go(self, index: int) -> bool:
        """Select a passage that the answer rests on; false where the draft has changed and it is gone."""
        answer = self.answer
        if answer is None or not 0 <= index < len(answer.places):
            return False
        place = answer.places[index]
        document = self._buffer.document
        start = place.start
        if document.slice(start, place.end) != place.text:
            start = document.text.find(place.text)
        if start < 0:
            return False
        self._suggestions.leave(Closing.MOVED)
        self._buffer.select(start, start + len(place.text))
        return True

    def put_in_draft(self) -> bool:
        """Write the answer at the cursor, in the place of no text; the model is its author."""
        answer = self.answer
        text = answer.text.strip() if answer is not None else ""
        if answer is None or not text or self._buffer.refuses():
            return False
        self._suggestions.leave(Closing.MOVED)
        place = self._buffer.cursor
        fresh = apart(self._buffer.with_newlines(text), self._buffer.document, place)
        self._buffer.history.close()
        self._buffer.edit(
            place,
            place,
            fresh,
            Origin.SUGGESTION,
            runs=one_run(len(fresh), Source(Author.MODEL, answer.suggestion_id)),
            suggestion_id=answer.suggestion_id,
            candidate=0,
            part=Part.ALL,
        )
        self._close(Closing.TAKEN)
        return True

    def close(self) -> None:
        """The answer is read, or not waited for."""
        answer = self.answer
        if answer is not None:
            if not answer.done:
                self._engine.cancel(answer.suggestion_id)
            self._close(Closing.MOVED)

    def close_unanswered(self) -> None:
        """Nobody will answer any more; an answer that is there can still be read."""
        if self.answer is not None and not self.answer.done:
            self._close(Closing.CANCELLED)

    def _close(self, closing: Closing) -> None:
        answer, self.answer = self.answer, None
        if answer is not None:
            self._log.append(Closed(answer.suggestion_id, closing, 0))
            self._tell()

    def _tell(self) -> None:
        self._listener.ghosted()
        self._listener.status()


def apart(text: str, document: Document, place: int) -> str:
    """The text with a space at its ends where it would touch a word or a sentence there."""
    before, behind = document.slice(max(0, place - 1), place), document.slice(place, place + 1)
    lead = " " if before and not before.isspace() and before not in _OPENS else ""
    return f"{lead}{text}{' ' if behind.isalnum() else ''}"
