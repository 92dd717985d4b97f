"""An engine in this process that speaks when it is told to: the same at each run, and as faulty as wished."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.core.context import Context
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.core.task import Task
from cowrite.engine.protocol import (
    Anew,
    Chunk,
    Done,
    EngineOptions,
    EngineState,
    Failed,
    Finished,
    HostMessage,
    Loaded,
    ModelFile,
    Started,
    StateChanged,
)
from cowrite.engine.weigh import Weigh, Weighed
from cowrite.session.engine_news import EngineSaid, ModelFound
from cowrite.session.found_model import FoundModel

if TYPE_CHECKING:
    from cowrite.tui.app import CowriteApp


class Puppet:
    """Takes the place of `engine.client.EngineClient`."""

    def __init__(self, post: Callable[[HostMessage], object]) -> None:
        self._post = post
        self.state = EngineState.LOADING
        self.reason = ""
        self.running: list[tuple[str, list[str]]] = []
        self.asked = 0
        self._task: Task | None = None
        self.prepared: Task | None = None

    def start(self) -> None:
        self._post(
            Loaded("puppet", "puppet", 4096, 4096, 3000, 100, 1, 0, 0, 0, fim=False, load_ms=0.0)
        )
        self.change(EngineState.READY)

    def prepare(self, task: Task) -> None:
        self.prepared = task

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        self._task = task
        self._begin(request_id, params)

    def warm(self, context: Context, params: object = None) -> None:
        pass

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self._begin(request_id, params)

    def _begin(self, request_id: str, params: Params) -> None:
        self.asked += 1
        if self.state in (EngineState.NO_MODEL, EngineState.RESTARTING):
            self._post(Failed(request_id, "There is no model to ask.", self.reason))
            return
        for running, texts in self.running:
            self._done(running, texts, StopReason.CANCELLED)
        self.running = [(request_id, [""] * params.n)]
        self._post(Started(request_id, 10, 5))
        self.change(EngineState.WRITING)

    def weigh(self, message: Weigh) -> None:
        if self.state in (EngineState.NO_MODEL, EngineState.RESTARTING):
            self._post(Failed(message.request_id, "There is no model to ask.", self.reason))
            return
        sizes = tuple(end - start for start, end in message.pieces)
        losses = tuple(size / 100 for size in sizes) if message.text else ()
        share = losses if message.attention else ()
        self._post(Weighed(message.request_id, message.context, 0, 10, sizes, losses, share, 1))

    def cancel(self, request_id: str | None = None) -> None:
        for running, texts in list(self.running):
            if request_id in (None, running):
                self._done(running, texts, StopReason.CANCELLED)

    def close(self, timeout: float = 2.0) -> None:
        self.running = []

    def change(self, state: EngineState, reason: str = "") -> None:
        self.state, self.reason = state, reason
        self._post(StateChanged(state, reason))

    def _done(self, request_id: str, texts: list[str], stop: StopReason) -> None:
        self.running = [(r, t) for r, t in self.running if r != request_id]
        candidates = tuple(_candidate(text, stop) for text in texts)
        self._post(Done(request_id, candidates, 10, 5, Timings(1.0, 1.0, 2.0), seed=1))
        if not self.running and self.state is EngineState.WRITING:
            self.change(EngineState.READY)

    def obey(self, verb: str, text: str) -> None:
        """Do what an act says. `text` is what is written, or quoted in an error."""
        if verb == "ready":
            self.change(EngineState.WRITING if self.running else EngineState.READY)
            return
        if verb == "none":
            self.fail_all("gone")
            self.change(EngineState.NO_MODEL, text)
        elif verb == "die":
            self.fail_all("The model process ended.")
            self.change(EngineState.RESTARTING, text)
        elif verb == "nonsense":
            self._nonsense(text)
        elif self.running:
            self._answer(verb, text)

    def fail_all(self, message: str) -> None:
        for running, _ in self.running:
            self._post(Failed(running, message, "Ask again."))
        self.running = []

    def _answer(self, verb: str, text: str) -> None:
        request_id, texts = self.running[-1]
        if verb == "fail":
            self.running = []
            self._post(Failed(request_id, text, text))
            self.change(EngineState.READY)
            return
        index = len(text) % len(texts)
        if verb == "chunk":
            texts[index] += text
            self._post(Chunk(request_id, index, text))
        elif verb == "like":
            self._post(Chunk(request_id, 0, self._like(texts, text)))
        elif verb == "anew":
            texts[index] = ""
            self._post(Anew(request_id, index))
        elif verb == "finish":
            self._post(Finished(request_id, index, _candidate(texts[index], StopReason.SENTENCE)))
        elif verb == "done":
            if len(text) % 5 == 0:  # trimmed, dropped, or another one altogether
                texts[index] = texts[index][: len(texts[index]) // 2]
                texts[-1] = ""
            elif len(text) % 5 == 1:
                texts[0] = text
            self._done(request_id, texts, StopReason.SENTENCE)

    def _like(self, texts: list[str], text: str) -> str:
        """How the passage goes on, nearly: so much of it that changes and what stays take turns."""
        passage = self._task.passage if self._task is not None else ""
        at = len(texts[0])
        piece = passage[at : at + 5 + 2 * len(text)]
        fresh = text[:6] + piece[4:] if len(text) % 3 == 0 else piece
        texts[0] += fresh
        return fresh

    def _nonsense(self, text: str) -> None:
        """Answers to questions that nobody asked, twice, out of range."""
        request_id = self.running[-1][0] if self.running else "nobody's"
        for message in (
            Chunk(request_id, 99, text),
            Chunk(request_id, -1, text),
            Finished(request_id, -1, _candidate(text, StopReason.END)),
            Finished(request_id, 7, _candidate(text, None)),
            Chunk("nobody's", 0, text),
            Anew(request_id, 99),
            Anew("nobody's", 0),
            Done("nobody's", (_candidate(text, None),) * 9, -1, -1, Timings()),
            Failed("nobody's", text, text),
            Failed(None, text, text),
            Started("nobody's", -5, 10**9),
        ):
            self._post(message)


def _candidate(text: str, stop: StopReason | None) -> Candidate:
    tokens = tuple(Token(word + " ", -0.5) for word in text.split(" ")[:20])
    return Candidate(text, tokens, stop)


def puppet_engine(app: CowriteApp) -> None:
    """Have the window's engine find a puppet, whatever model is chosen."""
    model = FoundModel(ModelFile("puppet", Path("puppet.gguf"), "0" * 64), EngineOptions())

    def start() -> None:
        def post(said: HostMessage) -> None:
            app.engine._post(EngineSaid(said, puppet))  # type: ignore[arg-type]

        puppet = Puppet(post)
        app.engine._post(ModelFound(model, puppet))  # type: ignore[arg-type]

    app.engine.start = start  # type: ignore[method-assign]
