"""One life of the model process: from its start to its end, with what it says and what ended it."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from cowrite.engine.outbox import Outbox
from cowrite.engine.process import exit_reason, is_hopeless, processor_trouble, reap, spawn_host
from cowrite.engine.protocol import (
    EngineOptions,
    Failed,
    HostMessage,
    Loaded,
    Opened,
    decode_host,
    encode,
)

LONGEST_LINE = 16 << 20
MOST_NONSENSE = 100
"""Bytes of a message, and lines in a row that are none, after which a child is beyond hope and is ended."""

HUNG = "it hung"
SILENT = "said nothing for"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended.

    reason: a sentence. fatal: trying again won't help. trouble: what another way of evaluating may avoid, empty
    where it has nothing to do with that. opened: llama.cpp's library could be loaded. loaded: the model, too.
    """

    reason: str
    fatal: bool = False
    trouble: str = ""
    opened: bool = False
    loaded: bool = False


class Child:
    """One process. `run` returns when it has ended; `kill` and `pid` may be used from other threads.

    on_message: gets all that it says. busy: whether it owes an answer, so that silence means that it hangs.
    """

    def __init__(
        self,
        options: EngineOptions,
        log_path: Path,
        outbox: Outbox,
        on_message: Callable[[HostMessage], None],
        busy: Callable[[], bool],
    ) -> None:
        self._limit = options.hang_seconds
        self._log_path = log_path
        self._outbox = outbox
        self._on_message = on_message
        self._busy = busy
        self._heard = time.monotonic()
        self._over = threading.Event()
        self._ended_for = ""
        self._fatal = ""
        self._opened = self._loaded = False
        self._process = spawn_host(options, log_path)

    @property
    def pid(self) -> int | None:
        """The process id, None once it has ended."""
        return self._process.pid if self._process.poll() is None else None

    def asked(self) -> None:
        """It was given something to do: silence counts from now."""
        self._heard = time.monotonic()

    def end(self, timeout: float) -> None:
        """Wait so many seconds for it to end by itself, then kill it."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def run(self) -> Ended:
        """Carry messages both ways until its pipe ends."""
        helpers = [
            threading.Thread(target=self._write, daemon=True),
            threading.Thread(target=self._watch, daemon=True),
        ]
        for helper in helpers:
            helper.start()
        self._read()
        self._over.set()
        self._outbox.wake()
        reap(self._process)
        return self._ended()

    def _ended(self) -> Ended:
        code = self._process.returncode
        if self._fatal:
            return Ended(self._fatal, fatal=True, opened=self._opened, loaded=self._loaded)
        if self._ended_for:
            reason = f"The model process {self._ended_for} and was ended."
            slow_start = not self._opened  # a busy disk's fault, and no way's
            trouble = HUNG if self._ended_for.startswith(SILENT) and not slow_start else ""
        else:
            reason, trouble = exit_reason(code, self._log_path), processor_trouble(code)
        fatal = not self._ended_for and is_hopeless(code)
        return Ended(reason, fatal, trouble, self._opened, self._loaded)

    def _read(self) -> None:
        """Pass its messages on until its pipe ends."""
        nonsense = 0
        while (stream := self._process.stdout) is not None:
            try:
                line = stream.readline(LONGEST_LINE)
            except (OSError, ValueError):
                return
            if not line:
                return
            try:
                message = decode_host(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                nonsense += 1
                if nonsense >= MOST_NONSENSE or len(line) >= LONGEST_LINE:
                    self._kill("spoke nonsense")
                    return
                continue
            nonsense = 0
            self._heard = time.monotonic()
            self._note(message)
            self._on_message(message)

    def _note(self, message: HostMessage) -> None:
        match message:
            case Opened():
                self._opened = True
            case Loaded():
                self._loaded = True
            case Failed(request_id=None, fatal=True):
                self._fatal = " ".join(part for part in (message.message, message.hint) if part)
            case _:
                pass

    # The helpers' threads

    def _write(self) -> None:
        """Send what waits. A thread of its own, since a child that hangs does not empty its pipe."""
        stream = self._process.stdin
        while stream is not None and (message := self._outbox.take(self._over)) is not None:
            try:
                stream.write(encode(message))
                stream.flush()
            except (OSError, ValueError):
                return

    def _watch(self) -> None:
        """Kill it where it is busy and silent for too long."""
        while not self._over.wait(min(1.0, self._limit / 4)):
            if self._busy() and time.monotonic() - self._heard > self._limit:
                self._kill(f"{SILENT} {self._limit:g} s")
                return

    def _kill(self, reason: str) -> None:
        self._ended_for = reason
        self._process.kill()
