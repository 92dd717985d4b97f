"""Which session, which moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scripted import STARTED, Scripted

from cowrite.core.events import SessionInfo
from cowrite.errors import UsageError
from cowrite.logbook.replay.lookup import find, listed, short_names, text_at
from cowrite.store import Store

IDS = ("aaaa0001" + "0" * 24, "aaaa0002" + "1" * 24, "bbbb0003" + "2" * 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three sessions, a day apart: two of `story.md`, then one of `last.md`."""
    with Store.open(tmp_path / "log.sqlite3") as opened:
        for number, (session_id, name) in enumerate(
            zip(IDS, ("story.md", "story.md", "last.md"), strict=True)
        ):
            session = Scripted(document_path=f"/drafts/{name}").type(f"text {number}")
            for one in range(number):
                session.ask(f"{number}-{one}", " x").show(f"{number}-{one}").wait(30)
            info = replace(
                session.end().info,
                session_id=session_id,
                started_ms=STARTED + number * 86_400_000,
            )
            opened.add_session(info, session.events)
        yield opened


@pytest.mark.parametrize(
    ("word", "index"),
    [
        ("last", 2),
        (IDS[0], 0),
        ("aaaa0001", 0),
        ("b", 2),
        ("/drafts/story.md", 1),
        ("story.md", 1),
        ("last.md", 2),
    ],
)
def test_a_session_is_found_by(store: Store, word: str, index: int) -> None:
    assert find(store.reader, word).session_id == IDS[index]


def test_a_word_for_several_says_which(store: Store) -> None:
    with pytest.raises(UsageError, match="'aaaa' begins the names of 2 sessions") as caught:
        find(store.reader, "aaaa")
    assert caught.value.hint == "Give more of it: aaaa0001, aaaa0002"


@pytest.mark.parametrize(("word", "near"), [("storry.md", "story.md"), ("aaab0001", "aaaa0001")])
def test_an_unknown_word_says_what_is_near(store: Store, word: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"no session '{word}'") as caught:
        find(store.reader, word)
    assert caught.value.hint.startswith(f"Did you mean '{near}'?")
    assert "--list" in caught.value.hint


def test_a_word_like_nothing_leads_to_the_list(store: Store) -> None:
    for word in ("", "zzzzzzzzzzzz"):
        with pytest.raises(UsageError) as caught:
            find(store.reader, word)
        assert "--list" in caught.value.hint


def test_an_empty_log_says_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "log.sqlite3") as empty:
        assert listed(empty.reader) == ([], 0)
        with pytest.raises(UsageError, match="no session yet"):
            find(empty.reader, "last")


def test_the_list_is_newest_first_with_figures(store: Store) -> None:
    rows, count = listed(store.reader)
    assert count == 3
    assert [one.name for one in rows] == ["bbbb0003", "aaaa0002", "aaaa0001"]
    assert [one.requests for one in rows] == [2, 1, 0]
    assert [one.length_ms for one in rows] == [300 + 62_000, 300 + 31_000, 300]
    assert listed(store.reader, "story.md")[1] == 2
    assert [one.session_id for one in listed(store.reader, None, 1)[0]] == [IDS[2]]
    assert len(listed(store.reader, None, 0)[0]) == 3
    assert [one.session_id for one in listed(store.reader, "bb")[0]] == [IDS[2]]


def test_short_names_are_unlike_one_another() -> None:
    ids = ["imported-story-1", "imported-story-2"]
    assert short_names(ids) == {one: one for one in ids}
    assert short_names(["12345678abc", "87654321abc"])["12345678abc"] == "12345678"
    assert short_names([]) == {}


# Moments

SESSION = Scripted("It ").type("rained").wait(60).type("!")
INFO: SessionInfo = SESSION.info


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("0", "It r"),
        ("0.1", "It rai"),
        ("5", "It rained"),
        ("0:05", "It rained"),
        ("1:00", "It rained"),
        ("1:00.3", "It rained!"),
        ("0:01:01", "It rained!"),
        ("90", "It rained!"),
        ("end", "It rained!"),
        (" end ", "It rained!"),
        ("2026-01-01T00:00:30+00:00", "It rained"),
        ("2026-01-01T02:00:30+02:00", "It rained"),
        ("2027-01-01", "It rained!"),
    ],
)
def test_the_draft_at_a_moment(when: str, text: str) -> None:
    assert text_at(INFO, SESSION.events, when).text == text


def test_a_moment_after_the_end_is_told() -> None:
    assert text_at(INFO, SESSION.events, "2:00").note.startswith("The session ended at 1:00")
    assert text_at(INFO, SESSION.events, "end").note == ""


def test_a_moment_before_the_beginning_is_refused() -> None:
    with pytest.raises(UsageError, match="had not begun at 2025-12-31"):
        text_at(INFO, SESSION.events, "2025-12-31")


@pytest.mark.parametrize("when", ["", "soon", "1:2:3:4", "1:", "-5", "2026-13-01", "1e3"])
def test_what_is_no_time_is_refused(when: str) -> None:
    with pytest.raises(UsageError, match="is no time") as caught:
        text_at(INFO, SESSION.events, when)
    assert "1:30" in caught.value.hint
