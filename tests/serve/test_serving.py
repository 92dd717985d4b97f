"""The official client against the real server's process, with a stand-in for the model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
from fake_host import DEFAULT
from learned_versions import learned

from cowrite.core.events import SERVED
from cowrite.engine.protocol import Load, Suggest, decode_client
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.passages import PassageIndex
from cowrite.paths import Paths
from cowrite.store import LogReader

SUPPORT = Path(__file__).parent.parent / "support"
TEXTS = DEFAULT[0]
TOKEN = "a-token-of-mine"


class Server:
    """A server's process: where it answers, and what it has said on stderr so far."""

    def __init__(self, process: subprocess.Popen[str], first: str) -> None:
        self.process = process
        self.said = first
        self.url = first.split(" at ")[1].strip()

    def line(self) -> str:
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        self.said += line
        return line

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task")
        return [int(word) for each in path.glob("*/children") for word in each.read_text().split()]

    def end(self, sent: signal.Signals) -> int:
        self.process.send_signal(sent)
        code = self.process.wait(20)
        assert self.process.stderr is not None
        self.said += self.process.stderr.read()
        return code

    def client(self, retries: int = 8, token: str = TOKEN) -> openai.OpenAI:
        return openai.OpenAI(base_url=self.url, api_key=token, max_retries=retries)


def below(home: Path) -> Paths:
    return Paths(*(home / name for name in ("config", "data", "cache", "state")))


@contextmanager
def server(
    home: Path, *words: str, env: dict[str, str] | None = None, **script: Any
) -> Iterator[Server]:
    own = {**os.environ, "COWRITE_HOME": str(home), **(env or {})}
    call = [sys.executable, str(SUPPORT / "serve_standin.py"), json.dumps(script), "--port", "0"]
    process = subprocess.Popen([*call, *words], env=own, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert " at http://127.0.0.1:" in first, first
        yield Server(process, first)
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def until(holds: Any, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(holds())


def gone(children: list[int]) -> bool:
    return until(lambda: not any(Path(f"/proc/{pid}/fd").exists() for pid in children))


def test_what_was_learned_is_used_and_a_client_that_leaves_frees_its_work(tmp_path: Path) -> None:
    record, home = tmp_path / "record", tmp_path / "home"
    paths = below(home)
    learned(paths, "00ff", 1)
    index = PassageIndex(paths.passages)
    index.replace("hens", "Ukridge walked along the Cob with a hen under his arm. " * 9, 1.0)
    index.close()
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    secret.chmod(0o600)
    words = ("--token-file", str(secret))
    env = {"COWRITE_LEARN_PASSAGES": "300"}
    with server(home, *words, env=env, chunk_delay=0.3, record=str(record)) as found:
        stream = found.client().completions.create(
            model="toy", prompt="Ukridge had a hen, and", stream=True
        )
        next(iter(stream))
        stream.close()
        assert until(lambda: '"cancel"' in record.read_text())
        # And while another is written, the end is quick and takes the model's process with it.
        stream = found.client().completions.create(model="toy", prompt="He", stream=True)
        next(iter(stream))
        children = found.children()
        assert children
        assert found.end(signal.SIGINT) == 130
        assert gone(children)
        assert "Traceback" not in found.said
    messages = [decode_client(line) for line in record.read_bytes().splitlines()]
    (load,) = [message for message in messages if isinstance(message, Load)]
    assert load.model.adapter is not None
    asked = next(message for message in messages if isinstance(message, Suggest))
    assert "walked along the Cob" in asked.context.head


def test_while_it_loads_it_says_so_and_a_signal_ends_it(tmp_path: Path) -> None:
    with server(tmp_path / "home", load_delay=60) as found:
        token = found.line().removeprefix("Token: ").strip()
        assert len(token) > 20
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as http:
            answer = http.post(f"{found.url}/completions", json={"prompt": "He"})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert http.get(f"{found.url}/models").json()["data"][0]["id"] == "toy"
        assert httpx.get(f"{found.url}/models").status_code == 401
        children = found.children()
        assert found.end(signal.SIGTERM) == 0
        assert gone(children)


def test_a_crash_costs_one_try_and_all_of_it_is_in_the_log(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {"COWRITE_TOKEN": TOKEN}
    with server(home, "--log", env=env, crash_once=str(tmp_path / "crashed")) as found:
        client = found.client()
        answer = client.completions.create(
            model="toy", prompt="Her secret.", n=2, user="my\x1b[2Jown"
        )
        assert [choice.text for choice in answer.choices] == TEXTS[:2]
        assert len(found.children()) == 1
        for pid in found.children():
            assert TOKEN.encode() not in Path(f"/proc/{pid}/environ").read_bytes()
        assert found.end(signal.SIGTERM) == 0
    assert "started again" in found.said
    assert "secret" not in found.said
    assert "\x1b" not in found.said
    with LogReader.open(below(home).log_file) as log:
        (session,) = log.sessions(origin=SERVED)
        rows = list(suggestion_rows(session, log.bursts(session.session_id)))
    assert session.document == "served to my [2Jown"
    assert [bool(row.error) for row in rows] == [True, False]
    assert {row.prefix for row in rows} == {"Her secret."}
