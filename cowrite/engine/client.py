"""The parent's end of the model process: starts it, talks to it, and outlives whatever happens to it.

Nothing here imports numpy or llama_cpp: the interface imports this before its first paint.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.child import Child, Ended
from cowrite.engine.encodable import encodable, encodable_beside, encodable_task
from cowrite.engine.hardware import REBUILD
from cowrite.engine.ladder import Ladder
from cowrite.engine.outbox import Outbox
from cowrite.engine.process import RestartPolicy
from cowrite.engine.protocol import (
    Asked,
    Cancel,
    Chunk,
    Configure,
    Converse,
    Done,
    EngineOptions,
    EngineState,
    Failed,
    Heartbeat,
    HostMessage,
    Instruct,
    Load,
    Loaded,
    ModelFile,
    Opened,
    Prepare,
    Quit,
    RunAhead,
    StateChanged,
    Suggest,
    Warm,
)
from cowrite.engine.weigh import Weigh, Weighed

__all__ = ["EngineClient", "EngineOptions", "EngineState", "ModelFile", "RunAhead"]


class EngineClient:
    """One model in one child process.

    `on_message` is called from the client's own thread, one message at a time. The client never raises for
    what the child does: it tells it by `Failed` and `StateChanged`, starts the child again after a crash, and
    where the processor can't do what the model's evaluation wants, evaluates in another way.
    """

    def __init__(
        self,
        model: ModelFile,
        options: EngineOptions,
        on_message: Callable[[HostMessage], None],
        log_path: Path,
    ) -> None:
        self.model = model
        self.options = options
        self.state = EngineState.NO_MODEL
        self.reason = "not started"
        self.loaded: Loaded | None = None
        self._on_message = on_message
        self._log_path = log_path
        self._lock = threading.Lock()
        self._outbox = Outbox()
        self._running: list[Asked] = []
        self._shown: set[str] = set()
        self._weighing: set[str] = set()
        self._child: Child | None = None
        self._closing = threading.Event()
        self._telling = threading.RLock()
        self._keeper: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return child.pid if (child := self._child) is not None else None

    def start(self) -> None:
        """Spawn the child and load the model, in the background. Starts again after `no model`."""
        with self._lock:
            if self._over() or (self._keeper is not None and self._keeper.is_alive()):
                return
            self.state, self.reason = EngineState.LOADING, ""
            self._keeper = threading.Thread(target=self._keep, name="engine-client", daemon=True)
        self._keeper.start()

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Have the newest text evaluated ahead, and the request answered that these params make there."""
        if self.options.run_ahead is not RunAhead.OFF and self._takes_mail:
            self._outbox.warm(Warm(encodable(context), params))

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        """Ask. A request that still runs is cancelled by this one, and ends with its own `Done`.

        plain: without the model's adapter. The first such answer for a text takes as long as a cold start.
        """
        self._ask(Suggest(request_id, encodable(context), params, plain))

    def ask_beside(self, message: Suggest | Converse) -> None:
        """Ask beside whatever else was asked so: nothing is cancelled, and several are answered at once."""
        self._ask(encodable_beside(message))

    def prepare(self, task: Task) -> None:
        """Have what is known of a task evaluated ahead; only the newest counts, as with `warm`."""
        if self.options.run_ahead is not RunAhead.OFF and self._takes_mail:
            self._outbox.warm(Prepare(encodable_task(task)))

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Have a task done. It cancels and is cancelled as a request is, and answered by the same messages."""
        self._ask(Instruct(request_id, encodable_task(task), params))

    def _ask(self, request: Asked) -> None:
        with self._lock:
            if alive := self._takes_mail and self.state is not EngineState.NO_MODEL:
                self._running.append(request)
                self._outbox.put(request)
                if self._child is not None:
                    self._child.asked()
            reason = self.reason
        if not alive:
            self._tell(Failed(request.request_id, "There is no model to ask.", reason))
        elif self.state is EngineState.READY:
            self._change(EngineState.WRITING)

    def weigh(self, message: Weigh) -> None:
        """Ask what weighed; `Weighed` or `Failed` comes. What is asked of the model meanwhile goes before
        it.
        """
        context = encodable(message.context)
        text = message.text.encode("utf-8", "replace").decode()
        if self._takes_mail and self.state is not EngineState.NO_MODEL:
            with self._lock:
                self._weighing.add(message.request_id)
            task = None if message.task is None else encodable_task(message.task)
            self._outbox.put(
                msgspec.structs.replace(message, context=context, text=text, task=task)
            )
        else:
            self._tell(Failed(message.request_id, "There is no model to ask.", self.reason))

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them. Its `Done` says what was written so far."""
        if self._takes_mail:
            self._outbox.put(Cancel(request_id))

    def configure(self, run_ahead: RunAhead) -> None:
        """Change the budget for running ahead; `off` stops what runs ahead now."""
        self.options = replace(self.options, run_ahead=run_ahead)
        if self._takes_mail:
            self._outbox.put(Configure(run_ahead))

    def close(self, timeout: float = 2.0) -> None:
        """End the child: it keeps its state on disk if it can within so many seconds, then it is killed."""
        with self._lock:
            if self._over():
                return
            self._closing.set()
        self._outbox.put(Quit())
        if (child := self._child) is not None:
            child.end(timeout)
        if (keeper := self._keeper) is not None and keeper is not threading.current_thread():
            keeper.join(timeout=1.0)

    @property
    def _takes_mail(self) -> bool:
        return self._keeper is not None and not self._over()

    def _over(self) -> bool:
        return self._closing.is_set()

    # The keeper's thread

    def _keep(self) -> None:
        """Run children one after the other until closed or hopeless."""
        policy = RestartPolicy()
        ladder = Ladder(self.model, self.options)
        self._change(EngineState.LOADING, always=True)
        while not self._over():
            began = time.monotonic()
            ended = self._run_child(ladder)
            if self._over():
                return
            if ended.trouble and ladder.step_down(ended.trouble, later=ended.loaded):
                self._ask_again(ended.reason)
                self._change(EngineState.LOADING)
                continue
            if ended.trouble and ladder.trial:
                ended = self._hopeless(ended)
            rest = policy.after(time.monotonic() - began)
            self._fail_running(ended.reason)
            if ended.fatal or rest is None:
                self._change(EngineState.NO_MODEL, ended.reason)
                return
            self._change(EngineState.RESTARTING, ended.reason)
            self._closing.wait(rest)

    def _run_child(self, ladder: Ladder) -> Ended:
        """One child's life."""

        def heard(message: HostMessage) -> None:
            if isinstance(message, Loaded):
                ladder.worked(message.device)
                message = msgspec.structs.replace(message, way_reason=ladder.reason)
            self._handle(message)

        self._outbox.begin(Load(self.model, self.options, ladder.way, ladder.trial))
        try:
            child = Child(self.options, self._log_path, self._outbox, heard, self._owed)
        except OSError as error:
            reason = f"The model process can't be started: {error.strerror or error}."
            return Ended(reason, fatal=True)
        self._child = child
        if self._over():  # closed in this moment: `close` has not seen this child
            child.end(0)
        return child.run()

    def _owed(self) -> bool:
        """Whether the child has something to do."""
        return bool(self._running or self._weighing) or self.state in (
            EngineState.LOADING,
            EngineState.RESTARTING,
        )

    def _hopeless(self, ended: Ended) -> Ended:
        """The end of the last way that could be tried, told with what can be done."""
        if ended.opened:
            text = "The model can't be evaluated on this machine in any way"
        else:
            text = "llama.cpp's library can't be used on this machine"
        failed = Failed(None, f"{text} ({ended.trouble}).", REBUILD, fatal=True)
        self._tell(failed)
        return replace(ended, reason=f"{failed.message} {failed.hint}", fatal=True)

    def _handle(self, message: HostMessage) -> None:
        match message:
            case Heartbeat() | StateChanged() | Opened():
                pass
            case Loaded():
                self.loaded = message
                self._tell(message)
                self._change(EngineState.WRITING if self._running else EngineState.READY)
            case Weighed():
                with self._lock:
                    self._weighing.discard(message.request_id)
                self._tell(message)
            case Done() | Failed():
                with self._lock:
                    known = message.request_id is None or self._forget(message.request_id)
                    idle = not self._running
                if known:
                    self._tell(message)
                if idle and self.state is EngineState.WRITING:
                    self._change(EngineState.READY)
            case Chunk():
                self._shown.add(message.request_id)
                self._tell(message)
            case _:
                self._tell(message)

    def _forget(self, request_id: str) -> bool:
        if request_id in self._weighing:
            self._weighing.discard(request_id)
            return True
        before = len(self._running)
        self._running = [r for r in self._running if r.request_id != request_id]
        self._shown.discard(request_id)
        return len(self._running) < before

    def _ask_again(self, reason: str) -> None:
        """Have the next child answer what the last one had not begun to; the writer sees no crash."""
        with self._lock:
            newest = self._running[-1:]
            again = [r for r in newest if r.request_id not in self._shown]
            lost = [r for r in self._running if r not in again]
            self._running = again
            self._outbox.clear()
            for request in again:
                self._outbox.put(request)
        self._tell_lost(lost, reason)

    def _fail_running(self, reason: str) -> None:
        """End what was asked of a child that is gone."""
        with self._lock:
            running, self._running = self._running, []
            self._outbox.clear()
        self._tell_lost(running, reason)

    def _tell_lost(self, lost: list[Asked], reason: str) -> None:
        weighing, self._weighing = self._weighing, set()
        for request_id in (*(request.request_id for request in lost), *weighing):
            self._shown.discard(request_id)
            text = "The model process ended and is being started again."
            self._tell(Failed(request_id, text, reason or "Ask again in a moment.", lost=True))

    def _change(self, state: EngineState, reason: str = "", *, always: bool = False) -> None:
        with self._telling:
            if not always and (self.state, self.reason) == (state, reason):
                return
            self.state, self.reason = state, reason
            self._tell(StateChanged(state, reason))

    def _tell(self, message: HostMessage) -> None:
        with self._telling:
            if not self._over() or isinstance(message, Done | Failed):
                self._on_message(message)
