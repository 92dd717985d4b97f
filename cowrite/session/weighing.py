"""Asking what the model sees, and what weighed of it: in two steps, since the model may have less room than was
thought, and then sees other pieces than were asked about."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from cowrite.core.context import Context
from cowrite.core.shown import Stretch, pieces
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import Failed, HostMessage
from cowrite.engine.weigh import Weigh, Weighed
from cowrite.session.ports import EnginePort

Answered = Callable[[Weighed, list[Stretch]], None]
"""Called with what the model sees or what weighed, and the pieces that it is about."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. text: the continuation that is weighed; empty for what the model sees. task: what is sent
    for it is asked, in the context's place.
    """

    context: Context
    params: Params
    text: str = ""
    focus: tuple[int, int] | None = None
    attention: bool = False
    task: Task | None = None


class Weighing:
    """Owns the one question that is asked; a newer one takes its place, and answers to older ones are
    dropped.
    """

    def __init__(self, engine: EnginePort) -> None:
        self._engine = engine
        self._question: Question | None = None
        self._answered: Answered = lambda _answer, _pieces: None
        self._failed: Callable[[str], None] = lambda _why: None
        self._id = ""
        self._pieces: list[Stretch] | None = None

    def ask(self, question: Question, answered: Answered, failed: Callable[[str], None]) -> None:
        """Ask; one of the two is called, on the thread that calls `receive`, unless another is asked."""
        self._question, self._answered, self._failed = question, answered, failed
        self._pieces = None
        self._send(replace(question, text="", focus=None, attention=False), ())

    def _send(self, question: Question, found: tuple[tuple[int, int], ...]) -> None:
        self._id = f"weigh-{uuid.uuid4().hex}"
        self._engine.weigh(
            Weigh(
                self._id,
                question.context,
                question.params,
                found,
                question.text,
                question.focus,
                question.attention,
                question.task,
            )
        )

    def forget(self) -> None:
        """Nobody waits for the answer any more."""
        self._question, self._id = None, ""

    def receive(self, message: HostMessage) -> None:
        """What the engine says; messages that answer no question of this one are nothing to it."""
        question = self._question
        if question is None or getattr(message, "request_id", None) != self._id:
            return
        if isinstance(message, Failed):
            self.forget()
            self._failed(message.message)
        elif isinstance(message, Weighed):
            if self._pieces is None and question.task is None:
                self._pieces = pieces(message.context)
                places = tuple((piece.start, piece.end) for piece in self._pieces)
                self._send(replace(question, context=message.context), places)
            else:
                self.forget()
                self._answered(message, self._pieces or [])
