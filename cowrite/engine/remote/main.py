"""The process that speaks to a server, `python -m cowrite.engine.remote.main`: our lines in, HTTP out.

The main thread owns everything: it takes mail from the window and from its streams, which wait for the server
on threads of their own, and looks at the clock. No other process of cowrite opens a connection, and this one
only to the address that was set.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from cowrite.core.suggestion import Timings
from cowrite.engine.pipes import ending_with_parent, take_pipes
from cowrite.engine.protocol import (
    Asked,
    Cancel,
    ClientMessage,
    Done,
    Failed,
    Heartbeat,
    HostMessage,
    Load,
    Loaded,
    Opened,
    Quit,
    decode_client,
    encode,
    is_beside,
    request_of,
)
from cowrite.engine.remote.address import address_of
from cowrite.engine.remote.answering import Answering
from cowrite.engine.remote.faults import Fault, unreachable
from cowrite.engine.remote.knowing import Server, described, look
from cowrite.engine.remote.secret import checked, key_in
from cowrite.engine.remote.stream import Said
from cowrite.engine.weigh import Weigh
from cowrite.errors import CowriteError

_TICK = 0.2
_ALIVE_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class _Looked:
    """What has come of getting to know the server."""

    server: Server
    fault: Fault | None = None


_Mail = ClientMessage | Said | _Looked


class Host:
    """The process's mail and its main loop."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source, self._sink = source, sink
        self._mail: queue.SimpleQueue[_Mail] = queue.SimpleQueue()
        self._load: Load | None = None
        self._server: Server | None = None
        self._looking = False
        self._known = False
        self._told_loaded = False
        self._waiting: list[Asked] = []
        self._answering: list[Answering] = []
        self._alive = 0.0

    def send(self, message: HostMessage) -> None:
        """Say it at once."""
        with ending_with_parent():
            self._sink.write(encode(message))
            self._sink.flush()

    def read(self) -> None:
        """The reader's thread."""
        for line in self._source:
            try:
                message = decode_client(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                # What was wrong with it is not told: it may hold the key.
                self.send(Failed(request_of(line), "The remote engine was asked nonsense."))
                continue
            self._mail.put(message)
            if isinstance(message, Quit):
                return
        os._exit(0)

    # The main thread

    def run(self) -> None:
        """Take mail until the last."""
        self.send(Opened())
        while True:
            busy = self._looking or bool(self._answering)
            try:
                mail = self._mail.get(timeout=_TICK if busy else None)
            except queue.Empty:
                mail = None
            if isinstance(mail, Quit):
                self._cancel(None)
                return
            if mail is not None:
                self._handle(mail)
            self._look_at_clock()

    def _handle(self, mail: _Mail) -> None:
        match mail:
            case Load():
                self._begin(mail)
            case _Looked():
                self._looked(mail)
            case Said():
                for answering in self._answering:
                    answering.take(mail)
            case Cancel(request_id=name):
                self._cancel(name)
            case Weigh(request_id=name):
                text = (
                    "A remote model can't say what weighed: its server tells no more than its text."
                )
                self.send(Failed(name, text, "A model on this machine can: cowrite models list"))
            case _ if isinstance(mail, Asked):
                self._ask(mail)
            case _:
                pass  # nothing is computed ahead elsewhere: see `Loaded`

    def _look_at_clock(self) -> None:
        now = time.perf_counter()
        for answering in self._answering:
            answering.tick(now)
        self._answering = [one for one in self._answering if not one.done]
        busy = self._looking or self._answering
        if busy and now - self._alive > _ALIVE_EVERY:
            self._alive = now
            self.send(Heartbeat())

    # Getting to know the server

    def _begin(self, load: Load) -> None:
        remote = load.options.remote
        assert remote is not None
        self._load = load
        try:
            address = address_of(remote.url, plain_http=remote.plain_http)
            key = key_in(remote.key_file) if remote.key_file is not None else ""
            key = key or (checked(remote.key, "COWRITE_REMOTE_KEY") if remote.key else "")
        except CowriteError as error:
            self._give_up(error.message, error.hint)
            return
        self._server = Server(address, key, remote.model)
        self._look()

    def _look(self) -> None:
        if not self._looking:
            self._looking = True
            threading.Thread(target=self._get_to_know, name="look", daemon=True).start()

    def _get_to_know(self) -> None:
        """On a thread of its own, since a server may take long."""
        load, server = self._load, self._server
        assert load is not None
        options, remote = load.options, load.options.remote
        assert remote is not None
        assert server is not None
        try:
            found = look(remote, server.address, server.key, options.context)
            self._mail.put(_Looked(found))
        except Fault as fault:
            self._mail.put(_Looked(server, fault))
        except Exception as error:  # noqa: BLE001 - whatever a server makes of us, it is only not known
            self._mail.put(_Looked(server, unreachable(error, server.address)))

    def _looked(self, looked: _Looked) -> None:
        self._looking = False
        fault = looked.fault
        if fault is not None and fault.settings:
            self._give_up(fault.message, fault.hint)
            return
        self._known = fault is None
        self._server = looked.server
        waiting, self._waiting = self._waiting, []
        if fault is not None and not waiting:
            self.send(Failed(None, fault.message, fault.hint))
        if self._known or not self._told_loaded:
            self._tell_loaded()
        if fault is not None:
            for message in waiting:
                self.send(Failed(message.request_id, fault.message, fault.hint))
            return
        for message in waiting:
            self._ask(message)

    def _tell_loaded(self) -> None:
        server = self._server
        assert server is not None
        self._told_loaded = True
        self.send(
            Loaded(
                name=described(server),
                description=f"a server at {server.address.place}",
                context=server.context,
                trained_context=server.context,
                window_chars=server.chars,
                vocabulary=0,
                threads=0,
                model_bytes=0,
                kv_token_bytes=0,
                rss_bytes=0,
                fim=server.suffix,
                load_ms=0.0,
                adapter=server.adapter or None,
                library=f"remote {server.address.place}",
                converses=server.chat,
                weighs=False,
                heals=False,
                logprobs=server.logprobs,
            )
        )

    def _give_up(self, message: str, hint: str) -> None:
        self.send(Failed(None, message, hint, fatal=True))
        self._sink.flush()
        os._exit(1)

    # Requests

    def _ask(self, message: Asked) -> None:
        if not is_beside(message):
            for one in self._answering:
                if not is_beside(one.message):
                    one.cancel()
            self._drop([waiting for waiting in self._waiting if not is_beside(waiting)])
        if not self._known:
            self._waiting.append(message)
            if self._server is not None:
                self._look()
            return
        assert self._server is not None
        now = time.perf_counter()
        self._answering.append(Answering(message, self._server, self.send, self._mail.put, now))

    def _cancel(self, name: str | None) -> None:
        for one in self._answering:
            if name in (None, one.message.request_id):
                one.cancel()
        self._drop([one for one in self._waiting if name in (None, one.request_id)])

    def _drop(self, over: list[Asked]) -> None:
        """End what waits for the server."""
        self._waiting = [one for one in self._waiting if one not in over]
        for one in over:
            self.send(Done(one.request_id, (), 0, 0, Timings()))


def main() -> None:
    """Take the pipes for the messages, and run."""
    host = Host(*take_pipes())
    threading.Thread(target=host.read, name="reader", daemon=True).start()
    host.run()
    os._exit(0)


if __name__ == "__main__":
    main()
