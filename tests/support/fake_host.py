"""A stand-in for the model process: the same protocol, the same texts each time, faults on demand.

Run it by `EngineOptions(command=fake_command(...))`. It imports nothing but cowrite.engine.protocol.
What it does is told by a JSON object in the environment variable COWRITE_FAKE_HOST or the first argument:

texts: the candidates of the first request, the second, ... (the last entry is used on and on)
load_delay, first_delay, chunk_delay, done_delay: seconds
crash_on: numbers of requests (from 1, over the life of one process) in which it kills itself after a chunk
crash_once: a path; it crashes in its first request where this file is missing, and makes it
crash_at_load, garbage, hang_on, fail_load, fail_on: see below
dies: for a way, where it dies and of what: `{"full": ["trial", "SIGILL"]}`; the places are library, load,
    trial (only where it is tried), request; of a signal's name, "hang" or "wrong"
fixed: say the same texts whatever n is
window_chars: how many characters of a draft it says to be worth sending
anew: texts that the first candidate streams and takes back before it writes its own
order: the numbers of the candidates in the order that what follows gives them
others: for a word with the space before it, the words that are told as its alternatives
record: a path to which each received message is appended as a line
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from cowrite.core.suggestion import Candidate, Fit, StopReason, Timings, Token
from cowrite.engine.protocol import (
    SLOWER,
    WRONG_NUMBERS,
    Anew,
    Asked,
    Cancel,
    Chunk,
    ClientMessage,
    Converse,
    Done,
    Failed,
    Finished,
    Instruct,
    Load,
    Loaded,
    Opened,
    Ordered,
    Quit,
    Started,
    Way,
    decode_client,
    encode,
    is_beside,
)
from cowrite.engine.weigh import Weigh, Weighed

DEFAULT = [
    [
        " and the river went on below the bridge.",
        " while the others slept in the hay.",
        " but nobody had lit the lamps yet.",
    ]
]


def fake_command(**script: Any) -> tuple[str, ...]:
    """The command for `EngineOptions.command`; `script` as the module says."""
    return (sys.executable, str(Path(__file__).resolve()), json.dumps(script))


class Host:
    def __init__(self, script: dict[str, Any], out: Any) -> None:
        self.script = script
        self.out = out
        self.inbox: queue.Queue[ClientMessage | None] = queue.Queue()
        self.cancelled: set[str] = set()
        self.newest = ""
        self.count = 0
        self.way = Way.FULL

    def send(self, message: Any) -> None:
        self.out.write(encode(message))
        self.out.flush()

    def listen(self) -> None:
        for line in sys.stdin.buffer:
            if self.script.get("record"):
                with Path(self.script["record"]).open("ab") as record:
                    record.write(line)
            message = decode_client(line)
            if isinstance(message, Asked) and not is_beside(message):
                self.newest = message.request_id
            if isinstance(message, Cancel):
                self.cancelled.add(message.request_id or self.newest)
            self.inbox.put(message)
            if isinstance(message, Quit):
                break
        self.inbox.put(None)

    def run(self) -> None:
        threading.Thread(target=self.listen, daemon=True).start()
        while (message := self.inbox.get()) is not None:
            if isinstance(message, Quit):
                return
            if isinstance(message, Load):
                self.load(message)
            if isinstance(message, Asked):
                self.answer(message)
            if isinstance(message, Weigh):
                nothing = (0.0,) * len(message.pieces)
                counts = (1,) * len(message.pieces)
                self.send(Weighed(message.request_id, message.context, 0, 1, counts, nothing))

    def die(self, place: str) -> None:
        """End as the script says for this way, if this is the place."""
        where, cause = self.script.get("dies", {}).get(self.way, ("", ""))
        if where != place:
            return
        if cause == "hang":
            time.sleep(3600)
        if cause == "wrong":
            os._exit(WRONG_NUMBERS)
        if cause == "slower":
            os._exit(SLOWER)
        os.kill(os.getpid(), getattr(signal, cause))
        time.sleep(3600)

    def load(self, message: Load) -> None:
        self.way = message.way
        self.die("library")
        self.send(Opened())
        self.die("load")
        if message.trial:
            self.die("trial")
        time.sleep(self.script.get("load_delay", 0))
        if self.script.get("crash_at_load"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.script.get("fail_load"):
            self.send(Failed(None, self.script["fail_load"], "Choose another.", fatal=True))
            sys.exit(1)
        self.send(
            Loaded(
                name=message.model.name,
                description="stand-in",
                context=4096,
                trained_context=4096,
                window_chars=self.script.get("window_chars", 6000),
                vocabulary=100,
                threads=1,
                model_bytes=0,
                kv_token_bytes=0,
                rss_bytes=0,
                fim=False,
                load_ms=0.0,
                way=message.way,
            )
        )

    def texts(self, request: Asked) -> list[str]:
        rounds = self.script.get("texts") or DEFAULT
        texts = list(rounds[min(self.count, len(rounds)) - 1])
        return texts if self.script.get("fixed") else texts[: request.params.n]

    def gone(self, request: Asked) -> bool:
        newer = not is_beside(request) and self.newest != request.request_id
        return request.request_id in self.cancelled or newer

    def rest(self, name: str, request: Asked) -> None:
        until = time.monotonic() + self.script.get(name, 0)
        while time.monotonic() < until and not self.gone(request):
            time.sleep(0.005)

    def answer(self, request: Asked) -> None:
        self.count += 1
        began = time.monotonic()
        if self.count in self.script.get("fail_on", []):
            self.send(Failed(request.request_id, "The stand-in was told to fail.", "Ask again."))
            return
        if self.count in self.script.get("hang_on", []):
            time.sleep(3600)
        tokens = len(_shown(request).split())
        self.send(Started(request.request_id, tokens, max(0, tokens - 1)))
        self.die("request")
        if self.script.get("garbage"):
            self.out.write(b"\xff\x00 not json\n{}\n")
        self.rest("first_delay", request)
        texts = self.texts(request)
        written = self.stream(request, texts)
        self.rest("done_delay", request)
        cancelled = self.gone(request)
        candidates = tuple(
            self.candidate(text, StopReason.CANCELLED if cancelled else StopReason.SENTENCE)
            for text in (written if cancelled else texts)
        )
        total = (time.monotonic() - began) * 1000
        timings = Timings(prefill=0.0, first=1.0, total=total)
        if order := self.script.get("order"):
            self.send(Ordered(request.request_id, Fit(tuple(order), (-1.0,) * len(order))))
        self.send(Done(request.request_id, candidates, tokens, max(0, tokens - 1), timings, seed=1))

    def stream(self, request: Asked, texts: list[str]) -> list[str]:
        written = ["" for _ in texts]
        for text in self.script.get("anew", []):
            self.send(Chunk(request.request_id, 0, text))
            self.rest("chunk_delay", request)
            self.send(Anew(request.request_id, 0))
        pieces = [_pieces(text) for text in texts]
        for step in range(max(map(len, pieces), default=0)):
            for index, parts in enumerate(pieces):
                if self.gone(request):
                    return written
                if step < len(parts):
                    self.send(Chunk(request.request_id, index, parts[step]))
                    written[index] += parts[step]
                if step == len(parts) - 1:
                    done = self.candidate(texts[index], StopReason.SENTENCE)
                    self.send(Finished(request.request_id, index, done))
            self.crash()
            self.rest("chunk_delay", request)
        return written

    def candidate(self, text: str, stop: StopReason) -> Candidate:
        others = self.script.get("others", {})
        tokens = tuple(
            Token(
                piece,
                -1.0,
                (
                    (piece, -1.0),
                    *((word, -2.0 - at) for at, word in enumerate(others.get(piece, ()))),
                ),
            )
            for piece in _pieces(text)
        )
        return Candidate(text, tokens, stop)

    def crash(self) -> None:
        once = self.script.get("crash_once")
        if once and not Path(once).exists():
            Path(once).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.count in self.script.get("crash_on", []):
            os.kill(os.getpid(), signal.SIGKILL)


def _shown(request: Asked) -> str:
    if isinstance(request, Converse):
        return request.turns[-1].text
    return request.task.passage if isinstance(request, Instruct) else request.context.before


def _pieces(text: str) -> list[str]:
    """The text by words, each with the space before it."""
    parts: list[str] = []
    for character in text:
        if not parts or (character == " " and parts[-1].strip()):
            parts.append("")
        parts[-1] += character
    return parts


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("COWRITE_FAKE_HOST", "{}")
    Host(json.loads(given), sys.stdout.buffer).run()
