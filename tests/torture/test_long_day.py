"""Eight hours of writing in fast motion: nothing grows, nothing leaks, keys stay as quick as they were.

TORTURE_DAY: the share of a day, 1.0 being 20,000 keys, 2,000 requests, 200 saves and 20 ends of the engine.

Keys of the morning are compared with keys of the evening, and hours lie between them in which a machine
has other things to do. So two figures are kept of each key: the seconds that a clock shows, and the fair ones,
which are judged. Fair ones leave out the time in which window or test were ready and had no processor, and are
scaled by how long a small fixed piece of work took in the same minute.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from heard import Heard, child_of
from terminal import Terminal
from windows import Open

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.client import EngineState

ROUNDS = 200
KEYS, REQUESTS = 100, 10
"""In a round; each ends with a save, and each tenth one with the end of the engine."""

WORDS = [
    "when",
    "evening",
    "came",
    "the",
    "lamps",
    "were",
    "lit",
    "along",
    "a",
    "quay",
    "nobody",
    "said",
]
GHOST = " AND SO ON."
ORDINARY = 0.0003
"""Seconds of `pace` by which fair times are scaled, so that they look like seconds."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a process holds: resident megabytes, open files, threads."""

    memory: float
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Health:
        proc = Path(f"/proc/{pid}")
        pages = int((proc / "statm").read_text().split()[1])
        threads = len(list((proc / "task").iterdir()))
        memory = pages * resource.getpagesize() / 1e6
        return cls(memory, len(list((proc / "fd").iterdir())), threads)


@dataclass(slots=True)
class Times:
    """Seconds from each key to the first that is painted after it."""

    clock: list[float] = field(default_factory=list)
    fair: list[float] = field(default_factory=list)

    def part(self, start: int, end: int) -> tuple[float, float]:
        """The p95 of some of the keys, by the clock and fairly."""
        return p95(self.clock[start:end]), p95(self.fair[start:end])


def p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def waited(process: int, thread: int) -> float:
    """Seconds in which a thread could have run and no processor was free; 0 where nobody counts them."""
    try:
        return int(Path(f"/proc/{process}/task/{thread}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def pace() -> float:
    """Seconds of processor that a small fixed piece of work takes now."""
    took = []
    for _ in range(15):
        began = time.thread_time()
        sum(range(20_000))
        took.append(time.thread_time() - began)
    return statistics.median(took)


def press(screen: Terminal, key: str, times: Times) -> None:
    own = os.getpid(), threading.get_native_id()
    idle = waited(screen.pid, screen.pid) + waited(*own)
    began = time.perf_counter()
    os.write(
        screen._fd, key.encode()
    )  # `write` would read too, and sometimes the paint that is waited for
    screen.read(1.0)
    took = time.perf_counter() - began
    idle = waited(screen.pid, screen.pid) + waited(*own) - idle
    times.clock.append(took)
    times.fair.append(max(0.0, took - idle))


def a_round(screen: Terminal, draw: random.Random, times: Times) -> None:
    text, done, before = "", len(times.fair), pace()
    while len(text) < KEYS:
        text += draw.choice(WORDS) + " "
    for index, character in enumerate(text[:KEYS]):
        press(screen, character, times)
        if index % (KEYS // REQUESTS) == 0:
            ask(screen, draw)
    scale = ORDINARY * 2 / (before + pace())
    times.fair[done:] = [took * scale for took in times.fair[done:]]
    screen.press("enter", "ctrl+s")
    screen.wait("saved")
    drain(screen)


def ask(screen: Terminal, draw: random.Random) -> None:
    """Ask, and take it or refuse it."""
    before = screen.prose.count(GHOST.strip())
    screen.write("\x00")
    deadline = time.monotonic() + 2
    while screen.prose.count(GHOST.strip()) <= before and time.monotonic() < deadline:
        screen.read(0.05)
    screen.press(draw.choice(["tab", "ctrl+r"]))  # an escape and the next key may be read as one
    drain(screen)


def drain(screen: Terminal) -> None:
    """Read what was still to be painted, so that the next key's time is its own."""
    while screen.read(0.01):
        pass


def day(window: Open, folder: Path, rounds: int, death: int) -> tuple[Health, Health, Times]:
    """Write for so many rounds, the engine ending after each `death` of them.

    Returns what the window held in the morning and in the evening, and the times of all keys.
    """
    screen = window(folder / "day.md", texts=[[GHOST] * 3])
    screen.wait("ready stand-in")
    draw = random.Random(1)
    times = Times()
    morning: Health | None = None
    for number in range(rounds):
        a_round(screen, draw, times)
        if number % death == death - 1:
            os.kill(child_of(screen.pid), signal.SIGKILL)
            screen.settle(0.2)
            screen.wait("ready stand-in")
        if number == max(1, rounds // 10):
            morning = Health.of(screen.pid)
    evening = Health.of(screen.pid)
    screen.press("ctrl+q")
    assert screen.ended() == 0
    assert morning is not None
    return morning, evening, times


@pytest.mark.slow
@pytest.mark.pty
def test_an_hour_leaves_nothing_open(window: Open, tmp_path: Path) -> None:
    morning, evening, _ = day(window, tmp_path, 4, 2)
    assert evening.files <= morning.files
    assert evening.threads <= morning.threads


@pytest.mark.slow
@pytest.mark.pty
@pytest.mark.timeout(7200)
def test_a_day(window: Open, tmp_path: Path) -> None:
    rounds = int(ROUNDS * float(os.environ.get("TORTURE_DAY", "1")))
    morning, evening, times = day(window, tmp_path, rounds, 10)
    tenth = len(times.fair) // 10
    parts = range(0, tenth * 10, tenth)
    (clock, first), (late, last) = times.part(0, tenth), times.part(parts[-1], tenth * 10)
    print(
        f"\n{len(times.fair):,} keys; in the morning {morning}, in the evening {evening};"
        f" key to paint p95 by the clock {clock * 1000:.1f} ms, then {late * 1000:.1f} ms;"
        f" fairly {first * 1000:.1f} ms, then {last * 1000:.1f} ms; by tenths of the day "
        + " ".join(f"{p95(times.fair[part : part + tenth]) * 1000:.1f}" for part in parts)
    )
    assert evening.files <= morning.files
    assert evening.threads <= morning.threads
    assert evening.memory <= 1.1 * morning.memory
    assert last <= 1.2 * first


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(7200)
def test_a_day_of_the_model_process(tmp_path: Path, smollm: Path) -> None:
    """2,000 requests to a real one, on a draft that grows and is jumped about in."""
    count = int(2000 * float(os.environ.get("TORTURE_DAY", "1")))
    heard = Heard(smollm, tmp_path / "engine.log")
    draw = random.Random(1)
    try:
        assert heard.outcome().state is EngineState.READY
        pid = heard.client.pid
        assert pid is not None
        text = "Once upon a time."
        morning: Health | None = None
        for number in range(count):
            text += " " + " ".join(draw.choices(WORDS, k=3))
            place = len(text) if draw.random() < 0.9 else draw.randrange(len(text))
            start = (
                max(0, place - 3000) // 1000 * 1000
            )  # it moves in big steps, as a session's does
            context = Context((), text[start:place], "")
            params = Params(n=draw.choice([1, 1, 3]), max_tokens=4, seed=number)
            heard.client.suggest(str(number), context, params)
            deadline = time.monotonic() + 60
            while heard.client.state is EngineState.WRITING and time.monotonic() < deadline:
                time.sleep(0.005)
            assert heard.client.state is EngineState.READY
            if number == count // 10:
                morning = Health.of(pid)
        evening = Health.of(pid)
        print(f"\n{count:,} requests; in the morning {morning}, in the evening {evening}")
        assert morning is not None
        assert heard.client.pid == pid, "it never ended"
        assert evening.files <= morning.files
        assert evening.threads <= morning.threads
        assert evening.memory <= 1.1 * morning.memory
    finally:
        heard.client.close()
