"""Who is answered when: one request of each client in turn, so many at once as the model takes."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from cowrite.engine.protocol import Converse, Done, Failed, HostMessage, Suggest
from cowrite.serve.asked import RefusedError

AT_ONCE, MOST_WAITING, MOST_OF_ONE = 8, 128, 64
"""Requests that are answered at once, that wait in all, and that wait of one client."""


@dataclass(eq=False, slots=True)
class Job:
    """A prompt that is answered. said: what the model says of it, `Done` or `Failed` at the end."""

    message: Suggest | Converse
    client: str
    said: asyncio.Queue[HostMessage] = field(default_factory=asyncio.Queue)


class Desk:
    """The queue. Everything here runs on the event loop."""

    def __init__(
        self, ask: Callable[[Suggest | Converse], None], cancel: Callable[[str], None]
    ) -> None:
        self._ask, self._cancel = ask, cancel
        self._waiting: OrderedDict[str, deque[Job]] = OrderedDict()
        self._running: dict[str, Job] = {}
        self._numbers = itertools.count(1)

    def put(self, messages: list[Suggest | Converse], client: str) -> list[Job]:
        """Have these answered, all or none. Raises RefusedError where too many wait."""
        of_one = len(self._waiting.get(client, ()))
        in_all = sum(map(len, self._waiting.values()))
        if in_all + len(messages) > MOST_WAITING or of_one + len(messages) > MOST_OF_ONE:
            raise RefusedError(429, "Too many requests wait; ask again later.", None, "queue_full")
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

    def hear(self, message: HostMessage) -> None:
        """What the model's process says."""
        job = self._running.get(getattr(message, "request_id", None) or "")
        if job is None:
            return
        if isinstance(message, Done | Failed):
            del self._running[job.message.request_id]
        job.said.put_nowait(message)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._running) < AT_ONCE:
            client, queue = next(iter(self._waiting.items()))
            job = queue.popleft()
            self._waiting.move_to_end(client)
            if not queue:
                del self._waiting[client]
            self._running[job.message.request_id] = job
            self._ask(job.message)
