"""The log holds what a suggestion's text depends on, as docs/export.md says."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

from engines import READY
from headless import headless
from recorder import Recorder

from cowrite.config import Settings
from cowrite.core.context import Context
from cowrite.core.events import EngineLoaded, Generated, Requested
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Done, Loaded, Way
from cowrite.session.draft import DraftSession
from cowrite.session.options import how_loaded
from cowrite.session.ports import EngineStatus

EXPORT = Path(__file__).parents[2] / "docs" / "export.md"
HOW = EngineLoaded("b9999", "full", "AVX2", 2, 4, 4096, "gentle")


@dataclass
class Engine:
    """Answers when it is told to."""

    status: EngineStatus = READY
    asked: str = ""

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked = request_id


def answered(session: DraftSession, engine: Engine) -> None:
    """Ask, and be answered."""
    session.requests.ask()
    made = (Candidate(" calm.", (), StopReason.SENTENCE),)
    session.answers.receive(Done(engine.asked, made, 9, 4, Timings(1.0, 1.0, 2.0), 7))
    session.suggestions.reject()


def kinds(log: Recorder) -> list[str]:
    wanted = (Requested, EngineLoaded, Generated)
    return [type(body).__name__ for body in log.bodies if isinstance(body, wanted)]


def test_l6_how_the_model_is_evaluated_stands_before_the_first_answer() -> None:
    log, engine = Recorder(), Engine(replace(READY, loaded=HOW))
    session = headless("The sea was", log, engine=engine)
    answered(session, engine)
    answered(session, engine)
    assert kinds(log) == ["Requested", "EngineLoaded", "Generated", "Requested", "Generated"]
    # After a crash another way may be taken.
    engine.status = replace(engine.status, loaded=replace(HOW, way="plain"))
    answered(session, engine)
    assert kinds(log)[-3:] == ["Requested", "EngineLoaded", "Generated"]
    said = [body for body in log.bodies if isinstance(body, EngineLoaded)]
    assert [one.way for one in said] == ["full", "plain"]


def test_l6_an_engine_that_does_not_say_is_no_event() -> None:
    log, engine = Recorder(), Engine()
    session = headless("The sea was", log, engine=engine)
    answered(session, engine)
    assert kinds(log) == ["Requested", "Generated"]


def test_l6_a_request_has_the_seed_the_model_and_what_was_evaluated_before() -> None:
    log, engine = Recorder(), Engine(replace(READY, model_sha256="ab" * 32, loaded=HOW))
    session = headless("The sea was", log, engine=engine)
    answered(session, engine)
    (asked,) = (body for body in log.bodies if isinstance(body, Requested))
    (made,) = (body for body in log.bodies if isinstance(body, Generated))
    assert asked.params.seed is not None
    assert asked.model_sha256 == "ab" * 32
    assert (made.prompt_tokens, made.cached_tokens) == (9, 4)
    assert made.candidates[0].stop is StopReason.SENTENCE


def test_l6_what_is_logged_is_what_the_process_said() -> None:
    said = Loaded(
        "m", "", 4096, 8192, 6000, 32000, 2, 1, 1, 1, False, 1.0,
        kernel="AVX2", way=Way.NO_BUFFERS, batch_threads=4, library="b9999",
    )  # fmt: skip
    assert how_loaded(said, Settings()) == replace(HOW, way="no-buffers")


def test_l6_the_page_promises_no_more_and_names_it_all() -> None:
    page = EXPORT.read_text("utf-8")
    section = page.partition("### What can be made again")[2].partition("\n## ")[0]
    assert section
    for one in fields(EngineLoaded):
        assert f"`{one.name}`" in section
    for name in (
        "`seed`",
        "`cached_tokens`",
        "`deadline`",
        "`sha256`",
        "`adapter`",
        "`prefix`",
        "`head`",
    ):
        assert name in section
    # The promise that did not hold.
    assert not re.search(r"with the model's file it can\s+be made again", page)
