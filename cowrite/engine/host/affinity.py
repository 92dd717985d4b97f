"""A core for each of llama.cpp's threads, where it uses all of them.

The threads meet at a barrier behind every node of the graph. Woken after a rest, two of them are at times
put on one core while another is idle, and the first step of a request took 5 to 40 ms more until the scheduler
had seen it. With fewer threads than cores it keeps its freedom: there one would have to know which two cores
are one in truth.
"""

from __future__ import annotations

import os
from pathlib import Path


def tasks() -> set[int]:
    """The threads of this process, by their numbers in the system; none where it does not say."""
    try:
        return {int(task.name) for task in Path("/proc/self/task").iterdir()}
    except OSError:
        return set()


def spread(threads: int, workers: set[int]) -> bool:
    """Bind the calling thread and its `workers` to a core each; whether that was done.

    threads: how many evaluate, the calling one with them. Threads that are made later by the calling one are
    bound like it.
    """
    if not hasattr(os, "sched_setaffinity"):
        return False
    cores = sorted(os.sched_getaffinity(0))
    if threads < 2 or threads != len(cores) or len(workers) != threads - 1:
        return False
    try:
        for core, worker in zip(cores, [0, *sorted(workers)], strict=True):
            os.sched_setaffinity(worker, {core})
    except OSError:
        return False
    return True
