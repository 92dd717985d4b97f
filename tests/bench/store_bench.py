"""Measures the log: what a key costs, how large it grows, how fast it is read, and what opening takes.

    python tests/bench/store_bench.py [--events 1000000] [--folder /tmp/bench]

Prints one line a figure, with the limit that holds for it. Needs an idle machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from log_generator import fill

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Ended, Opened, Saved, SessionInfo, Stamped
from cowrite.core.provenance import WRITER
from cowrite.store import Store

CHARACTERS = 1_000_000


def say(what: str, figure: str, limit: str = "") -> None:
    print(f"{what:44} {figure:>24}   {limit}", flush=True)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def keys(folder: Path) -> None:
    """Typing at 200 keys a second with a save every 100: what each call costs the UI thread."""
    path = str(folder / "draft.md")
    with Store.open(folder / "keys.sqlite3") as store:
        journal = store.begin(path, Opened("", (), path), app_version="1")
        costs, saves = [], []
        for at in range(4_000):
            edit = Edit(at, "", "x", Origin.TYPED, ((1, WRITER),))
            began = time.perf_counter()
            journal.append(Edited(edit))
            costs.append(time.perf_counter() - began)
            if at % 100 == 99:
                began = time.perf_counter()
                journal.append(Saved(path, "ab" * 32, at), durable=True)
                saves.append(time.perf_counter() - began)
            time.sleep(0.005)
        journal.close()
    for name, values in (("a key", costs), ("a save", saves)):
        said = " / ".join(f"{percentile(values, share) * 1e6:.0f}" for share in (0.5, 0.99, 1))
        say(f"journal cost of {name}, p50/p99/max µs", said, "p99 <= 200")


def typed(path: str) -> Iterator[Stamped]:
    """1 MB of writing, a character an event, saved every 2,000; 150 to 280 ms between keys."""
    mono, seq = 0, 1
    yield Stamped(seq, 0, 0, Opened("", (), path))
    for at in range(CHARACTERS):
        mono += 150 + at * 7919 % 131
        seq += 1
        character = "abcdefgh ij\n"[at % 12]
        yield Stamped(seq, mono, mono, Edited(Edit(at, "", character, Origin.TYPED)))
        if at % 2_000 == 1_999:
            seq += 1
            yield Stamped(seq, mono, mono, Saved(path, "ab" * 32, at))
    yield Stamped(seq + 1, mono, mono, Ended(CHARACTERS, True))


def size(folder: Path) -> None:
    path = str(folder / "long.md")
    with Store.open(folder / "size.sqlite3") as store:
        began = time.perf_counter()
        store.add_session(SessionInfo("s", "d", path, 0, None, "1"), typed(path))
        took = time.perf_counter() - began
        stats = store.reader.stats()
        say("1 MB typed by the key: log", f"{stats.bytes / 1e6:.1f} MB", "<= 25 MB")
        kept = f"{stats.snapshots} texts, {stats.snapshot_bytes / 1e6:.1f} MB"
        say("  of it kept states of the draft", kept)
        say("  written", f"{CHARACTERS / took:,.0f} events/s")


def read(log: Path) -> None:
    """In a process of its own, so that its memory can be told."""
    code = (
        "import sys, time, resource; from pathlib import Path; from cowrite.store import LogReader\n"
        "with LogReader.open(Path(sys.argv[1])) as reader:\n"
        "    began, count = time.perf_counter(), 0\n"
        "    for info in reader.sessions():\n"
        "        for _ in reader.events(info.session_id): count += 1\n"
        "    took = time.perf_counter() - began\n"
        "print(count, took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(log)], check=True, capture_output=True, text=True
    )
    count, took, memory = map(float, out.stdout.split())
    say(f"{count:,.0f} events decoded", f"{count / took:,.0f} events/s", ">= 60,000")
    say("  memory of that process", f"{memory / 1024:.0f} MB", "<= 150 MB")


def opening(log: Path, draft: str) -> None:
    """What a window does before the first key, on a large log."""
    costs = []
    for _ in range(7):
        began = time.perf_counter()
        with Store.open(log) as store:
            opened = time.perf_counter()
            store.reader.unsaved(draft)
            asked = time.perf_counter()
            store.reader.provenance_for(draft, "")
            known = time.perf_counter()
            journal = store.begin(draft, Opened("", (), draft), app_version="1")
            begun = time.perf_counter()
            store.reader.recent()
            listed = time.perf_counter()
            costs.append(
                (opened - began, asked - opened, known - asked, begun - known, listed - begun)
            )
            journal.close()
    for name, values in zip(
        ("open the log", "look for lost text", "find who wrote it", "begin", "recent drafts"),
        zip(*costs, strict=True),
        strict=True,
    ):
        say(f"opening a draft: {name}", f"{percentile(list(values), 0.5) * 1e3:.1f} ms")


def modes(folder: Path) -> None:
    """One small transaction in each way that SQLite can keep it, the disk waited for."""
    for mode in ("DELETE", "TRUNCATE", "PERSIST", "WAL"):
        for sync in ("OFF", "NORMAL", "FULL"):
            path = folder / f"{mode}-{sync}.sqlite3"
            db = sqlite3.connect(path, isolation_level=None)
            db.execute(f"PRAGMA journal_mode = {mode}")
            db.execute(f"PRAGMA synchronous = {sync}")
            db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)")
            costs = []
            for _ in range(150):
                began = time.perf_counter()
                db.execute("BEGIN IMMEDIATE")
                db.executemany("INSERT INTO t VALUES (NULL, ?, ?, ?)", [(1, 2, "x")] * 5)
                db.execute("COMMIT")
                costs.append(time.perf_counter() - began)
                time.sleep(0.002)
            db.close()
            said = " / ".join(f"{percentile(costs, share) * 1e3:.2f}" for share in (0.5, 0.99, 1))
            say(f"transaction, {mode} {sync}, p50/p99/max ms", said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        say("load of the machine", f"{os.getloadavg()[0]:.1f}")
        keys(folder)
        size(folder)
        log = folder / "large.sqlite3"
        began = time.perf_counter()
        with Store.open(log) as store:
            count = fill(store, chosen.events)
        say(f"{count:,} events generated", f"{time.perf_counter() - began:.0f} s")
        say("  log", f"{log.stat().st_size / 1e6:.1f} MB")
        read(log)
        opening(log, "/drafts/3.md")
        modes(folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        say("memory of this process", f"{peak / 1024:.0f} MB")


if __name__ == "__main__":
    main()
