"""Which file becomes the log, who may read it, and how older logs become new ones."""

import os
import sqlite3
import stat

import pytest

from cowrite.core import events as ev
from cowrite.errors import StoreError
from cowrite.store import LogReader, Store, migrations, schema
from cowrite.store.connect import connect_writer, wal_is_safe
from cowrite.store.tail import folder_of


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 60, 0), True),
    ],
)
def test_the_write_ahead_log_is_used_where_it_is_safe(version, safe):
    assert wal_is_safe(version) is safe


@pytest.mark.parametrize("wal", [False, True])
def test_files_are_for_this_user_alone_under_any_umask(tmp_path, monkeypatch, wal):
    monkeypatch.setattr("cowrite.store.connect.wal_is_safe", lambda: wal)
    before = os.umask(0)
    try:
        log = tmp_path / "new" / "data" / "log.sqlite3"
        with Store.open(log) as store:
            journal = store.begin("/a.md", ev.Opened("text", (), "/a.md"), app_version="1")
            journal.append(ev.SettingChanged("a", "b"), durable=True)
            journal.flush()
            # Within a transaction, so that all of SQLite's own files are there.
            modes: dict[str, int] = {}

            def look(db):
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO settings VALUES (1, 'a', 'b')")
                for folder in (log.parent, folder_of(log)):
                    modes[folder.name + "/"] = stat.S_IMODE(folder.stat().st_mode)
                    for path in folder.iterdir():
                        if path.is_file():
                            modes[path.name] = stat.S_IMODE(path.stat().st_mode)
                db.execute("ROLLBACK")

            store._writer.call(look)
    finally:
        os.umask(before)
    assert {name: mode for name, mode in modes.items() if name.endswith("/")} == {
        "data/": 0o700,
        "log.sqlite3-tails/": 0o700,
    }
    files = {name: mode for name, mode in modes.items() if not name.endswith("/")}
    assert set(files.values()) == {0o600}
    assert ("log.sqlite3-wal" if wal else "log.sqlite3-journal") in files
    assert any(name.endswith(".tail") for name in files)


def test_a_log_with_a_write_ahead_journal_works_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("cowrite.store.connect.wal_is_safe", lambda: True)
    log = tmp_path / "log.sqlite3"
    with Store.open(log) as store:
        journal = store.begin("/a.md", ev.Opened("unspeakable", (), "/a.md"), app_version="1")
        assert journal.flush()
        assert store.reader.stats().journal == "write-ahead log"
        journal.close()
        store.purge(everything=True)
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert b"unspeakable" not in left


def garbage(path):
    path.write_bytes(b"this is no database at all" * 500)


def torn(path):
    with Store.open(path) as store:
        store.begin("/a.md", ev.Opened("x" * 10_000, (), "/a.md"), app_version="1").close()
    raw = bytearray(path.read_bytes())
    raw[100:4096] = os.urandom(3996)
    path.write_bytes(bytes(raw))


def foreign(path):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE recipes (name TEXT)")
    db.commit()
    db.close()


@pytest.mark.parametrize("spoil", [garbage, torn, foreign])
def test_a_file_that_is_no_log_is_left_alone_and_another_begun(log, spoil):
    log.parent.mkdir(parents=True)
    spoil(log)
    before = log.read_bytes()
    for _ in range(2):
        with Store.open(log) as store:
            assert store.path.name == "log-2.sqlite3"
            assert "It is untouched" in store.notice
            journal = store.begin("/a.md", ev.Opened("", (), "/a.md"), app_version="1")
            assert journal.flush()
            journal.close()
    with LogReader.open(log) as reader:
        assert len(list(reader.sessions())) == 2
    assert log.read_bytes() == before


def test_a_damaged_log_alone_is_said_to_a_reader(log):
    log.parent.mkdir(parents=True)
    garbage(log)
    with pytest.raises(StoreError, match="damaged"):
        LogReader.open(log)


def test_a_missing_log_is_said_to_a_reader(log):
    with pytest.raises(StoreError, match="no log yet"):
        LogReader.open(log)
    assert not log.parent.exists()


def test_a_newer_log_is_refused_and_unharmed(log):
    connect_writer(log).close()
    db = sqlite3.connect(log)
    db.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    db.close()
    before = log.read_bytes()
    for opening in (Store.open, LogReader.open):
        with pytest.raises(StoreError, match="newer cowrite") as caught:
            opening(log)
        assert "Update" in caught.value.hint
    assert log.read_bytes() == before


def test_an_empty_file_becomes_a_log(log):
    log.parent.mkdir(parents=True)
    log.touch(0o600)
    with Store.open(log) as store:
        assert store.notice is None
        assert store.path == log


# Migrations


def objects(db) -> set[tuple[str, str, str]]:
    return set(db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema"))


def fresh() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(db)
    return db


@pytest.mark.parametrize("start", range(migrations.NEWEST))
def test_every_older_schema_becomes_the_newest(start):
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(db, migrations.STEPS[:start])
    assert migrations.version(db) == start
    assert migrations.migrate(db) == start
    assert migrations.version(db) == migrations.NEWEST
    assert objects(db) == objects(fresh())


def test_migrating_again_does_nothing():
    db = fresh()
    before = objects(db)
    assert migrations.migrate(db) == migrations.NEWEST
    assert objects(db) == before


def test_a_step_that_fails_leaves_the_log_as_it_was(tmp_path):
    def second(db):
        db.execute("CREATE TABLE half (a)")
        db.execute("INSERT INTO documents (document_id, created_ms) VALUES ('x', 1)")
        db.execute("SELECT * FROM nowhere")

    path = tmp_path / "log.sqlite3"
    db = connect_writer(path)
    before = objects(db)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrations.migrate(db, [*migrations.STEPS, second])
    db.close()
    db = sqlite3.connect(path)
    assert migrations.version(db) == migrations.NEWEST
    assert objects(db) == before
    assert db.execute("SELECT count(*) FROM documents").fetchone() == (0,)
    db.close()


def test_a_later_step_keeps_the_rows(tmp_path):
    path = tmp_path / "log.sqlite3"
    with Store.open(path) as store:
        store.begin("/a.md", ev.Opened("kept", (), "/a.md"), app_version="1").close()
    db = sqlite3.connect(path, isolation_level=None)
    steps = [
        *migrations.STEPS,
        lambda db: db.execute("ALTER TABLE documents ADD COLUMN title TEXT"),
    ]
    assert migrations.migrate(db, steps) == migrations.NEWEST
    assert db.execute("SELECT path, title FROM documents").fetchall() == [("/a.md", None)]
    db.close()


def test_every_append_only_table_is_a_table_with_triggers():
    names = {name for kind, name, _ in objects(fresh()) if kind == "trigger"}
    assert names == {f"{t}_no_{verb}" for t in schema.APPEND_ONLY for verb in ("update", "delete")}
