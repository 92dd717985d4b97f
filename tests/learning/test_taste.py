"""Phrases that are struck out again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripted import Scripted

from cowrite.core.rows import SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.taste import Proposal, proposals


@dataclass
class Log:
    """Sessions, each a list of (what was taken, what became of it)."""

    sessions: list[list[tuple[str, str]]]

    def suggestions(self) -> Iterator[SuggestionRow]:
        for number, texts in enumerate(self.sessions):
            script = Scripted("Once", number=number)
            for index, (taken, final) in enumerate(texts):
                name = f"{number}-{index}"
                script.ask(name, taken)
                edit = script.accept(name)
                if taken != final:
                    at = edit.start + _common(taken, final)
                    size = len(taken) - _common(taken, final) - _common(taken[::-1], final[::-1])
                    script.edit(at, at + size, "")
                script.wait(40)
            yield from suggestion_rows(script.info, script.end().events)


def _common(one: str, other: str) -> int:
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    return at


SUDDENLY = (" and suddenly he saw the sea.", " and he saw the sea.")
OF_COURSE = (" It was of course too late for him.", " It was too late for him.")


def test_what_is_struck_out_in_two_sessions_is_proposed() -> None:
    found = proposals(Log([[SUDDENLY, SUDDENLY], [SUDDENLY]]))
    assert found == [Proposal("suddenly", 3, 0, 2)]


def test_a_phrase_is_proposed_whole_and_not_its_words() -> None:
    found = proposals(Log([[OF_COURSE, OF_COURSE], [OF_COURSE, OF_COURSE]]))
    assert [(one.phrase, one.struck) for one in found] == [("of course", 4)]


def test_twice_is_chance_and_one_session_a_mood() -> None:
    assert proposals(Log([[SUDDENLY], [SUDDENLY]])) == []
    assert proposals(Log([[SUDDENLY] * 5])) == []


def test_what_mostly_stays_is_no_matter_of_taste() -> None:
    kept = (" and suddenly it rained.", " and suddenly it rained.")
    assert proposals(Log([[SUDDENLY] * 2 + [kept] * 3, [SUDDENLY]])) == []
    (one,) = proposals(Log([[SUDDENLY] * 2 + [kept], [SUDDENLY]]))
    assert (one.struck, one.kept) == (3, 1)


def test_what_is_banned_already_is_not_proposed_again() -> None:
    log = Log([[OF_COURSE] * 2, [OF_COURSE] * 2])
    assert proposals(log, banned=("Of course",)) == []
    assert proposals(log, banned=("course",)) == []


def test_a_text_that_was_written_anew_says_nothing_of_its_words() -> None:
    anew = (" and suddenly he saw", "")
    assert proposals(Log([[anew] * 3, [anew] * 3])) == []


def test_the_most_evidence_comes_first_and_the_list_is_short() -> None:
    log = Log([[SUDDENLY] * 3 + [OF_COURSE] * 2, [SUDDENLY] * 2 + [OF_COURSE] * 2])
    assert [one.phrase for one in proposals(log)] == ["suddenly", "of course"]
    assert [one.phrase for one in proposals(log, most=1)] == ["suddenly"]
