"""Appending never blocks and never raises, and what was appended is in the log."""

import itertools
import sqlite3
import threading
import time

import pytest

from cowrite.core import events as ev
from cowrite.core.edits import Edit, Origin
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, WRITER
from cowrite.core.suggestion import Params, Timings
from cowrite.errors import StoreError
from cowrite.store import LogReader, Store
from cowrite.store import trouble as patience
from cowrite.store.connect import mark_damaged
from cowrite.store.tail import folder_of, is_open


def typed(start: int, text: str) -> ev.Edited:
    return ev.Edited(Edit(start, "", text, Origin.TYPED))


def test_appended_events_are_read_by_another_process_view(pen, store, log):
    one = pen()
    one.type("Once upon a time")
    assert one.journal.flush()
    with LogReader.open(log) as reader:
        found = list(reader.events(one.journal.session_id))
    assert [stamped.seq for stamped in found] == list(range(1, 18))
    assert "".join(s.body.edit.inserted for s in found[1:]) == "Once upon a time"
    assert all(0 <= b.mono_ms - a.mono_ms < 60_000 for a, b in itertools.pairwise(found))


def test_times_follow_the_wall_clock(pen, store, monkeypatch):
    one = pen()
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 3_600_000_000_000)
    one.type("a")
    one.journal.flush()
    first, second = store.reader.events(one.journal.session_id)
    assert second.mono_ms - first.mono_ms < 60_000
    assert 3_590_000 < second.wall_ms - first.wall_ms < 3_660_000


def test_without_feedback_edits_stay_and_decisions_do_not(pen, store):
    one = pen(feedback=False)
    one.type("a")
    one.journal.append(ev.Requested("s1", 0, 0, 1, Params(), "m", "0"))
    one.journal.append(ev.Generated("s1", (), Timings()))
    one.journal.append(ev.Shown("s1", 0))
    one.journal.append(ev.Closed("s1", Closing.REJECTED, 0))
    one.journal.append(ev.Focused(False))
    one.journal.append(ev.SettingChanged("recovery", "discarded"))
    one.journal.flush()
    bodies = [type(stamped.body) for stamped in store.reader.events(one.journal.session_id)]
    assert bodies == [ev.Opened, ev.Edited, ev.SettingChanged]


def test_without_feedback_a_saved_end_leaves_nothing(pen, store):
    one = pen(feedback=False, text="old")
    one.type("secret words")
    one.save()
    one.close()
    assert list(store.reader.sessions()) == []
    assert store.reader.stats().snapshots == 0


def test_without_feedback_an_unsaved_end_stays_for_recovery(pen, store):
    one = pen(feedback=False)
    one.type("words")
    one.close(saved=False, how="hangup")
    assert store.reader.unsaved("/drafts/a.md").text == "words"


def test_a_draft_has_a_switch_of_its_own(pen, store):
    store.set_feedback("/drafts/a.md", False)
    assert not store.reader.draft_switch("/drafts/a.md")[1]
    assert store.reader.draft_switch("/drafts/b.md") is None
    assert not pen().journal.feedback
    assert pen("/drafts/b.md").journal.feedback
    store.set_feedback("/drafts/a.md", True)
    assert pen().journal.feedback


def test_nothing_is_kept_after_close(pen, store):
    one = pen()
    one.close()
    one.journal.append(typed(0, "late"))
    one.journal.close()
    assert len(list(store.reader.events(one.journal.session_id))) == 2


def test_sessions_of_one_draft_share_its_id(pen, store):
    one = pen()
    one.journal.flush()
    two = pen()
    other = pen("/drafts/b.md")
    for session in (one, two, other):
        session.journal.flush()
    assert one.journal.document_id == two.journal.document_id != other.journal.document_id
    infos = {info.session_id: info for info in store.reader.sessions()}
    assert infos[two.journal.session_id].document_id == one.journal.document_id
    assert infos[other.journal.session_id].document == "/drafts/b.md"


def test_two_names_of_one_file_are_one_draft(pen, store, tmp_path):
    (tmp_path / "real.md").write_text("x")
    (tmp_path / "link.md").symlink_to("real.md")
    one, two = pen(str(tmp_path / "real.md")), pen(str(tmp_path / "link.md"))
    one.journal.flush()
    two.journal.flush()
    assert one.journal.document_id == two.journal.document_id


def test_threads_may_append_at_once(store, pen):
    one = pen()
    threads = [
        threading.Thread(target=lambda: [one.journal.append(ev.Focused(True)) for _ in range(300)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.journal.flush()
    assert [s.seq for s in store.reader.events(one.journal.session_id)] == list(range(1, 1202))


def test_two_windows_write_one_log(log, store, pen):
    with Store.open(log) as other:
        one = pen()
        two = other.begin("/drafts/b.md", ev.Opened("", (), "/drafts/b.md"), app_version="1")
        for at in range(200):
            one.type("x")
            two.append(typed(at, "y"), durable=at % 20 == 0)
        assert one.journal.flush(20)
        assert two.flush(20)
        for session in (one.journal.session_id, two.session_id):
            assert len(list(store.reader.events(session))) == 201
        two.close()


def test_the_tail_is_locked_while_the_session_lives(pen, log):
    one = pen()
    one.type("a")
    one.journal.flush()
    assert is_open(folder_of(log), one.journal.session_id)
    one.close()
    assert not is_open(folder_of(log), one.journal.session_id)
    assert list(folder_of(log).iterdir()) == []


# Trouble


class Told(list):
    def wait_for(self, count: int) -> None:
        end = time.monotonic() + 20
        while len(self) < count and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self) >= count, self


def test_a_locked_log_is_told_once_and_nothing_is_lost(log, store, pen, monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.3)
    one, told = pen(), Told()
    one.journal.on_trouble = told.append
    one.journal.flush()
    holder = sqlite3.connect(log, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    one.type("typed while locked")
    one.journal.append(ev.SettingChanged("a", "b"), durable=True)
    told.wait_for(1)
    one.type(", and more")
    assert not one.journal.flush(1)
    assert isinstance(told[0], StoreError)
    assert "locked by another process" in told[0].message
    holder.execute("ROLLBACK")
    holder.close()
    told.wait_for(2)
    assert told[1:] == [None]
    assert one.journal.flush()
    bodies = [s.body for s in store.reader.events(one.journal.session_id)]
    text = "".join(b.edit.inserted for b in bodies if isinstance(b, ev.Edited))
    assert text == "typed while locked, and more"


def test_a_log_that_stays_locked_is_brought_home_at_the_next_start(log, pen, store):
    one = pen()
    one.journal.flush()
    holder = sqlite3.connect(log, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    one.type("kept in the tail")
    one.close(saved=False, how="terminated")
    store.close()
    holder.execute("ROLLBACK")
    holder.close()
    with Store.open(log) as again:
        assert again.reader.unsaved("/drafts/a.md").text == "kept in the tail"
    assert list(folder_of(log).iterdir()) == []


def test_a_full_disk_is_told_and_waited_out(store, pen):
    one, told = pen(), Told()
    one.journal.on_trouble = told.append
    one.journal.flush()
    # SQLite itself says that the disk is full, without a disk of our own.
    writer = store._writer
    pages = writer.call(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    writer.call(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    one.edit(0, 0, "w" * 50_000, Origin.PASTE)
    one.journal.append(ev.SettingChanged("a", "b"), durable=True)
    told.wait_for(1)
    assert "full" in told[0].message
    one.type("still typing")
    writer.call(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    told.wait_for(2)
    assert told[1:] == [None]
    one.journal.flush()
    text = "".join(
        s.body.edit.inserted
        for s in store.reader.events(one.journal.session_id)
        if isinstance(s.body, ev.Edited)
    )
    assert len(text) == 50_012


def test_a_folder_that_can_not_be_made_is_told_and_typing_goes_on(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    told = Told()
    with Store.open(in_the_way / "data" / "log.sqlite3") as store:
        assert store.reader.unsaved("/drafts/a.md") is None
        assert store.reader.provenance_for("/drafts/a.md", "x") is None
        assert store.reader.recent() == []
        journal = store.begin("/drafts/a.md", ev.Opened("", (), "/drafts/a.md"), app_version="1")
        journal.on_trouble = told.append
        journal.append(typed(0, "a"))
        told.wait_for(1)
        in_the_way.unlink()
        told.wait_for(2)
        assert told[1] is None
        assert journal.flush()
        assert len(list(store.reader.events(journal.session_id))) == 2


def test_a_late_listener_hears_of_trouble_that_is(tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    early, late = Told(), Told()
    with Store.open(in_the_way / "log.sqlite3") as store:
        journal = store.begin(None, ev.Opened("", (), None), app_version="1")
        journal.on_trouble = early.append
        early.wait_for(1)
        journal.on_trouble = late.append
        assert len(late) == 1


def test_without_a_tail_events_go_to_the_database_at_once(log, store, pen):
    folder_of(log).rmdir() if folder_of(log).exists() else None
    folder_of(log).write_text("in the way")
    one, told = pen(), Told()
    one.journal.on_trouble = told.append
    one.type("abc")
    end = time.monotonic() + 20
    count = 0
    while count < 4 and time.monotonic() < end:
        with sqlite3.connect(log) as db:
            count = db.execute("SELECT count(*) FROM events").fetchone()[0]
        db.close()
        time.sleep(0.02)
    assert count == 4
    assert told == []


def test_reading_only_can_not_write(log, store):
    with LogReader.open(log) as reader, pytest.raises(StoreError, match="can't be written"):
        reader.read(lambda db: db.execute("INSERT INTO meta VALUES ('a', 'b')"))


def test_half_a_surrogate_pair_is_kept(pen, store):
    one = pen()
    one.edit(0, 0, "a\ud83d", Origin.PASTE)
    assert one.journal.flush()
    assert list(store.reader.events(one.journal.session_id))[-1].body.edit.inserted == "a\ud83d"


def test_a_log_found_damaged_is_left_and_the_session_goes_on_beside_it(log, store, pen):
    one, told = pen(text="Before. "), Told()
    one.journal.on_trouble = told.append
    one.end()
    one.type("In the first.")
    assert one.journal.flush()
    breaker = sqlite3.connect(log)
    breaker.execute("PRAGMA writable_schema = ON")
    breaker.execute("UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'events'")
    version = breaker.execute("PRAGMA schema_version").fetchone()[0]
    breaker.execute(f"PRAGMA schema_version = {version + 1}")
    breaker.commit()
    breaker.close()
    damaged = log.read_bytes()
    one.type(" In both.")
    one.journal.append(ev.SettingChanged("a", "b"), durable=True)
    told.wait_for(2)
    assert "damaged" in told[0].message
    assert told[1:] == [None]
    one.type(" In the second.")
    assert one.journal.flush()
    assert store.path.name == "log-2.sqlite3"
    first, *rest = store.reader.events(one.journal.session_id)
    assert first.body.text == "Before. In the first. In both."
    assert first.body.runs == ((8, FILE), (22, WRITER))
    assert "".join(s.body.edit.inserted for s in rest) == " In the second."
    one.close(saved=False, how="hangup")
    store.close()
    assert log.read_bytes() == damaged
    with Store.open(log) as again:
        assert again.path.name == "log-2.sqlite3"
        assert "untouched" in again.notice
        assert again.reader.unsaved("/drafts/a.md").text == one.text


def test_nothing_typed_after_the_damage_is_still_offered(log, store, pen):
    one, told = pen(), Told()
    one.journal.on_trouble = told.append
    one.type("typed before")
    one.journal.flush()
    mark_damaged(log, "made up")
    store._writer.call(lambda db: store._writer._leave_damaged(sqlite3.DatabaseError("made up")))
    assert one.journal.flush()
    one.close(saved=False, how="hangup")
    assert store.reader.unsaved("/drafts/a.md").text == "typed before"


def test_an_event_that_can_not_be_kept_does_not_stop_the_others(store, pen):
    """Something upstream that makes one wrong event must not cost all that comes after it."""
    one, told = pen(), Told()
    one.journal.on_trouble = told.append
    one.type("ab")
    one.journal.append(ev.Generated("s1", (), None))
    one.journal.append(ev.Moved(2**70, 0))
    one.journal.append(ev.SettingChanged("name", None))
    one.type("c")
    assert one.journal.flush()
    bodies = [s.body for s in store.reader.events(one.journal.session_id)]
    assert bodies[3:6] == [
        ev.SettingChanged("log.dropped", "Generated: AttributeError"),
        ev.SettingChanged("log.dropped", "Moved: OverflowError"),
        ev.SettingChanged("log.dropped", "SettingChanged: AttributeError"),
    ]
    assert bodies[6].edit.inserted == "c"
    assert told == []


def test_a_listener_that_fails_does_not_end_the_log(log, store, pen):
    one = pen()

    def fails(_trouble):
        raise RuntimeError("the window is gone")

    one.journal.on_trouble = fails
    pages = store._writer.call(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    store._writer.call(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())
    one.edit(0, 0, "w" * 50_000, Origin.PASTE)
    assert not one.journal.flush()
    store._writer.call(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    assert one.journal.flush()


def test_a_killed_session_without_feedback_goes_with_the_next_that_saves(log, store, pen):
    one = pen(feedback=False)
    one.type("unspeakable")
    one.close(saved=False, how="hangup")
    logged = pen("/drafts/b.md")
    logged.close()
    two = pen(feedback=False)
    two.type("settled")
    two.save()
    two.close()
    assert [info.session_id for info in store.reader.sessions()] == [logged.journal.session_id]


def test_a_session_without_feedback_that_ended_on_a_locked_log_goes_at_the_next_start(
    log, store, pen
):
    one = pen(feedback=False)
    one.journal.flush()
    holder = sqlite3.connect(log, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    one.type("unspeakable")
    one.close()
    store.close()
    holder.execute("ROLLBACK")
    holder.close()
    with Store.open(log) as again:
        assert list(again.reader.sessions()) == []
    assert b"unspeakable" not in log.read_bytes()


def test_a_tail_whose_beginning_is_lost_is_kept_all_the_same(log, store, pen):
    """As after a damaged log: the events come home, though no draft can be made of them."""
    one = pen()
    one.journal.flush()
    one.journal._writer._trouble.retry_at = time.monotonic() + 60
    one.type("ab")
    session = one.journal._session
    while session.exposed or len(session.pending) < 2:
        time.sleep(0.005)
    kept = session.tail.path.read_bytes()
    one.close()
    store.close()
    for number in (1, 2):
        log.unlink(missing_ok=True) if number == 1 else None
        (folder_of(log) / f"{one.journal.session_id}.tail").write_bytes(kept)
        with Store.open(log) as again:
            found = list(again.reader.events(one.journal.session_id))
            assert [(s.seq, s.body.edit.inserted) for s in found] == [(2, "a"), (3, "b")]
            assert again.reader.unsaved("/drafts/a.md") is None
