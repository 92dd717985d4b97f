"""What the log gives back of a draft: what was lost, who wrote it, where it was left."""

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core import events as ev
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.provenance import FILE, WRITER, Author, Source, one_run
from cowrite.store import Store, encode
from cowrite.store.recovery import mapped
from cowrite.store.tail import folder_of

PATH = "/drafts/a.md"
MODEL = Source(Author.MODEL, "s1")


def killed(pen):
    """End a session as kill -9 would: nothing more is written, and its lock is gone."""
    session = pen.journal._session
    pen.journal.flush()
    pen.journal._writer.call(lambda db: session.tail and session.tail.leave())
    session.tail = None
    pen.journal._closed = True


def test_a_killed_session_is_offered(pen, store):
    one = pen(text="The beginning. ")
    one.end()
    one.type("Typed.")
    one.edit(
        21, 0, " From the model.", Origin.SUGGESTION, suggestion_id="s1", candidate=0, part=Part.ALL
    )
    one.journal.append(ev.Moved(3, 9))
    killed(one)
    found = store.reader.unsaved(PATH)
    assert found.session_id == one.journal.session_id
    assert found.text == "The beginning. Typed. From the model."
    assert found.runs == ((15, FILE), (6, WRITER), (16, MODEL))
    assert found.selection == (3, 9)
    assert found.saved_text == "The beginning. "
    assert found.saved_sha256 is None
    assert found.path == PATH
    assert store.reader.unsaved("/drafts/other.md") is None


def test_what_was_saved_is_not_offered(pen, store):
    one = pen()
    one.type("Saved.")
    one.save()
    killed(one)
    assert store.reader.unsaved(PATH) is None


def test_only_what_came_after_the_save_is_lost(pen, store):
    one = pen()
    one.type("Saved.")
    one.save(sha256="cd" * 32)
    one.type(" Lost.")
    killed(one)
    found = store.reader.unsaved(PATH)
    assert (found.text, found.saved_text, found.saved_sha256) == (
        "Saved. Lost.",
        "Saved.",
        "cd" * 32,
    )


def test_edits_that_came_to_nothing_are_not_offered(pen, store):
    one = pen(text="same")
    one.type("x")
    one.edit(0, 1, "")
    killed(one)
    assert store.reader.unsaved(PATH) is None


def test_a_live_session_is_not_taken_for_a_killed_one(pen, store, log):
    one = pen()
    one.type("being written in another window")
    one.journal.flush()
    assert store.reader.unsaved(PATH) is None
    with Store.open(log) as other:
        assert other.reader.unsaved(PATH) is None


@pytest.mark.parametrize(
    ("how", "offered"),
    [("quit", False), ("discard", False), ("hangup", True), ("terminated", True)],
)
def test_an_unsaved_end_is_offered_unless_the_writer_wanted_it(pen, store, how, offered):
    one = pen()
    one.type("words")
    one.close(saved=False, how=how)
    assert (store.reader.unsaved(PATH) is not None) is offered


def test_a_decision_settles_it(pen, store):
    one = pen()
    one.type("words")
    killed(one)
    assert store.reader.unsaved(PATH) is not None
    two = pen()
    two.journal.append(ev.SettingChanged("recovery", "discarded"), durable=True)
    assert two.journal.flush()
    assert store.reader.unsaved(PATH) is None


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_decision_settles_it_whatever_the_clock_was_set_to(pen, store, monkeypatch, days):
    one = pen()
    one.type("words")
    killed(one)
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + days * 86_400 * 10**9)
    assert store.reader.unsaved(PATH).text == "words"
    two = pen()
    two.journal.append(ev.SettingChanged("recovery", "discarded"), durable=True)
    assert two.journal.flush()
    assert store.reader.unsaved(PATH) is None
    two.type("others")
    killed(two)
    assert store.reader.unsaved(PATH).text == "others"


def test_windows_that_were_opened_in_one_moment_settle_nothing_for_each_other(
    pen, store, monkeypatch
):
    """Which of them gets into the log first is chance."""
    one = pen()
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - 10**9)
    two = pen()
    two.journal.append(ev.SettingChanged("recovery", "discarded"), durable=True)
    assert two.journal.flush()
    monkeypatch.setattr(time, "time_ns", now)
    one.type("words")
    killed(one)
    assert store.reader.unsaved(PATH).text == "words"


def test_a_kill_before_the_decision_offers_it_again(pen, store):
    one = pen()
    one.type("words")
    killed(one)
    killed(pen())
    assert store.reader.unsaved(PATH).text == "words"


def test_a_recovered_draft_that_is_killed_again_is_offered_with_all_of_it(pen, store):
    one = pen(text="a")
    one.end()
    one.type("bc")
    killed(one)
    two = pen(text="a")
    two.journal.append(ev.SettingChanged("recovery", "recovered"))
    two.edit(1, 0, store.reader.unsaved(PATH).text[1:], Origin.RECOVER)
    two.type("d")
    killed(two)
    assert store.reader.unsaved(PATH).text == "abcd"


def test_a_later_save_settles_it(pen, store):
    one = pen()
    one.type("words")
    killed(one)
    two = pen()
    two.type("other words")
    two.save()
    two.close()
    assert store.reader.unsaved(PATH) is None


def test_an_older_window_that_outlived_a_newer_one_is_offered(pen, store):
    old = pen()
    new = pen()
    new.type("x")
    new.save()
    new.close()
    old.type("later than that save")
    killed(old)
    assert store.reader.unsaved(PATH).text == "later than that save"


def test_an_untitled_draft_is_offered_to_an_untitled_window(pen, store):
    one = pen(None)
    one.type("no name yet")
    killed(one)
    assert store.reader.unsaved(None).text == "no name yet"
    assert store.reader.unsaved(PATH) is None


def test_a_draft_saved_under_another_name_is_offered_under_that(pen, store):
    one = pen(None)
    one.type("named")
    one.save("/drafts/named.md")
    one.type(" later")
    killed(one)
    assert store.reader.unsaved("/drafts/named.md").text == "named later"
    assert store.reader.unsaved(None) is None
    (info,) = store.reader.sessions()
    assert info.document == "/drafts/named.md"


def test_the_tail_alone_brings_a_draft_back(pen, store, log):
    """Events that never reached the database come home from the tail, once."""
    one = pen()
    one.journal.flush()
    writer = one.journal._writer
    writer._trouble.retry_at = time.monotonic() + 60
    one.type("only in the tail")
    session = one.journal._session
    while session.exposed or len(session.pending) < 16:
        pass
    kept = session.tail.path.read_bytes()
    writer._trouble.retry_at = 0.0
    one.close(saved=False, how="hangup")
    store.close()
    # The same events again, as after a kill between the commit and the cut.
    session_file = folder_of(log) / f"{one.journal.session_id}.tail"
    session_file.write_bytes(kept)
    with Store.open(log) as again:
        assert again.reader.unsaved(PATH).text == "only in the tail"
        assert len(list(again.reader.events(one.journal.session_id))) == 18


def test_an_edit_that_does_not_fit_gives_the_draft_before_it(pen, store):
    one = pen()
    one.type("fits")
    one.journal.append(ev.Edited(Edit(100, "nowhere", "", Origin.TYPED)))
    killed(one)
    assert store.reader.unsaved(PATH).text == "fits"


@pytest.mark.parametrize("seed", range(6))
def test_random_edits_come_back_with_their_authors(pen, store, seed, monkeypatch):
    """Also across many kept states, in sessions that follow one another."""
    monkeypatch.setattr(encode, "STATE_ANYWAY", 40)
    monkeypatch.setattr(encode, "STATE_AT_SAVE", 7)
    draw = random.Random(seed)
    text = "Some text that was there.\r\nTwo lines 😀 of it.\n"
    for _ in range(3):
        one = pen(text=text)
        for _ in range(draw.randrange(150)):
            start = draw.randrange(len(one.text) + 1)
            gone = min(draw.choice([0, 0, 0, 1, 5]), len(one.text) - start)
            words = draw.choice(["a", "bc", "\n", "😀é", ""])
            origin = draw.choice([Origin.TYPED, Origin.PASTE, Origin.SUGGESTION, Origin.UNDO])
            named = "s1" if origin is Origin.SUGGESTION else None
            one.edit(start, gone, words, origin, suggestion_id=named)
            if draw.random() < 0.1:
                one.save()
            if draw.random() < 0.2:
                one.journal.append(ev.Moved(start, draw.randrange(len(one.text) + 1)))
            if draw.random() < 0.2:
                one.journal.flush()
        if draw.random() < 0.5:
            one.edit(0, 0, "end", Origin.TYPED)
            killed(one)
            found = store.reader.unsaved(PATH)
            assert found.text == one.text
            assert found.runs == one.replay.runs
            two = pen(text=text)
            two.edit(0, len(text), found.text, Origin.RECOVER)
            one = two
        one.save()
        one.close()
        text = one.text
        assert store.reader.provenance_for(PATH, text) == one.replay.runs


# Who wrote it, at the next opening


def test_provenance_survives_saving_and_opening(pen, store):
    one = pen(text="File. ")
    one.end()
    one.type("Me. ")
    one.edit(10, 0, "Model.", Origin.SUGGESTION, suggestion_id="s1")
    one.save()
    one.type(" not saved")
    one.close(saved=False)
    assert store.reader.provenance_for(PATH, "File. Me. Model.") == (
        (6, FILE),
        (4, WRITER),
        (6, MODEL),
    )
    two = pen(text="File. Me. Model.")
    two.close()
    assert store.reader.provenance_for(PATH, "File. Me. Model.") == (
        (6, FILE),
        (4, WRITER),
        (6, MODEL),
    )
    assert store.reader.provenance_for("/drafts/unknown.md", "x") is None


def test_what_another_program_wrote_is_the_files(pen, store):
    one = pen()
    one.type("Mine alone.")
    one.save()
    one.close()
    assert store.reader.provenance_for(PATH, "Mine, not alone.") == (
        (4, WRITER),
        (5, FILE),
        (7, WRITER),
    )


TEXT = st.text(alphabet="ab\n ", max_size=30)


@given(TEXT, TEXT, st.data())
def test_mapped_runs_cover_the_text_and_keep_what_is_common(one, other, data):
    cut = data.draw(st.integers(0, len(one)))
    runs = (*one_run(cut, WRITER), *one_run(len(one) - cut, MODEL))
    found = mapped(one, runs, other)
    assert sum(length for length, _ in found) == len(other)
    assert all(length > 0 for length, _ in found)
    assert all(a[1] != b[1] for a, b in itertools.pairwise(found))
    if one == other:
        assert found == tuple(run for run in runs if run[0])


def test_a_long_passage_is_compared_by_lines():
    lines = [f"line {number} of a long draft that was written here\n" for number in range(400)]
    old = "".join(lines)
    new = "".join(["fresh start\n", *lines[:100], "one of another\n", *lines[101:399], "tail\n"])
    found = mapped(old, one_run(len(old), WRITER), new)
    kept = sum(length for length, source in found if source is WRITER)
    assert sum(length for length, _ in found) == len(new)
    assert kept >= len("".join(lines[:100])) + len("".join(lines[101:399]))
    assert found[0] == (12, FILE)


# Recent drafts


def test_recent_drafts_come_newest_first_and_their_cursors_are_known(pen, store):
    one = pen()
    one.type("four")
    one.close()
    two = pen("/drafts/b.md", "hello")
    two.journal.append(ev.Moved(2, 2))
    two.journal.flush()
    three = pen(None)
    three.type("untitled")
    three.journal.flush()
    found = store.reader.recent()
    assert [recent.path for recent in found] == ["/drafts/b.md", PATH]
    assert store.reader.recent(1) == found[:1]
    assert [store.reader.cursor_left(recent.path, "") for recent in found] == [2, 4]
    assert store.reader.cursor_left("/drafts/c.md", "") == 0
    again = pen()
    again.journal.flush()
    assert store.reader.cursor_left(PATH, again.journal.session_id) == 4
    assert [recent.path for recent in store.reader.recent()] == [PATH, "/drafts/b.md"]
