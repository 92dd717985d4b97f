"""Whether a suggestion was worth its look."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timed_desk import TimedDesk, candidate

from cowrite.core.edits import Part
from cowrite.core.events import SessionInfo
from cowrite.core.figures import PlaceFigures, SessionFigures
from cowrite.core.outcome import Why
from cowrite.core.provenance import Author
from cowrite.feedback import kept
from cowrite.feedback.kept import openers, overlap, standing, standing_now
from cowrite.feedback.summary import session_figures
from cowrite.session.options import RequestOptions
from cowrite.session.reasons import About, Subject


def asked(text: str = " calm that night.") -> TimedDesk:
    desk = TimedDesk(options=RequestOptions())
    desk.session.requests.ask()
    desk.answer(candidate(text))
    desk.wait(1)
    return desk


def figures(desk: TimedDesk) -> SessionFigures:
    info = SessionInfo("s", "d", "draft", 0, None, "1")
    return session_figures(info, desk._events)


def test_what_stands_after_ten_seconds_and_at_the_end() -> None:
    desk = asked()
    desk.session.accepting.accept(Part.ALL)
    desk.wait(2)
    end = len(desk.session.document)
    desk.session.delete(end - 7, end)
    desk.wait(11)
    desk.session.delete(11, 16)
    (row,) = desk.rows()
    assert len(row.inserted_text) == 17
    assert (row.standing_rest, row.standing_end) == (10, 5)
    (place,) = [one for _, _, group in figures(desk).groups for one in group.places.values()]
    assert (place.inserted, place.rested, place.standing_rest, place.standing) == (17, 17, 10, 5)
    assert place.wrong == 1, "less than half of it stands"
    assert standing_now(desk._events) == {row.suggestion_id: 5}


def test_without_ten_seconds_of_quiet_nothing_is_known_of_them() -> None:
    desk = asked()
    desk.session.accepting.accept(Part.ALL)
    for _ in range(8):
        desk.wait(4)
        desk.session.type("x")
    (row,) = desk.rows()
    assert row.standing_rest is None
    assert row.standing_end == 17


def test_a_pause_inside_of_typing_counts_as_well() -> None:
    desk = asked()
    desk.session.accepting.accept(Part.ALL)
    for letter in " And":
        desk.session.type(letter)
        desk.wait(11)
    (row,) = desk.rows()
    assert row.standing_rest == 17


def test_what_was_refused_and_typed_anyway() -> None:
    desk = asked()
    desk.session.suggestions.reject()
    desk.session.type(" calm")
    desk.session.type(" tonight.")
    (row,) = desk.rows()
    assert row.overlap == pytest.approx(4 / 11)
    (place,) = [one for _, _, group in figures(desk).groups for one in group.places.values()]
    assert (place.seen, place.wrong, place.compared) == (1, 1, 1)
    assert place.overlap == pytest.approx(4 / 11)


def test_reasons_and_quiet_are_counted_and_who_began_the_sentences() -> None:
    desk = TimedDesk("The sea was calm. ")
    desk.session.type("I")
    desk.wait(1.3)
    name = desk.answer(candidate(" slept long.", -9.0))
    desk.session.requests.ask()
    desk.session.accepting.accept(Part.ALL)
    desk.session.requests.ask()
    desk.answer(candidate(" Gulls cried at night."))
    desk.session.accepting.accept(Part.ALL)
    desk.session.type("\n")
    desk.wait(2)
    from cowrite.session.reasons import Reasons

    parts = desk.session
    Reasons(parts.buffer, parts.log, parts.suggestions).say(Subject(About.SPAN, name), Why.DULL)
    found = figures(desk)
    assert found.quiet == {"unlikely": 1, "a paragraph begins": 1}
    assert found.reasons == {"dull": 1}
    assert found.openers == {"writer": 2, "model": 1}


WORDS = st.lists(st.sampled_from(["sea", "the", "a", "é", "gull,", "."]), max_size=14).map(" ".join)


@given(WORDS, WORDS)
def test_overlap_is_a_share(one: str, other: str) -> None:
    found = overlap(one, other)
    assert found is None or 0 <= found <= 1
    same = overlap(one, one)
    assert same is None or same == pytest.approx(1)


def test_overlap_looks_at_whole_words_of_the_first_fifty() -> None:
    assert overlap("The sea slept.", "the SEA, slept") == 1
    assert overlap("nothing alike", "the sea") == 0
    assert overlap("x " * 25 + "tail", "x " * 25 + "other") == 1
    assert overlap("x " * 24 + "abcdef", "x " * 24 + "abzzzz") == 1, (
        "a word that is cut says nothing"
    )
    assert overlap("sea", " \n") is None


@given(st.text("abc ", max_size=20), st.text("abc ", max_size=20))
def test_what_stands_is_no_more_than_was_put_in(inserted: str, text: str) -> None:
    found = standing(inserted, text)
    assert found is not None
    assert 0 <= found <= min(len(inserted), len(text))
    assert standing(inserted, inserted) == len(inserted)


def test_sentences_of_a_paragraph_that_was_in_the_file_are_not_counted() -> None:
    text = "Old one. Old two.\nMine. Its own.\n"
    runs = [(18, Author.FILE), (6, Author.WRITER), (9, Author.MODEL)]
    assert openers(text, runs) == {"writer": 1, "model": 1}
    assert openers("", []) == {}
    assert openers("... !\n", [(6, Author.WRITER)]) == {}


@given(st.lists(st.tuples(st.text("ab. \n", max_size=8), st.sampled_from(list(Author)))))
def test_each_sentence_has_one_opener(pieces: list[tuple[str, Author]]) -> None:
    text = "".join(piece for piece, _ in pieces)
    found = openers(text, [(len(piece), author) for piece, author in pieces if piece])
    assert sum(found.values()) <= sum(map(str.isalnum, text))
    mine = openers(text, [(len(text), Author.WRITER)])
    assert set(mine) <= {"writer"}
    assert sum(found.values()) <= sum(mine.values())


@given(st.lists(st.tuples(st.text("ab. \n\r", max_size=8), st.sampled_from(list(Author)))))
def test_openers_are_those_that_are_found_by_the_letter(pieces: list[tuple[str, Author]]) -> None:
    text = "".join(piece for piece, _ in pieces)
    by = [author for piece, author in pieces for _ in piece]
    expected: Counter[str] = Counter()
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if any(author is not Author.FILE for author in by[start:end]):
            expected.update(by[start + at].value for at in kept._sentences(line))
        start = end
    assert openers(text, [(len(piece), author) for piece, author in pieces]) == expected


def test_figures_of_places_add_up() -> None:
    one, two = PlaceFigures(asked=1, overlap=0.5), PlaceFigures(asked=2, overlap=0.25)
    one.add(two)
    assert (one.asked, one.overlap) == (3, 0.75)
