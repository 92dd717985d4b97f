"""`cowrite log` on a log of a few sessions."""

import hashlib
import json
from pathlib import Path

import pytest

from cowrite.core import events as ev
from cowrite.core.edits import Edit, Origin
from cowrite.store import Store


@pytest.fixture
def logged(home):
    """Two ended sessions, of `a.md` and `b.md` in the working folder."""
    with Store.open(home.log_file) as store:
        for name in ("a.md", "b.md"):
            path = str(Path.cwd() / name)
            journal = store.begin(path, ev.Opened("", (), path), app_version="1")
            journal.append(ev.Edited(Edit(0, "", f"in {name}", Origin.TYPED)))
            journal.append(ev.Ended(7, True))
            journal.close()
    return home.log_file


@pytest.mark.parametrize(
    "words", [("stats",), ("sessions",), ("vacuum",), ("purge", "--all", "--yes")]
)
def test_without_a_log_it_says_so_and_makes_none(call, home, words):
    code, out, err = call("log", *words)
    assert (code, out) == (2, "")
    assert "no log yet" in err
    assert not home.data.exists()


def test_stats_count_what_is_there(call, logged):
    code, out, _ = call("log", "stats", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["sessions"] == found["documents"] == 2
    assert found["events"] == {"edited": 2, "opened": 2, "ended": 2}
    assert found["inserted_characters"] == 14
    assert found["bytes"] == logged.stat().st_size
    code, out, _ = call("log", "stats")
    assert code == 0
    assert "Sessions" in out
    assert str(logged) in out


def test_sessions_are_listed(call, logged):
    code, out, _ = call("log", "sessions")
    assert code == 0
    assert [line.split()[-1].rpartition("/")[2] for line in out.splitlines()[1:]] == [
        "b.md",
        "a.md",
    ]
    played = call("replay", "--list")[1].splitlines()
    assert [line.split()[:4] for line in out.splitlines()[1:]] == [
        line.split()[:4] for line in played[1:]
    ]
    rows = json.loads(call("log", "sessions", "--document", "b.md", "--json")[1])
    assert [Path(row["document"]).name for row in rows] == ["b.md"]


def test_vacuum_says_the_sizes(call, logged):
    code, out, err = call("log", "vacuum")
    assert (code, out) == (0, "")
    assert "kB" in err


def test_purge_of_one_draft_leaves_the_other(call, logged):
    code, out, err = call("log", "purge", "--document", "a.md", "--yes")
    assert (code, out) == (0, "")
    assert "Purged 1 session with 3 events" in err
    assert b"in a.md" not in logged.read_bytes()
    assert b"in b.md" in logged.read_bytes()
    code, _, err = call("log", "purge", "--document", "a.md", "--yes")
    assert code == 0
    assert "no such session" in err


def test_purge_before_a_day(call, logged):
    assert "no such session" in call("log", "purge", "--before", "2001-01-01", "--yes")[2]
    assert "Purged 2 sessions" in call("log", "purge", "--before", "2999-01-01", "--yes")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say what to purge"),
        (("--all", "--before", "2020-01-01"), "does not go with"),
        (("--before", "yesterday", "--yes"), "no date"),
        (("--all",), "--yes"),
    ],
)
def test_a_purge_that_is_not_clear_does_nothing(call, logged, words, said):
    code, _, err = call("log", "purge", *words)
    assert code == 2
    assert said in err
    assert b"in a.md" in logged.read_bytes()


class Asked:
    """A terminal that answers."""

    def __init__(self, monkeypatch, *answers):
        import io
        import sys

        stream = io.StringIO("".join(answer + "\n" for answer in answers))
        stream.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", stream)


@pytest.mark.parametrize(
    ("answers", "gone"),
    [(("y", "purge"), True), (("y", "y"), False), (("n",), False), (("y", ""), False)],
)
def test_purge_asks_twice(call, logged, monkeypatch, answers, gone):
    Asked(monkeypatch, *answers)
    code, _, _ = call("log", "purge", "--all")
    assert (code == 0) is gone
    assert (b"in a.md" not in logged.read_bytes()) is gone


def test_the_switch_of_a_draft(call, home, logged):
    assert call("log", "off", "a.md")[0] == 0
    with Store.open(home.log_file) as store:
        assert not store.reader.draft_switch(str(Path.cwd() / "a.md"))[1]
    assert call("log", "on", "a.md")[0] == 0
    with Store.open(home.log_file) as store:
        assert store.reader.draft_switch(str(Path.cwd() / "a.md"))[1]


def test_l8_move_says_what_it_did_and_the_other_commands_follow(call, logged):
    Path("chapter1.md").write_text("quite another text")
    code, out, err = call("log", "move", "a.md", "chapter1.md")
    assert (code, out) == (0, "")
    assert err.count("\n") == 1
    assert "is" in err
    rows = json.loads(call("log", "sessions", "--json")[1])
    assert [Path(row["document"]).name for row in rows] == ["b.md", "chapter1.md"]
    for words in (
        ("log", "sessions", "--document", "chapter1.md", "--json"),
        ("log", "sessions", "--document", "a.md", "--json"),
        ("replay", "--list", "--json", "a.md"),
    ):
        assert len(json.loads(call(*words)[1])) == 1
    for name in ("a.md", "chapter1.md"):
        assert json.loads(call("stats", "--document", name, "--json")[1])["sessions"] == 1
    assert len(call("export", "-f", "events", "--document", "a.md")[1].splitlines()) == 3
    assert "Purged 1 session with" in call("log", "purge", "--document", "a.md", "--yes")[2]
    assert b"in a.md" not in logged.read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.md", "a.md"), "same file"),
        (("a.md", "nowhere.md"), "no file"),
        (("nobody.md", "new.md"), "Did you mean"),
        (("a.md",), "NEW"),
    ],
)
def test_l8_a_move_that_cannot_be_is_refused_in_one_sentence(call, logged, words, said):
    Path("new.md").write_text("new")
    code, _, err = call("log", "move", *words)
    assert code == 2
    assert said in err


def test_l8_a_purge_knows_the_file_that_was_moved(call, home):
    words = "Words enough to be known again by."
    with Store.open(home.log_file) as store:
        path = str(Path.cwd() / "draft.md")
        journal = store.begin(path, ev.Opened("", (), path), app_version="1")
        journal.append(ev.Edited(Edit(0, "", words, Origin.TYPED)))
        sha256 = hashlib.sha256(words.encode()).hexdigest()
        journal.append(ev.Saved(path, sha256, len(words)))
        journal.append(ev.Ended(len(words), True))
        journal.close()
    Path("chapter1.md").write_text(words)
    assert json.loads(call("stats", "--document", "chapter1.md", "--json")[1])["sessions"] == 1
    assert "typed by the writer" in call("provenance", "chapter1.md")[1]
    assert "Purged 1 session" in call("log", "purge", "--document", "chapter1.md", "--yes")[2]
    assert words.encode() not in home.log_file.read_bytes()
