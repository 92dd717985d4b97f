"""The official client, the real server, and both real models."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest
from real_models import model_file

pytestmark = pytest.mark.model

TOKEN = "a-token-of-mine"
INSIDE = "The old man walked slowly down to the harb"
HELLO: Any = [{"role": "user", "content": "Name three colours."}]


@pytest.fixture(scope="module", params=["smollm2", pytest.param("gemma", marks=pytest.mark.slow)])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[openai.OpenAI]:
    """A client of a server with one of the models, by its file."""
    env = {
        **os.environ,
        "COWRITE_HOME": str(tmp_path_factory.mktemp("home")),
        "COWRITE_TOKEN": TOKEN,
    }
    file = model_file(request.param).path
    call = [sys.executable, "-m", "cowrite", "serve", "--port", "0", "--model", str(file)]
    with subprocess.Popen(call, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        assert " at http" in first, first + process.stderr.read()
        url = first.split(" at ")[1].strip()
        yield openai.OpenAI(base_url=url, api_key=TOKEN, max_retries=30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def model(client: openai.OpenAI) -> str:
    (found,) = client.models.list().data
    assert Path(found.id).suffix == ""
    return found.id


def test_a_word_is_finished_and_seeds_give_the_same_again(client: openai.OpenAI, model: str):
    ask: Any = {"model": model, "prompt": INSIDE, "n": 3, "seed": 5, "max_tokens": 8, "logprobs": 2}
    first, again = (client.completions.create(**ask) for _ in range(2))
    texts = [choice.text for choice in first.choices]
    assert [choice.text for choice in again.choices] == texts
    assert len(set(texts)) == 3
    assert texts[0].startswith(("or", "our"))
    for choice in first.choices:
        told = choice.logprobs
        assert told is not None
        assert "".join(told.tokens or []).startswith(choice.text)
        assert all(value <= 0 for value in told.token_logprobs or [])
    other = client.completions.create(**{**ask, "seed": 6})
    assert [choice.text for choice in other.choices] != texts


def test_a_stream_says_the_same_and_why_it_ended(client: openai.OpenAI, model: str):
    ask: Any = {
        "model": model,
        "prompt": f"Signs: \U0001f600\U0001f603. {INSIDE}",
        "n": 2,
        "seed": 5,
    }
    ask |= {"max_tokens": 12, "temperature": 0.7}
    client.completions.create(
        **ask
    )  # from here on the prompt is read, in the same pieces each time
    whole = client.completions.create(**ask)
    texts, reasons = ["", ""], ["", ""]
    usage = None
    with client.completions.create(
        **ask, stream=True, stream_options={"include_usage": True}
    ) as stream:
        for event in stream:
            usage = event.usage or usage
            for choice in event.choices:
                texts[choice.index] += choice.text
                reasons[choice.index] = choice.finish_reason or reasons[choice.index]
    assert texts == [choice.text for choice in whole.choices]
    assert reasons == [choice.finish_reason for choice in whole.choices]
    assert usage is not None
    assert usage.prompt_tokens > 8


def test_it_ends_before_what_it_shall_end_at(client: openai.OpenAI, model: str):
    ask: Any = {"model": model, "prompt": "One, two, three, four,", "temperature": 0}
    ended = client.completions.create(**ask, stop=["seven", "eight"], max_tokens=40).choices[0]
    assert ended.finish_reason == "stop"
    assert "five" in ended.text
    assert "seven" not in ended.text
    cut = client.completions.create(**ask, max_tokens=2).choices[0]
    assert cut.finish_reason == "length"


def test_any_text_is_gone_on_with(client: openai.OpenAI, model: str):
    prompts = [
        "",
        "\n",
        "\u65e5\u672c\u306e",
        "\u05e9\u05dc\u05d5\u05dd",
        "\U0001f468\u200d",
        "a\x1b[2J\x00",
    ]
    answer = client.completions.create(model=model, prompt=prompts, max_tokens=4, seed=1)
    assert [choice.index for choice in answer.choices] == list(range(6))
    filled = client.completions.create(
        model=model, prompt="He went to the", suffix=" and bought bread.", max_tokens=6
    )
    assert "bread" not in filled.choices[0].text


def test_several_clients_are_answered_at_once(client: openai.OpenAI, model: str):
    def ask(number: int) -> int:
        answer = client.completions.create(
            model=model, prompt=f"Number {number} is", max_tokens=6, user=f"client {number % 3}"
        )
        return len(answer.choices)

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(ask, range(12))) == [1] * 12


def test_who_can_converse_does_and_who_can_not_says_so(client: openai.OpenAI, model: str):
    ask: Any = {"model": model, "messages": HELLO, "max_tokens": 24, "seed": 1, "temperature": 0}
    if "smollm2" not in model.lower():
        with pytest.raises(openai.BadRequestError, match="was not trained to converse"):
            client.chat.completions.create(**ask)
        return
    whole = client.chat.completions.create(**ask).choices[0]
    assert whole.message.role == "assistant"
    assert "red" in (whole.message.content or "").lower()
    with client.chat.completions.create(**ask, stream=True) as stream:
        deltas = [event.choices[0].delta for event in stream]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.message.content
