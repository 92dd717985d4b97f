"""Edits, undo, clipboard and provenance through the headless session."""

from __future__ import annotations

from headless import buffer
from hypothesis import given, settings
from hypothesis import strategies as st
from recorder import Recorder

from cowrite.core.edits import RECENT, Origin
from cowrite.core.events import Edited, Moved
from cowrite.core.provenance import FILE, Author, Provenance, one_run
from cowrite.session.buffer import Buffer


def editing(text: str = "") -> tuple[Buffer, Recorder]:
    log = Recorder()
    return buffer(text, log), log


def test_typing_is_undone_word_by_word():
    session, _ = editing()
    for character in "one two":
        session.type(character)
    session.undo()
    assert session.document.text == "one "
    session.undo()
    assert session.document.text == ""
    assert not session.undo()
    session.redo()
    session.redo()
    assert session.document.text == "one two"


def test_back_to_what_was_saved_is_not_dirty():
    session, _ = editing("a")
    session.select(1, 1)
    session.type("b")
    assert session.dirty
    session.undo()
    assert not session.dirty
    session.redo()
    session.mark_saved()
    session.type("c")
    assert session.dirty
    session.undo()
    assert not session.dirty


def test_back_to_what_was_saved_long_ago_is_not_dirty():
    session, _ = editing()
    session.type("saved")
    session.mark_saved()
    count = 5 * RECENT
    for _ in range(count):
        session.paste("x")
    for _ in range(count):
        session.undo()
    assert session.document.text == "saved"
    assert not session.dirty


def test_cut_and_paste_keep_the_authors():
    session, _ = editing("from the file")
    session.select(13, 13)
    session.type(" mine")
    session.select(9, 18)
    before = list(session.provenance)
    text = session.cut()
    session.paste(text)
    assert list(session.provenance) == before
    session.paste("from elsewhere")
    assert list(session.provenance)[-1][1].author is Author.PASTE


def test_a_crlf_draft_keeps_its_line_endings():
    session, _ = editing("a\r\nb")
    session.select(4, 4)
    session.type("\n")
    session.paste("x\ry\r\nz")
    assert session.document.text == "a\r\nb\r\nx\r\ny\r\nz"


def test_replace_many_is_one_step():
    session, _ = editing("a b a b a")
    assert session.replace_many([(0, 1, "xx"), (4, 5, ""), (8, 9, "y")]) == 3
    assert session.document.text == "xx b  b y"
    session.undo()
    assert session.document.text == "a b a b a"
    session.redo()
    assert session.document.text == "xx b  b y"


def test_read_only_refuses_everything():
    log = Recorder()
    session = buffer("a", log, read_only="it is not text")
    session.type("x")
    session.delete(0, 1)
    assert session.replace_many([(0, 1, "b")]) == 0
    assert not session.undo()
    assert session.document.text == "a"
    assert log.bodies == []


def test_cursor_moves_are_coalesced_and_logged_before_the_edit():
    session, log = editing("abc")
    for place in (1, 2, 3):
        session.select(place, place)
    session.type("d")
    assert [type(body) for body in log.bodies] == [Moved, Edited]
    assert log.bodies[0] == Moved(3, 3)


def test_become_changes_only_what_differs():
    session, log = editing("the old text")
    assert session.become("the new text", one_run(12, FILE), Origin.RECOVER)
    edit = log.bodies[-1].edit
    assert (edit.start, edit.deleted, edit.inserted) == (4, "old", "new")
    assert not session.become("the new text", (), Origin.RECOVER)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["type", "paste", "delete", "cut", "undo", "redo", "select", "replace"]),
        st.integers(0, 60),
        st.integers(0, 60),
        st.text("ab \n\r", max_size=4),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(st.text("ab\r\n ", max_size=20), ACTIONS)
def test_document_provenance_and_journal_stay_in_step(text: str, actions: list):
    session, log = editing(text)
    for name, one, other, extra in actions:
        size = len(session.document)
        low, high = sorted((min(one, size), min(other, size)))
        match name:
            case "type":
                session.type(extra)
            case "paste":
                session.paste(extra)
            case "delete":
                session.delete(low, high)
            case "cut":
                session.cut()
            case "undo":
                session.undo()
            case "redo":
                session.redo()
            case "select":
                session.select(one, other)
            case "replace":
                session.replace_many([(low, high, extra)])
        assert len(session.provenance) == len(session.document)
        assert 0 <= session.cursor <= len(session.document)
    replayed, owners = text, Provenance(one_run(len(text), FILE))
    for body in log.bodies:
        if isinstance(body, Edited):
            edit = body.edit
            assert replayed[edit.start : edit.start + len(edit.deleted)] == edit.deleted
            replayed = (
                replayed[: edit.start] + edit.inserted + replayed[edit.start + len(edit.deleted) :]
            )
            owners.replace(edit.start, edit.start + len(edit.deleted), edit.runs)
    assert replayed == session.document.text
    assert list(owners) == list(session.provenance)
    while session.undo():
        pass
    assert session.document.text == text
