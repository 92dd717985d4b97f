"""A replay of the events is the draft, for any edits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Ended, Moved, Opened
from cowrite.core.provenance import FILE, WRITER, Author, Provenance, Source, one_run
from cowrite.core.replay import Replay, ReplayError

TEXT = st.text(alphabet=st.sampled_from("ab \n\r😀é"), max_size=12)


@given(TEXT, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 5), TEXT, st.integers(0, 2))))
def test_replay_is_what_the_editor_holds(start, steps):
    document, provenance = Document(start), Provenance(one_run(len(start), FILE))
    replay = Replay()
    replay.apply(Opened(start, one_run(len(start), FILE), "a.md"))
    for place, length, inserted, who in steps:
        low = place % (len(document) + 1)
        high = min(len(document), low + length)
        origin, source = [
            (Origin.TYPED, WRITER),
            (Origin.PASTE, Source(Author.PASTE)),
            (Origin.SUGGESTION, Source(Author.MODEL, "s1")),
        ][who]
        deleted = document.slice(low, high)
        gone = provenance.slice(low, high)
        runs = one_run(len(inserted), source)
        document.replace(low, high, inserted)
        provenance.replace(low, high, runs)
        said = runs if place % 2 else ()
        sid = "s1" if who == 2 else None
        replay.apply(Edited(Edit(low, deleted, inserted, origin, said, gone, sid)))
        assert replay.selection == (low + len(inserted), low + len(inserted))
    assert replay.text == document.text
    assert replay.runs == tuple(provenance)


def test_moves_set_the_selection_and_other_events_nothing():
    replay = Replay("abc")
    replay.apply(Moved(3, 1))
    replay.apply(Ended(3, True))
    assert replay.selection == (3, 1)
    assert replay.text == "abc"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(2, "x", "", Origin.TYPED),
        Edit(4, "", "y", Origin.TYPED),
        Edit(-1, "", "y", Origin.TYPED),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(edit):
    replay = Replay("abc")
    with pytest.raises(ReplayError):
        replay.apply(Edited(edit))
    assert replay.text == "abc"
    assert len(replay.provenance) == 3
