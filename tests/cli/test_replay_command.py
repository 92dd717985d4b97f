"""`cowrite replay` as it is called without a screen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from scripted import Scripted

from cowrite.store import Store

SESSION_ID = "c0ffee00" + "1" * 24


@pytest.fixture
def logged(home):
    """One session of `story.md` in the working folder, with a line ending of its own and a control code."""
    made = Scripted("Old.\r\n", document_path=str(Path.cwd() / "story.md"))
    made.wait(2).type("New \x1b[2J").wait(30)
    made.ask("s", " words.").show("s").take("s")
    made.wait(600).save().end()
    with Store.open(home.log_file) as store:
        store.add_session(replace(made.info, session_id=SESSION_ID), made.events)
    return made


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("words", [(), ("last",), ("last", "--text-at", "end"), ("--json",)])
def test_without_a_log_it_says_so_and_makes_none(call, home, words, monkeypatch):
    monkeypatch.setattr("cowrite.cli.replay._need_terminal", lambda _session: None)
    code, out, err = call("replay", *words)
    assert (code, out) == (2, "")
    assert "no log yet" in err
    assert not home.data.exists()


@pytest.mark.parametrize("words", [(), ("--list",), ("story.md", "--list"), ("c0ff", "--list")])
def test_sessions_are_listed(call, logged, words):
    code, out, err = call("replay", *words)
    assert (code, err) == (0, "")
    header, row = out.splitlines()
    assert header.split() == ["SESSION", "BEGUN", "LENGTH", "REQUESTS", "DRAFT"]
    assert [row.split()[index] for index in (0, -3, -2, -1)] == [
        "c0ffee00",
        "10:33",
        "1",
        "story.md",
    ]


def test_the_list_as_json_and_its_limit(call, logged, home):
    other = Scripted(document_path="/drafts/imported").end()
    with Store.open(home.log_file) as store:
        info = replace(other.info, session_id="dd" * 16, started_ms=1, origin="coauthor")
        store.add_session(info, other.events)
    rows = json.loads(call("replay", "--json")[1])
    assert [row["name"] for row in rows] == ["c0ffee00", "dddddddd"]
    assert rows[0]["session_id"] == SESSION_ID
    assert rows[0]["requests"] == 1
    assert rows[0]["length_ms"] == logged.now
    assert len(json.loads(call("replay", "--json", "-n", "1")[1])) == 1
    _, out, err = call("replay", "-n", "1")
    assert len(out.splitlines()) == 2
    assert "1 earlier" in err
    assert "(from coauthor)" in call("replay", "-n", "0")[1]


def test_a_word_that_names_no_session_is_refused(call, logged):
    for words in (("storry.md", "--text-at", "0"), ("storry.md", "--list")):
        code, out, err = call("replay", *words)
        assert (code, out) == (2, "")
        assert "There is no session 'storry.md' in the log." in err
        assert "story.md" in err
        assert "--list" in err


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("0", "Old.\r\n"),
        ("2.1", "Old.\r\nNew"),
        ("0:10", "Old.\r\nNew \x1b[2J"),
        ("end", "Old.\r\nNew \x1b[2J words."),
    ],
)
def test_the_draft_of_a_moment_is_printed_as_it_was(call, logged, when, text):
    for word in ("last", "c0ff", SESSION_ID, "story.md"):
        code, out, err = call("replay", word, "--text-at", when)
        assert (code, err) == (0, "")
        assert out == text


def test_a_time_after_the_end_is_told_on_stderr(call, logged):
    code, out, err = call("replay", "last", "--text-at", "3:00:00")
    assert code == 0
    assert out.endswith(" words.")
    assert "The session ended at 10:33" in err


@pytest.mark.parametrize(
    "words",
    [
        ("last", "--text-at", "soon"),
        ("last", "--text-at", "2001-01-01"),
        ("--text-at", "end"),
        ("last", "--text-at", "end", "--json"),
        ("last", "--speed", "0.1"),
        ("last", "--speed", "100"),
        ("last", "--speed", "fast"),
        ("--limit", "-1"),
    ],
)
def test_what_makes_no_sense_is_refused(call, logged, words):
    code, out, err = call("replay", *words)
    assert (code, out) == (2, "")
    assert err.startswith("cowrite: ")


def test_without_a_terminal_the_player_names_the_other_way(call, logged):
    code, out, err = call("replay", "story.md", "--speed", "4")
    assert (code, out) == (2, "")
    sentence, hint = err.splitlines()
    assert "--text-at" in sentence
    assert hint == "cowrite replay story.md --text-at end"


def test_nothing_is_written(call, logged, home):
    before = digest(home.data.parent)
    for words in ((), ("--json",), ("last", "--text-at", "end"), ("nothing",)):
        call("replay", *words)
    assert digest(home.data.parent) == before
