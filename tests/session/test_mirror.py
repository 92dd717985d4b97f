"""A draft that another editor holds: its changes, and what of them is the model's."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from engines import READY
from headless import headless
from hypothesis import given
from hypothesis import strategies as st
from recorder import Recorder

from cowrite.core.context import Context
from cowrite.core.document import Document
from cowrite.core.edits import Origin, Part
from cowrite.core.events import Closed, Edited, Shown
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.units import Units, width
from cowrite.engine.protocol import Done
from cowrite.session.draft import DraftSession
from cowrite.session.mirror import Mirror, Place
from cowrite.session.ports import EngineStatus, NoEngine

TEXTS = (" over the old bridge. Then it rained.", " under the moon.", " over\nthe sea")


@dataclass
class Asked(NoEngine):
    """An engine that notes what it is asked and never answers by itself."""

    status: EngineStatus = READY
    requests: list[str] = field(default_factory=list)

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.requests.append(request_id)


@dataclass
class Rig:
    session: DraftSession
    mirror: Mirror
    log: Recorder
    engine: Asked

    def ask(self, *texts: str, shown: bool = True) -> str:
        """Ask at the cursor; all candidates come and are given out."""
        self.session.requests.ask()
        identity = self.engine.requests[-1]
        made = tuple(Candidate(text, (), StopReason.SENTENCE) for text in texts or TEXTS)
        self.session.receive(Done(identity, made, 1, 0, Timings(), seed=1))
        given = self.mirror.ghost.give()
        if shown:
            self.mirror.ghost.showed(identity, given[0].index)
        return identity

    def insert(self, at: int, text: str) -> None:
        place = self.mirror.place(at)
        self.mirror.change(place, place, text)

    @property
    def text(self) -> str:
        return self.session.document.text

    def edits(self) -> list:
        return [body.edit for body in self.log.of(Edited)]

    def authors(self) -> str:
        return "".join(
            {Author.MODEL: "m", Author.WRITER: "w", Author.FILE: "f", Author.PASTE: "p"}[
                source.author
            ]
            * length
            for length, source in self.session.provenance.slice(0, len(self.text))
        )


def rig(text: str = "The river went", units: Units = Units.UTF16) -> Rig:
    log, engine = Recorder(), Asked()
    session = headless(text, log, engine=engine)
    made = Rig(session, Mirror(session, units), log, engine)
    session.select(len(text), len(text))
    return made


# Changes

piece = st.text(st.sampled_from("ab \n\r\u00e9\u6f22\U0001f600\u0301"), max_size=8)


@given(st.data(), piece, st.sampled_from(Units))
def test_random_changes_keep_the_mirror_equal_to_the_text(data, text: str, units: Units):
    text = text.replace("\r", "\r\n")
    here = rig(text, units)
    other = Document(text)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(other)))
        end = data.draw(st.integers(start, len(other)))
        fresh = data.draw(piece)
        if data.draw(st.integers(0, 5)) == 0:
            other = Document(other.text[:start] + fresh + other.text[end:])
            here.mirror.replace_all(other.text)
        else:
            (line, column), (last, far) = other.locate(start), other.locate(end)
            low, high = other.offset(line, column), other.offset(last, far)
            places = (
                Place(line, width(other.line(line)[:column], units)),
                Place(last, width(other.line(last)[:far], units)),
            )
            other.replace(low, high, fresh)
            here.mirror.change(*places, fresh)
        assert here.text == other.text
        assert len(here.authors()) == len(here.text)


@given(
    st.text(st.sampled_from("ab .\n"), max_size=60), st.text(st.sampled_from("ab .\n"), max_size=60)
)
def test_exchanged_words_make_the_text(old: str, new: str):
    here = rig(f"<{old}>")
    here.mirror.change(Place(0, 0), Place(999, 0), f"<{new}>")
    assert here.text == f"<{new}>"


def test_a_line_that_is_sent_whole_is_the_word_that_changed():
    here = rig("One two three\nfour")
    here.mirror.change(Place(0, 0), Place(0, 13), "One too three")
    (edit,) = here.edits()
    assert (edit.start, edit.deleted, edit.inserted) == (5, "w", "o")


def test_a_paragraph_that_is_wrapped_anew_keeps_its_authors():
    here = rig("It went")
    here.ask()
    here.insert(7, TEXTS[0])
    assert here.authors() == "f" * 7 + "m" * len(TEXTS[0])
    wrapped = here.text.replace(" the old", "\nthe old").replace(" Then", "\nThen")
    here.mirror.change(Place(0, 0), Place(0, 99), wrapped)
    assert here.text == wrapped
    assert here.authors().count("m") >= len(TEXTS[0]) - 2


def test_what_was_deleted_and_comes_back_is_whose_it_was():
    here = rig("It went")
    here.ask()
    here.insert(7, TEXTS[1])
    size = len(here.text)
    here.mirror.change(here.mirror.place(7), here.mirror.place(size), "")
    here.insert(0, TEXTS[1])
    assert here.authors() == "m" * len(TEXTS[1]) + "f" * 7


def test_much_at_once_is_pasted():
    here = rig("")
    here.insert(0, "x" * 65)
    here.insert(0, "y")
    assert [edit.origin for edit in here.edits()] == [Origin.PASTE, Origin.TYPED]
    assert here.authors() == "w" + "p" * 65


def test_halves_of_characters_do_not_get_in():
    here = rig("ab")
    here.insert(1, "\ud83d")
    assert here.text == "a\ufffdb"


def test_the_editors_text_counts_and_not_the_files():
    here = rig("One\ntwo")
    here.mirror.begin("One\nother")
    assert here.text == "One\nother"
    assert here.session.buffer.dirty
    assert here.edits()[-1].origin is Origin.RELOAD


# What is taken


def test_a_whole_candidate_is_accepted():
    here = rig()
    identity = here.ask()
    here.insert(14, TEXTS[0])
    edit = here.edits()[-1]
    assert (edit.origin, edit.part, edit.suggestion_id, edit.candidate) == (
        Origin.SUGGESTION,
        Part.ALL,
        identity,
        0,
    )
    assert here.log.of(Closed)[-1].closing is Closing.TAKEN
    assert here.text == "The river went" + TEXTS[0]


def test_another_candidate_than_the_first_is_noticed():
    here = rig()
    identity = here.ask()
    here.insert(14, TEXTS[1])
    assert here.edits()[-1].candidate == 1
    assert here.log.of(Shown)[-1] == Shown(identity, 1)


def test_letters_that_the_ghost_says_are_typed_through():
    here = rig()
    here.ask()
    here.insert(14, " o")
    here.insert(16, "v")
    assert [edit.part for edit in here.edits()] == [Part.TYPED] * 3
    assert here.session.ghost == TEXTS[0][3:]
    assert here.authors() == "f" * 14 + "w" * 3


@pytest.mark.parametrize(
    ("text", "part"), [(" over", Part.WORD), (" over the old bridge.", Part.SENTENCE)]
)
def test_a_word_and_a_sentence_are_parts(text: str, part: Part):
    here = rig()
    here.ask()
    here.insert(14, text)
    assert here.edits()[-1].part is part
    assert here.session.ghost == TEXTS[0][len(text) :]


def test_what_is_said_before_it_is_done():
    here = rig()
    identity = here.ask()
    assert here.mirror.ghost.part(identity, 1, Part.WORD) == " under"
    here.insert(14, " under")
    assert (here.edits()[-1].part, here.edits()[-1].candidate) == (Part.WORD, 1)


def test_what_is_said_behind_it_was_not_typed():
    here = rig()
    identity = here.ask()
    here.insert(14, " ov")
    assert here.authors().endswith("www")
    here.mirror.ghost.told(identity, 0, 3)
    assert here.text == "The river went ov"
    assert here.authors().endswith("mmm")
    here.insert(17, "er the old bridge.")
    here.mirror.ghost.told(identity, 0, len(" over the old bridge."))
    assert here.authors().count("m") == len(" over the old bridge.")


def test_half_of_a_word_that_is_told_before_it_comes():
    here = rig()
    identity = here.ask()
    here.mirror.ghost.told(identity, 0, len(" over the old"))
    here.insert(14, " over the old")
    assert here.edits()[-1].origin is Origin.SUGGESTION


def test_something_else_closes_the_ghost():
    here = rig()
    here.ask()
    here.insert(14, "!")
    assert here.log.of(Closed)[-1].closing is Closing.TYPED
    here.ask()
    here.insert(0, "x")
    assert here.log.of(Closed)[-1].closing is Closing.TYPED


def test_a_ghost_that_was_not_given_is_not_taken():
    here = rig()
    here.session.requests.ask()
    identity = here.engine.requests[-1]
    made = (Candidate(TEXTS[0], (), StopReason.SENTENCE),)
    here.session.receive(Done(identity, made, 1, 0, Timings(), seed=1))
    assert here.log.of(Shown) == []
    here.insert(14, TEXTS[0])
    assert here.edits()[-1].origin is Origin.TYPED


def test_a_refusal_is_one():
    here = rig()
    identity = here.ask()
    assert not here.mirror.ghost.refuse("other")
    assert here.mirror.ghost.refuse(identity)
    assert here.log.of(Closed)[-1].closing is Closing.REJECTED


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_taken_with_the_drafts_own_ends(newline: str):
    text = f"One{newline}two"
    here = rig(text)
    here.ask(" over\nthe sea")
    here.insert(len(text), f" over{newline}the sea")
    assert here.text == f"One{newline}two over{newline}the sea"
    assert here.edits()[-1].part is Part.ALL


def test_editors_may_name_another_place_of_the_same_change():
    here = rig("very very\nend")
    here.session.select(4, 4)
    here.ask(" very good")
    # The text is that of ` very good` at 4, told as a change behind the space and the word that follow.
    here.insert(9, " good very")
    assert here.text == "very very good very\nend"
    assert here.edits()[-1].part is Part.ALL
    assert here.edits()[-1].start == 4


def test_taking_back_gives_back():
    here = rig()
    here.ask()
    here.insert(14, " over")
    here.mirror.change(Place(0, 14), Place(0, 19), "")
    assert here.session.ghost == TEXTS[0]


def test_a_read_only_draft_is_the_other_editors_matter():
    log = Recorder()
    session = headless("One", log)
    session.buffer.set_read_only("its permissions forbid writing")
    mirror = Mirror(session, Units.UTF16)
    mirror.change(Place(0, 0), Place(0, 0), "x")
    assert session.document.text == "xOne"
