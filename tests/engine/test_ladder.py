"""Ways down from what a processor can't do: against a stand-in that dies on command, and with a real model."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from client_rig import Rig
from dying_host import dying_command
from fake_host import DEFAULT
from real_models import CUT, NAMES, model_file

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine import ladder as ladders
from cowrite.engine.client import EngineClient
from cowrite.engine.ladder import KnownWay, Ladder, WayBook, key_of, known_way
from cowrite.engine.protocol import (
    EngineOptions,
    EngineState,
    Failed,
    Load,
    Loaded,
    ModelFile,
    Way,
    decode_client,
)

CONTEXT = Context((), "He went down to the river", "")
WAYS = [way for way in Way if not way.gpu]
CAUSES = ("SIGILL", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGABRT", "wrong", "slower", "hang")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    made: list[Rig] = []

    def make(**script: Any) -> Rig:
        script.setdefault("cache_folder", tmp_path / "cache")
        script.setdefault("record", str(tmp_path / "record"))
        one = Rig(tmp_path / "state" / "engine.log", **script)
        made.append(one)
        one.client.start()
        return one

    yield make
    for one in made:
        one.client.close(0.5)


def loads(tmp_path: Path) -> list[Load]:
    """What the stand-ins were told to load."""
    lines = (tmp_path / "record").read_bytes().splitlines()
    return [said for line in lines if isinstance(said := decode_client(line), Load)]


def loaded(one: Rig) -> Loaded:
    message = one.until(lambda m: isinstance(m, Loaded))
    assert isinstance(message, Loaded)
    return message


@pytest.mark.parametrize("place", ["library", "load", "trial"])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_death_at_any_step_goes_one_way_down(
    rig: Callable[..., Rig], tmp_path: Path, place: str, steps: int
):
    one = rig(dies={way: [place, "SIGILL"] for way in WAYS[:steps]})
    found = loaded(one)
    assert found.way is WAYS[steps]
    assert found.way_reason.count("SIGILL") == steps
    one.state(EngineState.READY)
    assert one.states() == [EngineState.LOADING, EngineState.READY], "the writer saw a crash"
    assert not [m for m in one.messages if isinstance(m, Failed)]
    assert [load.way for load in loads(tmp_path)] == WAYS[: steps + 1]
    assert all(load.trial for load in loads(tmp_path))


@pytest.mark.parametrize("cause", CAUSES)
def test_every_kind_of_death_is_a_step_down(rig: Callable[..., Rig], cause: str):
    one = rig(dies={"full": ["trial", cause]}, hang_seconds=2.0 if cause == "hang" else 30.0)
    found = loaded(one)
    assert found.way is Way.NO_KERNEL
    said = {"wrong": "wrong numbers", "slower": "slower than without", "hang": "hung"}.get(
        cause, cause
    )
    assert said in found.way_reason


def test_what_works_is_remembered_and_not_tried_again(rig: Callable[..., Rig], tmp_path: Path):
    dies = {"full": ["trial", "SIGILL"], "no-kernel": ["trial", "SIGILL"]}
    assert loaded(rig(dies=dies)).way is Way.NO_BUFFERS
    first = len(loads(tmp_path))
    again = loaded(rig(dies=dies))
    assert (again.way, again.way_reason.count("SIGILL")) == (Way.NO_BUFFERS, 2)
    assert [(load.way, load.trial) for load in loads(tmp_path)[first:]] == [(Way.NO_BUFFERS, False)]


@pytest.mark.parametrize("changed", ["processor", "_library", "version"])
def test_another_processor_library_or_version_is_tried_anew(
    rig: Callable[..., Rig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
):
    assert loaded(rig(dies={"full": ["trial", "SIGILL"]})).way is Way.NO_KERNEL
    if changed == "version":
        monkeypatch.setattr(ladders.cowrite, "__version__", "99")
    else:
        monkeypatch.setattr(ladders, changed, lambda: "another")
    assert loaded(rig()).way is Way.FULL
    assert loads(tmp_path)[-1].trial


def test_where_no_way_works_it_is_said_once_with_what_helps(
    rig: Callable[..., Rig], tmp_path: Path
):
    one = rig(dies={way: ["trial", "SIGILL"] for way in WAYS})
    gone = one.state(EngineState.NO_MODEL)
    assert "SIGILL" in gone.reason
    assert "in any way" in gone.reason
    assert len(loads(tmp_path)) == len(WAYS)
    failed = [m for m in one.messages if isinstance(m, Failed)]
    assert len(failed) == 1
    assert failed[0].fatal
    assert "pip install" in failed[0].hint
    assert not (tmp_path / "cache" / ladders.FILE).exists()


def test_a_library_that_ends_the_process_is_named_with_the_command_that_builds_it(
    rig: Callable[..., Rig],
):
    gone = rig(dies={way: ["library", "SIGILL"] for way in WAYS}).state(EngineState.NO_MODEL)
    assert gone.reason.startswith("llama.cpp's library can't be used on this machine (SIGILL).")
    assert "--no-cache-dir" in gone.reason


def test_a_request_that_ends_the_process_is_answered_in_another_way(
    rig: Callable[..., Rig], tmp_path: Path
):
    """For instance with a model of other quantisations than the trial's products."""
    one = rig(dies={"full": ["request", "SIGILL"]})
    one.state(EngineState.READY)
    before = len(one.messages)
    one.client.suggest("a", CONTEXT, Params(n=1))
    assert one.done("a").candidates[0].text == DEFAULT[0][0]
    later = one.states()[2:]
    assert EngineState.RESTARTING not in later
    assert not [m for m in one.messages[before:] if isinstance(m, Failed)]
    assert [(load.way, load.trial) for load in loads(tmp_path)][-1] == (Way.NO_KERNEL, True)
    assert loaded(rig(dies={"full": ["request", "SIGILL"]})).way is Way.NO_KERNEL


def test_one_other_death_in_a_request_is_forgotten_two_are_not(
    rig: Callable[..., Rig], tmp_path: Path
):
    """A crash may be chance: only the second one makes every start slower."""
    dies = {"full": ["request", "SIGSEGV"]}
    for remembered in (Way.FULL, Way.NO_KERNEL):
        one = rig(dies=dies)
        one.client.suggest("a", CONTEXT, Params(n=1))
        assert one.done("a").candidates
        one.client.close(0.5)
        book = msgspec.json.decode(
            (tmp_path / "cache" / ladders.FILE).read_bytes(), type=dict[str, KnownWay]
        )
        assert [entry.way for entry in book.values()] == [remembered]


def test_a_kill_from_outside_is_no_step_down(rig: Callable[..., Rig], tmp_path: Path):
    one = rig(crash_once=str(tmp_path / "crashed"))
    one.client.suggest("a", CONTEXT, Params())
    one.state(EngineState.RESTARTING)
    one.state(EngineState.READY)
    assert {load.way for load in loads(tmp_path)} == {Way.FULL}


def test_a_way_that_was_chosen_is_the_only_one(rig: Callable[..., Rig], tmp_path: Path):
    found = loaded(rig(way=Way.PLAIN))
    assert (found.way, found.way_reason) == (Way.PLAIN, "chosen by engine.way")
    assert not loads(tmp_path)[0].trial
    assert not (tmp_path / "cache" / ladders.FILE).exists()


def test_without_the_kernel_the_ladder_has_the_ways_without_it(rig: Callable[..., Rig]):
    one = rig(kernel=False, dies={"no-kernel": ["trial", "SIGBUS"]})
    assert loaded(one).way is Way.PLAIN


@pytest.mark.parametrize("first", [True, False])
def test_a_kernel_that_is_allowed_again_is_tried(
    rig: Callable[..., Rig], tmp_path: Path, first: bool
):
    """What was found with other ways to choose from says nothing of the one that is new."""
    assert loaded(rig(kernel=first)).way is (Way.FULL if first else Way.NO_KERNEL)
    assert loaded(rig(kernel=not first)).way is (Way.NO_KERNEL if first else Way.FULL)
    assert all(load.trial for load in loads(tmp_path))


@pytest.fixture
def graphics(monkeypatch: pytest.MonkeyPatch) -> None:
    """A llama.cpp that was built for a graphics processor."""
    library = Path("/somewhere/lib/libggml-cuda.so")
    monkeypatch.setattr(ladders, "_files", lambda: [library])


@pytest.mark.usefixtures("graphics")
@pytest.mark.parametrize("place", ["library", "load", "trial"])
@pytest.mark.parametrize("cause", [*CAUSES, "none", "full"])
def test_a_graphics_processor_that_fails_costs_nothing(
    rig: Callable[..., Rig], tmp_path: Path, place: str, cause: str
):
    hang = 2.0 if cause == "hang" else 30.0
    if (place, cause) == ("library", "hang"):
        pytest.skip("a library that loads slowly is a busy disk's fault")
    one = rig(gpu=True, dies={"gpu": [place, cause]}, hang_seconds=hang)
    found = loaded(one)
    assert found.way is Way.FULL
    assert "on the graphics processor: " in found.way_reason
    one.state(EngineState.READY)
    assert one.states() == [EngineState.LOADING, EngineState.READY], "the writer saw a crash"
    assert not [m for m in one.messages if isinstance(m, Failed)]


@pytest.mark.usefixtures("graphics")
def test_a_graphics_processor_that_works_is_remembered_and_may_be_forbidden(
    rig: Callable[..., Rig], tmp_path: Path
):
    found = loaded(rig(gpu=True))
    assert (found.way, found.way_reason) == (Way.GPU, "it is quicker than the processor here")
    assert loaded(rig(gpu=True)).way is Way.GPU
    assert [load.trial for load in loads(tmp_path)] == [True, False]
    assert loaded(rig(gpu=False)).way is Way.FULL
    assert loaded(rig(gpu=True)).way is Way.GPU
    assert not loads(tmp_path)[-1].trial


@pytest.mark.usefixtures("graphics")
def test_a_memory_that_is_full_now_is_looked_at_again(rig: Callable[..., Rig], tmp_path: Path):
    """Whatever fills it, a game or another model, may be gone at the next start."""
    assert loaded(rig(gpu=True)).way is Way.GPU
    assert loaded(rig(gpu=True, dies={"gpu": ["load", "full"]})).way is Way.FULL
    assert loaded(rig(gpu=True)).way is Way.GPU


@pytest.mark.usefixtures("graphics")
def test_a_driver_that_dies_in_a_request_is_answered_by_the_processor(rig: Callable[..., Rig]):
    one = rig(gpu=True, dies={"gpu": ["request", "SIGABRT"]})
    one.state(EngineState.READY)
    one.client.suggest("a", CONTEXT, Params(n=1))
    assert one.done("a").candidates[0].text == DEFAULT[0][0]
    assert not [m for m in one.messages if isinstance(m, Failed)]


@pytest.mark.parametrize("cause", ["none", "full"])
def test_a_graphics_processor_that_was_asked_for_and_isnt_there_is_said(
    rig: Callable[..., Rig], cause: str
):
    gone = rig(way=Way.GPU, dies={"gpu": ["load", cause]}).state(EngineState.NO_MODEL)
    assert "graphics processor" in gone.reason
    assert "engine.way" in gone.reason


def test_without_a_library_for_it_there_is_nothing_to_try(
    rig: Callable[..., Rig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    names = ("libggml-base.so", "libggml-cpu-alderlake.so", "libggml-blas.so", "libllama.so")
    monkeypatch.setattr(ladders, "_files", lambda: [Path("/lib", name) for name in names])
    assert loaded(rig(gpu=True)).way is Way.FULL
    assert [load.way for load in loads(tmp_path)] == [Way.FULL]


def test_a_cache_that_cant_be_used_costs_a_trial_each_time(tmp_path: Path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    options = EngineOptions(cache_folder=tmp_path / "cache")
    for _ in range(2):
        ladder = Ladder(ModelFile("toy", Path("/toy")), options)
        assert ladder.trial
        ladder.worked()
        assert not ladder.trial


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"[]", b'{"a": 1}', b'{"a": {"way": "x"}}'])
def test_a_book_that_is_broken_is_begun_anew(tmp_path: Path, content: bytes):
    (tmp_path / ladders.FILE).write_bytes(content)
    book = WayBook(tmp_path)
    assert book.find("a") is None
    book.keep("a", KnownWay(Way.PLAIN, "because"))
    assert book.find("a") == KnownWay(Way.PLAIN, "because")


def test_the_book_keeps_a_bounded_number_the_newest(tmp_path: Path):
    book = WayBook(tmp_path)
    for number in range(100):
        book.keep(str(number), KnownWay(Way.FULL, ""))
    assert book.find("99") is not None
    assert book.find("0") is None


def test_models_are_remembered_one_by_one():
    one, other = ModelFile("a", Path("/a"), "1" * 64), ModelFile("a", Path("/a"), "2" * 64)
    assert key_of(one, WAYS) != key_of(other, WAYS)
    assert key_of(one, WAYS) == key_of(ModelFile("renamed", Path("/b"), "1" * 64), WAYS)
    assert key_of(one, WAYS) != key_of(one, WAYS[1:])


@pytest.mark.model
@pytest.mark.parametrize(
    "name",
    [*(CUT + name for name in NAMES), *(pytest.param(n, marks=pytest.mark.slow) for n in NAMES)],
)
def test_a_real_model_finds_its_way_on_this_processor(tmp_path: Path, name: str):
    """Whatever processor runs this: it writes in the end, and the next start knows how."""
    model = model_file(name)
    options = EngineOptions(cache_folder=tmp_path, kv_folder=None)
    messages = ask(model, options)
    (found,) = [m for m in messages if isinstance(m, Loaded)]
    assert known_way(model, options) == (found.way, found.way_reason)


@pytest.mark.model
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_real_model_writes_in_every_way(tmp_path: Path, steps: int):
    dies = {way.value: "SIGILL" for way in WAYS[:steps]}
    options = EngineOptions(cache_folder=tmp_path, command=dying_command(dies))
    (found,) = [m for m in ask(model_file("cut smollm2"), options) if isinstance(m, Loaded)]
    # A busy machine may time the way with the kernel as the slower one, and go on to the next.
    slower = found.way_reason.endswith("slower than without")
    assert found.way is WAYS[steps] or (slower and found.way in WAYS[steps:])
    assert bool(found.kernel) <= found.way.kernel


def ask(model: ModelFile, options: EngineOptions) -> list[Any]:
    """Load a real model and have it write three candidates; all that the client told."""
    messages: list[Any] = []
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client = EngineClient(model, options, told.put, Path(options.cache_folder or "/") / "log")
    client.start()
    client.suggest("a", CONTEXT, Params(n=3, max_tokens=6))
    try:
        while (
            not messages
            or getattr(messages[-1], "request_id", "") != "a"
            or not hasattr(messages[-1], "candidates")
        ):
            messages.append(told.get(timeout=120))
            assert not isinstance(messages[-1], Failed), messages
    finally:
        client.close()
    assert len(messages[-1].candidates) == 3
    return messages
