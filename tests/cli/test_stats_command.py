"""`cowrite stats`: the right figures, kept figures that are never stale, and a page without a network."""

import json
import re
import shutil
import sys
from collections import deque
from pathlib import Path
from typing import Any

import pytest
from logged import a_session, write_log
from scripted import Scripted

from cowrite.cli.main import main
from cowrite.cli.stats import saving
from cowrite.core.events import Opened
from cowrite.logbook import making
from cowrite.logbook.statistics import keep_figures
from cowrite.paths import user_paths
from cowrite.store import LogReader


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("COWRITE_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    write_log(home, a_session(1), a_session(2, "/drafts/other.md"), a_session(3))
    return home


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(["stats", *arguments])
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(capsys, "--json", *arguments))
    return found


def test_a_draft_whose_name_is_no_utf_8_is_counted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log(home, a_session(4, "/drafts/caf\udce9.md"))
    assert figures(capsys)["sessions"] == 4
    assert keep_figures(user_paths()) >= 0
    assert main(["log", "sessions", "--json"]) == 0
    assert "/drafts/caf\ufffd.md" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_figures_of_known_sessions(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys)
    assert (found["sessions"], found["drafts"], found["requests"], found["seen"]) == (3, 2, 15, 15)
    assert found["outcomes"] == {
        **dict.fromkeys(("accepted", "edited", "rejected", "regenerated", "ignored"), 3),
        **dict.fromkeys(("accepted_partial", "unseen"), 0),
    }
    assert found["acceptance"]["plain"] == found["acceptance"]["seen"] == 0.4
    inserted = len(" walked down to the river.") + len(" All was well.")
    offered = inserted + len(" Snow fell.") + 2 * len(" it stopped.")
    assert found["acceptance"]["characters"] == round(inserted / offered, 4)
    assert found["characters"]["inserted"] == 3 * inserted
    # Of "river", "e" is kept in "lake"; what is there still counts.
    assert found["characters"]["kept"] == 3 * (inserted - 4)
    by = found["draft"]["by"]
    text = a_session(1).document.text
    assert found["draft"]["length"] == 2 * len(text) == sum(by.values())
    assert by["model"] == 2 * (inserted - len("river"))
    assert by["file"] == 2 * len("The old man")
    assert found["written"]["typed"] > 100
    assert found["keystrokes"]["spent"] > 0


@pytest.mark.usefixtures("home")
def test_retention_and_latency(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures(capsys)
    retention = {one["at"]: one for one in found["retention"]}
    assert retention["15s"]["texts"] == 6
    assert retention["600s"]["texts"] == 0
    assert retention["600s"]["kept"] is None
    assert retention["end"]["unchanged"] == 0.5
    latency = {one["from_ms"]: one for one in found["latency"]}
    assert latency[100]["requests"] == 12
    assert latency[100]["acceptance"] == 0.25
    assert latency[1000]["acceptance"] == 1.0


@pytest.mark.usefixtures("home")
def test_groupings_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    for by, labels in (
        ("model", ["large", "small"]),
        ("document", ["/drafts/other.md", "/drafts/story.md"]),
        ("week", ["2026-W01", "2026-W02", "2026-W03"]),
    ):
        groups = figures(capsys, "--by", by)["groups"]
        assert [one["label"] for one in groups] == labels
        assert sum(one["requests"] for one in groups) == 15
    assert len(figures(capsys, "--by", "params")["groups"]) == 2
    assert figures(capsys, "--model", "large")["requests"] == 3
    assert figures(capsys, "--model", "abababab")["requests"] == 15
    assert figures(capsys, "--document", "other.md")["requests"] == 5


def test_kept_figures_are_used_and_never_stale(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:

    made = []
    real = making.session_figures

    def counting(session: Any, events: Any) -> Any:
        made.append(session.session_id)
        return real(session, events)

    monkeypatch.setattr(making, "session_figures", counting)
    first = figures(capsys)
    assert len(made) == 3
    assert figures(capsys) == first
    assert len(made) == 3
    write_log(home, a_session(4))
    assert figures(capsys)["requests"] == 20
    assert made[3:] == ["session-4"]
    (home / "cache" / "figures.sqlite3").write_bytes(b"no database")
    assert figures(capsys)["requests"] == 20
    assert len(made) == 8
    assert (home / "cache" / "figures.sqlite3").stat().st_mode & 0o777 == 0o600


def test_kept_figures_hold_no_text(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys)
    data = (home / "cache" / "figures.sqlite3").read_bytes()
    assert b"session-1" in data
    assert b"river" not in data
    assert b"old man" not in data


@pytest.mark.usefixtures("home")
def test_the_terminal_shows_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "--by", "document")
    for word in ("edited", "of those seen", "the session", "Keystrokes", "the model", "other.md"):
        assert word in out
    assert "\x1b" not in out


def test_an_empty_log_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    write_log(tmp_path, Scripted("").end())
    assert "no suggestion asked for yet" in run(capsys)
    assert figures(capsys)["acceptance"] == {"plain": None, "seen": None, "characters": None}


def test_scratch_and_the_tour_are_no_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("COWRITE_HOME", str(home))
    data = user_paths().data
    drafts = (tmp_path / "a.md", tmp_path / "try.md", data / "tour.md")
    write_log(home, *(a_session(number, str(path)) for number, path in enumerate(drafts, 1)))
    assert figures(capsys)["sessions"] == 2
    assert main(["log", "scratch", str(tmp_path / "try.md")]) == 0
    assert figures(capsys)["sessions"] == 1
    assert figures(capsys, "--document", str(tmp_path / "try.md"))["sessions"] == 1
    assert main(["log", "scratch", str(tmp_path / "try.md"), "--off"]) == 0
    assert figures(capsys)["sessions"] == 2


def test_scratch_stays_scratch_where_its_file_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    was, now = tmp_path / "try.md", tmp_path / "tried.md"
    write_log(tmp_path / "home", a_session(1, str(tmp_path / "a.md")), a_session(2, str(was)))
    assert main(["log", "scratch", str(was)]) == 0
    now.write_text("tried")
    assert main(["log", "move", str(was), str(now)]) == 0
    assert figures(capsys)["sessions"] == 1
    write_log(tmp_path / "home", a_session(3, str(now)))
    assert figures(capsys)["sessions"] == 1
    assert main(["log", "scratch", str(now), "--off"]) == 0
    assert figures(capsys)["sessions"] == 3


def test_what_suggestions_have_cost_is_said_as_that() -> None:
    assert saving({"saved": 1200}) == "1,200 saved"
    assert saving({"saved": -12}) == "12 more than without suggestions"


@pytest.mark.usefixtures("home")
def test_a_file_s_own_text_squeezes_no_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "other"))
    write_log(tmp_path / "other", Scripted("x" * 5000).type("mine").end())
    said = run(capsys)
    assert "100%" in next(line for line in said.splitlines() if "typed" in line).replace(" %", "%")
    assert "5,000 characters were in the files already" in said
    assert main(["stats", "--html", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "100 % of what was written here is your own typing." in page


@pytest.mark.usefixtures("home")
def test_the_page_needs_no_network_and_runs_no_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--html", "page.html", "--by", "week")
    page = (tmp_path / "page.html").read_text()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|https?://|@import|url\(|<link|<img", page)
    assert "<svg" in page
    assert run(capsys, "--html", "-", "--by", "week") == page, "- is stdout, as with provenance"
    assert main(["stats", "--html", "-", "--json"]) == 2
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o600
    assert main(["stats", "--html", "page.html"]) == 2


def test_a_name_is_no_markup_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_log(tmp_path, a_session(1, "/drafts/<script>alert(1)</script>\x1b.md"))
    assert main(["stats", "--html", "page.html", "--by", "document"]) == 0
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.usefixtures("home")
def test_an_unknown_grouping_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--by", "modle"]) == 2
    assert "Did you mean 'model'?" in capsys.readouterr().err


def test_figures_are_kept_when_a_session_ends_so_that_stats_need_not_make_them(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.logbook import statistics
    from cowrite.paths import user_paths

    assert statistics.keep_figures(user_paths(), seconds=60) == 3
    assert statistics.keep_figures(user_paths(), seconds=60) == 0

    def unwanted(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(making, "session_figures", unwanted)
    assert figures(capsys)["requests"] == 15


def test_a_killed_session_has_figures_and_one_that_goes_on_is_left(home: Path) -> None:
    from cowrite.logbook import statistics
    from cowrite.paths import user_paths
    from cowrite.store import Store

    killed = a_session(9)
    killed.events.pop()
    write_log(home, killed)
    with Store.open(user_paths().log_file) as store:
        journal = store.begin("/drafts/now.md", Opened("", (), None), app_version="1")
        assert journal.flush()
        assert statistics.keep_figures(user_paths(), seconds=60) == 4
        journal.close()


def test_no_log_is_no_trouble_at_the_end_of_a_session(tmp_path: Path) -> None:
    from cowrite.logbook import statistics
    from cowrite.paths import Paths

    nowhere = Paths(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    assert statistics.keep_figures(nowhere) == 0


@pytest.mark.parametrize("helper", ["there", "missing", "silent"])
def test_figures_are_the_same_with_a_helper_and_without_one(
    home: Path, monkeypatch: pytest.MonkeyPatch, helper: str
) -> None:
    """Whether it does its part, can't be started, or ends without a word."""
    del home
    with LogReader.open(user_paths().log_file) as log:
        sessions = [(session, 1) for session in log.sessions()]
        expected = {session.session_id: making.make(log, session) for session, _ in sessions}
        monkeypatch.setattr(making, "EVENTS_A_HELPER", 1)
        monkeypatch.setattr(making, "_cores", lambda: 2)
        if helper == "there":
            monkeypatch.setattr(making, "_next", _left_to_helpers)
        else:
            gone = {"missing": "/no/such/python", "silent": shutil.which("true")}[helper]
            monkeypatch.setattr(sys, "executable", gone)
        found = list(making.make_all(log, sessions))
    assert len(found) == len(expected) == 3
    assert dict(found) == expected


def _left_to_helpers(waiting: deque[object], helpers: list[making.Helper]) -> None:
    """Nothing is done in this process."""
    for helper in helpers:
        helper.wait()
    assert not waiting
