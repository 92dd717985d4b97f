"""What is purged is gone, from the file's bytes too; what is not, is whole."""

import sqlite3

import pytest

from cowrite.core import events as ev
from cowrite.core.edits import Origin
from cowrite.core.suggestion import Candidate, Params, Timings
from cowrite.store import Store, purge
from cowrite.store.purge import purge_sessions
from cowrite.store.tail import folder_of

SECRET = "unspeakable"


def bytes_on_disk(log) -> bytes:
    files = [*log.parent.iterdir(), *folder_of(log).iterdir()]
    return b"".join(path.read_bytes() for path in files if path.is_file())


def write(pen, path, text, word):
    """A session that puts a word into every table that holds texts."""
    one = pen(path, text)
    one.end()
    one.type(word)
    one.edit(len(one.text), 0, word, Origin.PASTE)
    log = one.journal.append
    suggestion = f"{word}-request"
    log(ev.Requested(suggestion, 0, 0, 1, Params(), "m", "0", head=f"notes: {word}"))
    log(ev.Generated(suggestion, (Candidate(f"candidate {word}"),), Timings(), error=word))
    log(ev.SettingChanged("banned", word))
    for _ in range(210):
        one.edit(0, 0, "x")
    one.save()
    one.close()
    return one


def test_a_purged_word_is_in_no_byte_of_the_files(pen, store, log):
    write(pen, "/drafts/a.md", "", SECRET)
    kept = write(pen, "/drafts/b.md", "", "ordinary")
    assert SECRET.encode() in bytes_on_disk(log)
    purged = store.purge(document="/drafts/a.md")
    assert (purged.sessions, purged.open) == (1, 0)
    assert SECRET.encode() not in bytes_on_disk(log)
    assert b"ordinary" in bytes_on_disk(log)
    (info,) = store.reader.sessions()
    assert info.session_id == kept.journal.session_id
    assert store.reader.provenance_for("/drafts/b.md", kept.text) == kept.replay.runs
    assert store.reader.provenance_for("/drafts/a.md", "x") is None


def test_purging_all_leaves_only_the_schema(pen, store, log):
    write(pen, "/drafts/a.md", "", SECRET)
    write(pen, None, "", "untitled")
    store.purge(everything=True)
    db = sqlite3.connect(log)
    tables = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    full = [t for t in tables if db.execute(f"SELECT EXISTS (SELECT 1 FROM {t})").fetchone()[0]]
    assert full == ["kinds"]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    again = pen()
    again.type("new")
    again.close()
    assert store.reader.provenance_for("/drafts/a.md", "") is not None


def test_later_sessions_stay_whole_when_their_past_goes(pen, store, log):
    """Their texts were kept as differences to the older ones."""
    text = "A long beginning that stays the same all the time. " * 50
    one = pen(text=text)
    one.end()
    one.type("first")
    one.save()
    one.close()
    two = pen(text=one.text)
    two.end()
    two.type(", second")
    two.save()
    two.close()
    based = sqlite3.connect(log).execute("SELECT count(*) FROM snapshots WHERE base IS NOT NULL")
    assert based.fetchone()[0] > 0
    started = {info.session_id: info.started_ms for info in store.reader.sessions()}
    limit = started[two.journal.session_id]
    if started[one.journal.session_id] == limit:
        pytest.skip("both began in one millisecond")
    assert store.purge(before_ms=limit).sessions == 1
    events = list(store.reader.events(two.journal.session_id))
    assert events[0].body.text == one.text
    assert store.reader.provenance_for("/drafts/a.md", two.text) == two.replay.runs


def test_a_session_that_is_being_written_stays(pen, store, log):
    one = pen()
    one.type("words")
    one.journal.flush()
    with Store.open(log) as other:
        purged = other.purge(everything=True)
    assert (purged.sessions, purged.events, purged.open) == (0, 0, 1)
    one.type(" and more")
    one.journal.flush()
    assert len(list(store.reader.events(one.journal.session_id))) == 15


def test_nothing_is_purged_without_saying_what(pen, store):
    pen().close()
    assert store.purge().sessions == 0
    assert len(list(store.reader.sessions())) == 1


def test_a_purge_that_fails_changes_nothing(pen, store, log, monkeypatch):
    write(pen, "/drafts/a.md", "", SECRET)
    monkeypatch.setattr(purge, "_drop_unused", lambda db: db.execute("SELECT * FROM nowhere"))
    with pytest.raises(Exception, match="nowhere"):
        store.purge(everything=True)
    monkeypatch.undo()
    assert len(list(store.reader.sessions())) == 1
    db = sqlite3.connect(log)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM events")
    db.close()


def test_the_switch_of_a_draft_outlives_a_purge(pen, store):
    store.set_feedback("/drafts/a.md", False)
    pen().close()
    store.purge(document="/drafts/a.md")
    assert not store.reader.draft_switch("/drafts/a.md")[1]


def test_vacuum_gives_room_back(pen, store):
    one = pen()
    one.edit(0, 0, "".join(chr(32 + n * 7919 % 90) for n in range(300_000)), Origin.PASTE)
    one.close()
    store._writer.call(
        lambda db: __import__("cowrite.store.purge", fromlist=["x"]).purge_sessions(db, [1])
    )
    before, after = store.vacuum()
    assert after < before / 2


def test_who_wrote_it_is_known_after_the_session_that_saw_it_is_gone(pen, store):
    one = pen()
    one.edit(0, 0, "by the model", Origin.SUGGESTION, suggestion_id="s1")
    one.save()
    one.close()
    two = pen(text=one.text)
    two.edit(0, 3, "", Origin.CUT)
    two.save()
    two.close()
    gone = store._writer.call(lambda db: purge_sessions(db, [1], quiet=True))
    assert gone == 4
    assert store.reader.provenance_for("/drafts/a.md", two.text) == two.replay.runs
    (cut,) = [
        s.body.edit
        for s in store.reader.events(two.journal.session_id)
        if isinstance(s.body, ev.Edited)
    ]
    assert cut.gone[0][1].suggestion_id == "s1"
