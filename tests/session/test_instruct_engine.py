"""Another model for instructions: looked for when it is needed, and told of as if there were one engine."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from fake_host import fake_command

from cowrite.config import Settings
from cowrite.core.task import Task, TaskKind, task_params
from cowrite.engine.protocol import (
    Chunk,
    Done,
    EngineOptions,
    EngineState,
    Failed,
    HostMessage,
    ModelFile,
)
from cowrite.errors import ModelError
from cowrite.paths import Paths
from cowrite.session import instruct_engine
from cowrite.session.engine_news import EngineNews, Unheard
from cowrite.session.engine_service import EngineService
from cowrite.session.found_model import FoundModel

TASK = Task(TaskKind.REWRITE, "Make it shorter.", "It was a very long day.")


def found(name: str, **script: object) -> FoundModel:
    options = EngineOptions(command=fake_command(**script))
    return FoundModel(ModelFile(name, Path("/toy"), name * 4), options)


class Desk(Unheard):
    """An engine service, and all that is told of it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.news: queue.SimpleQueue[EngineNews] = queue.SimpleQueue()
        self.said: list[HostMessage] = []
        paths = Paths(*(folder / name for name in ("config", "data", "cache", "state")))
        writing = found("writes", texts=[["the writing one"]])
        self.engine = EngineService(
            lambda: self.settings, paths, None, post=self.news.put, given=writing
        )
        self.engine.follow(self)
        self.engine.start()

    def engine_said(self, message: HostMessage) -> None:
        self.said.append(message)

    def until(self, seen: Callable[[HostMessage], bool]) -> HostMessage:
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            for message in self.said:
                if seen(message):
                    return message
            try:
                self.engine.take(self.news.get(timeout=0.1))
            except queue.Empty:
                continue
        raise AssertionError(self.said)

    def answer(self, name: str) -> str:
        self.engine.instruct(name, TASK, task_params(TASK, n=1))
        done = self.until(lambda m: isinstance(m, Done) and m.request_id == name)
        assert isinstance(done, Done)
        return done.candidates[0].text

    def wait_for_model(self) -> None:
        limit = time.monotonic() + 20
        while self.engine.status.loaded is None and time.monotonic() < limit:
            self.engine.take(self.news.get(timeout=20))


def settings(instruct: str = "") -> Settings:
    base = Settings()
    return msgspec.structs.replace(
        base, models=msgspec.structs.replace(base.models, instruct=instruct)
    )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def find(_settings: Settings, _paths: Paths, choice: str | None = None) -> FoundModel:
        if choice == "none":
            raise ModelError("There is no model named 'none'.")
        return found(str(choice), texts=[[f"the {choice} one"]])

    monkeypatch.setattr(instruct_engine, "find_model", find)

    def make(instruct: str) -> Desk:
        made.append(Desk(tmp_path, settings(instruct)))
        made[-1].wait_for_model()
        return made[-1]

    yield make
    for one in made:
        one.engine.close()


def test_the_model_that_writes_does_both_by_default(desk: Callable[[str], Desk]) -> None:
    here = desk("")
    assert here.answer("a") == "the writing one"
    assert here.engine.status.instruct_name == ""


def test_another_one_is_looked_for_when_it_is_needed(desk: Callable[[str], Desk]) -> None:
    here = desk("other")
    assert here.engine.status.answers_as == ("other", "", None)
    assert here.engine.status.instruct_state is None
    here.engine.prepare(TASK)
    assert here.answer("a") == "the other one"
    assert here.engine.status.instruct_name == "other"
    assert here.engine.status.model_name == "writes"
    assert here.engine.status.answers_as == ("other", "other" * 4, None)
    assert [m for m in here.said if isinstance(m, Chunk)]
    here.settings = settings("third")
    assert here.answer("b") == "the third one"
    assert here.engine.status.instruct_name == "third"
    here.settings = settings("")
    assert here.answer("c") == "the writing one"
    assert here.engine.status.answers_as == ("writes", "writes" * 4, None)


def test_the_one_at_work_is_told(desk: Callable[[str], Desk]) -> None:
    here = desk("other")
    assert here.engine.status.at_work[1] == "writes"
    here.engine.instruct("a", TASK, task_params(TASK, n=1))
    assert here.engine.status.at_work == (EngineState.LOADING, "other")
    here.until(lambda m: isinstance(m, Done) and m.request_id == "a")
    limit = time.monotonic() + 20
    while here.engine.status.at_work != (EngineState.READY, "writes") and time.monotonic() < limit:
        here.engine.take(here.news.get(timeout=20))
    assert time.monotonic() < limit
    assert here.engine.status.at_work == (EngineState.READY, "writes")


def test_a_model_that_is_not_there_is_told_to_who_asked(desk: Callable[[str], Desk]) -> None:
    here = desk("none")
    for name in ("a", "b"):
        here.engine.instruct(name, TASK, task_params(TASK))
        failed = here.until(lambda m: isinstance(m, Failed) and m.request_id == name)  # noqa: B023
        assert isinstance(failed, Failed)
        assert "no model named" in failed.message


def test_what_waits_for_a_model_can_be_cancelled(desk: Callable[[str], Desk]) -> None:
    here = desk("other")
    here.engine.instruct("a", TASK, task_params(TASK))
    here.engine.cancel("a")
    here.until(lambda m: isinstance(m, Done) and m.request_id == "a")
    assert here.answer("b") == "the other one"
