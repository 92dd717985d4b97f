"""A session with a passage to be made anew, an engine that notes what it is told, and a log in a list."""

from __future__ import annotations

from dataclasses import dataclass, field

from engines import READY
from headless import headless
from recorder import Recorder

from cowrite.core.context import Context
from cowrite.core.replay import Replay
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done, Finished
from cowrite.session.ports import EngineStatus
from cowrite.session.tasks import Wish

OLD = "The lamp was lit at dusk. Nobody came to the quay. Marta waited there for an hour."
NEW = "The lamp burned at dusk. Nobody came. Marta waited for an hour or two."


@dataclass
class Told:
    """An engine that notes what it is told and never answers by itself."""

    tasks: list[tuple[str, Task, Params]] = field(default_factory=list)
    prepared: list[Task] = field(default_factory=list)
    warmed: int = 0
    asked: int = 0
    cancelled: list[str | None] = field(default_factory=list)
    status: EngineStatus = READY

    def prepare(self, task: Task) -> None:
        self.prepared.append(task)

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        self.tasks.append((request_id, task, params))

    def warm(self, context: Context, params: object = None) -> None:
        self.warmed += 1

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked += 1

    def cancel(self, request_id: str | None = None) -> None:
        self.cancelled.append(request_id)


class Notices:
    def __init__(self) -> None:
        self.said: list[str] = []

    def changed(self, first: int, before: int, after: int) -> None: ...
    def moved(self) -> None: ...
    def ghosted(self) -> None: ...
    def status(self) -> None: ...

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        self.said.append(message)


class InstructedDraft:
    def __init__(self, text: str = f"Before.\n\n{OLD}\n\nBehind.\n") -> None:
        self.log, self.engine, self.listener = Recorder(), Told(), Notices()
        self.now = 100.0
        self.session = headless(text, self.log, engine=self.engine, clock=lambda: self.now)
        self.session.listener.pass_to(self.listener)
        self.start = text.find(OLD)
        self.before = text

    @property
    def text(self) -> str:
        return self.session.document.text

    def give(self, instruction: str = "make it shorter", **more: object) -> bool:
        wish = Wish(instruction, self.start, self.start + len(OLD), **more)  # type: ignore[arg-type]
        return self.session.instructions.give(wish)

    def answer(self, *texts: str, stop: StopReason = StopReason.END) -> None:
        identity = self.engine.tasks[-1][0]
        for index, text in enumerate(texts):
            self.session.receive(Chunk(identity, index, text))
        ended = tuple(Candidate(text, (), stop) for text in texts)
        for index, one in enumerate(ended):
            self.session.receive(Finished(identity, index, one))
        self.session.receive(Done(identity, ended, 4, 3, Timings(1.0, 2.0, 3.0)))

    def check_journal(self) -> None:
        """The events make the draft and its authors again."""
        replay = Replay(self.before)
        for body in self.log.bodies:
            replay.apply(body)
        assert replay.text == self.text
        assert replay.runs == tuple(self.session.provenance)
