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
import pytest
from fake_host import DEFAULT

SUPPORT = Path(__file__).parent.parent / "support"
TEXTS = DEFAULT[0]
TOKEN = "a-token-of-mine"


@contextmanager
def server(home: Path, *words: str, **script: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    env = {**os.environ, "COWRITE_HOME": str(home)}
    call = [sys.executable, str(SUPPORT / "serve_standin.py"), json.dumps(script), "--port", "0"]
    process = subprocess.Popen([*call, *words], env=env, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert " at http" in said, said
        yield process, said.split(" at ")[1].strip()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def client(url: str, token: str = TOKEN) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=token, max_retries=8)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("home"), "--token", TOKEN) as (_, found):
        yield found


def test_models_are_listed(url: str):
    assert [model.id for model in client(url).models.list()] == ["toy"]


def test_a_text_is_completed(url: str):
    answer = client(url).completions.create(model="toy", prompt=["He", "She"], n=2, logprobs=1)
    assert [(c.index, c.text) for c in answer.choices] == [
        (number, TEXTS[number % 2]) for number in range(4)
    ]
    told = answer.choices[0].logprobs
    assert told is not None
    assert "".join(told.tokens or []) == TEXTS[0]
    assert answer.usage is not None
    assert answer.usage.prompt_tokens == 2
    assert answer.usage.completion_tokens > 8


@pytest.mark.parametrize("suffix", [None, " And so on."])
def test_a_stream_says_the_same(url: str, suffix: str | None):
    said = {0: "", 1: ""}
    options: Any = {"include_usage": True}
    stream = client(url).completions.create(
        model="toy", prompt="He", n=2, suffix=suffix, stream=True, stream_options=options
    )
    usage = None
    for event in stream:
        usage = event.usage or usage
        for choice in event.choices:
            said[choice.index] += choice.text
    assert said == {0: TEXTS[0], 1: TEXTS[1]}
    assert usage is not None


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"n": 0}, "n"),
        ({"temperature": 9}, "temperature"),
        ({"echo": True}, "echo"),
        ({"stop": [""]}, "stop"),
        ({"prompt": [[1, 2]]}, "prompt"),
        ({"logprobs": 1, "stream": True}, "logprobs"),
    ],
)
def test_what_is_wrong_is_told_by_its_name(url: str, wrong: dict[str, Any], param: str):
    with pytest.raises(openai.BadRequestError) as error:
        client(url).completions.create(**{"model": "toy", "prompt": "He", **wrong})
    assert error.value.param == param


def test_a_model_that_can_not_converse_says_so(url: str):
    with pytest.raises(openai.BadRequestError, match="not trained to converse"):
        client(url).chat.completions.create(
            model="toy", messages=[{"role": "user", "content": "Who?"}]
        )


def test_only_who_knows_the_token_and_the_name_is_let_in(url: str):
    with pytest.raises(openai.AuthenticationError):
        client(url, "another-token").models.list()
    with pytest.raises(openai.NotFoundError):
        client(url).completions.create(model="other", prompt="He")
    known = {"Authorization": f"Bearer {TOKEN}"}
    evil = httpx.get(f"{url}/models", headers={**known, "Host": "evil.example"})
    assert evil.status_code == 403
    assert httpx.get(f"{url}/completions", headers=known).status_code == 405
    assert httpx.get(f"{url}/none", headers=known).json()["error"]["message"]
    large = httpx.post(f"{url}/completions", headers=known, content=b" " * (2**21 + 1))
    assert large.status_code == 413


def test_a_client_that_leaves_frees_its_work(tmp_path: Path):
    record = tmp_path / "record"
    words = ("--token", TOKEN)
    script = {"chunk_delay": 0.3, "record": str(record)}
    with server(tmp_path / "home", *words, **script) as (_, found):
        client(found).models.list()
        stream = client(found).completions.create(model="toy", prompt="He", stream=True)
        next(iter(stream))
        stream.close()
        until = time.monotonic() + 20
        while '"cancel"' not in record.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        assert '"cancel"' in record.read_text()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signals_end_it(tmp_path: Path, sent: signal.Signals, code: int):
    with server(tmp_path / "home", "--token", TOKEN) as (process, found):
        client(found).completions.create(model="toy", prompt="He")
        process.send_signal(sent)
        assert process.wait(20) == code
