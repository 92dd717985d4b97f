"""A drive whose files can't be locked: what is lost is said once and with what to do, and nothing waits."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from windows import Open, saved

from cowrite.core.events import Moved, Opened
from cowrite.errors import StoreError
from cowrite.paths import refused_locks
from cowrite.store import Store

SOURCE = Path(__file__).parents[1] / "support" / "no_locks.c"
SAID = "can't be locked"
HINT = "COWRITE_HOME"


@pytest.fixture(scope="module")
def no_locks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program that gets no lock."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no compiler for Linux")
    library = tmp_path_factory.mktemp("locks") / "no_locks.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


def cowrite(home: Path, env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cowrite", *words],
        env={**os.environ, **env, "COWRITE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def a_log(home: Path, draft: Path) -> None:
    """A log with a session in it, of the time when there were locks."""
    with Store.open(home / "data" / "log.sqlite3") as store:
        journal = store.begin(str(draft), Opened("", (), str(draft)), app_version="1.0")
        journal.append(Moved(0, 0))
        journal.close()


@pytest.mark.pty
@pytest.mark.parametrize(
    "begun", [pytest.param(False, marks=pytest.mark.slow), True], ids=["no log yet", "a log"]
)
def test_l10_the_window_says_once_that_nothing_can_be_logged(
    window: Open, home: Path, tmp_path: Path, no_locks: dict[str, str], begun: bool
) -> None:
    draft = tmp_path / "draft.md"
    if begun:
        a_log(home, draft)
    screen = window(draft, env=no_locks)
    screen.wait(lambda: SAID in " ".join(screen.text.split()) and HINT in screen.text)
    screen.type("Words all the same.")
    assert saved(screen, draft) == "Words all the same."
    screen.wait(lambda: HINT not in screen.text, timeout=30)
    screen.type(" And more.")
    time.sleep(6)  # it is tried again every five seconds at the latest
    screen.settle()
    assert HINT not in screen.text
    screen.press("ctrl+s", "ctrl+q")
    assert screen.ended() == 0
    assert draft.read_text() == "Words all the same. And more."


def test_l10_doctor_sees_it(home: Path, no_locks: dict[str, str]) -> None:
    for made in (False, True):
        if made:
            (home / "data").mkdir(parents=True, mode=0o700)
        done = cowrite(home, no_locks, "doctor", "--json")
        found = [one for one in json.loads(done.stdout)["findings"] if one["topic"] == "folders"]
        (data,) = (one for one in found if one["facts"]["name"] == "data")
        assert (done.returncode, data["verdict"]) == (1, "problem")
        assert SAID in data["text"]
        assert HINT in data["hint"]
        assert sorted(path.name for path in home.rglob("*")) == (["data"] if made else [])


def test_l10_commands_say_it_and_give_up(
    home: Path, tmp_path: Path, no_locks: dict[str, str]
) -> None:
    a_log(home, tmp_path / "draft.md")
    commands = (["log", "stats"], ["stats"], ["export"], ["replay", "--list"], ["log", "vacuum"])
    with ThreadPoolExecutor() as all_at_once:  # each of them waits for a lock as long as it may
        ended = list(all_at_once.map(lambda words: cowrite(home, no_locks, *words), commands))
    for words, done in zip(commands, ended, strict=True):
        assert (done.returncode, done.stdout) == (1, ""), words
        assert done.stderr.count(SAID) == 1, (words, done.stderr)
        assert HINT in done.stderr


def test_l10_models_are_unpacked_without_a_lock(home: Path, no_locks: dict[str, str]) -> None:
    done = cowrite(home, no_locks, "models", "verify", "gemma-3-270m")
    assert done.returncode == 0, done.stderr


def test_locks_are_tried_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused_locks(tmp_path) == frozenset()
    assert refused_locks(tmp_path / "missing") == frozenset()

    def refuse(*_: object) -> None:
        raise OSError(37, os.strerror(37))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert refused_locks(tmp_path) == {"flock"}
    monkeypatch.setattr(fcntl, "lockf", refuse)
    assert refused_locks(tmp_path) == {"flock", "fcntl"}
    assert list(tmp_path.iterdir()) == []


def test_l10_without_the_tails_locks_the_log_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database can be locked and its neighbours can't, each event goes into it at once."""

    def refuse(*_: object) -> None:
        raise OSError(37, os.strerror(37))

    monkeypatch.setattr(fcntl, "flock", refuse)
    told: list[StoreError | None] = []
    with Store.open(tmp_path / "log.sqlite3") as store:
        journal = store.begin(None, Opened("", (), None), app_version="1.0")
        journal.on_trouble = told.append
        journal.append(Moved(0, 0))
        assert journal.flush()
        assert len(list(store.reader.events(journal.session_id))) == 2
        journal.close()
    assert told == []
