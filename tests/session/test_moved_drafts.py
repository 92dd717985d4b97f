"""Drafts whose files were moved: known again with all that belongs to them, and never confused."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from engines import READY
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cowrite.core.provenance import Author
from cowrite.core.suggestion import Candidate, Timings, Token
from cowrite.engine.protocol import Done
from cowrite.errors import UsageError
from cowrite.logbook import renaming
from cowrite.logbook.disclosure import disclose
from cowrite.logbook.place_history import Found, read_history, root_at
from cowrite.logbook.source import Choice
from cowrite.logbook.splitting import Split, drafts_for_testing
from cowrite.logbook.statistics import read_figures
from cowrite.paths import Paths
from cowrite.session.draft import DraftSession
from cowrite.store import LogReader, Store
from cowrite.store.log_database import LogDatabase
from cowrite.store.recognising import is_gone, likeness

BEGINNING = "It was dark in the harbour, and the rain had not let up since noon. "
MODEL = "The ferry lay at the quay with all its lamps lit."
PAGES = "\n\n".join(
    f"Page {number}. The old man rowed out past the {number}th buoy, counting: waves, gulls, regrets."
    for number in range(40)
)


class Engine:
    """Answers at once, always the same."""

    def __init__(self) -> None:
        self.session: DraftSession | None = None
        self.status = READY

    def prepare(self, task: Any) -> None: ...

    def instruct(self, request_id: str, task: Any, params: Any) -> None: ...

    def warm(self, context: Any, params: object = None) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...

    def suggest(self, request_id: str, context: Any, params: Any, *, plain: bool = False) -> None:
        assert self.session is not None
        made = (Candidate(MODEL, (Token(MODEL, -1.0),)),)
        self.session.answers.receive(Done(request_id, made, 3, 2, Timings(1.0, 1.0, 2.0)))


class Desk:
    """A folder of drafts and a log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "drafts"
        self.folder.mkdir()
        self.paths = Paths(*[folder / name for name in ("config", "data", "cache", "state")])
        self.log = self.paths.log_file
        self.store = Store.open(self.log)

    def open(self, name: str | Path, **more: Any) -> DraftSession:
        engine = Engine()
        session = DraftSession.open(self.folder / name, store=self.store, engine=engine, **more)
        engine.session = session
        session.select(len(session.document), len(session.document))
        return session

    def write(self, name: str, text: str = BEGINNING) -> str:
        """A draft of which the end is the model's; returns its text."""
        session = self.open(name)
        session.type(text)
        session.requests.ask()
        session.suggestions.did_show(0, "ghost")
        session.accepting.accept()
        session.file.save()
        found = session.document.text
        session.close("quit")
        return found

    def move(self, old: str, new: str) -> Path:
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        return (self.folder / old).rename(self.folder / new)

    def reader(self) -> LogReader:
        self.store.reader.running()
        self.store._writer.flush(5)
        return LogReader.open(self.log)

    def names(self) -> list[str]:
        """What each session's draft is called today, without the folder."""
        with self.reader() as log:
            return [Path(one.document).name for one in log.sessions()]


@pytest.fixture
def desk(tmp_path: Path):
    made = Desk(tmp_path)
    yield made
    made.store.close()


def by_model(session: DraftSession) -> str:
    """The characters that are the model's."""
    text, at, found = session.document.text, 0, ""
    for length, source in session.provenance:
        if source.author is Author.MODEL:
            found += text[at : at + length]
        at += length
    return found


def history(desk: Desk, session: DraftSession) -> list[str]:
    """What was suggested at the cursor's place before."""
    found: list[Found] = []
    root = root_at(session.document, session.provenance, len(BEGINNING))
    assert session.journal is not None
    read_history(
        desk.store,
        session.journal,
        session.file.path,
        root,
        desk.paths.cache / "places.sqlite3",
        found.append,
        lambda: True,
    )
    return [node.text for node in found[-1].nodes]


def test_l8_a_moved_draft_keeps_authors_history_and_figures(desk: Desk) -> None:
    text = desk.write("draft.md")
    desk.move("draft.md", "chapter1.md")
    session = desk.open("chapter1.md")
    assert session.document.text == text
    assert by_model(session) == MODEL
    assert history(desk, session) == [MODEL]
    assert [message for message, _ in session.notes] == [
        "This was draft.md: what the log knows of that goes along."
    ]
    session.type(" More.")
    session.file.save()
    session.close("quit")
    assert desk.names() == ["chapter1.md", "chapter1.md"]
    path = str(desk.folder / "chapter1.md")
    with desk.reader() as log:
        figures = read_figures(log, desk.paths, Choice(document=path))
        assert [one.document for one in figures] == [path, path]
        assert len({one.document_id for one in figures}) == 1
        found = disclose(log, desk.paths, Path(path))
        assert (found.sessions, found.requests, found.taken) == (2, 1, 1)
        assert log.stats().documents == 1
        assert log.stats().sessions == 2
        assert [Path(one.path).name for one in log.recent()] == ["chapter1.md"]
    # Said once: afterwards it is the draft's name.
    assert desk.open("chapter1.md").notes == []


def test_l8_commands_know_it_without_its_having_been_opened(desk: Desk) -> None:
    desk.write("draft.md")
    path = str(desk.move("draft.md", "chapter1.md"))
    with desk.reader() as log:
        found = disclose(log, desk.paths, Path(path))
        assert found.characters[Author.MODEL] == len(MODEL)
        assert (found.sessions, found.taken) == (1, 1)
    with desk.reader() as log:
        assert renaming.draft_called(log, path) == path
        assert [one.document for one in log.sessions(document=path)] == [path]
    # A reader writes nothing.
    with desk.reader() as log:
        assert log.stats().events.get("renamed") is None


def test_l8_what_a_killed_session_lost_is_offered_under_the_new_name(desk: Desk) -> None:
    text = desk.write("draft.md")
    session = desk.open("draft.md")
    session.type(" Lost words.")
    session.close("hangup")
    desk.move("draft.md", "chapter1.md")
    found = desk.open("chapter1.md")
    assert found.recovery.lost is not None
    assert found.recovery.lost.text == text + " Lost words."
    found.recovery.discard()
    found.close("quit")
    assert desk.open("chapter1.md").recovery.lost is None


def test_l8_a_draft_changed_and_moved_is_known_by_likeness(desk: Desk) -> None:
    text = desk.write("draft.md", PAGES)
    path = desk.move("draft.md", "chapter1.md")
    path.write_text("A new beginning of the editor's.\n\n" + text.replace("gulls", "terns", 6))
    session = desk.open("chapter1.md")
    assert by_model(session) == MODEL
    assert session.notes
    session.close("quit")
    assert desk.names() == ["chapter1.md", "chapter1.md"]


def test_l8_another_text_is_another_draft(desk: Desk) -> None:
    desk.write("draft.md", PAGES)
    (desk.folder / "draft.md").unlink()
    other = desk.folder / "other.md"
    other.write_text(
        "\n\n".join(f"Letter {n}. Dear aunt, all is well here. Yours, P." for n in range(60))
    )
    session = desk.open("other.md")
    assert session.notes == []
    session.close("quit")
    assert desk.names() == ["draft.md", "other.md"]


@pytest.mark.parametrize("text", ["", "\n", "  \n\n\t\n", "# One\n"])
def test_l8_hardly_any_text_is_nobodys(desk: Desk, text: str) -> None:
    session = desk.open("draft.md")
    session.type(text or "x")
    session.delete(0, len(session.document))
    session.type(text)
    session.file.save()
    session.close("quit")
    desk.move("draft.md", "other.md")
    session = desk.open("other.md")
    assert session.notes == []
    session.close("quit")
    assert desk.names() == ["draft.md", "other.md"]


def test_l8_a_copy_has_the_authors_and_nothing_else(desk: Desk) -> None:
    text = desk.write("draft.md")
    copy = desk.folder / "copy.md"
    copy.write_text(text)
    with desk.reader() as log:
        found = disclose(log, desk.paths, copy)
        assert found.characters[Author.MODEL] == len(MODEL)
        assert "asked for 1 suggestion" in found.statement
    session = desk.open("copy.md")
    assert by_model(session) == MODEL
    assert session.notes == []
    assert history(desk, session) == []
    session.close("quit")
    assert desk.names() == ["draft.md", "copy.md"]
    # Not even when the original goes: each has a history of its own by then.
    (desk.folder / "draft.md").unlink()
    desk.open("copy.md").close("quit")
    assert desk.names() == ["draft.md", "copy.md", "copy.md"]


def test_l8_a_draft_that_a_window_has_is_not_gone(desk: Desk) -> None:
    desk.write("draft.md")
    still = desk.open("draft.md")
    desk.store._writer.flush(5)
    path = desk.move("draft.md", "chapter1.md")
    with Store.open(desk.log) as other:
        session = DraftSession.open(path, store=other, engine=Engine())
        assert by_model(session) == MODEL
        assert session.notes == []
        session.close("quit")
    still.file.save(force=True)
    still.close("quit")
    assert desk.names() == ["draft.md", "draft.md", "chapter1.md"]


def test_l8_of_two_that_could_be_meant_none_is_taken(desk: Desk) -> None:
    for name in ("one.md", "two.md"):
        desk.write(name)
        (desk.folder / name).unlink()
    path = desk.folder / "three.md"
    path.write_text(BEGINNING + MODEL)
    session = desk.open("three.md")
    assert by_model(session) == MODEL
    ((message, hint),) = session.notes
    assert "one.md" in message
    assert "two.md" in message
    assert "cowrite log move" in hint
    session.close("quit")
    assert desk.names() == ["one.md", "two.md", "three.md"]
    renaming.move(desk.store, desk.folder / "two.md", path)
    assert desk.names() == ["one.md", "three.md", "three.md"]


def test_l8_in_a_renamed_folder_each_is_known_by_its_name(desk: Desk) -> None:
    desk.folder.joinpath("book").mkdir()
    for name in ("one.md", "two.md"):
        desk.write(f"book/{name}")
    desk.move("book", "novel")
    for name in ("two.md", "one.md"):
        session = desk.open(f"novel/{name}")
        assert session.notes[0][0].startswith(f"This was {name}")
        session.close("quit")
    with desk.reader() as log:
        novel = [Path(one.document).parent.name for one in log.sessions()]
    assert novel == ["novel"] * 4


def test_l8_moved_twice_and_back(desk: Desk) -> None:
    desk.write("a.md")
    desk.move("a.md", "b.md")
    desk.move("b.md", "c.md")
    desk.open("c.md").close("quit")
    assert desk.names() == ["c.md"] * 2
    desk.move("c.md", "d.md")
    desk.open("d.md").close("quit")
    assert desk.names() == ["d.md"] * 3
    desk.move("d.md", "a.md")
    session = desk.open("a.md")
    assert by_model(session) == MODEL
    assert history(desk, session) == [MODEL]
    session.close("quit")
    assert desk.names() == ["a.md"] * 4


def test_l8_a_new_draft_under_the_old_name_is_another_one(desk: Desk) -> None:
    desk.write("draft.md")
    desk.move("draft.md", "chapter1.md")
    desk.open("chapter1.md").close("quit")
    fresh = desk.open("draft.md")
    fresh.type("Quite another story.")
    fresh.file.save()
    assert history(desk, fresh) == []
    fresh.close("quit")
    assert desk.names() == ["chapter1.md", "chapter1.md", "draft.md"]
    again = desk.open("draft.md")
    assert by_model(again) == ""
    again.close("quit")
    desk.store.purge(document=str(desk.folder / "draft.md"))
    assert desk.names() == ["chapter1.md", "chapter1.md"]


def test_l8_one_draft_moved_over_another(desk: Desk) -> None:
    """Only the very same content says so: the old text of that name is gone."""
    desk.write("draft.md")
    old = desk.open("chapter1.md")
    old.type("A first try, soon given up.")
    old.file.save()
    old.close("quit")
    (desk.folder / "draft.md").replace(desk.folder / "chapter1.md")
    session = desk.open("chapter1.md")
    assert by_model(session) == MODEL
    assert history(desk, session) == [MODEL]
    session.close("quit")
    first, replaced, last = desk.names()
    assert first == last == "chapter1.md"
    assert replaced.startswith("chapter1.md (until ")
    # Nobody can ask for it by another name, so it is forgotten with what is there now.
    desk.store.purge(document=str(desk.folder / "chapter1.md"))
    assert desk.names() == []


def test_l8_chapters_that_are_numbered_anew(desk: Desk) -> None:
    for number in (1, 2, 3):
        desk.write(f"{number}.md", f"Chapter the {number}th. {BEGINNING}")
    for number in (3, 2, 1):
        desk.move(f"{number}.md", f"{number + 1}.md")
    for number in (2, 3, 4):
        session = desk.open(f"{number}.md")
        assert by_model(session) == MODEL
        session.close("quit")
    # Each has the session in which it was written and the one in which it was looked at.
    assert desk.names() == ["2.md", "3.md", "4.md", "2.md", "3.md", "4.md"]


def test_l8_names_in_composed_and_decomposed_letters(desk: Desk) -> None:
    name = "café.md"
    desk.write(unicodedata.normalize("NFC", name))
    desk.move(unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name))
    session = desk.open(unicodedata.normalize("NFD", name))
    assert by_model(session) == MODEL
    session.close("quit")
    assert desk.names() == [unicodedata.normalize("NFD", name)] * 2


def test_l8_another_spelling_and_a_hard_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where case doesn't count, the old name still leads to the file; a second link is a second name."""
    file = tmp_path / "draft.md"
    file.write_text("x")
    assert not is_gone(str(file), str(tmp_path / "other.md"))
    assert is_gone(str(tmp_path / "gone.md"), str(file))
    assert is_gone(str(file / "under"), str(file))
    assert is_gone(str(file), str(tmp_path / "." / "draft.md"))
    os.link(file, tmp_path / "linked.md")
    assert not is_gone(str(file), str(tmp_path / "linked.md"))

    def refused(self: Path, **_: Any) -> os.stat_result:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", refused)
    assert not is_gone(str(tmp_path / "gone.md"), str(file))


def test_l8_a_link_left_at_the_old_place(desk: Desk) -> None:
    desk.write("draft.md")
    path = desk.move("draft.md", "parts/chapter1.md")
    (desk.folder / "draft.md").symlink_to(path)
    session = desk.open("draft.md")
    assert by_model(session) == MODEL
    session.close("quit")
    assert desk.names() == ["chapter1.md"] * 2


def test_l8_both_names_stay_on_one_side_of_a_split(desk: Desk) -> None:
    for name in ("a.md", "b.md", "c.md"):
        desk.write(name, f"{name}: {BEGINNING}")
    desk.move("a.md", "new.md")
    desk.open("new.md").close("quit")
    fresh = desk.open("a.md")
    fresh.type("A fresh start.")
    fresh.file.save()
    fresh.close("quit")
    with desk.reader() as log:
        ids = {Path(one.document).name: one.document_id for one in log.sessions()}
        assert set(ids) == {"a.md", "b.md", "c.md", "new.md"}
        for seed in range(6):
            testing = drafts_for_testing(log, Split(0.4, seed))
            assert (ids["a.md"] in testing) is (ids["new.md"] in testing)


def test_l8_forgetting_the_new_name_forgets_the_old_one(desk: Desk) -> None:
    desk.write("secretplan.md", "Unmistakable words of a plan. " + BEGINNING)
    desk.write("other.md", "Ordinary words. " + BEGINNING)
    path = desk.move("secretplan.md", "harmless.md")
    desk.open("harmless.md").close("quit")
    desk.store.purge(document=str(path))
    assert desk.names() == ["other.md"]
    data = b"".join(one.read_bytes() for one in desk.log.parent.rglob("*") if one.is_file())
    for word in (b"Unmistakable", b"secretplan", b"harmless"):
        assert word not in data
    assert b"Ordinary" in data or b"other.md" in data


def test_l8_the_old_name_still_means_the_draft(desk: Desk) -> None:
    desk.write("draft.md")
    old = str(desk.folder / "draft.md")
    new = str(desk.move("draft.md", "chapter1.md"))
    desk.open("chapter1.md").close("quit")
    with desk.reader() as log:
        assert renaming.draft_called(log, old) == new
        assert renaming.draft_called(log, new) == new
        with pytest.raises(UsageError, match="no draft in the log called"):
            renaming.draft_called(log, str(desk.folder / "nobody.md"))
    desk.store.purge(document=old)
    assert desk.names() == []


def test_l8_a_draft_that_is_not_logged_is_not_under_its_new_name(desk: Desk) -> None:
    desk.write("draft.md")
    desk.store.set_feedback(str(desk.folder / "draft.md"), False)
    desk.move("draft.md", "chapter1.md")
    session = desk.open("chapter1.md")
    assert session.journal is not None
    assert not session.journal.feedback
    session.type(" Not for the log.")
    session.file.save()
    session.close("quit")
    again = desk.open("chapter1.md")
    assert again.journal is not None
    assert not again.journal.feedback
    again.close("quit")
    assert desk.names() == ["chapter1.md"]


def test_l8_a_log_that_cannot_be_written_costs_no_author(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("draft.md")
    desk.move("draft.md", "chapter1.md")
    lock = desk.store._writer
    desk.store.close()
    desk.store = Store.open(desk.log)
    assert lock is not desk.store._writer
    monkeypatch.setattr(LogDatabase, "_write", _refuse)
    session = desk.open("chapter1.md")
    assert by_model(session) == MODEL
    monkeypatch.undo()
    session.close("quit")


def _refuse(*_: Any, **__: Any) -> None:
    import sqlite3

    raise sqlite3.OperationalError("database is locked")


# The writer's word


def test_l8_log_move_joins_what_cannot_be_known(desk: Desk) -> None:
    desk.write("draft.md")
    (desk.folder / "draft.md").unlink()
    new = desk.folder / "chapter1.md"
    new.write_text("Nothing of it is left.")
    desk.open("chapter1.md").close("quit")
    assert desk.names() == ["draft.md", "chapter1.md"]
    renaming.move(desk.store, desk.folder / "draft.md", new)
    assert desk.names() == ["chapter1.md"] * 2
    with desk.reader() as log:
        (told,) = log.sessions(origin="rename")
        bodies = [one.body for one in log.events(told.session_id)]
        assert bodies[1].was == str(desk.folder / "draft.md")
        assert (bodies[1].now, bodies[1].how) == (str(new), "said")


def test_l8_log_move_of_a_folder(desk: Desk) -> None:
    (desk.folder / "book").mkdir()
    for name in ("one.md", "two.md", "left.md"):
        desk.write(f"book/{name}")
    desk.write("book.md")
    (desk.folder / "novel").mkdir()
    for name in ("one.md", "two.md"):
        (desk.folder / "book" / name).unlink()
        (desk.folder / "novel" / name).write_text("Written anew.")
    pairs = renaming.move(desk.store, desk.folder / "book", desk.folder / "novel")
    assert [Path(now).name for _, now in pairs] == ["one.md", "two.md"]
    with desk.reader() as log:
        where = [str(Path(one.document).relative_to(desk.folder)) for one in log.sessions()]
    assert where == ["novel/one.md", "novel/two.md", "book/left.md", "book.md"]


def test_l8_log_move_into_a_folder(desk: Desk) -> None:
    desk.write("draft.md")
    (desk.folder / "draft.md").unlink()
    (desk.folder / "parts").mkdir()
    (desk.folder / "parts" / "draft.md").write_text("Anew.")
    renaming.move(desk.store, desk.folder / "draft.md", desk.folder / "parts")
    with desk.reader() as log:
        assert [Path(one.document).parent.name for one in log.sessions()] == ["parts"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("draft.md", "draft.md", "same file"),
        ("draft.md", "nowhere.md", "no file"),
        ("other.md", "new.md", "still there"),
        ("unknown.md", "new.md", "no draft in the log called"),
        ("moved.md", "new.md", "as .*here.md already"),
        ("moved.md", "here.md", "as .*here.md already"),
        ("draft.md", "folder", "no file"),
    ],
)
def test_l8_log_move_refuses_nonsense(desk: Desk, old: str, new: str, said: str) -> None:
    desk.write("draft.md", "One. " + BEGINNING)
    desk.write("other.md", "Two. " + BEGINNING)
    desk.write("moved.md", "Three. " + BEGINNING)
    desk.move("moved.md", "here.md")
    desk.open("here.md").close("quit")
    (desk.folder / "draft.md").unlink()
    (desk.folder / "new.md").write_text("new")
    (desk.folder / "folder").mkdir()
    before = desk.names()
    with pytest.raises(UsageError, match=said):
        renaming.move(desk.store, desk.folder / old, desk.folder / new)
    assert desk.names() == before


def test_l8_log_move_waits_for_the_window(desk: Desk) -> None:
    desk.write("draft.md")
    session = desk.open("draft.md")
    desk.store._writer.flush(5)
    (desk.folder / "draft.md").unlink()
    (desk.folder / "new.md").write_text("new")
    with pytest.raises(UsageError, match="A window is writing"):
        renaming.move(desk.store, desk.folder / "draft.md", desk.folder / "new.md")
    session.close("discard")


# Whatever is moved, and however often


@given(
    moves=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8),
    looks=st.lists(st.booleans(), min_size=8, max_size=8),
)
@example(moves=[(0, 3), (1, 0), (2, 1)], looks=[False] * 8)
@example(moves=[(0, 3), (1, 0), (2, 1)], looks=[True] + [False] * 7)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_l8_each_session_stays_with_its_text(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, int]], looks: list[bool]
) -> None:
    """Three drafts, moved among four names, each looked at or not in between: none gets another's history."""
    desk = Desk(tmp_path_factory.mktemp("moves"))
    texts, ids = {}, {}
    for place in range(3):
        texts[place] = desk.write(f"{place}.md", f"The {place}th of three stories. {BEGINNING}")
    with desk.reader() as log:
        for place, one in enumerate(log.sessions()):
            ids[one.session_id] = texts[place]
    for (old, new), look in zip(moves, looks, strict=False):
        source, target = desk.folder / f"{old}.md", desk.folder / f"{new}.md"
        if not source.exists() or target.exists():
            continue
        source.rename(target)
        if look:
            desk.open(target.name).close("quit")
    for place in range(4):
        if (desk.folder / f"{place}.md").exists():
            desk.open(f"{place}.md").close("quit")
    with desk.reader() as log:
        for one in log.sessions():
            if one.session_id in ids:
                assert Path(one.document).read_text() == ids[one.session_id]
    desk.store.close()


def test_l8_likeness_is_of_the_longer_text() -> None:
    assert likeness(PAGES, PAGES) == 1
    assert likeness(PAGES, "") == likeness("", "") == 0
    assert likeness(PAGES, PAGES * 4) == pytest.approx(0.25, abs=0.01)
    assert likeness(PAGES, PAGES.replace("gulls", "terns")) > 0.5
    assert likeness(
        "夜が明けた。海は静かだった。", "夜が明けた。山は静かだった。"
    ) == pytest.approx(0.4, abs=0.1)
