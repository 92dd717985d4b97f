"""The model process: `python -m cowrite.engine.host.main`, messages on its standard input and output.

The reader's thread takes the mail and ends evaluations that it makes pointless; the main thread evaluates.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from cowrite.core.context import Context
from cowrite.core.task import Task
from cowrite.engine.backend import NoDeviceError, NoRoomError
from cowrite.engine.host.engine import Engine
from cowrite.engine.host.loading import load_engine, open_library
from cowrite.engine.host.pace import Pace
from cowrite.engine.host.trial import SlowerError, WrongNumbersError
from cowrite.engine.pipes import ending_with_parent, take_pipes
from cowrite.engine.protocol import (
    NO_DEVICE,
    NO_ROOM,
    SLOWER,
    WRONG_NUMBERS,
    Asked,
    Cancel,
    ClientMessage,
    Configure,
    Converse,
    Failed,
    Heartbeat,
    HostMessage,
    Instruct,
    Load,
    Opened,
    Prepare,
    Quit,
    Suggest,
    Warm,
    decode_client,
    encode,
    is_beside,
    request_of,
)
from cowrite.engine.weigh import Weigh
from cowrite.errors import CowriteError

_ALIVE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class _Mail:
    message: ClientMessage
    received: float


class Host:
    """The process's mail and its main loop."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._mail: queue.SimpleQueue[_Mail] = queue.SimpleQueue()
        self._engine: Engine | None = None
        self._interrupt: Callable[[], None] = _nothing
        self._resume: Callable[[], None] = _nothing
        self._working_for: Context | Task | None = None
        self._last_alive = 0.0
        self._pace = Pace()
        self._was_idle = True

    def send(self, message: HostMessage) -> None:
        """Write one message, to go with the others of this step."""
        with ending_with_parent():
            self._sink.write(encode(message))

    def flush(self) -> None:
        """Send what was written: once a step, since each time wakes the window on one of the busy cores."""
        with ending_with_parent():
            self._sink.flush()

    def _send_now(self, message: HostMessage) -> None:
        self.send(message)
        self.flush()

    # The reader's thread

    def read(self) -> None:
        for line in self._source:
            now = time.perf_counter()
            try:
                message = decode_client(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                self._send_now(
                    Failed(request_of(line), "The model process was asked nonsense.", str(error))
                )
                continue
            self._mail.put(_Mail(message, now))
            if self._urgent(message):
                self._interrupt()
            if isinstance(message, Quit):
                return
        os._exit(0)

    def _urgent(self, message: ClientMessage) -> bool:
        """Whether what is evaluated now need not be finished for this message's sake."""
        if isinstance(message, Asked) and is_beside(message):
            return self._engine is not None and not self._engine.writing
        if isinstance(message, Warm | Suggest | Prepare | Instruct):
            asked = isinstance(message, Suggest | Instruct)
            useful = _serves(self._working_for, _about(message))
            writing = self._engine is not None and self._engine.writing
            return writing and asked if useful else not writing or asked
        return isinstance(message, Cancel | Quit | Configure)

    # The main thread

    def run(self) -> None:
        first = self._mail.get().message
        if not isinstance(first, Load):
            return
        self._load(first)
        while True:
            self.flush()
            self._resume()
            mail = self._next()
            if mail is not None:
                if not self._handle(mail):
                    return
                continue
            self._step()

    def _next(self) -> _Mail | None:
        """The next message; None when it is time to go on with the work."""
        engine = self._engine
        assert engine is not None
        try:
            if engine.writing:
                return self._mail.get_nowait()
            if engine.idle:
                self._tell_idle()
                return self._mail.get()
            budget, now = engine.prefetch.budget, time.perf_counter()
            rest = self._pace.wait(now, budget, reading=engine.warming)
            return self._mail.get(timeout=rest) if rest > 0 else self._mail.get_nowait()
        except queue.Empty:
            return None

    def _tell_idle(self) -> None:
        engine = self._engine
        assert engine is not None
        if not self._was_idle:
            self._was_idle = True
            self._send_now(Heartbeat(prepared=engine.kv.evaluated, idle=True))

    def _handle(self, mail: _Mail) -> bool:
        """Take one message; false when it is the last."""
        engine, message = self._engine, mail.message
        assert engine is not None
        match message:
            case Suggest() | Instruct() | Converse():
                self._working_for = None if is_beside(message) else _about(message)
                engine.ask(message, mail.received)
            case Warm() | Prepare():
                if self._mail.empty():
                    self._working_for = _about(message)
                    if isinstance(message, Warm):
                        engine.warm(message.context, message.params)
                    else:
                        engine.prepare(message.task)
                    self._pace.heard(time.perf_counter())
            case Weigh():
                engine.weigh(message, mail.received)
            case Cancel():
                engine.cancel(message.request_id)
            case Configure():
                engine.configure(message.run_ahead)
            case Quit():
                engine.cancel(None)
                self._resume()
                engine.keep()
                return False
            case _:
                pass
        return True

    def _step(self) -> None:
        engine = self._engine
        assert engine is not None
        self._was_idle = False
        began = time.perf_counter()
        ahead = not engine.writing and not engine.warming
        engine.step()
        now = time.perf_counter()
        if ahead:
            self._pace.stepped(began, now)
        if now - self._last_alive > _ALIVE_EVERY:
            self._last_alive = now
            self.send(Heartbeat(prepared=engine.kv.evaluated))

    # Loading

    def _load(self, message: Load) -> None:
        try:
            open_library()
            self._send_now(Opened())
            llama, self._engine, loaded = load_engine(message, self.send, self._tell_alive)
        except CowriteError as error:
            self._send_now(Failed(None, error.message, error.hint, fatal=True))
            sys.exit(1)
        except WrongNumbersError:
            os._exit(WRONG_NUMBERS)
        except SlowerError:
            os._exit(SLOWER)
        except NoDeviceError:
            os._exit(NO_DEVICE)
        except NoRoomError:
            os._exit(NO_ROOM)
        self._interrupt, self._resume = llama.interrupt, llama.resume
        self.send(loaded)

    def _tell_alive(self) -> None:
        now = time.perf_counter()
        if now - self._last_alive > _ALIVE_EVERY:
            self._last_alive = now
            self._send_now(Heartbeat())


def _about(message: Warm | Prepare | Asked) -> Context | Task | None:
    if isinstance(message, Converse):
        return None
    return message.context if isinstance(message, Warm | Suggest) else message.task


def _serves(current: Context | Task | None, wanted: Context | Task | None) -> bool:
    """Whether what is evaluated for the one is of use for the other."""
    if isinstance(current, Context) and isinstance(wanted, Context):
        return wanted.text.startswith(current.text)
    if isinstance(current, Task) and isinstance(wanted, Task):
        return (wanted.notes, wanted.passage) == (current.notes, current.passage)
    return False


def _nothing() -> None:
    """What stands for interrupting while no model is loaded."""


def main() -> None:
    """Take the pipes for the messages, send all other output to the log, and run."""
    source, sink = take_pipes()
    host = Host(source, sink)
    threading.Thread(target=host.read, name="reader", daemon=True).start()
    host.run()
    sink.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
