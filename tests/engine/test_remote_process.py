"""The remote engine as a process: who connects where, what becomes of the key, and of the server's work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from client_rig import RemoteRig
from nasty_server import nasty_server
from real_server import cpu_seconds, real_server

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, StopAt
from cowrite.engine.client import EngineState
from cowrite.engine.protocol import Chunk, Failed, Loaded
from cowrite.engine.weigh import Weigh

KEY = "sk-4711-unmistakable"
WORDS = "Unmistakable words of a draft that goes on"
COMPLETE = [sys.executable, "-m", "cowrite", "complete", "--text", WORDS, "-n", "2"]


def test_the_server_is_known_by_name_and_asked_and_says_what_it_can_t(tmp_path: Path) -> None:
    with nasty_server() as server:
        rig = RemoteRig(tmp_path / "log", server.url)
        rig.client.start()
        loaded = rig.until(lambda m: isinstance(m, Loaded))
        assert isinstance(loaded, Loaded)
        assert loaded.name == f"toy @ {server.url.removeprefix('http://')}"
        assert (loaded.weighs, loaded.heals, loaded.logprobs) == (False, False, True)
        rig.client.suggest("a", Context((), WORDS, ""), Params(n=1))
        assert rig.done("a").candidates[0].text == " a long way down the river."
        rig.client.weigh(Weigh("w", Context((), WORDS, ""), Params(), ()))
        failed = rig.until(lambda m: isinstance(m, Failed) and m.request_id == "w")
        assert isinstance(failed, Failed)
        assert "can't say what weighed" in failed.message
        server.mode = "status:500"
        rig.client.suggest("b", Context((), WORDS, ""), Params(n=1))
        rig.until(lambda m: isinstance(m, Failed) and m.request_id == "b")
        assert rig.client.state is EngineState.READY
        rig.client.close()
        assert WORDS not in (tmp_path / "log").read_text()


def test_a_server_that_starts_later_is_found_by_the_next_request(tmp_path: Path) -> None:
    with nasty_server() as server:
        server.mode = "status:503"
        rig = RemoteRig(tmp_path / "log", server.url)
        rig.client.start()
        rig.until(lambda m: isinstance(m, Failed) and m.request_id is None)
        rig.until(lambda m: isinstance(m, Loaded))
        server.mode = "good"
        rig.client.suggest("a", Context((), WORDS, ""), Params(n=1))
        assert rig.done("a").candidates[0].text
        rig.client.close()


def test_a_wrong_key_is_told_at_the_start(tmp_path: Path) -> None:
    with nasty_server() as server:
        server.mode = "status:401"
        rig = RemoteRig(tmp_path / "log", server.url)
        rig.client.start()
        state = rig.state(EngineState.NO_MODEL)
        assert "the key is missing or wrong" in state.reason
        rig.client.close()


def traced(tmp_path: Path, url: str) -> tuple[str, str]:
    """A completion under strace: who connects where, and what is executed with which environment."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not here")
    trace, home = tmp_path / "trace", tmp_path / "home"
    calls = "trace=connect,execve,sendto,bind"
    command = ["strace", "-f", "-v", "-s", "100000", "-e", calls, "-o", str(trace), *COMPLETE]
    names = {"COWRITE_HOME": str(home), "COWRITE_ENGINE_REMOTE": url, "COWRITE_REMOTE_KEY": KEY}
    done = subprocess.run(
        command, env={**os.environ, **names}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "a long way down the river." in done.stdout
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert KEY.encode() not in data, path
            assert WORDS.encode() not in data, path
    return trace.read_text(), done.stdout + done.stderr


def test_one_process_connects_and_only_where_it_was_told(tmp_path: Path) -> None:
    with nasty_server() as server:
        trace, printed = traced(tmp_path, server.url)
        port = server.url.rpartition(":")[2]
        connects = [line for line in trace.splitlines() if re.search(r"AF_INET6?\b", line)]
        assert connects
        assert all(f"sin_port=htons({port})" in line for line in connects), connects
        assert all('inet_addr("127.0.0.1")' in line for line in connects), connects
        host = next(line for line in trace.splitlines() if "engine.remote.main" in line)
        first = host.split()[0]
        family = {first} | set(re.findall(rf"^{first} .*clone3?\(.* = (\d+)", trace, re.MULTILINE))
        main = trace.split()[0]
        assert main not in {line.split()[0] for line in connects}
        assert first in family
        executed = [line for line in trace.splitlines() if "execve(" in line][1:]
        assert executed
        assert not any(KEY in line for line in executed), "a child's environment or arguments"
        assert KEY not in printed
        assert {one.headers["authorization"] for one in server.asked} == {f"Bearer {KEY}"}


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("native", [False, True])
def test_cancelling_ends_the_work_of_a_real_server(tmp_path: Path, native: bool) -> None:
    with real_server("smollm2", tmp_path, native=native) as (url, pid):
        rig = RemoteRig(tmp_path / "log", url)
        rig.client.start()
        rig.until(lambda m: isinstance(m, Loaded))
        params = Params(n=1, max_tokens=900, stop=StopAt.NONE)
        rig.client.suggest("a", Context((), "It was a long story. First", ""), params)
        rig.until(lambda m: isinstance(m, Chunk))
        before = cpu_seconds(pid)
        time.sleep(1.0)
        assert cpu_seconds(pid) > before + 0.05, "it would be seen to work"
        rig.client.cancel("a")
        rig.done("a")
        time.sleep(0.5)
        before = cpu_seconds(pid)
        time.sleep(1.5)
        assert cpu_seconds(pid) < before + 0.05
        rig.client.close()
