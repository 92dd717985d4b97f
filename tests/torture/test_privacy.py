"""What is kept is the writer's alone, and nothing is sent anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import HubServer, serving
from make_gguf import gguf
from terminal import Terminal
from windows import Open

WORDS = "Unmistakable words of a draft"
SECRET = "tok-3141592653"
COWRITE = [sys.executable, "-m", "cowrite"]


def session(window: Open, file: Path, **more: object) -> None:
    """A whole session: type, ask, take, save, leave."""
    screen = window(file, texts=[[" and so on."] * 3], **more)
    screen.wait("ready stand-in")
    screen.type(WORDS)
    screen.press("ctrl+space")
    screen.wait("and so on.")
    screen.press("tab", "ctrl+s")
    screen.wait("saved")
    screen.press("ctrl+q")
    assert screen.ended() == 0


def too_open(folder: Path) -> Iterator[str]:
    """What below (and with) the folder others may read or write."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and stat.S_IMODE(mode) & 0o077:
            yield f"{path.relative_to(folder.parent)}: {stat.S_IMODE(mode):o}"


def call(home: Path, *words: str, umask: str = "000") -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'umask {umask}; exec "$@"', "sh", *COWRITE, *words]
    env = {**os.environ, "COWRITE_HOME": str(home), "SOME_TOKEN": SECRET}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.pty
@pytest.mark.parametrize(
    "umask", ["000", *(pytest.param(u, marks=pytest.mark.slow) for u in ("022", "077", "777"))]
)
def test_modes_under_any_umask(umask: str, window: Open, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.touch(0o644)
    session(window, file, before=("sh", "-c", f'umask {umask}; exec "$@"', "sh"))
    assert (home / "data" / "log.sqlite3").exists()
    assert list(too_open(home)) == []
    out = tmp_path / "out"
    out.mkdir(0o700)
    call(home, "export", "-o", str(out / "rows.jsonl"), umask=umask)
    call(home, "export", "--format", "csv", "-o", str(out / "rows.csv"), umask=umask)
    call(home, "export", "--format", "dataset", "-o", str(out / "set"), umask=umask)
    call(home, "stats", "--html", str(out / "stats.html"), umask=umask)
    call(home, "provenance", str(file), "--html", str(out / "p.html"), umask=umask)
    call(home, "config", "set", "editor.word_goal", "100", umask=umask)
    call(home, "log", "vacuum", umask=umask)
    assert len(list(out.rglob("*"))) > 6
    assert list(too_open(out)) == []
    assert list(too_open(home)) == []


@pytest.mark.slow
@pytest.mark.model
def test_modes_of_what_the_model_process_keeps(home: Path, smollm: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(WORDS * 40)
    command = [*COWRITE, "write", str(file), "--model", str(smollm)]
    env = {"COWRITE_HOME": str(home)}
    with Terminal(["sh", "-c", 'umask 000; exec "$@"', "sh", *command], env=env) as screen:
        screen.wait("ready", timeout=60)
        screen.press("ctrl+end", "ctrl+space")
        screen.settle(2.0, timeout=20)
        screen.press("escape")
        screen.settle(2.0)
        screen.press("ctrl+q")
        assert screen.ended() == 0
    assert list(too_open(home)) == []
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.is_relative_to(home / "cache") for path in kept), "states and calibration"
    for path in kept:
        if path.is_relative_to(home / "state") or path.is_relative_to(home / "cache"):
            assert WORDS.encode() not in path.read_bytes(), path


@pytest.mark.slow
@pytest.mark.pty
def test_the_environment_and_the_draft_stay_out_of_all_but_the_log(
    window: Open, home: Path, tmp_path: Path
) -> None:
    session(window, tmp_path / "draft.md", env={"SOME_TOKEN": SECRET})
    found = [path for path in home.rglob("*") if path.is_file()]
    assert found
    for path in found:
        data = path.read_bytes()
        assert SECRET.encode() not in data, path
        if path.parent != home / "data":
            assert WORDS.encode() not in data, path


# The network


def needs(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not here")


def sockets(trace: str) -> list[str]:
    """The lines of a trace that make a socket to other machines, or speak to one."""
    return [line for line in trace.splitlines() if re.search(r"\b(AF|PF)_INET6?\b", line)]


@pytest.mark.pty
def test_a_session_makes_no_socket(window: Open, tmp_path: Path) -> None:
    needs("strace")
    trace = tmp_path / "trace"
    calls = "trace=socket,connect,sendto,sendmsg,bind"
    session(window, tmp_path / "draft.md", before=("strace", "-f", "-e", calls, "-o", str(trace)))
    assert "exited with 0" in trace.read_text()
    assert sockets(trace.read_text()) == []


@pytest.mark.slow
@pytest.mark.model
def test_a_model_makes_no_socket_and_needs_no_network(
    home: Path, smollm: Path, tmp_path: Path
) -> None:
    needs("strace", "unshare")
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=socket,connect,sendto,bind", "-o", str(trace), *COWRITE]
    command += ["complete", "--text", WORDS, "--model", str(smollm), "-n", "1"]
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode == 0:
        command = ["unshare", "-n", *command]
    env = {**os.environ, "COWRITE_HOME": str(home)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert sockets(trace.read_text()) == []


def test_pull_alone_makes_a_socket_and_only_to_where_it_says(home: Path, tmp_path: Path) -> None:
    needs("strace")
    trace = tmp_path / "trace"
    with serving(HubServer({"tiny.gguf": gguf()})) as hub:
        env = {**os.environ, "COWRITE_HOME": str(home), "HF_ENDPOINT": hub.url}
        strace = ["strace", "-f", "-e", "trace=socket,connect,sendto,bind", "-o", str(trace)]

        def traced(*words: str) -> list[str]:
            command = [*strace, *COWRITE, "models", *words]
            subprocess.run(command, env=env, capture_output=True, check=True)
            return sockets(trace.read_text())

        reached = [line for line in traced("pull", "hf:owner/repo") if "sin_port" in line]
        assert reached
        port = f"htons({hub.url.rpartition(':')[2]})"
        assert [line for line in reached if port not in line or "127.0.0.1" not in line] == []
        for words in (
            ("list",),
            ("advise", "--no-measure"),
            ("info", "tiny"),
            ("use", "tiny"),
            ("remove", "tiny"),
        ):
            assert traced(*words) == []


def test_the_server_listens_on_this_machine_alone_and_connects_nowhere(
    home: Path, tmp_path: Path
) -> None:
    needs("strace")
    trace = tmp_path / "trace"
    standin = Path(__file__).parent.parent / "support" / "serve_standin.py"
    calls = "trace=socket,connect,bind,sendto,sendmsg"
    # -D: the process is the server's own, so that it gets the signal.
    command = ["strace", "-D", "-f", "-e", calls, "-o", str(trace), sys.executable, str(standin)]
    command += ["{}", "--port", "0", "--no-token", "--log"]
    env = {**os.environ, "COWRITE_HOME": str(home)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            url = server.stderr.readline().split(" at ")[1].strip()
            body = json.dumps({"prompt": WORDS}).encode()
            request = urllib.request.Request(f"{url}/completions", body)
            for _ in range(100):  # until the model is there
                try:
                    with urllib.request.urlopen(request) as answer:
                        assert answer.status == 200
                    break
                except urllib.error.HTTPError:
                    time.sleep(0.2)
            else:
                pytest.fail("it never answered")
            server.terminate()
            assert server.wait(30) == 0
        finally:
            server.kill()
    found = sockets(trace.read_text())
    assert [line for line in found if re.search(r"\b(connect|sendto|sendmsg)\(", line)] == []
    (bind,) = [line for line in found if re.search(r"\bbind\(", line)]
    assert 'inet_addr("127.0.0.1")' in bind
    assert list(too_open(home)) == []


def test_the_trace_would_show_a_socket(tmp_path: Path) -> None:
    needs("strace")
    trace = tmp_path / "trace"
    program = "import socket; socket.socket(socket.AF_INET).connect_ex(('127.0.0.1', 9))"
    command = [
        "strace",
        "-f",
        "-e",
        "trace=socket,connect",
        "-o",
        str(trace),
        sys.executable,
        "-c",
        program,
    ]
    subprocess.run(command, check=True)
    assert len(sockets(trace.read_text())) == 2
