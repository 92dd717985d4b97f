"""A rewrite by its events: what is taken and refused, undone, and what is written around it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import DIFF, Body, Closed, Edited, Generated, Instructed, Refused, Shown
from cowrite.core.hunks import Hunk, authors
from cowrite.core.instruction import Rewrite
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, PASTE, Author, Source
from cowrite.core.rewrites import Rewrites
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import TaskKind

MODEL = Source(Author.MODEL, "r")


class Desk:
    """A draft with a rewrite in it, and nothing else of a session."""

    def __init__(self, text: str, start: int = 0, end: int | None = None, n: int = 2) -> None:
        self.document = Document(text)
        self.rewrites = Rewrites(lambda: self.document)
        end = len(text) if end is None else end
        self.apply(
            Instructed("r", TaskKind.REWRITE, "shorter", start, end, 0, end, Params(n=n), "m", "0")
        )

    def apply(self, body: Body) -> None:
        if isinstance(body, Edited):
            edit = body.edit
            assert self.document.slice(edit.start, edit.start + len(edit.deleted)) == edit.deleted
            self.document.replace(edit.start, edit.start + len(edit.deleted), edit.inserted)
        self.rewrites.apply(body)

    @property
    def rewrite(self) -> Rewrite:
        assert self.rewrites.current is not None
        return self.rewrites.current

    def answer(self, *texts: str, stop: StopReason = StopReason.END) -> None:
        self.apply(Generated("r", tuple(Candidate(text, (), stop) for text in texts), Timings()))
        self.apply(Shown("r", self.rewrite.index, DIFF))

    def edit(self, start: int, end: int, text: str, origin: Origin = Origin.TYPED) -> Edit:
        edit = Edit(start, self.document.slice(start, end), text, origin)
        self.apply(Edited(edit))
        return edit

    def take(self, hunk: Hunk) -> Edit:
        start = self.rewrite.start + hunk.at
        edit = Edit(
            start, hunk.gone, hunk.new, Origin.SUGGESTION,
            suggestion_id="r", candidate=0, part=Part.HUNK,
        )  # fmt: skip
        self.apply(Edited(edit))
        return edit

    def refuse(self, hunk: Hunk) -> None:
        start = self.rewrite.start
        self.apply(Refused("r", self.rewrite.index, start + hunk.at, start + hunk.end))

    def undo(self, edit: Edit) -> None:
        self.apply(Edited(Edit(edit.start, edit.inserted, edit.deleted, Origin.UNDO)))

    def redo(self, edit: Edit) -> None:
        self.apply(Edited(replace(edit, origin=Origin.REDO)))

    def check(self) -> None:
        """The rewrite says of the passage what stands in the draft."""
        rewrite = self.rewrite
        assert self.document.slice(rewrite.start, rewrite.end) == rewrite.passage


OLD = "The lamp was lit at dusk. Nobody came to the quay. Marta waited there for an hour."
NEW = "The lamp burned at dusk. Nobody came. Marta waited for an hour or two."


def test_hunks_are_taken_and_refused_one_by_one() -> None:
    desk = Desk(f"Before.\n{OLD}\nBehind.", 8, 8 + len(OLD))
    desk.answer(NEW, OLD)
    first, *rest = desk.rewrite.hunks
    assert (first.gone, first.new) == ("was lit", "burned")
    desk.take(first)
    assert len(desk.rewrite.hunks) == len(rest)
    desk.refuse(desk.rewrite.hunks[0])
    assert len(desk.rewrite.hunks) == len(rest) - 1
    while desk.rewrite.hunks:
        desk.take(desk.rewrite.hunks[-1])
    desk.check()
    assert desk.document.text == (
        "Before.\nThe lamp burned at dusk. Nobody came to the quay. "
        "Marta waited for an hour or two.\nBehind."
    )


def test_undo_makes_what_was_taken_a_hunk_again_and_redo_takes_it() -> None:
    desk = Desk(OLD)
    desk.answer(NEW)
    before = desk.rewrite.hunks
    edits = [desk.take(desk.rewrite.hunks[0]), desk.take(desk.rewrite.hunks[0])]
    for edit in reversed(edits):
        desk.undo(edit)
    assert desk.rewrite.hunks == before
    assert desk.rewrite.taken == 0
    desk.redo(edits[0])
    assert desk.rewrite.hunks == [
        replace(hunk, at=hunk.at + len(edits[0].inserted) - len(edits[0].deleted))
        for hunk in before[1:]
    ]


def test_what_is_written_elsewhere_moves_it_and_what_is_written_in_it_breaks_it() -> None:
    desk = Desk(f"A. {OLD} B.", 3, 3 + len(OLD))
    desk.answer(NEW)
    desk.edit(0, 0, "Once. ")
    desk.edit(len(desk.document), len(desk.document), " The end.")
    desk.edit(desk.rewrite.start, desk.rewrite.start, "!")
    desk.edit(desk.rewrite.end, desk.rewrite.end, "?")
    desk.check()
    assert not desk.rewrite.broken
    desk.edit(desk.rewrite.start + 1, desk.rewrite.start + 1, "x")
    assert desk.rewrite.broken


def test_writing_where_something_is_being_written_breaks_it() -> None:
    desk = Desk("One.\n\nTwo.", 5, 5)
    desk.edit(5, 5, "x")
    assert desk.rewrite.broken


def test_a_text_that_was_broken_off_takes_nothing_away_behind_its_end() -> None:
    desk = Desk(OLD)
    desk.answer("The lamp burned at dusk.", stop=StopReason.LENGTH)
    assert [(hunk.gone, hunk.new) for hunk in desk.rewrite.hunks] == [("was lit", "burned")]


def test_a_hunk_that_is_still_being_written_is_not_settled() -> None:
    desk = Desk(OLD)
    desk.rewrite.grow(0, "The lamp burned at du")
    assert [hunk.settled for hunk in desk.rewrite.hunks] == [False]
    desk.rewrite.grow(0, "sk. Not a soul")
    assert [hunk.settled for hunk in desk.rewrite.hunks] == [True, False]


def test_what_was_decided_on_stays_so_while_the_model_writes_on() -> None:
    desk = Desk(OLD)
    desk.rewrite.grow(0, "The lamp burned at dusk. Not a soul")
    desk.take(desk.rewrite.hunks[0])
    desk.rewrite.grow(0, " came to the pier. Marta waited")
    refused = next(
        hunk for hunk in desk.rewrite.hunks if "quay" in hunk.gone or "Nobody" in hunk.gone
    )
    desk.refuse(refused)
    desk.answer("The lamp burned at dusk. Not a soul came to the pier. Marta waited an hour.", "")
    assert refused.gone in desk.document.text
    assert all(hunk.gone != refused.gone for hunk in desk.rewrite.hunks)
    desk.check()


def test_candidates_are_compared_with_the_passage_as_it_is() -> None:
    desk = Desk(OLD)
    desk.answer(NEW, "The lamp burned. Marta waited there.")
    desk.take(desk.rewrite.hunks[0])
    assert desk.rewrite.cycle(1)
    assert desk.rewrite.hunks[0].gone == " at dusk. Nobody came to the quay"
    assert not any("lit" in hunk.gone for hunk in desk.rewrite.hunks)


def test_it_ends_once() -> None:
    desk = Desk(OLD)
    desk.answer(NEW)
    desk.apply(Closed("other", Closing.REJECTED, 0))
    assert desk.rewrites.current is not None
    desk.apply(Closed("r", Closing.REJECTED, 0))
    assert desk.rewrites.current is None


def test_names_and_numbers_that_would_be_lost_are_known_when_the_text_has_ended() -> None:
    desk = Desk("At dusk Marta saw 3 boats near Hull.")
    desk.rewrite.grow(0, "Near Hull, boats came at dusk")
    assert desk.rewrite.lost == ()
    desk.answer("Near Hull, boats came at dusk.", "")
    lost = [desk.document.slice(start, end) for start, end in desk.rewrite.lost]
    assert lost == ["Marta", "3"]


def test_words_that_stay_keep_their_author() -> None:
    hunk = Hunk(0, "the old lamp", "a lamp burned")
    runs = authors(hunk, ((4, FILE), (8, PASTE)), MODEL)
    assert sum(length for length, _ in runs) == len(hunk.new)
    assert runs == ((1, MODEL), (5, PASTE), (7, MODEL))


WORDS = st.lists(
    st.sampled_from(["the", "lamp", "quay", ",", "a", "was", "\n", "\r\n", "Marta", "dusk"]),
    max_size=25,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, WORDS, st.data())
def test_whatever_is_decided_the_rewrite_and_the_draft_agree(
    old: str, new: str, other: str, data: st.DataObject
) -> None:
    desk = Desk(f"x\n{old}\ny", 2, 2 + len(old))
    rewrite, done, written = desk.rewrite, [], 0
    for _ in range(data.draw(st.integers(0, 12))):
        match data.draw(
            st.sampled_from(["grow", "grow", "take", "refuse", "undo", "end", "elsewhere", "cycle"])
        ):
            case "grow" if not rewrite.done:
                step = data.draw(st.integers(1, 20))
                rewrite.grow(0, new[written : written + step])
                written += step
            case "take" if settled := [hunk for hunk in rewrite.hunks if hunk.settled]:
                done.append(desk.take(data.draw(st.sampled_from(settled))))
            case "refuse" if settled := [hunk for hunk in rewrite.hunks if hunk.settled]:
                desk.refuse(data.draw(st.sampled_from(settled)))
            case "undo" if done:
                desk.undo(done.pop())
            case "end" if not rewrite.done:
                desk.answer(new, other)
            case "elsewhere":
                desk.edit(0, 0, "z")
                done.clear()  # what came before can't be undone without it
            case "cycle":
                rewrite.cycle(1)
        assert not rewrite.broken
        desk.check()
    if not rewrite.done:
        desk.answer(new, other)
    desk.check()
    refused = rewrite.refused
    while rewrite.hunks:
        desk.take(rewrite.hunks[0])
    desk.check()
    if not refused:
        assert rewrite.passage == rewrite.text
    assert desk.document.text.endswith("\ny")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_are_the_drafts(newline: str) -> None:
    desk = Desk(newline.join(("One two.", "Three.", "")))
    desk.answer("One.\nThree four.\n", "")
    while desk.rewrite.hunks:
        desk.take(desk.rewrite.hunks[0])
    assert desk.document.text == newline.join(("One.", "Three four.", ""))
