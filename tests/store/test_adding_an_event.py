"""A type of event is added by its class and its entry in the registry, and goes all the way by that alone."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from cowrite import export
from cowrite.core.events import Ended, Opened, Stamped
from cowrite.export.rows import events as export_events
from cowrite.logbook.source import Choice, LogSource
from cowrite.store import Store
from cowrite.store.documenting import renewed
from cowrite.store.encode import Header
from cowrite.store.event_rows import plain
from cowrite.store.event_types import EVENTS
from cowrite.store.registry import KindRow
from cowrite.store.tail import UNREADABLE, Tail, folder_of

OLD_LOG = Path(__file__).parent / "written" / "log-1.sqlite3.gz"


class Mood(StrEnum):
    GLAD = "glad"
    SORRY = "sorry"


@dataclass(frozen=True, slots=True)
class Rated:
    """A toy: the writer gave a suggestion stars."""

    suggestion_id: str
    stars: int
    mood: Mood
    note: str | None = None
    reasons: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Another toy."""


RATED = Rated("s1", 4, Mood.GLAD, "Anna's \ud83c own", (("short", 0.5), ("true", 1.0)))
PLAIN = Rated("s2", 0, Mood.SORRY)


@pytest.fixture
def rated(monkeypatch):
    """The toy's entry, registered for one test."""
    for name, table in vars(EVENTS).items():
        monkeypatch.setattr(EVENTS, name, dict(table))
    entry = plain(Rated, 99, KindRow(900, "rated", "The writer gave stars."), feedback=True)
    EVENTS.add(entry)
    return entry


def bodies(store: Store, session_id: str) -> list[object]:
    return [event.body for event in store.reader.events(session_id)]


def test_it_goes_through_the_tail_of_a_killed_session(rated, log: Path) -> None:
    folder = folder_of(log)
    tail = Tail(folder, Header("one", "d1", "/drafts/a.md", 1000, "1.0"))
    tail.append([Stamped(1, 0, 1000, Opened("", (), None)), Stamped(2, 5, 1005, PLAIN)])
    tail.leave()
    with Store.open(log) as store:
        assert bodies(store, "one") == [Opened("", (), None), PLAIN]
    assert list(folder.iterdir()) == []


def test_it_comes_back_from_the_database(rated, pen, store) -> None:
    one = pen()
    one.journal.append(RATED)
    one.journal.append(PLAIN)
    one.close()
    assert bodies(store, one.journal.session_id)[1:3] == [RATED, PLAIN]


def test_a_session_without_feedback_leaves_it_out(rated, pen, store) -> None:
    one = pen(feedback=False)
    one.journal.append(PLAIN)
    one.journal.append(Ended(0, False))
    one.journal.flush()
    assert [type(body) for body in bodies(store, one.journal.session_id)] == [Opened, Ended]


def test_an_older_log_learns_its_name(rated, log: Path) -> None:
    log.parent.mkdir()
    log.write_bytes(gzip.decompress(OLD_LOG.read_bytes()))
    with Store.open(log) as store:
        journal = store.begin(None, Opened("", (), None), app_version="1.0")
        journal.append(RATED)
        journal.close()
        assert store.reader.stats().events["rated"] == 1
    db = sqlite3.connect(log)
    told = db.execute("SELECT event, suggestion_id FROM event_list WHERE event = 'rated'")
    assert told.fetchall() == [("rated", "s1")]
    db.close()


def test_it_is_exported_and_its_words_are_redacted(rated, pen, store) -> None:
    one = pen()
    one.journal.append(PLAIN)
    one.journal.append(Rated("s1", 4, Mood.GLAD, "Anna's own", (("short", 0.5),)))
    one.close()

    def rows(source: LogSource) -> list[dict[str, object]]:
        out = io.BytesIO()
        export_events(source, out)
        found = map(json.loads, out.getvalue().splitlines())
        return [row["data"] for row in found if row["type"] == "rated"]

    whole = {"suggestion_id": "s1", "stars": 4, "mood": "glad", "note": "Anna's own"}
    assert rows(LogSource(store.reader, Choice()))[1] == {**whole, "reasons": [["short", 0.5]]}
    redacted = rows(LogSource(store.reader, Choice(), redactor=export.Redactor([])))[1]
    masked = {"mood": "xxxx", "note": "Xxxx'x xxx", "reasons": [["xxxxx", 0.5]]}
    assert redacted == {**whole, **masked}


def test_it_is_in_the_documentation_once_that_is_renewed(rated) -> None:
    page = (Path(__file__).parents[2] / "docs" / "log-schema.md").read_text()
    assert "| rated | | 900 | The writer gave stars. |" in renewed(page)


def test_a_cowrite_without_it_says_so_and_keeps_the_rest(log: Path, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        for name, table in vars(EVENTS).items():
            patch.setattr(EVENTS, name, dict(table))
        EVENTS.add(plain(Rated, 99, KindRow(900, "rated", "Stars.")))
        tail = Tail(folder_of(log), Header("one", "d1", "/drafts/a.md", 1000, "1.0"))
        opened = Stamped(1, 0, 1000, Opened("text", (), None))
        tail.append([opened, Stamped(2, 5, 1005, PLAIN), Stamped(3, 9, 1009, Ended(4, True))])
        tail.leave()
    with Store.open(log) as store:
        _, note, ended = bodies(store, "one")
    assert (note.name, note.value, ended) == (UNREADABLE, "type 99", Ended(4, True))


@pytest.mark.parametrize(("number", "kind"), [(0, 900), (99, 20), (99, 1)])
def test_no_number_is_given_twice(rated, number: int, kind: int) -> None:
    other = plain(Other, number, KindRow(kind, "other", "Another."))
    with pytest.raises(ValueError, match="taken"):
        EVENTS.add(other)
