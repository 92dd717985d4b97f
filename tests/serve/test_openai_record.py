"""What is in the log of what other programs asked, and what is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from served import candidate, done, loaded

from cowrite.cli.main import main
from cowrite.config import Settings
from cowrite.core.context import Context, ContextPart, PartKind
from cowrite.core.conversation import Speaker, Turn
from cowrite.core.edits import Origin
from cowrite.core.events import SERVED, EngineLoaded
from cowrite.core.outcome import Outcome
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Converse, Failed, ModelFile, Suggest
from cowrite.export.registry import FORMATS
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.corpus import gather
from cowrite.learning.decisions import logged_decisions
from cowrite.learning.library import Library
from cowrite.paths import Paths, user_paths
from cowrite.serve.openai.record import MOST_OPEN, Record, title
from cowrite.store import LogReader, Store

AGENT = "127.0.0.1 OpenAI/Python 2.1"
FIRST = "The sea was calm, and nobody who stood on the pier said a word about the boats."


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    return user_paths()


def record(paths: Paths, troubles: list[str] | None = None) -> Record:
    model = ModelFile(
        "toy", Path("/toy"), "00ff", adapter=Path("/learned-2.gguf"), adapter_sha256="ee"
    )
    say = (troubles if troubles is not None else []).append
    return Record(Store.open(paths.log_file), model, Settings(), say)


def suggest(before: str, after: str = "", *parts: ContextPart) -> Suggest:
    return Suggest("x", Context(parts, before, after), Params(n=2, seed=None), beside=True)


def filled(paths: Paths) -> None:
    log = record(paths)
    log.loaded(loaded(library="b1", way=loaded().way))
    passage = ContextPart(PartKind.PASSAGE, "Of an earlier work.")
    log.answered(AGENT, suggest(FIRST, "", passage), done("x", candidate(" a"), candidate(" b")))
    log.answered(AGENT, suggest(f"{FIRST} a", " So."), done("x", candidate(" c")))
    turns = (Turn(Speaker.SYSTEM, "Be short."), Turn(Speaker.USER, "Who?"))
    log.answered("gptel", Converse("x", turns, Params(n=1)), done("x", candidate("Nobody.")))
    log.answered("gptel", suggest("Lost"), Failed("x", "It broke.", "Ask again."))
    log.close()


def rows(paths: Paths) -> dict[str, list[Any]]:
    with LogReader.open(paths.log_file) as log:
        return {
            session.document: list(suggestion_rows(session, log.bursts(session.session_id)))
            for session in log.sessions(origin=SERVED)
        }


def test_a_client_has_a_session_and_what_it_asked_is_in_it(paths: Paths):
    filled(paths)
    found = rows(paths)
    first, second = found[title(AGENT)]
    assert first.prefix == FIRST
    assert first.head == "Of an earlier work.\n\n"
    assert [one.text for one in first.candidates] == [" a", " b"]
    assert (second.prefix, second.suffix) == (f"{FIRST} a", " So.")
    assert second.params.seed == 7
    chat, lost = found["served to gptel"]
    assert chat.prefix == "System: Be short.\n\nUser: Who?\n\nAssistant: "
    assert lost.error == "It broke. Ask again."
    assert first.model.adapter == "learned-2@sha256:ee"
    every = [first, second, chat, lost]
    assert {row.outcome for row in every} == {Outcome.UNSEEN}
    assert {row.origin for row in every} == {SERVED}


def test_how_the_model_was_evaluated_is_said_once_in_each_session(paths: Paths):
    filled(paths)
    with LogReader.open(paths.log_file) as log:
        for session in log.sessions():
            bodies = [one.body for one in log.events(session.session_id)]
            assert sum(isinstance(body, EngineLoaded) for body in bodies) == 1
            assert session.ended_ms is not None


def test_nobody_wrote_it_and_nothing_is_learned_from_it(paths: Paths):
    filled(paths)
    with LogReader.open(paths.log_file) as log:
        assert log.recent() == []
        assert log.unsaved(None) is None
        assert logged_decisions(log) == []
        with Library.open(paths.learning) as library:
            assert gather(library, log, paths, 2**42) == 0
        for session in log.sessions():
            for stamped in log.events(session.session_id):
                edit = getattr(stamped.body, "edit", None)
                assert edit is None or edit.origin is Origin.RELOAD


def test_statistics_count_it_by_itself(paths: Paths, capsys: pytest.CaptureFixture[str]):
    filled(paths)
    assert main(["stats", "--json", "--by", "week"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["served"], found["requests"], found["sessions"]) == (4, 0, 0)
    assert found["keystrokes"]["spent"] == 0
    assert found["groups"] == []
    assert main(["stats"]) == 0
    assert "4 requests of other programs" in capsys.readouterr().out


def test_sessions_are_listed_with_the_client(paths: Paths, capsys: pytest.CaptureFixture[str]):
    filled(paths)
    assert main(["log", "sessions"]) == 0
    out = capsys.readouterr().out
    assert f"serve  {title(AGENT)}" in out
    assert main(["replay", title(AGENT), "--text-at", "end"]) == 0
    assert capsys.readouterr().out.strip() == f"{FIRST} a So."


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_export_takes_it_and_none_trains_on_it(name: str, paths: Paths, tmp_path: Path):
    filled(paths)
    assert main(["export", "-f", name, "-o", str(tmp_path / "out")]) == 0
    if name in ("sft", "preference", "kto", "messages"):
        assert (tmp_path / "out").read_bytes() == b""


def test_the_client_of_long_ago_ends_before_another_begins(paths: Paths):
    log = record(paths)
    for number in range(MOST_OPEN + 3):
        log.answered(f"c{number}", suggest("a"), done("x", candidate(" a")))
    assert len(list(paths.log_file.parent.rglob("*.tail"))) <= MOST_OPEN
    log.close()
    assert len(rows(paths)) == MOST_OPEN + 3


@pytest.mark.parametrize(
    ("client", "name"),
    [
        ("a\x1b]0;b\x07c", "served to a ]0;b c"),
        ("", "served to a program"),
        ("\n", "served to a program"),
        ("x" * 500, "served to " + "x" * 80),
        ("/etc/passwd", "served to /etc/passwd"),
    ],
)
def test_a_client_chooses_its_name_but_not_what_is_shown(client: str, name: str, paths: Paths):
    assert title(client) == name
    log = record(paths)
    log.answered(client, suggest("a"), done("x", candidate(" a")))
    log.close()
    assert list(rows(paths)) == [name]
