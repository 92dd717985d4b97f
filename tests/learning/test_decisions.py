"""Decisions read from the log: taken, refused, or nothing said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scripted import Scripted

from cowrite.core.edits import Part
from cowrite.core.outcome import Closing
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.learning.decisions import WEAK, decisions, logged_decisions
from cowrite.store import LogReader, Store


def of(script: Scripted) -> list[tuple[bool, float]]:
    rows = suggestion_rows(script.info, script.events)
    return [(one.took, one.weight) for one in decisions(rows)]


def start() -> Scripted:
    return Scripted("The old man")


def test_taken_whole_in_part_or_changed_afterwards() -> None:
    script = start().ask("a", " walked down.")
    script.accept("a")
    script.ask("b", " It was late.").show("b")
    script.take("b", " It", Part.WORD)
    script.close("b", Closing.TYPED).type(" rained.")
    assert of(script.end()) == [(True, 1.0), (True, 1.0)]


def test_taken_and_deleted_again_is_not_taken() -> None:
    script = start().ask("a", " walked down.")
    script.accept("a")
    script.backspace(13).type(" slept.")
    assert of(script.end()) == [(False, 1.0)]


def test_refused_explicitly_or_by_typing_something_else() -> None:
    script = start().ask("a", " walked.").show("a").close("a", Closing.REJECTED).type(" slept.")
    script.ask("b", " It was.").show("b").close("b", Closing.TYPED).type(" He snored.")
    assert of(script.end()) == [(False, 1.0), (False, 1.0)]


@pytest.mark.parametrize("closing", [Closing.MOVED, Closing.ENDED, Closing.CANCELLED])
def test_hidden_says_nothing(closing: Closing) -> None:
    assert of(start().ask("a", " walked.").show("a").close("a", closing).end()) == []


def test_unseen_says_nothing() -> None:
    script = start().ask("a", " walked.").show("a", seconds=0.3).close("a", Closing.TYPED)
    assert of(script.type(" slept.").end()) == []
    assert of(start().ask("a", " walked.").close("a", Closing.TYPED).type(" x").end()) == []


def test_others_asked_for_is_a_weak_no() -> None:
    script = start().ask("a", " walked.").show("a").close("a", Closing.REGENERATED)
    assert of(script.end()) == [(False, WEAK)]


def test_a_refused_text_whose_first_word_came_anyway_was_right() -> None:
    script = start().ask("a", " walked home.").show("a").close("a", Closing.REJECTED)
    assert of(script.type(" walked away.").end()) == [(True, WEAK)]
    script = start().ask("a", " walked home.").show("a").close("a", Closing.REJECTED)
    assert of(script.type("walked away.").end()) == [(False, 1.0)], "another word"


def test_what_was_passed_over_was_not_wanted() -> None:
    script = start().ask("a", " slept.", " walked.", " sang.").show("a").show("a", 1)
    script.take("a", candidate=1)
    script.close("a", Closing.TAKEN, 1)
    assert sorted(of(script.end())) == [(False, 1.0), (True, 1.0)]


def test_how_much_of_it_was_taken_is_known_in_tokens() -> None:
    script = start().ask("a", " walked down.")
    script.accept("a")
    (one,) = decisions(suggestion_rows(script.info, script.end().events))
    assert one.tokens == 1


def test_they_come_from_the_whole_log_oldest_first_and_imports_say_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "log.sqlite3") as store:
        for number in range(1, 5):
            script = Scripted("The old man", number=number)
            name = f"a{number}"
            script.ask(name, " walked.").show(name)
            if number % 2:
                script.take(name)
                script.close(name, Closing.TAKEN)
            else:
                script.close(name, Closing.REJECTED)
            info = script.end().info
            if number == 4:
                info = replace(info, origin="coauthor")
            store.add_session(info, script.events)
    with LogReader.open(tmp_path / "log.sqlite3") as log:
        assert [one.took for one in logged_decisions(log)] == [True, False, True]
        assert [one.took for one in logged_decisions(log, newest=1)] == [True]
