"""Days in a row on which words were typed, from a log."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from scripted import STARTED, Scripted

from cowrite.logbook.streak import Streak, local_day, read_streak
from cowrite.paths import Paths
from cowrite.store import Store

DAY = 86_400_000
TODAY = datetime.datetime.fromtimestamp(STARTED / 1000, datetime.UTC).date()


def day_of(wall_ms: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(wall_ms / 1000, datetime.UTC).date()


def streak(home: Path, days: dict[int, str], *, origin: str = "cowrite") -> Streak:
    """days: how many days ago -> what was typed."""
    paths = Paths(home, home, home, home)
    home.mkdir()
    with Store.open(paths.log_file) as store:
        for number, (ago, text) in enumerate(days.items(), 1):
            script = Scripted("Before. ", number=number, document_path=f"/d/{number}.md")
            if text:
                script.type(text)
            script.end()
            shift = -ago * DAY
            ended = script.info.ended_ms
            info = replace(
                script.info,
                started_ms=script.info.started_ms + shift,
                ended_ms=ended + shift if ended is not None else None,
                origin=origin,
            )
            events = [replace(event, wall_ms=event.wall_ms + shift) for event in script.events]
            store.add_session(info, events)
    return read_streak(paths, TODAY, day_of)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, Streak(0, today=False)),
        ({0: "words"}, Streak(0, today=True)),
        ({1: "words", 0: "words"}, Streak(1, today=True)),
        ({3: "words", 2: "words", 1: "words"}, Streak(3, today=False)),
        ({4: "words", 2: "words", 1: "words"}, Streak(2, today=False)),
        ({2: "words"}, Streak(0, today=False)),
        ({2: "words", 1: "", 0: "words"}, Streak(0, today=True)),
        ({1: " ... "}, Streak(0, today=False)),
    ],
)
def test_days_in_a_row(tmp_path: Path, days: dict[int, str], expected: Streak) -> None:
    assert streak(tmp_path / "home", days) == expected


def test_two_sessions_of_a_day_are_one_and_imports_none(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert streak(home, {1: "one"}) == Streak(1, today=False)
    assert streak(tmp_path / "other", {1: "one"}, origin="coauthor") == Streak(0, today=False)


def test_an_old_session_that_goes_on_counts_beside_a_newer_one(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    with Store.open(paths.log_file) as store:
        for number, (began, ended) in enumerate([(5, 1), (4, 4)], 1):
            script = Scripted("Before. ", number=number, document_path=f"/d/{number}.md")
            script.type("words")
            script.end()
            assert script.info.ended_ms is not None
            info = replace(
                script.info,
                started_ms=script.info.started_ms - began * DAY - number,
                ended_ms=script.info.ended_ms - ended * DAY,
            )
            store.add_session(
                info, [replace(e, wall_ms=e.wall_ms - ended * DAY) for e in script.events]
            )
    assert read_streak(paths, TODAY, day_of) == Streak(1, today=False)


def test_what_is_typed_now_counts_for_today() -> None:
    assert [
        Streak(2, today=done).days(writing=now) for done in (False, True) for now in (False, True)
    ] == [
        2,
        3,
        3,
        3,
    ]


def test_a_log_that_is_not_there_has_no_streak(tmp_path: Path) -> None:
    assert read_streak(Paths(tmp_path, tmp_path, tmp_path, tmp_path), TODAY) == Streak()
    assert local_day(STARTED) - TODAY <= datetime.timedelta(days=1)
