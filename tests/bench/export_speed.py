"""Export and statistics on a big log: `python tests/bench/export_speed.py [EVENTS [TIMES]]`.

Each command runs as a process of its own, with its output to /dev/null; of some times the best is told, with
its largest resident memory.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from log_generator import fill

from cowrite.paths import Paths, private_folder
from cowrite.store import Store

COMMANDS = (
    ("export events", ["export", "-f", "events"]),
    ("export suggestions", ["export", "-f", "suggestions"]),
    ("export sft", ["export", "-f", "sft"]),
    ("export csv", ["export", "-f", "csv"]),
    ("stats, figures kept", ["stats"]),
    ("stats --by week", ["stats", "--by", "week"]),
)
SESSION_EVENTS = 20_000


def run(arguments: list[str], home: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and MB of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    # A process between, so that the largest memory is this command's alone.
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, sys.executable, "-m", "cowrite", *arguments],
        env={**os.environ, "COWRITE_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, int(done.stdout) / 1024


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        paths = Paths(
            *(private_folder(home / name) for name in ("config", "data", "cache", "state"))
        )
        with Store.open(paths.log_file) as store:
            events = fill(store, events, session_events=SESSION_EVENTS)
            sessions = sum(1 for _ in store.reader.sessions())
        size = paths.log_file.stat().st_size
        print(f"{events:,} events in {sessions} sessions, {size / 1e6:.0f} MB of log")
        print(f"{'command':<20} {'wall s':>7} {'cpu s':>7} {'events/s':>9} {'MB':>5}")
        # A log that was never looked at; the program keeps figures when a session ends.
        show("stats, first time", [run_anew(["stats"], paths) for _ in range(times)], events)
        for name, arguments in COMMANDS:
            show(name, [run(arguments, home) for _ in range(times)], events)


def run_anew(arguments: list[str], paths: Paths) -> tuple[float, float, float]:
    """The same, without any figures that were kept."""
    (paths.cache / "figures.sqlite3").unlink(missing_ok=True)
    return run(arguments, paths.data.parent)


def show(name: str, figures: list[tuple[float, float, float]], events: int) -> None:
    """The best of some times."""
    wall, cpu, memory = min(figures)
    print(f"{name:<20} {wall:>7.2f} {cpu:>7.2f} {events / wall:>9.0f} {memory:>5.0f}", flush=True)


if __name__ == "__main__":
    main()
