"""What can be made again, as docs/export.md says: a request to a fresh process, on one machine."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest
from real_models import NAMES, model_file

from cowrite.core.context import Context
from cowrite.core.suggestion import Candidate, Params
from cowrite.engine.client import EngineClient
from cowrite.engine.protocol import (
    Done,
    EngineOptions,
    EngineState,
    HostMessage,
    Loaded,
    RunAhead,
    StateChanged,
)

BEFORE = (
    "It was a beautiful morning of early summer, and the river lay quite still between its banks. "
    "She had walked down from the village before anyone was awake, with her shoes in her hand, and now she "
    "sat on the landing-stage and waited for the ferryman. After a while she heard"
)


def cold(name: str, folder: Path, params: Params, threads: int) -> tuple[Candidate, ...]:
    """The answer of a fresh process."""
    inbox: queue.SimpleQueue[HostMessage] = queue.SimpleQueue()
    options = EngineOptions(
        threads=threads, context=1024, run_ahead=RunAhead.OFF, cache_folder=folder / "cache"
    )
    client = EngineClient(model_file(name), options, inbox.put, folder / "engine.log")
    client.start()
    try:
        while True:
            message = inbox.get(timeout=120)
            assert not (isinstance(message, StateChanged) and message.state is EngineState.NO_MODEL)
            if isinstance(message, Loaded):
                assert message.library
                client.suggest("r", Context((), BEFORE, ""), params)
            elif isinstance(message, Done):
                assert message.cached_tokens == 0
                return message.candidates
    finally:
        client.close(10)


@pytest.mark.model
@pytest.mark.parametrize(
    "name", ["cut smollm2", *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES)]
)
def test_l6_a_request_to_a_fresh_process_gives_the_same_again(name: str, tmp_path: Path) -> None:
    params = Params(n=3, max_tokens=16, seed=11, deadline_ms=0)
    first = cold(name, tmp_path, params, 2)
    assert all(candidate.text.strip() for candidate in first)
    assert cold(name, tmp_path, params, 2) == first
    assert [one.text for one in cold(name, tmp_path, params, 1)] == [one.text for one in first]
    assert cold(name, tmp_path, Params(n=3, max_tokens=16, seed=12, deadline_ms=0), 2) != first
