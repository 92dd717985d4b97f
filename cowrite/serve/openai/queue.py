"""Who is answered when: one request of each client in turn, so many at once as the model takes."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from cowrite.engine.protocol import Converse, Done, Failed, HostMessage, Suggest
from cowrite.serve.openai.refusing import RefusedError

AT_ONCE, MOST_WAITING, MOST_OF_ONE = 8, 128, 64
"""Requests that are answered at once, that wait in all, and that wait of one client."""

UNBEGUN = 1
"""Requests that are with the model without a word of theirs. It begins what it has in the order in which that
came, as it finds room: what else was handed over would be before a client whose turn has come since.
"""


@dataclass(eq=False, slots=True)
class Job:
    """A prompt that is answered. said: what the model says of it, `Done` or `Failed` at the end."""

    message: Suggest | Converse
    client: str
    said: asyncio.Queue[HostMessage] = field(default_factory=asyncio.Queue)


class RequestQueue:
    """Requests that wait and that run. Everything here runs on the event loop.

    ask, cancel: have the model do so. ended: told of each job that was asked, with its last message.
    """

    def __init__(
        self,
        ask: Callable[[Suggest | Converse], None],
        cancel: Callable[[str], None],
        ended: Callable[[Job, Done | Failed], None] | None = None,
    ) -> None:
        self._ask, self._cancel, self._ended = ask, cancel, ended
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()
        self._running: dict[str, Job] = {}
        self._unbegun: set[str] = set()
        self._numbers = itertools.count(1)
        self._open = False

    @property
    def waiting(self) -> int:
        """Requests that are not asked yet."""
        return sum(map(len, self._waiting.values()))

    def put(self, messages: list[Suggest | Converse], client: str) -> list[Job]:
        """Have these answered, all or none. Raises RefusedError where too many wait."""
        of_one = len(self._waiting.get(client, ()))
        if self.waiting + len(messages) > MOST_WAITING or of_one + len(messages) > MOST_OF_ONE:
            said = "Too many requests wait; ask again later."
            raise RefusedError(429, said, None, "queue_full", again=True)
        jobs = []
        for message in messages:
            name = f"serve-{next(self._numbers)}"
            job = Job(msgspec.structs.replace(message, request_id=name), client)
            self._waiting.setdefault(client, deque()).append(job)
            jobs.append(job)
        self._go_on()
        return jobs

    def leave(self, jobs: list[Job]) -> None:
        """Nobody waits for these any more."""
        for job in jobs:
            if job.message.request_id in self._running:
                self._cancel(job.message.request_id)
                continue
            queue = self._waiting.get(job.client)
            if queue is not None and job in queue:
                queue.remove(job)
                if not queue:
                    del self._waiting[job.client]

    def open(self) -> None:
        """The model is ready."""
        self._open = True
        self._go_on()

    def close(self) -> None:
        """The model is not ready: what waits goes on waiting."""
        self._open = False

    def give_up(self, reason: Failed) -> None:
        """There will be no model: what waits has failed."""
        self._open = False
        waiting, self._waiting = self._waiting, OrderedDict()
        for job in (job for queue in waiting.values() for job in queue):
            job.said.put_nowait(reason)

    def hear(self, message: HostMessage) -> None:
        """What the model's process says."""
        job = self._running.get(getattr(message, "request_id", None) or "")
        if job is None:
            return
        self._unbegun.discard(job.message.request_id)
        if isinstance(message, Done | Failed):
            del self._running[job.message.request_id]
            if self._ended is not None:
                self._ended(job, message)
        job.said.put_nowait(message)
        self._go_on()

    @property
    def _has_room(self) -> bool:
        return len(self._running) < AT_ONCE and len(self._unbegun) < UNBEGUN

    def _go_on(self) -> None:
        while self._open and self._waiting and self._has_room:
            client, queue = next(iter(self._waiting.items()))
            job = queue.popleft()
            self._waiting.move_to_end(client)
            if not queue:
                del self._waiting[client]
            self._running[job.message.request_id] = job
            self._unbegun.add(job.message.request_id)
            self._ask(job.message)
