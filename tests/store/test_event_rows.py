"""Every event comes back from the log as it was appended."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cowrite.core import events as ev
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author, Source, joined
from cowrite.core.replay import usual_runs
from cowrite.core.suggestion import Candidate, Params, Sampling, StopAt, StopReason, Timings, Token
from cowrite.core.task import TaskKind
from cowrite.errors import StoreError
from cowrite.store import Store
from cowrite.store.connect import connect_reader
from cowrite.store.event_types import EVENTS

# Half surrogates and NULs too: whatever a str can hold.
TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
TITLE = TEXT.filter(lambda text: not text.startswith("/"))
NAME = st.sampled_from(["s1", "s2", "older"])
SMALL = st.integers(0, 10_000)
MS = st.none() | st.floats(0, 1e6)
SOURCE = st.builds(Source, st.sampled_from(Author), st.none() | NAME)
RUNS = st.lists(st.tuples(st.integers(1, 50), SOURCE), max_size=4).map(
    lambda runs: tuple(joined(runs))
)
LOGPROB = st.floats(-50, 0) | st.floats(-50, 0, width=32)
TOKEN = st.builds(Token, TEXT, LOGPROB, st.lists(st.tuples(TEXT, LOGPROB), max_size=2).map(tuple))
CANDIDATE = st.builds(
    Candidate, TEXT, st.lists(TOKEN, max_size=4).map(tuple), st.none() | st.sampled_from(StopReason)
)
PARAMS = st.builds(
    Params,
    n=st.integers(1, 9),
    stop=st.sampled_from(StopAt),
    seed=st.none() | st.integers(0, 2**64),
    sampling=st.builds(
        Sampling, temperature=st.floats(0, 2), banned=st.lists(TEXT, max_size=2).map(tuple)
    ),
)


@st.composite
def edits(draw):
    edit = Edit(
        draw(SMALL),
        draw(TEXT),
        draw(TEXT),
        draw(st.sampled_from(Origin)),
        suggestion_id=draw(st.none() | NAME),
        candidate=draw(st.none() | st.integers(0, 5)),
        part=draw(st.none() | st.sampled_from(Part)),
    )
    author = draw(SOURCE)
    runs = draw(st.just(usual_runs(edit)) | st.just(((len(edit.inserted), author),)))
    gone = ((len(edit.deleted), draw(SOURCE)),)
    return ev.Edited(
        Edit(
            edit.start,
            edit.deleted,
            edit.inserted,
            edit.origin,
            runs if edit.inserted else (),
            gone if edit.deleted else (),
            edit.suggestion_id,
            edit.candidate,
            edit.part,
        )
    )


BODY = st.one_of(
    edits(),
    st.builds(ev.Moved, SMALL, SMALL),
    st.builds(ev.Opened, TEXT, RUNS, st.none() | TEXT, st.sampled_from(["open", "recover"])),
    st.builds(
        ev.Requested,
        NAME,
        SMALL,
        SMALL,
        SMALL,
        PARAMS,
        st.sampled_from(["gemma", "smol"]),
        st.just("00" * 32),
        head=TEXT,
        auto=st.booleans(),
        parent_id=st.none() | NAME,
        adapter=st.none() | st.just("mine"),
        learned=st.sampled_from(["", "order 3"]),
    ),
    st.builds(
        ev.Generated,
        NAME,
        st.lists(CANDIDATE, max_size=3).map(tuple),
        st.builds(Timings, st.floats(0, 1e5), MS, st.floats(0, 1e5)),
        SMALL,
        SMALL,
        MS,
        MS,
        st.none() | TEXT,
    ),
    st.builds(
        ev.Shown, NAME, st.integers(0, 8), st.sampled_from(["ghost", "pane", "diff", "answer"])
    ),
    st.builds(
        ev.Instructed,
        NAME,
        st.sampled_from(TaskKind),
        TEXT,
        SMALL,
        SMALL,
        SMALL,
        SMALL,
        PARAMS,
        st.just("gemma"),
        st.just("00" * 32),
        preset=TEXT,
        given=st.none() | TEXT,
        parent_id=st.none() | NAME,
        adapter=st.none() | st.just("mine"),
        notes=TEXT,
    ),
    st.builds(ev.Arranged, NAME, st.just((1, 0)), st.just((None, -1.5))),
    st.builds(ev.Snapshotted, TEXT, NAME, st.booleans()),
    st.builds(ev.Refused, NAME, st.integers(0, 8), SMALL, SMALL),
    st.builds(ev.Closed, NAME, st.sampled_from(Closing), st.integers(0, 8)),
    st.builds(ev.Saved, TEXT, st.just("ff" * 32), SMALL, st.sampled_from(["save", "auto"])),
    st.builds(ev.Focused, st.booleans()),
    st.builds(ev.SettingChanged, st.sampled_from(["theme", "recovery"]), TEXT),
    st.builds(ev.EngineChanged, st.sampled_from(["ready", "no model"]), TEXT),
    st.builds(ev.EngineLoaded, TEXT, TEXT, TEXT, SMALL, SMALL, SMALL, TEXT),
    st.builds(ev.Renamed, TITLE, TITLE, st.sampled_from(["content", "said"])),
    st.builds(ev.Ended, SMALL, st.booleans(), st.sampled_from(["quit", "hangup"])),
)
TIMED = st.lists(st.tuples(BODY, st.integers(0, 5000), st.integers(-3, 90_000)), max_size=12)


def info(session_id: str, document: str = "a title") -> ev.SessionInfo:
    return ev.SessionInfo(
        session_id, "d1", document, 1_700_000_000_000, None, "1.0", "test", {"a": "b"}
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("rows") / "log.sqlite3") as store:
        store.count = 0
        yield store


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TIMED)
def test_events_come_back_as_they_were(shared, timed):
    shared.count += 1
    name = f"session-{shared.count}"
    mono, stamped = 0, []
    for seq, (body, after, drift) in enumerate(timed, start=1):
        mono += after
        stamped.append(ev.Stamped(seq, mono, 1_700_000_000_000 + mono + drift, body))
    shared.add_session(info(name), stamped)
    if stamped:
        assert list(shared.reader.events(name)) == stamped


def test_an_imported_session_says_where_it_is_from(store):
    body = ev.Opened("text", (), None)
    store.add_session(info("x1"), [ev.Stamped(1, 0, 1_700_000_000_000, body)])
    (found,) = store.reader.sessions(origin="test")
    assert found == info("x1")
    assert store.reader.session("x") == found
    assert list(store.reader.sessions(origin="cowrite")) == []


def test_the_same_session_is_not_added_twice(store):
    stamped = [ev.Stamped(1, 0, 0, ev.Focused(True))]
    store.add_session(info("x1"), stamped)
    with pytest.raises(StoreError, match="already"):
        store.add_session(info("x1"), stamped)
    assert len(list(store.reader.events("x1"))) == 1


def test_a_session_that_breaks_off_is_not_there(store):
    def broken():
        yield from (ev.Stamped(n, n, n, ev.Focused(True)) for n in range(1, 9000))
        raise StoreError("the file ends here")

    with pytest.raises(StoreError, match="ends here"):
        store.add_session(info("x1"), broken())
    assert list(store.reader.sessions()) == []


def test_an_unknown_session_is_refused(store):
    with pytest.raises(StoreError, match="no session"):
        list(store.reader.events("nobody"))


def test_rows_refuse_to_be_changed(pen, store, log: Path):
    one = pen()
    one.type("word")
    one.save()
    one.close()
    db = sqlite3.connect(log)
    for statement in (
        "DELETE FROM events",
        "UPDATE events SET inserted = 'x'",
        "DELETE FROM sessions",
        "UPDATE saves SET sha256 = ''",
        "UPDATE snapshots SET data = x''",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute(statement)
    db.close()


def test_the_view_says_positions_and_times_in_full(pen, store, log: Path):
    one = pen(text="hello ")
    one.replay.selection = (6, 6)
    one.type("wörld😀")
    one.edit(0, 5, "Howdy", Origin.REPLACE)
    one.edit(5, 0, " there", Origin.SUGGESTION, suggestion_id="s1", candidate=0, part=Part.ALL)
    one.journal.append(ev.Moved(3, 1))
    one.edit(1, 2, "")
    one.journal.flush()
    stamped = list(store.reader.events(one.journal.session_id))
    db = connect_reader(log)
    rows = db.execute(
        "SELECT seq, mono_ms, wall_ms, event, origin, position, deleted, inserted, suggestion_id"
        " FROM event_list ORDER BY seq"
    ).fetchall()
    assert len(rows) == len(stamped) == 11
    for row, event in zip(rows, stamped, strict=True):
        assert row[:3] == (event.seq, event.mono_ms, event.wall_ms)
        body = event.body
        if isinstance(body, ev.Edited):
            edit = body.edit
            assert row[3:5] == ("edited", edit.origin)
            assert (row[5], row[6] or "", row[7] or "") == (edit.start, edit.deleted, edit.inserted)
            assert row[8] == edit.suggestion_id
        elif isinstance(body, ev.Moved):
            assert row[3:6] == ("moved", None, body.head)
    db.close()


def test_every_type_of_event_is_registered_under_its_name():
    assert {entry.body for entry in EVENTS} == set(ev.Body.__args__)
    names = {"setting": "SettingChanged", "engine": "EngineChanged", "loaded": "EngineLoaded"}
    for entry in EVENTS:
        for row in entry.kinds:
            assert names.get(row.event, row.event.capitalize()) == entry.body.__name__
            assert row.says


def test_bursts_are_the_same_events_in_fewer_pieces(store, pen):
    one = pen("/drafts/mine.md", "abc")
    one.end()
    one.type("written ")
    one.edit(0, 0, "A")
    one.type("nd then")
    for _ in range(3):
        one.edit(one.replay.selection[1] - 1, 1, "")
    one.type("ere\ud800 it")
    one.edit(2, 3, "")
    one.edit(1, 1, "")
    one.save()
    one.close()
    events = list(store.reader.events(one.journal.session_id))
    read, pieces = [], list(store.reader.bursts(one.journal.session_id))
    for piece in pieces:
        if isinstance(piece, ev.Stamped):
            read.append((piece.mono_ms, piece.body))
            continue
        assert len(piece.texts) == len(piece.mono_ms)
        at = piece.start
        for index, now in enumerate(piece.mono_ms):
            edit = piece.edit(at, index, index + 1)
            at = edit.end
            read.append((now, ev.Edited(edit)))
    told = [
        (e.mono_ms, replace(e.body, edit=replace(e.body.edit, runs=(), gone=())))
        if isinstance(e.body, ev.Edited)
        else (e.mono_ms, e.body)
        for e in events
    ]
    plain = [
        (now, replace(body, edit=replace(body.edit, runs=(), gone=())))
        if isinstance(body, ev.Edited)
        else (now, body)
        for now, body in read
    ]
    assert plain == told
    backs = [len(p.texts) for p in pieces if isinstance(p, ev.Burst) and p.back]
    assert backs == [3, 1]
    assert len(pieces) < len(events) / 2
