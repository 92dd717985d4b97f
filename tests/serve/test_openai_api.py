"""What the interface answers, with a model that says what the test wants."""

from __future__ import annotations

import asyncio
import gc
import json
import math
from typing import Any

import openai
import pytest
from served import TOKEN, Toy, candidate, done, fails, loaded, said

from cowrite.core.conversation import Speaker, Turn
from cowrite.core.suggestion import StopAt, StopReason
from cowrite.engine.protocol import Converse, Failed, Suggest
from cowrite.serve.openai.api import MOST_BODY
from cowrite.serve.openai.queue import MOST_OF_ONE

ASK: dict[str, Any] = {"model": "toy", "prompt": "He"}


async def streamed(toy: Toy, **more: Any) -> tuple[dict[int, str], dict[int, str | None]]:
    """The texts of a stream by candidate, and why each ended."""
    texts: dict[int, str] = {}
    reasons: dict[int, str | None] = {}
    async for event in await toy.client().completions.create(**{**ASK, **more, "stream": True}):
        for choice in event.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
            reasons[choice.index] = choice.finish_reason or reasons.get(choice.index)
    return texts, reasons


# What is asked


async def test_what_is_asked_for_reaches_the_model():
    toy = Toy(said(" a", " b"))
    extra = {"top_k": 7, "min_p": 0.2}
    await toy.client().completions.create(
        **ASK, n=2, seed=-1, stop=["\n", "End"], max_tokens=9, temperature=0, top_p=0.5,
        suffix=" so", logprobs=3, extra_body=extra,
    )  # fmt: skip
    (asked,) = toy.asked
    assert isinstance(asked, Suggest)
    assert (asked.context.before, asked.context.after) == ("He", " so")
    assert (asked.beside, asked.ends) == (True, ("\n", "End"))
    params, sampling = asked.params, asked.params.sampling
    assert (params.n, params.max_tokens, params.stop) == (2, 9, StopAt.NONE)
    assert params.seed is not None
    assert params.seed >= 0
    assert params.logprobs == 3
    assert (sampling.temperature, sampling.top_p, sampling.top_k, sampling.min_p) == (
        0,
        0.5,
        7,
        0.2,
    )


async def test_a_conversation_reaches_the_model():
    toy = Toy(said(" Hello."))
    toy.served.loaded = loaded(converses=True)
    parts: Any = [{"type": "text", "text": "Who "}, {"type": "text", "text": "is it?"}]
    answer = await toy.client().chat.completions.create(
        model="toy",
        messages=[
            {"role": "developer", "content": "Be short."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hm."},
            {"role": "user", "content": parts},
        ],
        max_completion_tokens=5,
        logprobs=True,
        top_logprobs=1,
    )
    (asked,) = toy.asked
    assert isinstance(asked, Converse)
    assert asked.turns == (
        Turn(Speaker.SYSTEM, "Be short."),
        Turn(Speaker.USER, "Hi"),
        Turn(Speaker.MODEL, "Hm."),
        Turn(Speaker.USER, "Who is it?"),
    )
    assert asked.params.max_tokens == 5
    assert answer.choices[0].message.content == " Hello."
    told = answer.choices[0].logprobs
    assert told is not None
    assert told.content is not None
    assert told.content[0].top_logprobs[0].token == " Hello."


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"n": 0}, "n"),
        ({"n": 1000}, "n"),
        ({"n": True}, "n"),
        ({"n": "2"}, "n"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"temperature": 2.01}, "temperature"),
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": math.nan}, "temperature"),
        ({"temperature": math.inf}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"seed": 2**64}, "seed"),
        ({"seed": "x"}, "seed"),
        ({"stop": [str(n) for n in range(100)]}, "stop"),
        ({"stop": [""]}, "stop"),
        ({"stop": 5}, "stop"),
        ({"prompt": [1, 2, 3]}, "prompt"),
        ({"prompt": [[1, 2]]}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": {"a": 1}}, "prompt"),
        ({"prompt": ["a"] * 33}, "prompt"),
        ({"suffix": 5}, "suffix"),
        ({"stream": "yes"}, "stream"),
        ({"echo": True}, "echo"),
        ({"best_of": 2}, "best_of"),
        ({"frequency_penalty": 1}, "frequency_penalty"),
        ({"presence_penalty": True}, "presence_penalty"),
        ({"logit_bias": {"50256": -100}}, "logit_bias"),
        ({"messages": [{"role": "user", "content": "x"}]}, "messages"),
        ({"logprobs": 99}, "logprobs"),
        ({"logprobs": 1, "stream": True}, "logprobs"),
        ({"user": ["x"]}, "user"),
    ],
)
async def test_what_is_wrong_is_told_by_its_name(wrong: dict[str, Any], param: str):
    toy = Toy(said(" a"))
    async with toy.http() as http:
        answer = await http.post("/v1/completions", content=json.dumps({**ASK, **wrong}))
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param)
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert toy.asked == []


@pytest.mark.parametrize(
    "messages",
    [
        *(None, [], "Hi", [5], [{}], [{"role": "user"}], [{"role": "user", "content": None}]),
        *([{"role": "tool", "content": "x"}], [{"role": ["user"], "content": "x"}]),
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x"}}]}],
    ],
)
async def test_what_is_no_conversation_is_refused(messages: object):
    toy = Toy(said(" a"))
    toy.served.loaded = loaded(converses=True)
    async with toy.http() as http:
        answer = await http.post("/v1/chat/completions", json={"messages": messages})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "messages")


@pytest.mark.parametrize(
    "harmless",
    [
        *({"best_of": 1}, {"frequency_penalty": 0.0}, {"presence_penalty": 0}, {"echo": False}),
        *({"logit_bias": None}, {"metadata": {"a": "b"}}, {"store": False}, {"logit_bias": {}}),
        *({"max_tokens": 900_000}, {"stop": None}, {"stop": []}, {"seed": None}, {"user": None}),
    ],
)
async def test_what_asks_for_nothing_is_no_trouble(harmless: dict[str, Any]):
    async with Toy(said(" a")).http() as http:
        answer = await http.post("/v1/completions", json={**ASK, **harmless})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"\xff\xfe\x00", b'{"n": ' + b"9" * 5000 + b"}", b"[" * 100_000],
)
async def test_what_is_no_json_object_is_refused(body: bytes):
    async with Toy(said(" a")).http() as http:
        answer = await http.post("/v1/completions", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not():
    async def pieces() -> Any:
        for _ in range(4):
            yield b" " * (MOST_BODY // 3)

    async with Toy(said(" a")).http() as http:
        told = await http.post("/v1/completions", content=b" " * (MOST_BODY + 1))
        found = await http.post("/v1/completions", content=pieces())
    assert (told.status_code, found.status_code) == (413, 413)


@pytest.mark.parametrize("text", ["\ud83d", "a\x00b", "\U0001f600", "\u202e\u05d0", "\r\n", ""])
async def test_any_text_can_be_asked_with(text: str):
    toy = Toy(said(" a"))
    async with toy.http() as http:
        answer = await http.post(
            "/v1/completions", content=json.dumps({"prompt": text, "model": "toy", "user": text})
        )
        other = await http.post(
            "/v1/completions", content=json.dumps({"prompt": "a", "model": f"{text}x"})
        )
        field = await http.post("/v1/completions", content=json.dumps({**ASK, f"{text}x": 5}))
    assert answer.status_code == 200
    assert field.status_code == 400
    assert other.status_code == 404
    assert other.json()["error"]["code"] == "model_not_found"


# What is answered


async def test_texts_come_in_the_order_of_prompts_and_candidates():
    def answer(asked: Any) -> Any:
        before = asked.context.before
        yield done(asked.request_id, candidate(f" {before}0"), candidate(f" {before}1"))

    found = await Toy(answer).client().completions.create(model="toy", prompt=["a", "b"], n=2)
    assert [(c.index, c.text) for c in found.choices] == [
        *((0, " a0"), (1, " a1"), (2, " b0"), (3, " b1"))
    ]
    assert found.usage is not None
    assert (found.usage.prompt_tokens, found.usage.completion_tokens) == (6, 4)


@pytest.mark.parametrize(
    ("chunks", "text"),
    [
        ((" and", " so"), " and so."),
        ((), " at once"),
        ((" a\U0001f468\u200d", "\U0001f469"), " a\U0001f468\u200d\U0001f469"),
        ((" x",), " x"),
        ((), ""),
    ],
)
@pytest.mark.parametrize("suffix", [None, " end"])
async def test_a_stream_says_what_the_whole_says(
    chunks: tuple[str, ...], text: str, suffix: str | None
):
    toy = Toy(said(text, " other", chunks=chunks))
    whole = await toy.client().completions.create(**ASK, n=2, suffix=suffix)
    texts, reasons = await streamed(toy, n=2, suffix=suffix)
    assert (
        texts == {choice.index: choice.text for choice in whole.choices} == {0: text, 1: " other"}
    )
    assert reasons == {0: "stop", 1: "stop"}


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (StopReason.LENGTH, "length"),
        (StopReason.END, "stop"),
        (StopReason.SUFFIX, "stop"),
        (StopReason.SENTENCE, "stop"),
    ],
)
async def test_why_it_ended_is_told_as_it_was(stop: StopReason, reason: str):
    toy = Toy(said(" a", stop=stop))
    whole = await toy.client().completions.create(**ASK)
    assert whole.choices[0].finish_reason == reason
    assert (await streamed(toy))[1] == {0: reason}


async def test_what_can_not_be_is_a_number_of_json():
    def answer(asked: Any) -> Any:
        yield done(asked.request_id, candidate(" a", logprob=-math.inf))

    found = await Toy(answer).client().completions.create(**ASK, logprobs=1)
    told = found.choices[0].logprobs
    assert told is not None
    assert told.token_logprobs == [-9999.0]
    assert told.top_logprobs == [{" a": -9999.0}]


async def test_the_model_is_told_by_its_name():
    client = Toy(said(" a")).client()
    assert [model.id for model in (await client.models.list()).data] == ["toy"]
    assert (await client.models.retrieve("toy")).owned_by == "cowrite"
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("other")


# What can't be answered now


async def test_while_there_is_no_model_it_says_so():
    toy = Toy(said(" a"))
    toy.served.loaded = None
    async with toy.http() as http:
        loading = await http.post("/v1/completions", json=ASK)
        toy.served.trouble = "There is no model."
        never = await http.post("/v1/completions", json=ASK)
        models = await http.get("/v1/models")
    assert (loading.status_code, loading.headers["Retry-After"]) == (503, "2")
    assert never.status_code == 503
    assert "Retry-After" not in never.headers
    assert never.json()["error"]["message"] == "There is no model."
    assert models.status_code == 200


async def test_who_asks_for_too_much_waits():
    toy = Toy(lambda _: iter(()))
    async with toy.http() as http:
        wrong = {**ASK, "prompt": ["a"] * 32, "user": "me"}
        toy.queue.close()
        waiting = [
            asyncio.ensure_future(http.post("/v1/completions", json=wrong))
            for _ in range(MOST_OF_ONE // 32)
        ]
        while toy.queue.waiting < MOST_OF_ONE:
            await asyncio.sleep(0.01)
        refused = await http.post("/v1/completions", json=wrong)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
        toy.queue.give_up(Failed(None, "No model.", fatal=True))
        assert [(await one).status_code for one in waiting] == [503, 503]


@pytest.mark.parametrize(("lost", "status"), [(True, 503), (False, 500)])
@pytest.mark.parametrize("stream", [False, True])
async def test_what_fails_before_it_began_is_told_by_its_status(
    lost: bool, status: int, stream: bool
):
    async with Toy(fails(lost)).http() as http:
        answer = await http.post("/v1/completions", json={**ASK, "stream": stream})
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) is lost
    assert "It broke." in answer.json()["error"]["message"]


async def test_what_fails_in_a_stream_is_told_in_it():
    with pytest.raises(openai.APIError, match="It broke"):
        await streamed(Toy(fails(after=" And")))


async def test_an_error_of_ours_is_told_without_its_text():
    def breaks(_asked: Any) -> Any:
        raise RuntimeError("words of a draft")

    toy = Toy(breaks)
    async with toy.http() as http:
        answer = await http.post("/v1/completions", json=ASK)
    assert answer.status_code == 500
    assert answer.json()["error"]["type"] == "server_error"
    assert "words of a draft" not in answer.text
    assert [type(error) for error in toy.failures] == [RuntimeError]


# Who may ask


@pytest.mark.parametrize("path", ["/v1/models", "/v1/completions", "/nothing", "/", "/v1/models/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "token", ["", "Bearer wrong", f"Basic {TOKEN}", "Bearer", f"Bearer{TOKEN}"]
)
async def test_the_token_is_asked_for_first(path: str, method: str, token: str):
    toy = Toy(said(" a"))
    async with toy.http(Authorization=token) as http:
        answer = await http.request(method, path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_paths_and_methods_that_are_not_served_are_told():
    async with Toy(said(" a")).http() as http:
        wrong = await http.get("/v1/completions")
        none = await http.post("/v1/embeddings", json={})
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert none.status_code == 404
    assert "/v1/embeddings" in none.json()["error"]["message"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("here", 200), ("HERE:8765", 200), ("127.0.0.1:8765", 200), ("[::1]:8765", 200)),
        *(("evil.example", 403), ("evil.example:8765", 403), ("here.evil.example", 403)),
        ("127.0.0.1.evil.example", 403),
    ],
)
async def test_a_name_that_was_made_to_point_here_is_refused(host: str, status: int):
    toy = Toy(said(" a"), token="")
    async with toy.http(Host=host) as http:
        assert (await http.get("/v1/models")).status_code == status
        assert (await http.get("/nothing")).status_code == (404 if status == 200 else 403)
    async with Toy(said(" a"), names=None).http(Host=host) as http:
        assert (await http.get("/v1/models")).status_code == 200  # elsewhere, the token is enough


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        *(("http://localhost:3000", 200), ("http://127.0.0.1:8765", 200), ("http://here", 200)),
        *(("https://evil.example", 403), ("null", 403), ("file://", 403), ("", 403)),
        *(("http://localhost.evil.example", 403), ("http://[::1", 403), ("http://10.0.0.5", 403)),
    ],
)
async def test_a_page_of_another_site_is_refused(origin: str, status: int):
    toy = Toy(said(" a"), token="")
    async with toy.http(Origin=origin) as http:
        answer = await http.post("/v1/completions", json=ASK)
    assert answer.status_code == status
    assert len(toy.asked) == (status == 200)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_frees_the_work_and_is_no_trouble(stream: bool):
    toy = Toy(lambda _asked: iter(()))
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: troubles.append(told))
    heard = iter(
        (
            {"type": "http.request", "body": json.dumps({**ASK, "stream": stream}).encode()},
            {"type": "http.disconnect"},
        )
    )

    async def receive() -> dict[str, Any]:
        return next(heard)

    async def send(_message: object) -> None:
        pass

    headers = [(b"host", b"here"), (b"authorization", f"Bearer {TOKEN}".encode())]
    about = {"type": "http", "method": "POST", "path": "/v1/completions", "query_string": b""}
    await toy.app({**about, "headers": headers}, receive, send)  # type: ignore[arg-type]
    for _ in range(5):  # what was cancelled ends some rounds of the loop later
        await asyncio.sleep(0)
    gc.collect()
    assert [asked.request_id for asked in toy.asked] == ["serve-1"]
    assert set(toy.cancelled) == {"serve-1"}
    assert troubles == []
