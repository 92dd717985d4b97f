"""A killed process loses nothing that was painted more than 100 ms before, and never harms the log."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from cowrite.core.events import Edited
from cowrite.core.replay import Replay
from cowrite.store import Store
from cowrite.store.tail import folder_of

WINDOW_NS = 100_000_000
TYPIST = Path(__file__).with_name("typing_process.py")


def window(painted: list[tuple[int, ...]], killed_at: int) -> int:
    """Nanoseconds before the kill in which something may be lost: more where the process itself had to wait
    for a processor meanwhile, as on a machine that has other work."""
    times = [when for when, *_ in painted if killed_at - 3 * WINDOW_NS < when < killed_at]
    return WINDOW_NS + 2 * max((b - a for a, b in pairwise([*times, killed_at])), default=0)


def kill_one(log: Path, seed: int, draft: str, slow: float = 0) -> None:
    """Let a process type, kill it at a random moment, and compare the log with what it had painted."""
    delay = random.Random(seed).uniform(0.02, 0.5)
    with subprocess.Popen(
        [sys.executable, str(TYPIST), str(log), draft, str(seed), str(slow)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        session_id = process.stdout.readline().strip()
        time.sleep(delay)
        killed_at = time.monotonic_ns()
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines()
    painted = [tuple(map(int, line.split())) for line in lines if len(line.split()) == 2]
    due = max(
        (seq for when, seq in painted if when < killed_at - window(painted, killed_at)), default=0
    )
    with Store.open(log) as store:
        events = list(store.reader.events(session_id)) if due else []
        assert [stamped.seq for stamped in events] == list(range(1, len(events) + 1))
        assert len(events) >= due, f"seed {seed}: {len(events)} of {due} events"
        assert len(events) <= painted[-1][1] + 2 if painted else True
        replay = Replay()
        for stamped in events:
            replay.apply(stamped.body)
        edits = sum(isinstance(stamped.body, Edited) for stamped in events)
        assert len(replay.text) == edits
        last = events[-1].body if events else None
        if isinstance(last, Edited):
            assert store.reader.unsaved(draft).text == replay.text
    assert not (folder_of(log) / f"{session_id}.tail").exists()


def check_whole(log: Path) -> None:
    db = sqlite3.connect(log)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()


def test_kills_at_random_moments(log):
    """All in one log, so that each start also meets what the kill before it left."""
    for seed in range(14):
        kill_one(log, seed, f"/drafts/{seed % 3}.md")
    check_whole(log)


def test_a_disk_that_takes_its_time_does_not_make_the_promise_later(log):
    """Most kills fall into a transaction: what is typed meanwhile is in the tail all the same."""
    for seed in range(100, 108):
        kill_one(log, seed, f"/drafts/{seed % 3}.md", slow=0.25)
    check_whole(log)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_200_kills_at_random_moments(log):
    for seed in range(1000, 1200):
        kill_one(log, seed, f"/drafts/{seed % 5}.md")
        if seed % 10 == 0:
            check_whole(log)
    check_whole(log)


def test_a_kill_does_not_stop_the_window_beside_it(log, pen, store):
    one = pen("/drafts/mine.md")
    for seed in range(2):
        one.type("typed meanwhile ")
        kill_one(log, seed, "/drafts/other.md")
    assert one.journal.flush(20)
    assert len(list(store.reader.events(one.journal.session_id))) == 1 + 32
