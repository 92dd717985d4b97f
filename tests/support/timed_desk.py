"""A session with a clock and an engine that a test moves by hand, and its events as the log would have them."""

from __future__ import annotations

from dataclasses import dataclass, field

from engines import READY
from headless import headless

from cowrite.core.context import Context
from cowrite.core.events import Body, Closed, Opened, Requested, SessionInfo, Shown, Stamped
from cowrite.core.outcome import Closing
from cowrite.core.provenance import WRITER, one_run
from cowrite.core.rows import SuggestionRow
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done, Finished
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.order import Order
from cowrite.session.options import RequestOptions
from cowrite.session.ports import EngineStatus

START_MS = 1_767_225_600_000


def candidate(text: str, logprob: float = -1.0) -> Candidate:
    """A candidate whose tokens are its words."""
    parts = [f" {word}" for word in text.split()]
    return Candidate(text, tuple(Token(part, logprob) for part in parts), StopReason.SENTENCE)


@dataclass
class Engine:
    """Notes what it is asked."""

    status: EngineStatus = READY
    requests: list[tuple[str, Context, Params]] = field(default_factory=list)

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.requests.append((request_id, context, params))


class Port:
    """Where the learned order is, as a test wants it."""

    def __init__(self, order: Order | None = None, trouble: str | None = None) -> None:
        self.order, self.trouble = order, trouble

    def current(self) -> Order | None:
        return self.order

    def take_trouble(self) -> str | None:
        trouble, self.trouble = self.trouble, None
        return trouble


class TimedDesk:
    """The session is at the end of `text`. `now`: seconds."""

    def __init__(
        self,
        text: str = "The sea was",
        *,
        options: RequestOptions | None = None,
        order: Order | None = None,
    ) -> None:
        self.now = 100.0
        self._events: list[Stamped] = []
        self.append(Opened(text, one_run(len(text), WRITER), None))
        self.engine, self.port = Engine(), Port(order)
        self.options = options or RequestOptions(auto=True, auto_pause=1.0, auto_threshold=-2.0)
        self.session = headless(
            text, self, engine=self.engine, options=self.options, own=True, order=self.port,
            clock=lambda: self.now,
        )  # fmt: skip
        self.session.select(len(text), len(text))

    def append(self, body: Body, *, durable: bool = False) -> None:
        """The session's log."""
        ms = round((self.now - 100) * 1000)
        self._events.append(Stamped(len(self._events) + 1, ms, START_MS + ms, body))

    def of(self, kind: type) -> list:
        """The events of a kind."""
        return [one.body for one in self._events if isinstance(one.body, kind)]

    def rows(self) -> list[SuggestionRow]:
        """What feedback makes of the events."""
        info = SessionInfo("s", "d", "draft", START_MS, None, "1")
        return list(suggestion_rows(info, self._events))

    def wait(self, seconds: float) -> None:
        """The writer rests, and the window looks whether there is a pause."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            self.session.pauses.tick()

    def answer(self, *candidates: Candidate, stream: bool = False) -> str:
        """Candidates for the last request; all of them have ended."""
        name = self.engine.requests[-1][0]
        for index, value in enumerate(candidates):
            if stream:
                self.session.answers.receive(Chunk(name, index, value.text))
        for index, value in enumerate(candidates):
            self.session.answers.receive(Finished(name, index, value))
        self.session.answers.receive(Done(name, candidates, 4, 3, Timings(1.0, 2.0, 3.0)))
        return name

    def refused(self, *, seen: float = 1.0) -> None:
        """Auto asks, a ghost is read, and something else is typed."""
        before = len(self.of(Requested))
        self.session.type("x")
        while len(self.of(Requested)) == before:
            self.wait(0.1)
        self.answer(candidate(" calm and cold."))
        assert self.session.ghost
        self.wait(seen)
        self.session.type("y")

    @property
    def shown(self) -> list[int]:
        """The candidates that came on screen, in order."""
        return [body.candidate for body in self.of(Shown)]

    @property
    def closings(self) -> list[Closing]:
        """How the suggestions ended."""
        return [body.closing for body in self.of(Closed)]
