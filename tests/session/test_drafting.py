"""A session on a real file and a real log: saving, conflicts, recovery, provenance across sessions."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.core.provenance import Author
from cowrite.errors import DraftError
from cowrite.files import ChangedOnDisk, OnDisk
from cowrite.session.draft import DraftSession
from cowrite.store import Store


@pytest.fixture
def store(tmp_path: Path):
    store = Store.open(tmp_path / "data" / "log.sqlite3")
    yield store
    store.close()


def opened(path: Path | None, store: Store | None = None) -> DraftSession:
    return DraftSession.open(path, store=store)


def test_a_new_draft_is_written_on_saving(tmp_path: Path):
    path = tmp_path / "new.md"
    session = opened(path)
    assert not path.exists()
    session.type("One.")
    assert session.buffer.dirty
    session.file.save()
    assert path.read_bytes() == b"One."
    assert not session.buffer.dirty


def test_saving_elsewhere_never_overwrites_unasked(tmp_path: Path):
    other = tmp_path / "other.md"
    other.write_text("precious")
    session = opened(tmp_path / "draft.md")
    session.type("One.")
    with pytest.raises(ChangedOnDisk):
        session.file.save(other)
    assert other.read_text() == "precious"
    assert session.buffer.dirty
    session.file.save(other, force=True)
    assert other.read_text() == "One."
    assert session.file.path == other


def test_a_file_changed_by_another_program_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "draft.md"
    path.write_text("One.")
    session = opened(path)
    session.type("Zero. ")
    path.write_text("Another one.")
    assert session.file.on_disk() is OnDisk.CHANGED
    monkeypatch.chdir(tmp_path)
    for name in (None, Path("draft.md"), path):
        with pytest.raises(ChangedOnDisk):
            session.file.save(name)
    assert session.reload()
    assert session.document.text == "Another one."
    session.undo()
    assert session.document.text == "Zero. One."
    session.file.save()
    assert path.read_text() == "Zero. One."


def test_loading_a_file_that_is_gone_keeps_the_draft(tmp_path: Path):
    path = tmp_path / "draft.md"
    path.write_text("One.")
    session = opened(path)
    path.unlink()
    with pytest.raises(DraftError):
        session.reload()
    assert session.document.text == "One."
    session.file.save()
    assert path.read_text() == "One."


def test_a_name_is_asked_for_and_ends_read_only(tmp_path: Path):
    path = tmp_path / "bytes.md"
    path.write_bytes(b"\xff\x00oops")
    session = opened(path)
    assert session.buffer.read_only
    assert session.notes == [
        (f"This draft is read-only: {session.buffer.read_only}.", session.buffer.read_only_hint)
    ]
    with pytest.raises(DraftError):
        session.file.save()
    untitled = opened(None)
    untitled.type("Text.")
    with pytest.raises(DraftError):
        untitled.file.save()
    untitled.file.save(tmp_path / "named.md")
    assert untitled.file.name == "named.md"


def test_provenance_survives_save_and_reopen(tmp_path: Path, store: Store):
    path = tmp_path / "draft.md"
    path.write_text("Old. ")
    session = opened(path, store)
    session.select(5, 5)
    session.type("Mine. ")
    session.paste("Theirs.")
    session.file.save()
    before = list(session.provenance)
    session.close()
    again = opened(path, store)
    assert list(again.provenance) == before
    assert [source.author for _, source in before] == [Author.FILE, Author.WRITER, Author.PASTE]
    again.close()


def test_what_was_not_saved_is_offered_until_it_is_decided(tmp_path: Path):
    path = tmp_path / "draft.md"
    path.write_text("One. ")
    for round_number in range(2):
        store = Store.open(tmp_path / "data" / "log.sqlite3")
        session = opened(path, store)
        if round_number:
            assert session.recovery.lost is not None
            assert session.recovery.lost.text == "One. Lost."
            session.recover()
            assert session.document.text == "One. Lost."
            assert path.read_text() == "One. "
            session.file.save()
            session.close()
        else:
            session.select(5, 5)
            session.type("Lost.")
            assert session.journal is not None
            assert session.journal.flush()
            session.close("hangup")
        store.close()
    store = Store.open(tmp_path / "data" / "log.sqlite3")
    assert opened(path, store).recovery.lost is None
    store.close()
