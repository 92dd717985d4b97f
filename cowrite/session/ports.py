"""What a session needs of others: a log, somebody who draws it, an engine; stand-ins where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cowrite.core.context import Context
from cowrite.core.events import Body, EngineLoaded
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import EngineState
from cowrite.engine.weigh import Weigh

WINDOW_CHARS = 6000
"""Characters of draft that are sent while the model hasn't said how many it can take."""


class Log(Protocol):
    """Where events go: `store.Journal`, or a list in a test. Never blocks and never raises."""

    def append(self, body: Body, *, durable: bool = False) -> None: ...


class NoJournal:
    """Where events go while there is no log: nowhere. The session has told the writer so."""

    def append(self, body: Body, *, durable: bool = False) -> None:
        """The event is dropped."""


class Listener(Protocol):
    """Who draws the session. Called on the UI thread, while the change is being made."""

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""

    def moved(self) -> None:
        """The selection is another one."""

    def ghosted(self) -> None:
        """The suggestion appeared, grew, was cycled, taken or closed."""

    def status(self) -> None:
        """The engine's state, the draft's name or its dirty mark is another one."""

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something."""


class Silent:
    """A listener that draws nothing: for scripts, and until the editor is mounted."""

    def changed(self, first: int, before: int, after: int) -> None:
        """Nothing is drawn."""

    def moved(self) -> None:
        """Nothing is drawn."""

    def ghosted(self) -> None:
        """Nothing is drawn."""

    def status(self) -> None:
        """Nothing is drawn."""

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Nothing is told."""


class Relay:
    """Passes on to whoever draws the session now; until somebody does, nothing is drawn."""

    def __init__(self, listener: Listener | None = None) -> None:
        self._to: Listener = listener or Silent()

    def pass_to(self, listener: Listener) -> None:
        """Tell this one from now on."""
        self._to = listener

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        self._to.changed(first, before, after)

    def moved(self) -> None:
        """The selection is another one."""
        self._to.moved()

    def ghosted(self) -> None:
        """The suggestion appeared, grew, was cycled, taken or closed."""
        self._to.ghosted()

    def status(self) -> None:
        """The engine's state, the draft's name or its dirty mark is another one."""
        self._to.status()

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something."""
        self._to.notice(message, hint, severity)


_BUSY = (EngineState.LOADING, EngineState.WRITING, EngineState.RESTARTING)


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is at a moment: one value for all who ask it, draw it or log what it wrote.

    reason: why it is in this state, a clause. connected: whether there is a process that takes requests,
    now or when it is ready. window_chars: the most characters of draft worth sending. advice: sampling
    that the model's card advises. Names and hashes are empty where there is none, or none is known.
    loaded: how the model that runs is evaluated.
    """

    state: EngineState = EngineState.LOADING
    reason: str = ""
    connected: bool = False
    model_name: str = ""
    model_sha256: str = ""
    quantisation: str = ""
    adapter_name: str = ""
    adapter_sha256: str = ""
    window_chars: int = WINDOW_CHARS
    advice: Mapping[str, int | float] = field(default_factory=dict)
    instruct_name: str = ""
    instruct_sha256: str = ""
    """Of the model that follows instructions, where that is another one; the hash once it was found."""
    instruct_state: EngineState | None = None
    """What its process does; None where there is none yet."""
    loaded: EngineLoaded | None = None
    remote: str = ""
    """Where the draft is sent, as the writer knows it: a host, or this machine. Empty: it is sent nowhere."""

    @property
    def can_ask(self) -> bool:
        """Whether a request would be answered, at once or when the model is loaded."""
        return self.connected and self.state is not EngineState.NO_MODEL

    @property
    def own_model(self) -> str:
        """The model on this machine that writes; empty where a server does, or none."""
        return "" if self.remote else self.model_name

    @property
    def answers_as(self) -> tuple[str, str, str | None]:
        """Name, hash and adapter of the model that follows instructions, as they are logged."""
        if self.instruct_name:
            return self.instruct_name, self.instruct_sha256, None
        return self.model_name, self.model_sha256, self.adapter

    @property
    def at_work(self) -> tuple[EngineState, str]:
        """State and name of the model that has something to do; of the one that writes where none has."""
        other = self.instruct_state
        if other in _BUSY and self.state is not EngineState.WRITING:
            return other or self.state, self.instruct_name
        return self.state, self.model_name

    @property
    def learned(self) -> bool:
        """Whether the model writes with an adapter that was learned here."""
        return self.adapter_name.startswith("learned-")

    @property
    def adapter(self) -> str | None:
        """The adapter on the model as a request logs it: `NAME@sha256:HASH`, None where there is none."""
        if not self.adapter_name:
            return None
        return f"{self.adapter_name}@sha256:{self.adapter_sha256}"


class EnginePort(Protocol):
    """The engine as a session sees it: what it is now, and what it can be asked for.

    Whoever holds it calls the session's `engine_changed` when `status` is another one.
    """

    @property
    def status(self) -> EngineStatus:
        """What it is now."""

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Evaluate this text ahead of a request, and write the answer to the one with these params."""

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        """Ask. A request that still runs is cancelled by this one. plain: without the model's adapter."""

    def prepare(self, task: Task) -> None:
        """Evaluate what is known of a task ahead, while its instruction is typed: call it as the line opens,
        without an instruction, and again when a preset is meant (its task whole) or typing pauses. Only the
        newest text or task counts."""

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Have a task done (`core.task.task_params` says with which params). It cancels what runs.

        It is answered as a suggestion is: `Started`, `Chunk` (text to append to a candidate), `Finished` for
        each, `Done` with all, whose texts replace what was streamed; or `Failed`. Besides, `Anew` says that
        what was streamed of a candidate is dropped, since it was no good and is written once more. What is
        wrong with an answer that stayed, `core.guards.flaws` says.
        """

    def weigh(self, message: Weigh) -> None:
        """Ask what weighed; `Weighed` or `Failed` comes."""

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them."""


class NoEngine:
    """No engine at all: for scripts that only edit."""

    status = EngineStatus(EngineState.NO_MODEL, "there is no engine here")

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Nothing is evaluated."""

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        """Nothing comes."""

    def prepare(self, task: Task) -> None:
        """Nothing is evaluated."""

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Nothing comes."""

    def weigh(self, message: Weigh) -> None:
        """Nothing comes."""

    def cancel(self, request_id: str | None = None) -> None:
        """Nothing runs."""
