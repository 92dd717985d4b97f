"""What every engine must do, asked of the stand-in and of real models, here and by two servers, through the
same client. The everyday run has the default model, and of the other one the first layers.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_host import fake_command
from real_models import CUT, model_file
from real_server import real_server

from cowrite.config import Settings
from cowrite.config.declaration import EngineSettings
from cowrite.core.context import Context
from cowrite.core.suggestion import Params, Sampling, StopAt, StopReason, bytes_of
from cowrite.engine.client import EngineClient, EngineOptions, EngineState, ModelFile
from cowrite.engine.generation.stopping import first_word
from cowrite.engine.protocol import (
    Chunk,
    Done,
    Failed,
    Finished,
    HostMessage,
    Loaded,
    RunAhead,
    Started,
    StateChanged,
)
from cowrite.session.found_model import remote_model

SERVER = "server of "

BEFORE = (
    "It was a beautiful morning of early summer, and the river lay quite still between its banks. "
    "She had walked down from the village before anyone was awake, with her shoes in her hand, and now she "
    "sat on the landing-stage and waited for the ferryman. After a while she heard"
)


class Talk:
    """A conversation with one engine."""

    def __init__(self, model: ModelFile, options: EngineOptions, folder: Path) -> None:
        self.inbox: queue.SimpleQueue[HostMessage] = queue.SimpleQueue()
        self.seen: list[HostMessage] = []
        self.client = EngineClient(model, options, self.inbox.put, folder / "engine.log")
        self.count = 0

    def load(self) -> Loaded:
        self.client.start()
        loaded = self.until(lambda m: isinstance(m, Loaded))
        assert isinstance(loaded, Loaded)
        return loaded

    def until(self, wanted: Callable[[HostMessage], bool]) -> HostMessage:
        while True:
            message = self.inbox.get(timeout=120)
            self.seen.append(message)
            assert not (
                isinstance(message, StateChanged) and message.state is EngineState.NO_MODEL
            ), message
            if wanted(message):
                return message

    def begin(self, before: str, params: Params, after: str = "") -> str:
        self.count += 1
        self.client.suggest(f"r{self.count}", Context((), before, after), params)
        return f"r{self.count}"

    def end(self, name: str) -> Done:
        done = self.until(lambda m: isinstance(m, Done | Failed) and m.request_id == name)
        assert isinstance(done, Done), done
        return done

    def ask(self, before: str, params: Params, after: str = "") -> Done:
        return self.end(self.begin(before, params, after))


@pytest.fixture(
    scope="module",
    params=[
        "stand-in",
        pytest.param("gemma", marks=pytest.mark.model),
        pytest.param("cut smollm2", marks=pytest.mark.model),
        pytest.param("server of cut smollm2", marks=pytest.mark.model),
        pytest.param("smollm2", marks=[pytest.mark.model, pytest.mark.slow]),
        pytest.param("server of gemma", marks=[pytest.mark.model, pytest.mark.slow]),
        pytest.param("server of smollm2", marks=[pytest.mark.model, pytest.mark.slow]),
        pytest.param("native server of gemma", marks=[pytest.mark.model, pytest.mark.slow]),
        pytest.param("native server of smollm2", marks=[pytest.mark.model, pytest.mark.slow]),
    ],
)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def setting(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ModelFile, EngineOptions, Path]]:
    folder = tmp_path_factory.mktemp("engine")
    options = EngineOptions(context=1024, cache_folder=folder / "cache", kv_folder=folder / "kv")
    if kind == "stand-in":
        script = fake_command(chunk_delay=0.01)
        yield ModelFile("stand-in", Path("/none")), replace(options, command=script), folder
    elif SERVER in kind:
        native, _, model = kind.rpartition(SERVER)
        with real_server(model, folder, native=bool(native)) as (url, _pid):
            settings = Settings(engine=EngineSettings(remote=url, context_tokens=1024))
            found = remote_model(settings)
            yield found.file, found.options, folder
    else:
        yield model_file(kind), options, folder


@pytest.fixture(scope="module")
def talk(setting: tuple[ModelFile, EngineOptions, Path]) -> Iterator[Talk]:
    talk = Talk(*setting)
    talk.load()
    yield talk
    talk.client.close(10)


@pytest.fixture
def real(kind: str) -> None:
    if kind == "stand-in":
        pytest.skip("the stand-in says what it was told")


@pytest.fixture
def here(kind: str, real: None) -> None:
    if SERVER in kind:
        pytest.skip(
            "a server tells no more than its text: nothing is healed, kept or read ahead for us"
        )


@pytest.fixture
def sensible(kind: str, real: None) -> None:
    if CUT in kind:
        pytest.skip("the first layers of a model write nonsense")


def test_three_different_candidates(talk: Talk, kind: str):
    done = talk.ask(BEFORE, Params(n=3, max_tokens=24, seed=7))
    texts = [c.text for c in done.candidates]
    assert len(texts) == 3
    assert all(text.strip() for text in texts)
    assert len({first_word(text) for text in texts}) == 3 or SERVER in kind or CUT in kind
    assert done.prompt_tokens > 0 or SERVER in kind
    assert 0 <= done.cached_tokens <= done.prompt_tokens
    assert done.timings.total > 0


def test_started_comes_first_and_each_candidate_is_finished(talk: Talk):
    del talk.seen[:]
    name = talk.begin(BEFORE, Params(n=2, max_tokens=12, seed=1))
    done = talk.end(name)
    mine = [m for m in talk.seen if getattr(m, "request_id", None) == name]
    assert isinstance(mine[0], Started)
    assert mine[-1] is done
    finished = {m.candidate: m.candidate_value for m in mine if isinstance(m, Finished)}
    assert tuple(finished[index] for index in range(2)) == done.candidates
    streamed = "".join(m.text for m in mine if isinstance(m, Chunk) and m.candidate == 0)
    assert streamed == done.candidates[0].text


def test_tokens_add_up_to_the_text(talk: Talk):
    for candidate in talk.ask(BEFORE, Params(n=2, max_tokens=12, seed=3, logprobs=3)).candidates:
        assert "".join(token.text for token in candidate.tokens).startswith(candidate.text)
        assert candidate.mean_logprob is not None
        assert candidate.mean_logprob <= 0
        assert all(token.alternatives for token in candidate.tokens)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """A model that spells emoji byte by byte, where the default one has a token for each."""
    folder = tmp_path_factory.mktemp("speller")
    options = EngineOptions(context=1024, run_ahead=RunAhead.OFF)
    talk = Talk(model_file("smollm2"), options, folder)
    talk.load()
    yield talk
    talk.client.close(10)


@pytest.mark.model
@pytest.mark.parametrize(
    "before", ["We laughed 😀😃😄😁😆😅🤣", "𒀀𒁀𒂀𒃀𒀀𒁀𒂀𒃀𒀀𒁀𒂀𒃀"], ids=["emoji", "cuneiform"]
)
def test_l7_tokens_of_characters_in_pieces_add_up_to_the_text(speller: Talk, before: str):
    params = Params(n=3, max_tokens=16, seed=3, logprobs=3, stop=StopAt.NONE)
    pieces = 0
    for candidate in speller.ask(before, params).candidates:
        said = "".join(token.text for token in candidate.tokens)
        assert said.startswith(candidate.text.rstrip())
        data = b"".join(map(bytes_of, candidate.tokens))
        assert data.decode("utf-8", "ignore") == said
        told = [said, *(text for token in candidate.tokens for text, _ in token.alternatives)]
        assert not any("\ufffd" in text for text in told)
        pieces += sum(token.bytes is not None for token in candidate.tokens)
    assert pieces > 10


def test_a_newer_request_wins(talk: Talk):
    old = talk.begin(BEFORE, Params(n=3, max_tokens=400, stop=StopAt.NONE, seed=1))
    talk.until(lambda m: isinstance(m, Chunk) and m.request_id == old)
    new = talk.begin(BEFORE + " him", Params(n=1, max_tokens=8, seed=1))
    assert {c.stop for c in talk.end(old).candidates} == {StopReason.CANCELLED}
    assert talk.end(new).candidates[0].text


def test_cancelling_while_it_reads(talk: Talk, here: None):
    name = talk.begin("A quite different text. " * 80 + BEFORE, Params(n=3))
    talk.until(lambda m: isinstance(m, Started) and m.request_id == name)
    talk.client.cancel(name)
    done = talk.end(name)
    assert not any(c.text for c in done.candidates)
    assert talk.ask(BEFORE, Params(n=1, max_tokens=8, seed=2)).candidates[0].text


def test_the_same_seed_gives_the_same_text(talk: Talk, real: None):
    params = Params(n=3, max_tokens=16, seed=42)
    first = talk.ask(BEFORE, params)
    assert [c.text for c in talk.ask(BEFORE, params).candidates] == [
        c.text for c in first.candidates
    ]
    assert first.seed == 42
    other = talk.ask(BEFORE, replace(params, seed=43))
    assert [c.text for c in other.candidates] != [c.text for c in first.candidates]


def test_a_fresh_seed_is_told_and_gives_the_text_again(talk: Talk, real: None):
    first = talk.ask(BEFORE, Params(n=2, max_tokens=10))
    again = talk.ask(BEFORE, Params(n=2, max_tokens=10, seed=first.seed))
    assert [c.text for c in again.candidates] == [c.text for c in first.candidates]


def test_the_prefix_is_kept(talk: Talk, here: None):
    talk.ask(BEFORE, Params(n=1, max_tokens=2, seed=1))
    done = talk.ask(BEFORE + " a slow and heavy", Params(n=1, max_tokens=2, seed=1))
    assert done.prompt_tokens - done.cached_tokens < 12


def test_warming_evaluates_ahead(talk: Talk, here: None):
    text = BEFORE + " the oars of a boat, far away and out of time"
    talk.client.warm(Context((), text, ""))
    time.sleep(1.5)
    done = talk.ask(text, Params(n=1, max_tokens=2, seed=1))
    assert done.cached_tokens == done.prompt_tokens


@pytest.mark.parametrize(
    ("before", "wanted"),
    [("She looked up at the sky and began to wond", "er"), ("He put the kettle on the sto", "ve")],
)
def test_a_word_that_was_begun_is_gone_on_with(
    talk: Talk, here: None, sensible: None, before: str, wanted: str
):
    done = talk.ask(before, Params(n=1, max_tokens=4, seed=1, sampling=Sampling(temperature=0.0)))
    assert done.candidates[0].text.startswith(wanted)


def test_no_space_is_doubled(talk: Talk, real: None):
    for seed in range(3):
        for candidate in talk.ask(BEFORE + " ", Params(n=3, max_tokens=6, seed=seed)).candidates:
            assert candidate.text
            assert not candidate.text[0].isspace()


def test_a_sentence_stops_at_its_end(talk: Talk, sensible: None):
    done = talk.ask(BEFORE, Params(n=3, max_tokens=120, seed=4))
    ended = [c for c in done.candidates if c.stop is StopReason.SENTENCE]
    assert ended
    for candidate in ended:
        assert candidate.text.rstrip("\"'\u201d\u2019)*_")[-1] in ".!?\u2026", candidate.text


def test_banned_words_do_not_come(talk: Talk, sensible: None):
    free = talk.ask(BEFORE, Params(n=3, max_tokens=24, seed=5))
    words = [w.strip(".,;") for c in free.candidates for w in c.text.split()][:6]
    sampling = Sampling(banned=tuple(words))
    done = talk.ask(BEFORE, Params(n=3, max_tokens=24, seed=5, sampling=sampling))
    for candidate in done.candidates:
        said = [w.strip('.,;!?"').lower() for w in candidate.text.split()]
        assert not set(said) & {w.lower() for w in words}


def test_a_deadline_is_kept(talk: Talk, real: None):
    done = talk.ask(BEFORE, Params(n=1, max_tokens=500, stop=StopAt.NONE, seed=5, deadline_ms=150))
    assert done.candidates[0].stop in (StopReason.DEADLINE, StopReason.END)
    assert len(done.candidates[0].tokens) < 500


def test_a_text_longer_than_the_context(talk: Talk, real: None):
    done = talk.ask("The boat went on. " * 700 + BEFORE, Params(n=2, max_tokens=8, seed=1))
    assert done.prompt_tokens < 1024
    assert all(c.text for c in done.candidates)


def test_an_empty_draft(talk: Talk, kind: str, real: None):
    """A server may end at once where nothing is before it: nobody can tell it which tokens may come."""
    done = talk.ask("", Params(n=2, max_tokens=8, seed=1))
    said = [c.text for c in done.candidates if c.text or SERVER not in kind]
    assert said or SERVER in kind
    assert all(text and not text[0].isspace() for text in said)


def test_killing_it_in_mid_suggestion_costs_one_suggestion(talk: Talk):
    name = talk.begin(BEFORE, Params(n=3, max_tokens=400, stop=StopAt.NONE, seed=1))
    talk.until(lambda m: isinstance(m, Chunk) and m.request_id == name)
    pid = talk.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    failed = talk.until(lambda m: isinstance(m, Failed | Done) and m.request_id == name)
    assert isinstance(failed, Failed)
    talk.until(lambda m: isinstance(m, StateChanged) and m.state is EngineState.RESTARTING)
    talk.until(lambda m: isinstance(m, StateChanged) and m.state is EngineState.READY)
    assert talk.ask(BEFORE, Params(n=1, max_tokens=8, seed=1)).candidates[0].text


def test_a_draft_that_is_opened_again_needs_no_evaluation(
    setting: tuple[ModelFile, EngineOptions, Path], here: None
):
    text = BEFORE + " her brother calling from the hill. " + BEFORE
    params = Params(n=1, max_tokens=8, seed=9)
    first = Talk(*setting)
    first.load()
    first.ask(text, params)
    first.client.close(10)
    again = Talk(*setting)
    again.load()
    try:
        done = again.ask(text, params)
        assert done.cached_tokens == done.prompt_tokens
        assert done.candidates[0].text
    finally:
        again.client.close()


@pytest.mark.model
@pytest.mark.parametrize("content", [b"GGUF", b"not a model at all" * 100, b""])
def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    told: queue.SimpleQueue[HostMessage] = queue.SimpleQueue()
    client = EngineClient(
        ModelFile("broken", path), EngineOptions(), told.put, tmp_path / "engine.log"
    )
    client.start()
    while client.state is not EngineState.NO_MODEL:
        told.get(timeout=60)
    assert "broken" in client.reason
    assert "Traceback" not in (tmp_path / "engine.log").read_text()
    client.close()


@pytest.mark.model
def test_the_process_ends_with_its_parent(tmp_path: Path):
    import subprocess
    import sys

    code = (
        "import sys, time, json; from pathlib import Path\n"
        "from cowrite.engine.client import *\n"
        f"c = EngineClient(ModelFile('gemma', Path({str(model_file('gemma').path)!r})), EngineOptions(),"
        f" lambda m: None, Path({str(tmp_path / 'engine.log')!r}))\n"
        "c.start()\n"
        "while c.pid is None: time.sleep(0.01)\n"
        "print(json.dumps(c.pid), flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = json.loads(parent.stdout.readline())
    parent.kill()
    parent.wait()
    for _ in range(200):
        if not Path(f"/proc/{child}").exists() or _is_zombie(child):
            return
        time.sleep(0.05)
    pytest.fail("the model process outlived its parent")


def _is_zombie(pid: int) -> bool:
    try:
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
