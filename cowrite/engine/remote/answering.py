"""A request that a server answers: its candidates, the streams that they come by, and its limits of time."""

from __future__ import annotations

import time
from collections.abc import Callable

from cowrite.core.seeds import place_seed, task_seed
from cowrite.core.suggestion import StopReason, Timings
from cowrite.core.task import TaskKind
from cowrite.engine.generation.answer import AnswerEnding
from cowrite.engine.generation.attempt import Ending
from cowrite.engine.generation.chat import plain_script
from cowrite.engine.generation.stopping import Stopping
from cowrite.engine.protocol import (
    Anew,
    Asked,
    Chunk,
    Converse,
    Done,
    Failed,
    Finished,
    HostMessage,
    Instruct,
    Started,
    Suggest,
)
from cowrite.engine.remote.bodies import (
    as_chat,
    completion,
    extras,
    infill,
    messages_in,
    messages_of,
    prompt_of,
)
from cowrite.engine.remote.faults import Fault
from cowrite.engine.remote.growing import Growing, Seam
from cowrite.engine.remote.hearing import Delta
from cowrite.engine.remote.knowing import FanOut, Server
from cowrite.engine.remote.stream import Call, Said, Stream

FIRST = 90.0
BETWEEN = 20.0
"""Seconds for a server's first word, which may have to load its model, and then between two of them."""

LONGEST = 600.0
"""Seconds of a whole answer."""

_LEAST_CONTEXT = 512
"""Tokens: a server that finds even so little too much means something else."""

Send = Callable[[HostMessage], None]


class Answering:
    """One request, from its first byte to its `Done` or `Failed`. The main thread alone calls it."""

    def __init__(
        self, message: Asked, server: Server, send: Send, tell: Callable[[Said], None], now: float
    ) -> None:
        """now: when it came, of time.perf_counter."""
        self.message = message
        self.done = False
        self._server, self._send, self._tell = server, send, tell
        self._began = self._heard = now
        self._first: float | None = None
        self._prompt_tokens = self._cached = 0
        self._started = False
        self._fault: Fault | None = None
        self._streams: list[Stream] = []
        self._seed = _seed_of(message)
        self._chat = not isinstance(message, Suggest) and _converses(message) and server.chat
        self._growing = [self._candidate(number) for number in range(message.params.n)]
        self._waiting = list(range(message.params.n))
        self._go_on()

    # What comes

    def take(self, said: Said) -> None:
        """Something of one of the streams; what is no longer wanted is passed over."""
        stream = said.stream
        if stream not in self._streams:
            return
        self._server.strict = self._server.strict or said.bare
        for value in said.heard:
            if isinstance(value, Delta):
                self._add(stream, value)
            else:
                self._prompt_tokens, self._cached = value.prompt, value.cached
        if said.over:
            self._streams.remove(stream)
            self._ended(stream, said.fault)
        elif all(self._growing[number].stop is not None for number in stream.candidates):
            stream.stop()
            self._streams.remove(stream)
        self._go_on()

    def _add(self, stream: Stream, delta: Delta) -> None:
        if not 0 <= delta.index < len(stream.candidates):
            return
        candidate = self._growing[stream.candidates[delta.index]]
        if candidate.stop is not None:
            return
        now = time.perf_counter()
        if not self._started:
            self._started = True
            self._send(Started(self.message.request_id, 0, 0))
        if delta.text:
            self._heard = now
            self._first = self._first or now
        candidate.take(delta)
        self._show(candidate)

    def _show(self, candidate: Growing) -> None:
        name, number = self.message.request_id, candidate.number
        if text := candidate.fresh():
            self._send(Chunk(name, number, text))
        if candidate.stop is not None:
            self._send(Finished(name, number, candidate.candidate))

    def _ended(self, stream: Stream, fault: Fault | None) -> None:
        """A stream is over by itself: what it has not written to its end is asked for once more, or stays."""
        left = [self._growing[n] for n in stream.candidates if self._growing[n].stop is None]
        if fault is not None:
            if fault.status and self._chat:
                self._server.chat = self._chat = False
                self._growing = [self._candidate(number) for number in range(len(self._growing))]
                self._waiting = [one.number for one in self._growing]
                return
            if not self._chat and _too_long(fault) and self._server.context > _LEAST_CONTEXT:
                self._server.context //= 2
                self._waiting += [candidate.number for candidate in left]
                return
            self._fault = fault
            return
        for candidate in left:
            if candidate.begun and not self._streams:
                candidate.end(StopReason.END)
                self._show(candidate)
            elif candidate.begun:  # the server has let another request end this one
                self._server.fan_out = FanOut.IN_TURN
                if candidate.streamed:
                    self._send(Anew(self.message.request_id, candidate.number))
                candidate.again()
                self._waiting.append(candidate.number)
            elif len(stream.candidates) > 1:  # it has written fewer than it was asked for
                self._server.fan_out = max(self._server.fan_out, FanOut.BESIDE)
                self._waiting.append(candidate.number)
            else:
                candidate.end(StopReason.END)
                self._show(candidate)

    def tick(self, now: float) -> None:
        """End what takes too long. now: of time.perf_counter."""
        if self.done:
            return
        deadline = self.message.params.deadline_ms / 1000
        place = self._server.address.place
        if self._first is not None and (
            0 < deadline < now - self._first or now - self._began > LONGEST
        ):
            self._finish(StopReason.DEADLINE)
        elif now - self._heard > (FIRST if self._first is None else BETWEEN):
            limit = f"{FIRST if self._first is None else BETWEEN:g} s"
            self._fault = Fault(f"{place} said nothing for {limit}.", "It may be busy. Ask again.")
            self._finish(StopReason.DEADLINE)

    def cancel(self) -> None:
        """Nobody wants the rest: the server's work ends with its connections."""
        if not self.done:
            self._fault = None
            self._finish(StopReason.CANCELLED)

    # What is asked

    def _go_on(self) -> None:
        """Ask for the candidates that wait, as the server takes them; end where nothing is left."""
        if self.done:
            return
        if self._fault is None:
            fan_out = self._server.fan_out
            while self._waiting and not (fan_out is FanOut.IN_TURN and self._streams):
                count = len(self._waiting) if fan_out is FanOut.TOGETHER else 1
                numbers, self._waiting = self._waiting[:count], self._waiting[count:]
                stream = Stream(self._call(numbers), tuple(numbers), self._tell)
                self._streams.append(stream)
                stream.start()
        if not self._streams:
            self._finish(StopReason.END)

    def _call(self, numbers: list[int]) -> Call:
        server, message = self._server, self.message
        params, seed = message.params, self._seed + numbers[0]
        more = extras(params, logprobs=server.logprobs and params.logprobs > 0, chat=self._chat)
        body = completion("", params, len(numbers), seed, _ends_of(message))
        path = f"{server.address.path}/completions"
        if self._chat:
            assert not isinstance(message, Suggest)
            said = (
                messages_of(message.task)
                if isinstance(message, Instruct)
                else messages_in(message.turns)
            )
            body, path = as_chat(body, said), f"{server.address.path}/chat/completions"
        else:
            body["prompt"] = self._prompt()
            if isinstance(message, Suggest) and server.suffix and message.context.after.strip():
                more["suffix"] = message.context.after[: server.chars // 4]
                if server.infill:
                    body, more = infill(body, more)
                    path = f"{server.address.root}/infill"
        if server.model:
            body["model"] = server.model
        if server.lora:
            plain = isinstance(message, Suggest) and message.plain
            body["lora"] = [{"id": i, "scale": 0.0 if plain else scale} for i, scale in server.lora]
        return Call(server.address, server.key, path, body, {} if server.strict else more)

    def _prompt(self) -> str:
        message, most = self.message, self._server.chars
        if isinstance(message, Suggest):
            return prompt_of(message.context, most)
        if isinstance(message, Converse):
            return "\n\n".join(turn.text for turn in message.turns)[-most:]
        task = message.task
        if not _converses(message):
            notes = "".join(f"{note.strip()}\n\n" for note in task.notes if note.strip())
            return notes[: most // 2] + task.before.rstrip(" \t")[-most // 2 :]
        said = plain_script(task, task.before[-1500:])
        return "".join(piece.text for piece in (*said.known, *said.rest))

    def _candidate(self, number: int) -> Growing:
        message, server = self.message, self._server
        most = message.params.max_tokens
        if isinstance(message, Suggest):
            context = message.context
            ending = Stopping(
                context.before,
                context.after,
                message.params.stop,
                message.params.sampling.banned,
                head=context.head,
                ends=message.ends,
            )
            seam = Seam.at(context.body, loses=server.loses_space, keeps=server.keeps_space)
            return Growing(number, ending, most, seam)
        return Growing(number, self._task_ending(), most)

    def _task_ending(self) -> Ending:
        message = self.message
        if isinstance(message, Converse):
            return AnswerEnding(message.ends)
        assert isinstance(message, Instruct)
        if self._chat or not _converses(message):
            return AnswerEnding()
        return AnswerEnding(plain_script(message.task, "").marks)

    # The end

    def _finish(self, stop: StopReason) -> None:
        self.done = True
        for stream in self._streams:
            stream.stop()
        self._streams.clear()
        whole = any(one.stop is not None and one.candidate.text for one in self._growing)
        fault = self._fault
        if fault is not None and not whole:
            self._send(Failed(self.message.request_id, fault.message, fault.hint))
            return
        seen: set[str] = set()
        for one in self._growing:
            if one.stop is None:
                one.end(StopReason.DEADLINE if fault is not None else stop)
            if (text := one.candidate.text.strip()) in seen:
                one.drop()
            seen.add(text)
        candidates = tuple(one.candidate for one in self._growing)
        now, began, first = time.perf_counter(), self._began, self._first
        timings = Timings(
            prefill=((first or now) - began) * 1000,
            first=None if first is None else (first - began) * 1000,
            total=(now - began) * 1000,
        )
        name, tokens = self.message.request_id, (self._prompt_tokens, self._cached)
        self._send(Done(name, candidates, *tokens, timings, self._seed))


def _converses(message: Instruct | Converse) -> bool:
    """Whether there is something to be said to a model: where nothing is, a text is simply gone on with."""
    if isinstance(message, Converse):
        return True
    task = message.task
    return task.kind is not TaskKind.WRITE or bool(task.instruction.strip())


def _too_long(fault: Fault) -> bool:
    """Whether a server has refused a prompt for its length: its context is smaller than it was taken to be."""
    said = fault.hint.lower()
    return (
        fault.body
        and "context" in said
        and any(word in said for word in ("token", "length", "size"))
    )


def _seed_of(message: Asked) -> int:
    if message.params.seed is not None:
        return message.params.seed
    if isinstance(message, Suggest):
        return place_seed(message.context)
    return task_seed(message.task) if isinstance(message, Instruct) else 1


def _ends_of(message: Asked) -> tuple[str, ...]:
    return () if isinstance(message, Instruct) else message.ends
