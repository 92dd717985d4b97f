"""Snapshots: they name what is there, cost the log little, and can be gone back to with every author."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cowrite.core.edits import Origin
from cowrite.core.events import Ended, Opened, Saved, Snapshotted
from cowrite.core.provenance import FILE, WRITER
from cowrite.errors import CowriteError, DraftError, StoreError, UsageError
from cowrite.logbook.snapshots import differing, found, snapshots, there
from cowrite.session.beside import change_file, text_in
from cowrite.session.draft import DraftSession
from cowrite.session.snapshotting import (
    Done,
    go_back,
    go_back_in_file,
    keep_open,
    keep_rest,
    taking,
)
from cowrite.store import LogReader, Store


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


def keep_all(
    store: Store, sessions: list[DraftSession], paths: list[Path], said: Snapshotted
) -> Done:
    """As the window does it."""
    open_ones = {one.file.path: one for one in sessions if one.file.path is not None}
    return keep_rest(store, *keep_open(open_ones, paths, said), said)


def draft(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def test_of_the_screen_and_of_files_and_back(tmp_path: Path, log: Path) -> None:
    one, two = draft(tmp_path, "1.md", "One.\n"), draft(tmp_path, "2.md", "Two.\r\n")
    with Store.open(log) as store:
        session = DraftSession.open(one, store=store)
        session.type("I wrote. ")
        done = keep_all(store, [session], [one, two, tmp_path / "3.md"], taking("first\n draft"))
        assert done.done == [two]
        assert [path.name for path, _ in done.troubles] == ["3.md"]
        session.select(0, 2)
        session.type("He ")
        two.write_text("Another program was here.")
        (kept,) = snapshots(store.reader)
        assert (kept.name, set(kept.drafts)) == ("first draft", {one, two})
        now = [(one, session.document.text), (two, two.read_text())]
        assert [path for path, _, _ in differing(store.reader, kept, now)] == [one, two]

        assert go_back(session, there(store.reader, kept, one))
        assert session.document.text == "I wrote. One.\n"
        assert list(session.provenance) == [(9, WRITER), (5, FILE)]
        session.undo()
        assert session.document.text == "He wrote. One.\n"
        assert go_back_in_file(two, there(store.reader, kept, two), store=store, feedback=True)
        assert two.read_bytes() == b"Two.\r\n"
        assert not go_back_in_file(two, there(store.reader, kept, two), store=store, feedback=True)
        session.close()
    with LogReader.open(log) as reader:
        assert found(snapshots(reader, [two]), "First  draft").drafts == kept.drafts
        assert found(snapshots(reader), kept.short).name == "first draft"
        with pytest.raises(UsageError, match="no snapshot called"):
            found(snapshots(reader), "last draft")
        with pytest.raises(UsageError, match=r"has no 3\.md"):
            there(reader, kept, tmp_path / "3.md")
        assert {one.name for one in map(Path, (r.path for r in reader.recent()))} == {
            "1.md",
            "2.md",
        }


def test_a_text_that_the_log_has_costs_it_a_few_bytes(tmp_path: Path, log: Path) -> None:
    paths = [draft(tmp_path, f"{n}.md", os.urandom(5000).hex()) for n in range(20)]
    sizes = []
    with Store.open(log) as store:
        for name in ("one", "two", "three"):
            keep_all(store, [], paths, taking(name))
            sizes.append(sum(store.vacuum()[1:]))
        assert store.reader.stats().sessions == 0
        assert list(store.reader.sessions()) == []
        assert store.reader.recent() == []
    assert sizes[0] > 20 * 4000
    assert sizes[2] - sizes[1] < sizes[0] / 5


def test_without_feedback_one_with_a_name_stays_and_an_automatic_one_is_not_taken(
    tmp_path: Path, log: Path
) -> None:
    path = draft(tmp_path, "1.md", "One.\n")
    with Store.open(log) as store:
        session = DraftSession.open(path, store=store, feedback=False)
        session.type("x")
        keep_all(store, [session], [path], taking("by itself", automatic=True))
        keep_all(store, [session], [path], taking("by me"))
        session.file.save()
        session.close()
        (kept,) = snapshots(store.reader)
        assert kept.name == "by me"
        assert there(store.reader, kept, path).text == "xOne.\n"
        store.purge(document=str(path))
        assert snapshots(store.reader) == []


def test_a_snapshot_whose_session_was_purged_is_told(tmp_path: Path, log: Path) -> None:
    path = draft(tmp_path, "1.md", "One.\n")
    with Store.open(log) as store:
        keep_all(store, [], [path], taking("gone"))
        (kept,) = snapshots(store.reader)
        store.purge(everything=True)
        with pytest.raises(StoreError, match="not in it any more"):
            there(store.reader, kept, path)


def shout(session: DraftSession) -> None:
    session.replace_many([(0, 3, "TWO")])


@pytest.mark.parametrize("ends", ["", "\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_that_is_not_open_is_changed_with_its_format_and_logged(
    tmp_path: Path, log: Path, ends: str, mark: bytes
) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(mark + f"One\r\ntwo{ends}".encode())
    with Store.open(log) as store:
        assert change_file(path, shout, store=store, feedback=True)
        assert path.read_bytes() == mark + f"TWO\r\ntwo{ends}".encode()
        (info,) = store.reader.sessions()
        kinds = [type(event.body) for event in store.reader.events(info.session_id)]
        assert [kind for kind in kinds if kind in (Opened, Saved, Ended)] == [Opened, Saved, Ended]
        runs = store.reader.provenance_for(str(path), "TWO\r\ntwo" + ends)
        assert runs is not None
        assert runs[0] == (3, WRITER)


def test_what_can_not_be_saved_is_not_half_done(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draft(tmp_path, "a.md", "One\n")

    def full(*_: object, **__: object) -> None:
        raise DraftError("There is no room on the disk.")

    monkeypatch.setattr("cowrite.files.save", full)
    with Store.open(log) as store:
        with pytest.raises(DraftError, match="no room"):
            change_file(path, shout, store=store, feedback=True)
        assert path.read_text() == "One\n"
        assert store.reader.unsaved(str(path)) is None
        (info,) = store.reader.sessions()
        edits = [
            e.body.edit.origin
            for e in store.reader.events(info.session_id)
            if hasattr(e.body, "edit")
        ]
        assert edits == [Origin.REPLACE, Origin.UNDO]
        path.chmod(0o400)
        with pytest.raises(DraftError, match="can't be written"):
            change_file(path, shout, store=store, feedback=True)


def test_words_that_were_lost_wait_for_their_writer(tmp_path: Path, log: Path) -> None:
    path = draft(tmp_path, "a.md", "One\n")
    with Store.open(log) as store:
        session = DraftSession.open(path, store=store)
        session.type("never saved ")
        session.close("hangup")
        with pytest.raises(CowriteError, match="not saved when"):
            change_file(path, shout, store=store, feedback=True)
        assert path.read_text() == "One\n"
        lost = store.reader.unsaved(str(path))
        assert lost is not None
        assert lost.text == "never saved One\n"
        session = DraftSession.open(path, store=store)
        assert session.journal is not None
        session.journal.flush()  # its tail, which says that it is being written, is there
        with pytest.raises(CowriteError, match="another window"):
            change_file(path, shout, store=store, feedback=True)
        session.close("hangup")


def test_what_is_no_text_is_refused_with_its_reason_once(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"caf\xe9 \x81\xff")
    with pytest.raises(DraftError) as refused:
        text_in(path)
    assert refused.value.message.startswith("a.md can't be used: it is not text in UTF-8")
    assert refused.value.message.count("UTF-8") == 1
