"""The parent's end of the model process: starts it, talks to it, and outlives whatever happens to it.

Nothing here imports numpy or llama_cpp: the interface imports this before its first paint.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from cowrite.core.suggestion import Params
from cowrite.core.window import Context
from cowrite.engine.process import Patience, bury, epitaph, spawn_host
from cowrite.engine.protocol import (
    Alive,
    Cancel,
    ClientMessage,
    Configure,
    Done,
    EngineOptions,
    EngineState,
    Failed,
    HostMessage,
    Load,
    Loaded,
    ModelFile,
    Quit,
    RunAhead,
    StateChanged,
    Suggest,
    Warm,
    decode_host,
    encodable,
    encode,
)

__all__ = ["EngineClient", "EngineOptions", "EngineState", "ModelFile", "RunAhead"]

LONGEST_LINE = 16 << 20
MOST_NONSENSE = 100
"""Bytes of a message, and lines in a row that are none, after which a child is beyond hope and is ended."""


class EngineClient:
    """One model in one child process.

    `on_message` is called from the client's own thread, one message at a time. The client never raises for
    what the child does: it tells it by `Failed` and `StateChanged`, and starts the child again after a crash.
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
        self._wake = threading.Condition(self._lock)
        self._outbox: deque[ClientMessage] = deque()
        self._warm: Warm | None = None
        self._running: list[Suggest] = []
        self._child: subprocess.Popen[bytes] | None = None
        self._closing = False
        self._heard = 0.0
        self._ended_for = ""
        self._telling = threading.RLock()
        self._keeper: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return child.pid if (child := self._child) and child.poll() is None else None

    def start(self) -> None:
        """Spawn the child and load the model, in the background. Starts again after `no model`."""
        with self._lock:
            if self._closing or (self._keeper is not None and self._keeper.is_alive()):
                return
            self.state, self.reason = EngineState.LOADING, ""
            self._keeper = threading.Thread(target=self._keep, name="engine-client", daemon=True)
        self._keeper.start()

    def warm(self, context: Context) -> None:
        """Have this text evaluated ahead; only the newest counts, so call it as often as you like."""
        if self.options.run_ahead is RunAhead.OFF:
            return
        with self._wake:
            if self._keeper is not None and not self._closing:
                self._warm = Warm(encodable(context))
                self._wake.notify_all()

    def suggest(self, request_id: str, context: Context, params: Params) -> None:
        """Ask. A request that still runs is cancelled by this one, and ends with its own `Done`."""
        request = Suggest(request_id, encodable(context), params)
        with self._wake:
            alive = self._keeper is not None and not self._closing
            alive = alive and self.state is not EngineState.NO_MODEL
            if alive:
                self._warm = None
                self._running.append(request)
                self._outbox.append(request)
                self._heard = time.monotonic()
                self._wake.notify_all()
            reason = self.reason
        if not alive:
            self._tell(Failed(request_id, "There is no model to ask.", reason))
        elif self.state is EngineState.READY:
            self._change(EngineState.WRITING)

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them. Its `Done` says what was written so far."""
        self._send(Cancel(request_id))

    def configure(self, run_ahead: RunAhead) -> None:
        """Change the budget for running ahead; `off` stops what runs ahead now."""
        self.options = replace(self.options, run_ahead=run_ahead)
        self._send(Configure(run_ahead))

    def close(self, timeout: float = 2.0) -> None:
        """End the child: it keeps its state on disk if it can within `timeout` seconds, then it is killed."""
        with self._wake:
            if self._closing:
                return
            self._closing = True
            self._outbox.append(Quit())
            self._wake.notify_all()
        child = self._child
        if child is not None:
            try:
                child.wait(timeout)
            except subprocess.TimeoutExpired:
                child.kill()
        keeper = self._keeper
        if keeper is not None and keeper is not threading.current_thread():
            keeper.join(timeout=1.0)

    # The keeper's thread

    def _keep(self) -> None:
        """Run children one after the other until closed or hopeless."""
        patience = Patience()
        self._change(EngineState.LOADING, always=True)
        while not self._over():
            began = time.monotonic()
            fatal, reason = self._run_child()
            if self._over():
                return
            rest = patience.after(time.monotonic() - began)
            self._fail_running(reason)
            if fatal or rest is None:
                self._change(EngineState.NO_MODEL, reason)
                return
            self._change(EngineState.RESTARTING, reason)
            with self._wake:
                self._wake.wait_for(lambda: self._closing, timeout=rest)

    def _over(self) -> bool:
        return self._closing

    def _run_child(self) -> tuple[bool, str]:
        """One child's life. Returns whether its end is final, and the reason in words."""
        try:
            child = spawn_host(self.options, self._log_path)
        except OSError as error:
            return True, f"The model process can't be started: {error.strerror or error}."
        load = Load(self.model, self.options)
        with self._lock:
            self._child = child
            self._ended_for = ""
            self._heard = time.monotonic()
            self._outbox = deque(
                [load, *(m for m in self._outbox if isinstance(m, Suggest | Configure | Quit))]
            )
        over = threading.Event()
        helpers = [
            threading.Thread(target=self._write, args=(child, over), daemon=True),
            threading.Thread(target=self._watch, args=(child, over), daemon=True),
        ]
        for helper in helpers:
            helper.start()
        fatal = self._read(child)
        over.set()
        with self._wake:
            self._wake.notify_all()
        bury(child)
        if self._ended_for and not fatal:
            return False, f"The model process {self._ended_for} and was ended."
        return (fatal is not None), fatal or epitaph(child.returncode, self._log_path)

    def _read(self, child: subprocess.Popen[bytes]) -> str | None:
        """Pass the child's messages on until its pipe ends. Returns the reason of a fatal failure."""
        fatal: str | None = None
        nonsense = 0
        while (stream := child.stdout) is not None:
            try:
                line = stream.readline(LONGEST_LINE)
            except (OSError, ValueError):
                break
            if not line:
                break
            try:
                message = decode_host(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                nonsense += 1
                if nonsense >= MOST_NONSENSE or len(line) >= LONGEST_LINE:
                    self._ended_for = "spoke nonsense"
                    child.kill()
                    break
                continue
            nonsense = 0
            self._heard = time.monotonic()
            if isinstance(message, Failed) and message.request_id is None and message.fatal:
                fatal = " ".join(part for part in (message.message, message.hint) if part)
                self._tell(message)
            else:
                self._handle(message)
        return fatal

    def _handle(self, message: HostMessage) -> None:
        match message:
            case Alive() | StateChanged():
                pass
            case Loaded():
                self.loaded = message
                self._tell(message)
                self._change(EngineState.WRITING if self._running else EngineState.READY)
            case Done() | Failed():
                with self._lock:
                    known = message.request_id is None or self._forget(message.request_id)
                    idle = not self._running
                if known:
                    self._tell(message)
                if idle and self.state is EngineState.WRITING:
                    self._change(EngineState.READY)
            case _:
                self._tell(message)

    def _forget(self, request_id: str) -> bool:
        before = len(self._running)
        self._running = [r for r in self._running if r.request_id != request_id]
        return len(self._running) < before

    def _fail_running(self, reason: str) -> None:
        """End what was asked of a child that is gone."""
        with self._lock:
            running, self._running = self._running, []
            self._outbox.clear()
        for request in running:
            self._tell(
                Failed(
                    request.request_id,
                    "The model process ended and is being started again.",
                    reason or "Ask again in a moment.",
                )
            )

    # The helpers' threads

    def _write(self, child: subprocess.Popen[bytes], over: threading.Event) -> None:
        """Send what waits. A thread of its own, since a child that hangs does not empty its pipe."""
        stream = child.stdin
        while stream is not None:
            with self._wake:
                self._wake.wait_for(lambda: self._outbox or self._warm or over.is_set())
                if over.is_set():
                    return
                if self._outbox:
                    message: ClientMessage = self._outbox.popleft()
                else:
                    assert self._warm is not None
                    message, self._warm = self._warm, None
            try:
                stream.write(encode(message))
                stream.flush()
            except (OSError, ValueError):
                return

    def _watch(self, child: subprocess.Popen[bytes], over: threading.Event) -> None:
        """Kill a child that is busy and silent for too long."""
        limit = self.options.hang_seconds
        while not over.wait(min(1.0, limit / 4)):
            busy = self._running or self.state in (EngineState.LOADING, EngineState.RESTARTING)
            if busy and time.monotonic() - self._heard > limit:
                self._ended_for = f"said nothing for {limit:g} s"
                child.kill()
                return

    def _send(self, message: ClientMessage) -> None:
        with self._wake:
            if self._keeper is not None and not self._closing:
                self._outbox.append(message)
                self._wake.notify_all()

    def _change(self, state: EngineState, reason: str = "", *, always: bool = False) -> None:
        with self._telling:
            if not always and (self.state, self.reason) == (state, reason):
                return
            self.state, self.reason = state, reason
            self._tell(StateChanged(state, reason))

    def _tell(self, message: HostMessage) -> None:
        with self._telling:
            if not self._closing or isinstance(message, Done | Failed):
                self._on_message(message)
