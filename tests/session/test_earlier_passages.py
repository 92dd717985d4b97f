"""Earlier passages before a draft: looked for in pauses, read ahead, and gone when they are switched off."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import run

import pytest
from engines import READY
from headless import headless

from cowrite.core.context import Context, context_at
from cowrite.core.document import Document
from cowrite.core.events import Body, Requested
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import EngineState
from cowrite.errors import StoreError
from cowrite.learning.passages import PassageIndex
from cowrite.session.earlier_passages import EarlierPassages, KeptPassages
from cowrite.session.options import RequestOptions
from cowrite.session.ports import EngineStatus

HENS = "Ukridge walked along the Cob at Combe Regis with a hen under his arm. "
SEA = "Marit rowed out to the lighthouse with lamp oil and bread for the keeper. "
DRAFT = "It was a quiet morning and nothing had happened yet. "


@dataclass
class Engine:
    """Notes what it is asked and warmed for."""

    status: EngineStatus = READY
    warmed: list[Context] = field(default_factory=list)
    asked: list[Context] = field(default_factory=list)

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None:
        self.warmed.append(context)

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked.append(context)

    def cancel(self, request_id: str | None = None) -> None:
        """Nothing runs."""


@dataclass
class Log:
    bodies: list[Body] = field(default_factory=list)

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)


@dataclass
class Port:
    """An index in memory, or trouble."""

    found: PassageIndex | None
    trouble: bool = False

    def index(self) -> PassageIndex | None:
        if self.trouble:
            raise StoreError("It can't be used.")
        return self.found


class Desk:
    """A session whose time is told."""

    def __init__(self, text: str = DRAFT, tokens: int = 200, port: Port | None = None) -> None:
        index = PassageIndex(None)
        index.replace("sea", SEA * 8, 1.0)
        index.replace("hens", HENS * 8, 2.0)
        self.port = port or Port(index)
        self.now, self.engine, self.log = 100.0, Engine(), Log()
        self.session = headless(
            text,
            self.log,
            engine=self.engine,
            options=RequestOptions(passages=tokens),
            own=True,
            clock=lambda: self.now,
        )
        self.session.requests.earlier.use(self.port)
        self.session.select(len(text), len(text))

    def rest(self, seconds: float) -> None:
        """Let time go by, and the clock tick once."""
        self.now += seconds
        self.session.pauses.tick()

    @property
    def head(self) -> str:
        return self.session.requests.context_at(self.session.cursor).head


def test_the_draft_is_read_ahead_with_passages_and_asked_with_the_same() -> None:
    desk = Desk()
    desk.rest(0.2)
    assert HENS.strip() in desk.engine.warmed[-1].head
    desk.session.requests.ask()
    assert desk.engine.asked[-1] == desk.engine.warmed[-1]
    asked = [body for body in desk.log.bodies if isinstance(body, Requested)][-1]
    assert asked.head == desk.head != ""


def test_others_come_after_a_long_pause_only_and_are_read_at_once() -> None:
    desk = Desk()
    desk.rest(0.2)
    desk.session.type("Then Marit came from the lighthouse with lamp oil. " * 20)
    desk.rest(0.5)
    assert "Ukridge" in desk.head
    count = len(desk.engine.warmed)
    desk.rest(2.0)
    assert "Marit" in desk.head
    assert "Ukridge" not in desk.head
    assert len(desk.engine.warmed) == count + 1
    assert desk.engine.warmed[-1].head == desk.head


def test_the_window_on_the_draft_is_the_same_with_and_without() -> None:
    long = DRAFT * 400
    with_them, without = Desk(long), Desk(long, tokens=0)
    with_them.rest(0.2)
    without.rest(0.2)
    first = with_them.session.requests.context_at(len(long))
    second = without.session.requests.context_at(len(long))
    assert first.head
    assert replace(first, parts=()) == second


def test_none_is_exactly_what_was_before() -> None:
    desk = Desk(tokens=0)
    desk.rest(5.0)
    assert desk.head == ""
    plain = context_at(Document(DRAFT), len(DRAFT), budget=READY.window_chars)
    assert desk.engine.warmed == [plain]


def test_switching_them_off_takes_them_away() -> None:
    desk = Desk()
    desk.rest(0.2)
    assert desk.head
    desk.session.requests.use(RequestOptions(passages=0))
    assert desk.head == ""


def test_the_writers_own_head_comes_first_since_it_stays() -> None:
    desk = Desk()
    desk.session.requests.use(RequestOptions(passages=200, head="Notes on style.\n"))
    desk.rest(0.2)
    assert desk.head.startswith("Notes on style.\n")
    assert "Ukridge" in desk.head


def test_an_index_that_cant_be_used_costs_the_passages_alone() -> None:
    desk = Desk(port=Port(None, trouble=True))
    desk.rest(0.2)
    assert desk.head == ""
    desk.session.requests.ask()
    assert desk.engine.asked


def test_without_an_index_there_is_nothing(tmp_path: Path) -> None:
    assert KeptPassages(tmp_path / "none.sqlite3").index() is None
    earlier = EarlierPassages(KeptPassages(tmp_path / "none.sqlite3"))
    assert not earlier.look(Document(DRAFT), 10, 500, 4000)
    assert list(tmp_path.iterdir()) == []


def test_what_stands_near_the_cursor_is_not_shown_twice() -> None:
    desk = Desk(text=SEA * 3 + HENS * 3)
    desk.rest(0.2)
    assert desk.head == ""


def test_loading_again_warms_with_the_same_passages() -> None:
    desk = Desk()
    desk.rest(0.2)
    before = desk.head
    desk.engine.status = replace(READY, state=EngineState.RESTARTING)
    desk.session.engine_changed()
    desk.engine.status = READY
    desk.rest(0.2)
    assert desk.engine.warmed[-1].head == before


@pytest.mark.parametrize("module", ["cowrite.session.draft", "cowrite.tui.window.drafts"])
def test_nothing_is_imported_for_them_before_they_are_wanted(module: str) -> None:
    code = (
        f"import sys, {module}; bad = ('cowrite.learning.passages', 'cowrite.learning.slot');"
        "sys.exit(any(name in sys.modules for name in bad))"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0
