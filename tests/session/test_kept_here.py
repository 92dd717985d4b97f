"""A draft whose project says never is not sent anywhere, whatever the window's engine is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.core.task import Task, TaskKind
from cowrite.engine.protocol import EngineState
from cowrite.engine.weigh import Weigh
from cowrite.session.kept_here import KeptHere
from cowrite.session.ports import EngineStatus, NoEngine

REMOTE = EngineStatus(EngineState.READY, connected=True, model_name="big", remote="llm.example.org")


class Noting(NoEngine):
    """An engine that notes what it is asked."""

    def __init__(self, status: EngineStatus) -> None:
        self.status = status
        self.asked: list[str] = []

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked.append("suggest")

    def warm(self, context: Context, params: Params | None = None) -> None:
        self.asked.append("warm")

    def prepare(self, task: Task) -> None:
        self.asked.append("prepare")

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        self.asked.append("instruct")

    def weigh(self, message: Weigh) -> None:
        self.asked.append("weigh")


def ask_all(engine: KeptHere) -> None:
    context, task = Context((), "words", ""), Task(TaskKind.ASK, "Why?")
    engine.warm(context)
    engine.suggest("a", context, Params())
    engine.prepare(task)
    engine.instruct("b", task, Params())
    engine.weigh(Weigh("c", context, Params(), ()))


def test_a_project_s_never_holds_for_each_draft(tmp_path: Path) -> None:
    book, letter = tmp_path / "book", tmp_path / "letter.md"
    book.mkdir()
    (book / "cowrite.toml").write_text('[engine]\nremote = "never"\n')
    inner = Noting(REMOTE)
    kept, free = KeptHere(inner, lambda: book / "one.md"), KeptHere(inner, lambda: letter)
    assert not kept.status.can_ask
    assert "this project keeps its drafts on this machine" in kept.status.reason
    assert kept.status.remote == ""
    ask_all(kept)
    assert inner.asked == []
    assert free.status is REMOTE
    ask_all(free)
    assert len(inner.asked) == 5


def test_a_never_that_is_written_meanwhile_counts_at_once(tmp_path: Path) -> None:
    inner = Noting(REMOTE)
    engine = KeptHere(inner, lambda: tmp_path / "one.md")
    assert engine.status.can_ask
    (tmp_path / "cowrite.toml").write_text('[engine]\nremote = "never"\n')
    ask_all(engine)
    assert inner.asked == []
    assert not engine.status.can_ask


def test_a_project_that_can_t_be_read_keeps_its_drafts(tmp_path: Path) -> None:
    (tmp_path / "cowrite.toml").write_text("[engine\nremote = never")
    inner = Noting(REMOTE)
    ask_all(KeptHere(inner, lambda: tmp_path / "one.md"))
    assert inner.asked == []


def test_a_model_on_this_machine_is_asked_as_ever(tmp_path: Path) -> None:
    (tmp_path / "cowrite.toml").write_text('[engine]\nremote = "never"\n')
    inner = Noting(replace(REMOTE, remote=""))
    engine = KeptHere(inner, lambda: tmp_path / "one.md")
    ask_all(engine)
    assert len(inner.asked) == 5
    assert engine.status is inner.status
