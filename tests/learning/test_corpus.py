"""The library: what comes from the log and from files, and how it goes again."""

import os
import sqlite3
import time

import pytest

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Ended, Opened
from cowrite.errors import CowriteError
from cowrite.learning.corpus import STOOD_MS, add, gather
from cowrite.learning.library import Library
from cowrite.learning.screening import Reason
from cowrite.paths import Paths
from cowrite.store import LogReader, Store

OWN = "The boats went out before it was light, and nobody who stood on the pier said a word."
SECRET = "Marta Quill has the key of the third house, which nobody but she knows."


@pytest.fixture
def paths(tmp_path):
    return Paths(*[tmp_path / name for name in ("config", "data", "cache", "state")])


def write(store, path, *texts, origin="cowrite", feedback=True, ended=True):
    """A session on a draft: each text with the way it came."""
    journal = store.begin(path, Opened("", (), path), app_version="1", feedback=feedback)
    at = 0
    for text, how in texts:
        taken = "s1" if how is Origin.SUGGESTION else None
        journal.append(Edited(Edit(at, "", text, how, suggestion_id=taken)))
        at += len(text)
    if ended:
        journal.append(Ended(at, True, "quit"), durable=True)
    journal.flush()
    journal.close()
    return journal.document_id


def gathered(paths, *, later=2 * STOOD_MS):
    with Library.open(paths.learning) as library, LogReader.open(paths.log_file) as log:
        count = gather(library, log, paths, int(time.time() * 1000) + later)
        return count, {work.title: work for work in library.works()}


def test_drafts_come_by_who_wrote_them_and_only_when_they_changed(paths):
    with Store.open(paths.log_file) as store:
        write(store, "/d/a.md", (f"{OWN}\n\n", Origin.TYPED), (f"Pasted. {OWN}", Origin.PASTE))
        write(store, "/d/b.md", ("Typed by the hand of the writer, as it should be.", Origin.TYPED))
    count, works = gathered(paths)
    assert count == 2
    assert works["a.md"].screened.paragraphs == (OWN,)
    assert Reason.PASTED in works["a.md"].screened.left_out
    assert gathered(paths)[0] == 0
    with Store.open(paths.log_file) as store:
        write(store, "/d/b.md", ("Another text stands here today, and it is longer.", Origin.TYPED))
    count, works = gathered(paths)
    assert count == 1
    assert works["b.md"].screened.text.startswith("Another text")


def test_a_draft_whose_name_is_no_utf_8_is_learned_from_and_left_out(paths):
    with Store.open(paths.log_file) as store:
        document_id = write(store, "/d/caf\udce9.md", (OWN, Origin.TYPED))
    count, works = gathered(paths)
    assert count == 1
    assert works["caf\ufffd.md"].screened.paragraphs == (OWN,)
    with Library.open(paths.learning) as library:
        library.exclude(document_id, "/d/caf\udce9.md")
        assert library.works() == []


def test_accepted_text_has_to_stand_first(paths):
    with Store.open(paths.log_file) as store:
        parts = (OWN, Origin.TYPED), (" And the gulls were quiet.", Origin.SUGGESTION)
        write(store, "/d/a.md", *parts, ended=False)
    assert gathered(paths, later=0)[1]["a.md"].screened.paragraphs == (OWN,)
    assert "gulls" in gathered(paths)[1]["a.md"].screened.text


def test_a_draft_that_was_left_too_early_is_looked_at_again(paths):
    with Store.open(paths.log_file) as store:
        write(
            store, "/d/a.md", (f"{OWN} ", Origin.TYPED), ("And the gulls went.", Origin.SUGGESTION)
        )
    assert gathered(paths, later=0)[1]["a.md"].screened.paragraphs == (OWN,)
    count, works = gathered(paths)
    assert (count, works["a.md"].screened.paragraphs) == (1, (f"{OWN} And the gulls went.",))
    assert gathered(paths)[0] == 0


def test_the_tour_and_drafts_that_are_not_to_be_logged_stay_out(paths):
    with Store.open(paths.log_file) as store:
        write(store, str(paths.data / "tour.md"), (OWN, Origin.TYPED))
        write(store, "/d/quiet.md", (OWN, Origin.TYPED))
        store.set_feedback("/d/quiet.md", False)
    assert gathered(paths)[1] == {}


def test_a_new_private_word_screens_all_drafts_again(paths):
    with Store.open(paths.log_file) as store:
        write(store, "/d/a.md", (f"{OWN}\n\n{SECRET}", Origin.TYPED))
    assert "Quill" in gathered(paths)[1]["a.md"].screened.text
    paths.config.mkdir(parents=True)
    (paths.config / "redact.txt").write_text("# mine\nMarta Quill\n")
    assert "Quill" not in gathered(paths)[1]["a.md"].screened.text


def test_files_and_folders_are_taken_in_by_their_dates(paths, tmp_path):
    works = tmp_path / "works"
    (works / ".git").mkdir(parents=True)
    (works / ".git" / "HEAD").write_text("never this")
    (works / "2019-03-01-later.md").write_text(f"{OWN} later")
    (works / "early.md").write_text(f"---\ndate: 2018-01-05\n---\n\n{OWN} early")
    (works / "data.csv").write_text("1,2,3")
    last = works / "now.txt"
    last.write_text(f"{OWN} now")
    with Library.open(paths.learning) as library:
        done = add(library, [works], paths)
        assert [work.title for work in library.works()] == [
            "early.md",
            "2019-03-01-later.md",
            "now.txt",
        ]
        assert len(done.works) == 3
        assert not done.troubles
        assert add(library, [works], paths).known == 3
        last.write_text(f"{OWN} and now more")
        assert [work.title for work in add(library, [works], paths).works] == ["now.txt"]
        assert len(library.works()) == 3


def test_files_as_they_are_named(paths, tmp_path):
    for number, name in enumerate(("b.md", "a.md", "c.md")):
        (tmp_path / name).write_text(f"{OWN} {name}")
        os.utime(tmp_path / name, (1000 * (9 - number), 1000 * (9 - number)))
    with Library.open(paths.learning) as library:
        named = [tmp_path / name for name in ("b.md", "a.md", "c.md")]
        add(library, named, paths, as_named=True)
        assert [work.title for work in library.works()] == ["b.md", "a.md", "c.md"]


def test_what_can_not_be_read_is_told_in_a_sentence_and_the_rest_is_taken(paths, tmp_path):
    (tmp_path / "good.md").write_text(OWN)
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "book.docx").write_bytes(b"PK")
    (tmp_path / "code.md").write_text("```\ncode\n```")
    names = ("good.md", "binary.md", "empty.md", "book.docx", "code.md", "missing.md")
    with Library.open(paths.learning) as library:
        done = add(library, [tmp_path / name for name in names], paths)
    assert [work.title for work in done.works] == ["good.md"]
    assert len(done.troubles) == 5
    assert all(trouble.count("\n") == 0 for trouble in done.troubles)


def test_forgetting_overwrites_and_excluding_keeps_away(paths, tmp_path):
    (tmp_path / "a.md").write_text(SECRET)
    (tmp_path / "b.md").write_text(OWN)
    with Library.open(paths.learning) as library:
        add(library, [tmp_path / "a.md", tmp_path / "b.md"], paths)
        first, second = library.works()
        library.exclude(second.document_id, second.path)
        assert [work.title for work in library.works()] == [first.title]
        library.include(second.document_id)
        assert len(library.works()) == 2
        library.remove(next(w.document_id for w in library.works() if w.title == "a.md"))
        assert [work.title for work in library.works()] == ["b.md"]
    assert b"Quill" not in (paths.learning / "library.sqlite3").read_bytes()
    assert (paths.learning / "library.sqlite3").stat().st_mode & 0o077 == 0


def test_a_damaged_library_is_a_sentence_with_a_hint(paths):
    paths.learning.mkdir(parents=True)
    (paths.learning / "library.sqlite3").write_bytes(b"no database" * 999)
    with pytest.raises(CowriteError) as told, Library.open(paths.learning):
        pass
    assert "forget --all" in told.value.hint


def test_a_library_of_a_newer_cowrite_is_left_alone(paths):
    with Library.open(paths.learning) as library:
        path = library.path
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(CowriteError, match="newer"), Library.open(paths.learning):
        pass
