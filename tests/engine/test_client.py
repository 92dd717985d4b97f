"""The client against a stand-in that does as it is told, faults included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from client_rig import Rig
from fake_host import DEFAULT

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, StopReason
from cowrite.engine import process as spawn
from cowrite.engine.client import EngineClient, EngineOptions, EngineState, ModelFile
from cowrite.engine.protocol import Chunk, Failed, HostMessage, Loaded, RunAhead, StateChanged, Way

CONTEXT = Context((), "He went down to the river", "")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    rigs: list[Rig] = []

    def make(**script: Any) -> Rig:
        made = Rig(tmp_path / "state" / "engine.log", **script)
        rigs.append(made)
        made.client.start()
        return made

    yield make
    for made in rigs:
        made.client.close(0.5)


def test_a_request_streams_and_ends(rig: Callable[..., Rig]):
    made = rig()
    made.client.suggest("a", CONTEXT, Params(n=2))
    done = made.done("a")
    assert [c.text for c in done.candidates] == DEFAULT[0][:2]
    streamed = "".join(m.text for m in made.messages if isinstance(m, Chunk) and m.candidate == 1)
    assert streamed == DEFAULT[0][1]
    made.state(EngineState.READY)
    assert made.states() == [EngineState.LOADING, EngineState.WRITING, EngineState.READY]
    assert made.client.loaded is not None


def test_starting_returns_while_the_model_still_loads(rig: Callable[..., Rig]):
    made = rig(load_delay=30)
    assert made.client.state is EngineState.LOADING
    assert not any(isinstance(m, Loaded) for m in made.messages)


def test_a_crash_fails_the_request_and_the_next_one_works(rig: Callable[..., Rig], tmp_path: Path):
    made = rig(crash_once=str(tmp_path / "crashed"))
    made.client.suggest("a", CONTEXT, Params())
    failed = made.until(lambda m: isinstance(m, Failed))
    assert isinstance(failed, Failed)
    assert failed.request_id == "a"
    assert "SIGKILL" in failed.hint
    restarting = made.state(EngineState.RESTARTING)
    assert "SIGKILL" in restarting.reason
    made.state(EngineState.READY, after=made.messages.index(restarting))
    made.client.suggest("b", CONTEXT, Params())
    assert made.done("b").candidates


def test_killing_the_process_from_outside_is_survived(rig: Callable[..., Rig]):
    made = rig()
    made.state(EngineState.READY)
    first = made.client.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    made.state(EngineState.RESTARTING)
    made.client.suggest("a", CONTEXT, Params())
    assert made.done("a").candidates
    assert made.client.pid != first


def test_after_several_quick_crashes_it_gives_up_with_the_reason(
    rig: Callable[..., Rig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(spawn, "FIRST_REST", 0.01)
    made = rig(crash_at_load=True, record=str(tmp_path / "record"))
    gone = made.state(EngineState.NO_MODEL)
    assert "SIGKILL" in gone.reason
    assert EngineState.RESTARTING in made.states()
    assert (tmp_path / "record").read_text().count('"type":"load"') == spawn.QUICK_CRASHES
    made.client.suggest("a", CONTEXT, Params())
    failed = made.until(lambda m: isinstance(m, Failed))
    assert isinstance(failed, Failed)
    assert failed.request_id == "a"


def test_a_model_that_cant_be_loaded_is_said_once(rig: Callable[..., Rig]):
    made = rig(fail_load="The file is torn.")
    gone = made.state(EngineState.NO_MODEL)
    assert gone.reason == "The file is torn. Choose another."
    assert EngineState.RESTARTING not in made.states()


def test_garbage_on_the_pipe_is_survived(rig: Callable[..., Rig]):
    made = rig(garbage=True)
    made.client.suggest("a", CONTEXT, Params())
    assert made.done("a").candidates


def test_a_hung_process_is_ended_and_replaced(rig: Callable[..., Rig]):
    made = rig(hang_on=[1], hang_seconds=2.0, way=Way.FULL)
    made.client.suggest("a", CONTEXT, Params())
    failed = made.until(lambda m: isinstance(m, Failed))
    assert isinstance(failed, Failed)
    assert "said nothing" in failed.hint
    made.state(EngineState.READY, after=made.messages.index(failed))


def test_cancelling_ends_a_request_with_done(rig: Callable[..., Rig]):
    made = rig(chunk_delay=5)
    made.client.suggest("a", CONTEXT, Params())
    made.until(lambda m: isinstance(m, Chunk))
    made.client.cancel("a")
    assert {c.stop for c in made.done("a").candidates} == {StopReason.CANCELLED}


def test_a_newer_request_wins(rig: Callable[..., Rig]):
    made = rig(chunk_delay=0.2)
    made.client.suggest("a", CONTEXT, Params())
    made.until(lambda m: isinstance(m, Chunk))
    made.client.suggest("b", CONTEXT, Params())
    assert {c.stop for c in made.done("a").candidates} == {StopReason.CANCELLED}
    assert made.done("b").candidates[0].text == DEFAULT[0][0]


def test_a_failed_request_leaves_the_engine_ready(rig: Callable[..., Rig]):
    made = rig(fail_on=[1])
    made.client.suggest("a", CONTEXT, Params())
    made.until(lambda m: isinstance(m, Failed))
    made.client.suggest("b", CONTEXT, Params())
    assert made.done("b").candidates


def test_lone_surrogates_in_a_draft_are_sent_as_replacements(
    rig: Callable[..., Rig], tmp_path: Path
):
    made = rig(record=str(tmp_path / "record"))
    made.client.suggest("a", Context((), "half \ud800 of", ""), Params())
    made.done("a")
    assert b"half ? of" in (tmp_path / "record").read_bytes()


def test_warming_is_not_sent_when_running_ahead_is_off(rig: Callable[..., Rig], tmp_path: Path):
    made = rig(record=str(tmp_path / "record"))
    made.client.configure(RunAhead.OFF)
    made.client.warm(CONTEXT)
    made.client.suggest("a", CONTEXT, Params())
    made.done("a")
    sent = (tmp_path / "record").read_text()
    assert '"run_ahead":"off"' in sent
    assert '"warm"' not in sent


def test_closing_leaves_no_process_behind(rig: Callable[..., Rig]):
    made = rig(chunk_delay=30)
    made.client.suggest("a", CONTEXT, Params())
    made.until(lambda m: isinstance(m, Chunk))
    pid = made.client.pid
    assert pid is not None
    made.client.close(0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    count = len(made.messages)
    made.client.suggest("b", CONTEXT, Params())
    assert len(made.messages) <= count + 1


def test_the_log_file_is_private(rig: Callable[..., Rig], tmp_path: Path):
    made = rig()
    made.state(EngineState.READY)
    log = tmp_path / "state" / "engine.log"
    assert log.stat().st_mode & 0o777 == 0o600
    assert log.parent.stat().st_mode & 0o777 == 0o700


def test_a_program_that_is_missing_is_a_reason_not_an_exception(tmp_path: Path):
    told: list[HostMessage] = []
    ended = threading.Event()

    def take(message: HostMessage) -> None:
        told.append(message)
        if isinstance(message, StateChanged) and message.state is EngineState.NO_MODEL:
            ended.set()

    options = EngineOptions(command=("/nowhere/python",))
    client = EngineClient(ModelFile("toy", Path("/toy")), options, take, tmp_path / "engine.log")
    client.start()
    assert ended.wait(10)
    assert "can't be started" in client.reason
    client.close()


def test_the_client_is_light_to_import():
    code = (
        "import sys, cowrite.engine.client; "
        "print([m for m in ('numpy', 'llama_cpp', 'textual', 'rich') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
