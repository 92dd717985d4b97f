"""One answer of a server as it comes, on a thread of its own; tried again while nothing was told of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from cowrite.engine.remote.address import Address
from cowrite.engine.remote.bodies import Body
from cowrite.engine.remote.faults import Fault, unreachable
from cowrite.engine.remote.hearing import Heard, heard
from cowrite.engine.remote.wire import Exchange

MOST_TRIES = 4


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked, and where. extras: fields that a strict server may refuse, and then is asked without."""

    address: Address
    key: str
    path: str
    body: Body
    extras: Body

    def bodies(self) -> list[Body]:
        """The bodies to be tried one after the other, as long as the request itself is refused."""
        return [{**self.body, **self.extras}, self.body] if self.extras else [self.body]


@dataclass(frozen=True, slots=True)
class Said:
    """What a stream tells the main thread. fault: why it is over before its end.

    bare: the server took the request without the extras alone.
    """

    stream: Stream
    heard: tuple[Heard, ...] = ()
    over: bool = False
    fault: Fault | None = None
    bare: bool = False


class Stream:
    """A request to a server. candidates: the number of the candidate of each index in its answer."""

    def __init__(
        self, call: Call, candidates: tuple[int, ...], tell: Callable[[Said], None]
    ) -> None:
        self.candidates = candidates
        self._call, self._tell = call, tell
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._exchange: Exchange | None = None
        self._told = False

    def start(self) -> None:
        """Ask, and return at once."""
        threading.Thread(target=self._run, name="stream", daemon=True).start()

    def stop(self) -> None:
        """Nobody wants it any more: the connection ends now, and nothing is told of it."""
        self._stopped.set()
        with self._lock:
            if self._exchange is not None:
                self._exchange.stop()

    # Its own thread

    def _run(self) -> None:
        bodies = self._call.bodies()
        tries, rest = 1, 1.0
        while True:
            try:
                self._listen(bodies[0], bare=len(bodies) == 1 and bool(self._call.extras))
                fault = None
            except Fault as said:
                fault = said
            except Exception as error:  # noqa: BLE001 - whatever a server makes of us, its request ends
                fault = unreachable(error, self._call.address)
            if self._stopped.is_set():
                return
            if fault is None or self._told:
                break
            if fault.body and len(bodies) > 1:
                bodies.pop(0)
                continue
            if fault.again is None or tries >= MOST_TRIES:
                break
            self._stopped.wait(fault.again * rest)
            tries, rest = tries + 1, rest * 2
        self._tell(Said(self, over=True, fault=fault))

    def _listen(self, body: Body, *, bare: bool) -> None:
        """Ask once. Raises Fault."""
        call = self._call
        exchange = Exchange(call.address, call.key)
        with self._lock:
            if self._stopped.is_set():
                return
            self._exchange = exchange
        try:
            kind = exchange.open(call.path, body)
            for said in heard(kind, exchange.lines(), call.address.place):
                if said:
                    self._told = True
                    self._tell(Said(self, tuple(said), bare=bare))
        finally:
            exchange.close()
