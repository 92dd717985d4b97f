"""The remote engine against a server that does everything wrong: nothing hangs or grows; one sentence."""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from nasty_server import Nasty, nasty_server

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, StopAt, StopReason
from cowrite.core.task import Task, TaskKind, task_params
from cowrite.engine.options import RemoteOptions
from cowrite.engine.protocol import Asked, Chunk, Done, Failed, HostMessage, Instruct, Suggest
from cowrite.engine.remote import answering as answering_module
from cowrite.engine.remote import faults, wire
from cowrite.engine.remote.address import address_of, is_here
from cowrite.engine.remote.answering import Answering
from cowrite.engine.remote.faults import Fault
from cowrite.engine.remote.growing import Seam
from cowrite.engine.remote.knowing import FanOut, Server, look
from cowrite.engine.remote.secret import key_in
from cowrite.engine.remote.stream import Said
from cowrite.errors import ModelError

BEFORE = "She had walked"


@pytest.fixture
def nasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nasty]:
    monkeypatch.setattr(faults, "SOON", 0.01)
    with nasty_server() as server:
        yield server


def server_at(nasty: Nasty, key: str = "") -> Server:
    return Server(address_of(nasty.url), key, "toy", logprobs=True)


def suggest(before: str = BEFORE, after: str = "", **more: object) -> Suggest:
    params = Params(**{"n": 1, "max_tokens": 32, "seed": 5, **more})  # type: ignore[arg-type]
    return Suggest("r1", Context((), before, after), params)


class Talk:
    """One request, answered as the process's main loop does it."""

    def __init__(self, message: Asked, server: Server) -> None:
        self.sent: list[HostMessage] = []
        self.mail: queue.SimpleQueue[Said] = queue.SimpleQueue()
        now = time.perf_counter()
        self.answering = Answering(message, server, self.sent.append, self.mail.put, now)

    def go_on(self) -> HostMessage:
        """Until its end, which is the last message."""
        until = time.monotonic() + 30
        while not self.answering.done:
            assert time.monotonic() < until, self.sent
            with suppress(queue.Empty):
                self.answering.take(self.mail.get(timeout=0.05))
            self.answering.tick(time.perf_counter())
        return self.sent[-1]

    def until_text(self) -> None:
        while not any(isinstance(message, Chunk) for message in self.sent):
            self.answering.take(self.mail.get(timeout=10))


def ask(nasty: Nasty, message: Asked | None = None, server: Server | None = None) -> HostMessage:
    return Talk(message or suggest(), server or server_at(nasty)).go_on()


def texts(end: HostMessage) -> list[str]:
    assert isinstance(end, Done), end
    return [candidate.text for candidate in end.candidates]


# What works


def test_candidates_come_in_one_request_with_their_tokens(nasty: Nasty) -> None:
    end = ask(nasty, suggest(n=3, logprobs=2))
    assert texts(end)[0] == " a long way down the river."
    assert isinstance(end, Done)
    assert [token.text for token in end.candidates[0].tokens] == [
        " a", " long", " way", " down", " the", " river.",
    ]  # fmt: skip
    assert end.candidates[0].tokens[0].alternatives == ((" a", -0.5), (" x", -2.0))
    assert end.candidates[0].stop is StopReason.END
    assert len(nasty.completions) == 1
    body = nasty.completions[0].body
    assert (body["n"], body["seed"], body["prompt"], body["stream"]) == (3, 5, BEFORE, True)


def test_what_is_said_twice_is_shown_once(nasty: Nasty) -> None:
    assert texts(ask(nasty, suggest(n=2)))[1] == ""


def test_a_server_that_ignores_n_is_asked_several_times(nasty: Nasty) -> None:
    nasty.mode = "one"
    server = server_at(nasty)
    assert all(text for text in texts(ask(nasty, suggest(n=1), server)))
    end = ask(nasty, suggest(n=3), server)
    assert isinstance(end, Done)
    assert server.fan_out is FanOut.BESIDE
    assert sorted(one.body["seed"] for one in nasty.completions[2:]) == [6, 7]


def test_a_server_that_refuses_what_it_does_not_know_is_asked_plainly(nasty: Nasty) -> None:
    nasty.mode = "strict"
    server = server_at(nasty)
    for _ in range(2):
        assert texts(ask(nasty, server=server)) == [" a long way down the river."]
    assert ["min_p" in one.body for one in nasty.completions] == [True, False, False]


def test_getting_to_know_a_server_sends_no_word_of_a_draft(nasty: Nasty) -> None:
    server = look(RemoteOptions(nasty.url), address_of(nasty.url), "k3y", 0)
    assert (server.model, server.context, server.fan_out) == ("toy", 2048, FanOut.TOGETHER)
    assert (server.logprobs, server.keeps_space, server.loses_space) == (True, True, False)
    assert {one.headers.get("authorization") for one in nasty.asked} == {"Bearer k3y"}
    nasty.mode = "no_spaces"
    server = look(RemoteOptions(nasty.url), address_of(nasty.url), "", 900)
    assert (server.fan_out, server.loses_space, server.context) == (FanOut.BESIDE, True, 900)


def test_a_model_that_is_not_there_is_named(nasty: Nasty) -> None:
    with pytest.raises(Fault, match="no model 'big'"):
        look(RemoteOptions(nasty.url, model="big"), address_of(nasty.url), "", 0)


@pytest.mark.parametrize(
    ("before", "raw", "facts", "healed"),
    [
        ("word ", " and", {}, "and"),
        ("word ", "and", {}, "and"),
        ("word ", "  and", {}, "and"),
        ("word ", "s", {"keeps": True}, None),
        ("word ", ", and", {"keeps": True}, ", and"),
        ("word", " and", {}, " and"),
        ("word", "  and", {}, " and"),
        ("word", "s and", {"keeps": True}, "s and"),
        ("word", "and", {"loses": True}, " and"),
        ("word", ", and", {"loses": True}, ", and"),
        ("word\n", " And", {}, "And"),
        ("", " And", {}, "And"),
        ("word", " \nAnd", {}, "\nAnd"),
    ],
)
def test_the_space_at_the_seam(
    before: str, raw: str, facts: dict[str, bool], healed: str | None
) -> None:
    seam = Seam.at(before, **{"loses": False, "keeps": False, **facts})
    assert seam.heal(raw) == healed


def test_a_draft_that_ends_in_a_space_gets_no_second_one(nasty: Nasty) -> None:
    end = ask(nasty, suggest(BEFORE + " ", logprobs=1))
    assert texts(end) == ["a long way down the river."]
    assert nasty.completions[0].body["prompt"] == BEFORE
    assert isinstance(end, Done)
    assert "".join(token.text for token in end.candidates[0].tokens) == texts(end)[0]
    assert [text for text, _ in end.candidates[0].tokens[0].alternatives] == ["a", "x"]


def test_a_server_that_loses_the_space_gets_it_back(nasty: Nasty) -> None:
    nasty.mode = "no_spaces"
    server = server_at(nasty)
    server.loses_space = True
    assert texts(ask(nasty, server=server)) == [" quiet evening."]


def test_what_follows_is_sent_only_where_it_is_allowed(nasty: Nasty) -> None:
    server = server_at(nasty)
    ask(nasty, suggest(after=" And then home."), server)
    server.suffix = True
    ask(nasty, suggest(after=" And then home."), server)
    assert [one.body.get("suffix") for one in nasty.completions] == [None, " And then home."]


def known(nasty: Nasty, infill: str) -> Server:
    """The server as it is known where what follows may be sent."""
    nasty.infill = infill
    return look(RemoteOptions(nasty.url, suffix=True), address_of(nasty.url), "", 0)


def test_a_server_that_fills_in_by_a_path_of_its_own_is_asked_there(nasty: Nasty) -> None:
    server = known(nasty, "good")
    assert (server.suffix, server.infill) == (True, True)
    del nasty.asked[:]
    end = ask(nasty, suggest(after=" And then home.", n=2, logprobs=2), server)
    (asked,) = nasty.completions
    assert asked.line.split()[1] == "/infill"
    said = asked.body
    assert (said["input_prefix"], said["input_suffix"]) == (BEFORE, " And then home.")
    assert (said["n"], said["seed"], said["max_tokens"], said["n_probs"]) == (2, 5, 32, 2)
    assert not {"prompt", "suffix", "logprobs"} & said.keys()
    assert isinstance(end, Done)
    assert texts(end)[0] == " a long way"
    assert end.candidates[0].tokens[0].alternatives == ((" a", -0.5), (" x", -2.0))
    assert (end.prompt_tokens, end.cached_tokens) == (9, 4)
    ask(nasty, suggest(), server)
    assert nasty.completions[-1].line.split()[1] == "/v1/completions"


def test_what_follows_is_not_sent_where_the_model_can_make_nothing_of_it(nasty: Nasty) -> None:
    server = known(nasty, "refused")
    assert (server.suffix, server.infill) == (False, False)
    del nasty.asked[:]
    assert texts(ask(nasty, suggest(after=" And then home."), server))
    assert "And then home" not in str(nasty.completions[0].body)


@pytest.mark.parametrize("infill", ["none", "html"])
def test_a_server_without_that_path_gets_a_suffix(nasty: Nasty, infill: str) -> None:
    server = known(nasty, infill)
    assert (server.suffix, server.infill) == (True, False)
    ask(nasty, suggest(after=" And then home."), server)
    assert nasty.completions[-1].body["suffix"] == " And then home."


def test_nobody_is_asked_to_fill_in_who_is_not_allowed_to_see_what_follows(nasty: Nasty) -> None:
    nasty.infill = "good"
    server = look(RemoteOptions(nasty.url), address_of(nasty.url), "", 0)
    assert (server.suffix, server.infill) == (False, False)
    assert not any(one.line.split()[1] == "/infill" for one in nasty.asked)


@pytest.mark.parametrize("infill", ["odd", "endless", "refused", "none", "html"])
def test_whatever_that_path_answers_the_request_ends(nasty: Nasty, infill: str) -> None:
    server = known(nasty, "good")
    nasty.infill = infill
    end = ask(nasty, suggest(after=" And then home."), server)
    if infill == "odd":
        assert texts(end) == [" well."]
    else:
        assert isinstance(end, Done if infill == "endless" else Failed)


def test_instructions_go_by_chat_and_where_there_is_none_as_a_text(nasty: Nasty) -> None:
    task = Task(TaskKind.REWRITE, "Make it short", "A long passage.")
    message = Instruct("r1", task, task_params(task, n=1))
    ask(nasty, message)
    assert nasty.completions[-1].line.split()[1] == "/v1/chat/completions"
    said = nasty.completions[-1].body["messages"]
    assert said[-1] == {"role": "user", "content": "A long passage.\n\nMake it short"}
    assert "Make it short" not in said[0]["content"]
    nasty.mode = "status:404"
    server = server_at(nasty)
    assert isinstance(ask(nasty, message, server), Failed)
    assert server.chat is False
    assert nasty.completions[-1].body["prompt"].endswith("Instruction: Make it short\nResult:")


def test_an_adapter_is_named_as_a_model(nasty: Nasty) -> None:
    nasty.models = {"data": [{"id": "toy"}, {"id": "my-voice"}]}
    options = RemoteOptions(nasty.url, adapter="my-voice")
    assert look(options, address_of(nasty.url), "", 0).model == "my-voice"
    with pytest.raises(Fault, match="no adapter 'other'"):
        look(RemoteOptions(nasty.url, adapter="other"), address_of(nasty.url), "", 0)


# What doesn't


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("cut", "cut its answer"),
        ("cut_chunked", "cut"),
        ("garbage", "answered nonsense"),
        ("status:500", "failed"),
        ("status:400", "refused"),
        ("status:401", "key is missing or wrong"),
        ("status:404", "does not know"),
        ("busy_long", "too much to do"),
        ("long_line", "more than any answer"),
        ("html", "not answer as a completion server"),
        ("redirect", "sends to another address"),
        ("error", "failed while it wrote"),
        ("headers", "HTTP"),
        ("no_http", "HTTP"),
    ],
)
def test_what_goes_wrong_is_one_sentence(nasty: Nasty, mode: str, said: str) -> None:
    nasty.mode, nasty.other = mode, nasty.url
    end = ask(nasty)
    assert isinstance(end, Failed), end
    assert re.search(said, end.message), end
    assert end.message.endswith(".")
    assert "\n" not in end.message + end.hint
    assert BEFORE not in end.message + end.hint


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("busy", " a long way down the river."),
        ("no_done", " a quiet evening"),
        ("whole", " all at once."),
        ("utf8", " na\ufffdve ? words."),
        ("odd", " well."),
    ],
)
def test_what_can_be_read_is_taken(nasty: Nasty, mode: str, expected: str) -> None:
    nasty.mode = mode
    assert texts(ask(nasty, suggest(stop=StopAt.NONE))) == [expected]


def test_an_answer_without_an_end_is_ended(nasty: Nasty) -> None:
    nasty.mode = "endless"
    end = ask(nasty, suggest(stop=StopAt.NONE, max_tokens=16))
    assert isinstance(end, Done)
    assert len(end.candidates[0].text) < 16 * 40


@pytest.mark.parametrize("mode", ["comments", "drip", "silent"])
def test_who_says_nothing_is_not_waited_for(
    nasty: Nasty, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering_module, "FIRST", 0.4)
    nasty.mode = mode
    end = ask(nasty)
    assert isinstance(end, Failed)


def test_bad_requests_are_not_made_again(nasty: Nasty) -> None:
    nasty.mode = "status:401"
    ask(nasty)
    assert len(nasty.completions) == 1


def test_nothing_there_is_tried_again_and_then_told(nasty: Nasty) -> None:
    nasty.close()
    end = ask(nasty)
    assert isinstance(end, Failed)
    assert "Nothing answers" in end.message


def test_cancelling_hangs_up(nasty: Nasty) -> None:
    nasty.mode = "slow"
    talk = Talk(suggest(stop=StopAt.NONE), server_at(nasty))
    talk.until_text()
    began = time.monotonic()
    talk.answering.cancel()
    end = talk.sent[-1]
    assert isinstance(end, Done)
    assert end.candidates[0].stop is StopReason.CANCELLED
    while nasty.left == 0:
        assert time.monotonic() - began < 10
        time.sleep(0.01)


def test_a_deadline_ends_what_has_begun(nasty: Nasty) -> None:
    nasty.mode = "slow"
    end = ask(nasty, suggest(stop=StopAt.NONE, deadline_ms=200))
    assert isinstance(end, Done)
    assert end.candidates[0].text.startswith(" word")
    assert end.candidates[0].stop is StopReason.DEADLINE


def test_a_redirect_gets_neither_key_nor_draft(nasty: Nasty) -> None:
    with nasty_server() as other:
        nasty.mode, nasty.other = "redirect", other.url
        end = ask(nasty, server=server_at(nasty, "k3y"))
        assert isinstance(end, Failed)
        assert other.asked == []


def test_the_proxy_of_the_environment_is_used_but_for_this_machine(
    nasty: Nasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", nasty.url.replace("//", "//me:pw@"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    there = Server(address_of("http://llm.test:8080", plain_http=True), "k3y", "toy")
    assert texts(ask(nasty, server=there)) == [" a long way down the river."]
    assert nasty.completions[0].line.split()[1] == "http://llm.test:8080/v1/completions"
    assert nasty.completions[0].headers["proxy-authorization"] == "Basic bWU6cHc="
    with nasty_server() as near:
        assert texts(ask(near)) == [" a long way down the river."]
        assert len(near.completions) == 1


def test_a_name_of_this_machine_that_leads_elsewhere_gets_nothing(
    nasty: Nasty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "is_here", lambda _host: False)
    assert isinstance(ask(nasty), Failed)
    assert nasty.asked == []


def test_a_server_s_words_never_tell_the_key(nasty: Nasty) -> None:
    nasty.mode = "status:400"
    end = ask(nasty, server=server_at(nasty, "words"))
    assert isinstance(end, Failed)
    assert "the server's own" in end.hint
    assert "words" not in end.hint


def test_a_text_that_is_too_long_for_the_server_is_sent_shorter(nasty: Nasty) -> None:
    nasty.mode = "short"
    server = server_at(nasty)
    assert texts(ask(nasty, suggest("It went on. " * 3000 + BEFORE), server))[0]
    sizes = [len(one.body["prompt"]) for one in nasty.completions if "min_p" in one.body]
    assert sizes == sorted(sizes, reverse=True)
    assert server.context < 4096


# Where it is, and the key


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]
)
def test_this_machine(host: str) -> None:
    assert is_here(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "10.0.0.1",
        "0.0.0.0",
        "localhost.example.org",
        "127.0.0.1.nip.io",
        "128.0.0.1",
    ],
)
def test_another_machine(host: str) -> None:
    assert not is_here(host)


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:8080", "ftp://a", "http://", "http://user:pw@127.0.0.1", "http://127.0.0.1:x",
        "http://127.0.0.1:99999", "http://127.0.0.1/?key=1", "http://example.org", "https://a b/",
        "http://[::1", "https://ex\u0430mple.org", "file:///etc/passwd", "http://127.0.0.1\n.example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ModelError) as caught:
        address_of(url)
    assert "pw" not in caught.value.message + caught.value.hint


def test_addresses() -> None:
    assert address_of("http://127.0.0.1:8080").path == "/v1"
    assert address_of("http://localhost:8080/v1/").label == "this machine"
    assert address_of("https://llm.example.org/api").path == "/api/v1"
    assert address_of("https://llm.example.org").place == "llm.example.org"
    assert address_of("http://llm.lan:8080", plain_http=True).label == "llm.lan"


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-secret\n")
    for mode in (0o644, 0o640, 0o604):
        file.chmod(mode)
        with pytest.raises(ModelError, match="read by others") as caught:
            key_in(file)
        assert "sk-secret" not in str(caught.value)
    file.chmod(0o600)
    assert key_in(file) == "sk-secret"
    file.write_text("two words")
    with pytest.raises(ModelError, match="is no key") as caught:
        key_in(file)
    assert "two" not in caught.value.message
    with pytest.raises(ModelError, match="can't be read"):
        key_in(tmp_path / "missing")
