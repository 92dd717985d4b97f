"""`cowrite at`: a draft as it was, at a moment of a session, between two, and before all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from scripted import Scripted

from cowrite.errors import UsageError
from cowrite.logbook.past import wanted_ms
from cowrite.store import Store

NOW = datetime(2026, 3, 10, 15, 0, 30).astimezone()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("now", "2026-03-10 15:00:30"),
        ("-2h", "2026-03-10 13:00:30"),
        ("- 90 m", "2026-03-10 13:30:30"),
        ("3 days ago", "2026-03-07 15:00:30"),
        ("1 week ago", "2026-03-03 15:00:30"),
        ("9:30", "2026-03-10 09:30:00"),
        ("yesterday", "2026-03-09 23:59:59"),
        ("Yesterday at 9:30", "2026-03-09 09:30:00"),
        ("today", "2026-03-10 15:00:30"),
        ("2026-03-01", "2026-03-01 23:59:59"),
        ("2026-03-01 08:15", "2026-03-01 08:15:00"),
        ("2026-03-01T08:15:01", "2026-03-01 08:15:01"),
    ],
)
def test_times_are_understood(words: str, meant: str) -> None:
    found = datetime.fromtimestamp(wanted_ms(words, NOW) / 1000)
    assert f"{found:%Y-%m-%d %H:%M:%S}" == meant


@pytest.mark.parametrize(
    "words", ["", "soon", "25:00", "-2x", "2026-13-01", "-999999w", "yesterday 9:99", "0001-01-01"]
)
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        wanted_ms(words, NOW)


@pytest.fixture
def logged(home) -> Scripted:
    """A draft that was written, saved, written on, and left without saving."""
    made = Scripted("Old.\n", document_path=str(Path.cwd() / "story.md"))
    made.wait(60_000).type("New ").wait(60_000).save().wait(60_000).type("more ").wait(60_000).end()
    with Store.open(home.log_file) as store:
        store.add_session(replace(made.info, session_id="c0ffee00" + "1" * 24), made.events)
    return made


def test_any_moment_can_be_had(call, logged: Scripted) -> None:
    start = logged.events[0].wall_ms
    times = [stamped.wall_ms for stamped in logged.events]

    def text(when_ms: int) -> str:
        when = datetime.fromtimestamp(when_ms / 1000).isoformat()
        code, out, _ = call("at", "story.md", "--time", when)
        assert code == 0
        return out

    assert text(start + 1000) == "Old.\n"
    texts = {text(when) for when in times}
    saved = next(s.wall_ms for s in logged.events if type(s.body).__name__ == "Saved")
    assert text(saved + 1000) == "New Old.\n" or text(saved + 1000) == "Old.\nNew "
    assert any("more" in one for one in texts)
    code, out, err = call("at", "story.md", "--time", "now")
    assert (code, out) == (0, text(saved + 1000))
    assert "not saved" in err


def test_a_clock_that_was_set_back_hides_nothing(call, home) -> None:
    """Between two sessions, and within one: what was written last is what there is now."""
    path, hour = str(Path.cwd() / "story.md"), 3_600_000
    first = Scripted("", document_path=path).type("wrong clock").save().end()
    second = Scripted("wrong clock", number=2, document_path=path).type("right clock, ")
    third = Scripted("", number=3, document_path=str(Path.cwd() / "other.md")).type("one ")
    third.wait(60).type("two ").wait(60).save().end()
    second.save().end()
    with Store.open(home.log_file) as store:
        for made, by in ((first, 2 * hour), (second, 0)):
            events = [replace(one, wall_ms=one.wall_ms + by) for one in made.events]
            info = replace(made.info, started_ms=made.info.started_ms + by)
            store.add_session(info, events)
        # It began with the clock at two hours too late, which was corrected after a minute.
        late = [
            replace(s, wall_ms=s.wall_ms + (2 * hour if s.mono_ms < 60_000 else 0))
            for s in third.events
        ]
        begun = third.info.started_ms + 2 * hour
        store.add_session(replace(third.info, started_ms=begun), late)
    code, out, _ = call("at", "story.md", "--time", "now")
    assert (code, out) == (0, second.document.text)
    assert "right clock" in out
    when = datetime.fromtimestamp((third.info.started_ms + hour) / 1000).isoformat()
    code, out, _ = call("at", "other.md", "--time", when)
    assert (code, out) == (0, third.document.text)


def test_before_the_first_session_there_is_nothing(call, logged: Scripted) -> None:
    code, out, err = call("at", "story.md", "--time", "1999-01-01")
    assert (code, out) == (2, "")
    assert "It begins at" in err
    assert "It begins at" in call("at", "story.md", "--time", "-900w")[2]


def test_moments_are_listed(call, logged: Scripted) -> None:
    code, out, _ = call("at", "story.md", "--list")
    assert code == 0
    rows = [line.split() for line in out.splitlines()]
    assert [row[-3:] for row in rows[1:]] == [
        ["opened", "1", "c0ffee00"],
        ["saved", "2", "c0ffee00"],
    ]


def test_snapshots_are_among_the_moments(call, logged: Scripted) -> None:
    Path("story.md").write_text("New Old. And more.\n")
    assert call("snapshot", "first draft", "story.md")[0] == 0
    code, out, _ = call("at", "story.md", "--list", "--json")
    assert code == 0
    rows = [(row["what"], row["name"], row["words"]) for row in json.loads(out)]
    assert rows == [("snapshot", "first draft", 4), ("opened", "", 1), ("saved", "", 2)]
    assert "snapshot “first draft”" in call("at", "story.md", "--list")[1]


def test_slips_are_told(call, logged: Scripted) -> None:
    assert "Say --time" in call("at", "story.md")[2]
    code, _, err = call("at", "stroy.md", "--time", "now")
    assert code == 2
    assert "story.md" in err
