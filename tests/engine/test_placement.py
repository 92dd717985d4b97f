"""Each of llama.cpp's threads has a core of its own, and the rest of the process is free."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from real_models import model_file

from cowrite.engine.client import EngineClient, EngineOptions, EngineState
from cowrite.engine.host.affinity import spread, tasks
from cowrite.engine.protocol import HostMessage, StateChanged

CORES = os.sched_getaffinity(0)


def test_nothing_is_bound_where_threads_and_cores_are_not_as_many():
    assert not spread(1, set())
    assert not spread(len(CORES) + 1, set(range(len(CORES))))
    assert not spread(len(CORES), set())
    assert os.sched_getaffinity(0) == CORES


def test_threads_are_known_by_their_numbers():
    assert threading.get_native_id() in tasks()


@pytest.mark.model
@pytest.mark.skipif(len(CORES) < 2, reason="one core")
def test_a_model_that_uses_all_cores_has_a_thread_on_each(tmp_path: Path):
    ready = threading.Event()

    def take(message: HostMessage) -> None:
        if isinstance(message, StateChanged) and message.state is EngineState.READY:
            ready.set()

    options = EngineOptions(threads=len(CORES))
    client = EngineClient(model_file("cut smollm2"), options, take, tmp_path / "log")
    client.start()
    try:
        assert ready.wait(60)
        assert client.pid is not None
        found = [
            frozenset(os.sched_getaffinity(int(task.name)))
            for task in Path(f"/proc/{client.pid}/task").iterdir()
        ]
        bound = [cores for cores in found if cores != CORES]
        assert sorted(map(sorted, bound)) == [[core] for core in sorted(CORES)]
    finally:
        client.close()
