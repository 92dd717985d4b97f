"""The checker's process: what it answers, what ends it, and what of that anybody notices."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from cowrite.errors import CowriteError
from cowrite.prose.grammar import Checker, CheckerError, Grammar, is_there
from cowrite.prose.problems import Answer, Problem, Question, answer_in, line_of, question_in

FAKE = """
import sys
from cowrite.prose.problems import Answer, Problem, line_of, question_in
out = sys.stdout.buffer
out.write(line_of(Answer(-1))); out.flush()
for line in sys.stdin.buffer:
    asked = question_in(line)
    if "die" in asked.text:
        sys.exit(7)
    found = (Problem(0, 1, "First", "Word", "It is first."), Problem(5, 999, "Far", "Word", "Too far."))
    out.write(b"noise that is none\\n" if "noise" in asked.text else line_of(Answer(asked.number, found)))
    out.flush()
"""


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    file = tmp_path / "fake_checker.py"
    file.write_text(FAKE)
    return (sys.executable, str(file))


def test_messages_come_back_as_they_were() -> None:
    question = Question(7, "a \n\u2028 😀")
    assert question_in(line_of(question)) == question
    assert len(question_in(line_of(Question(1, "a\ud800b"))).text) == 3
    answer = Answer(7, (Problem(1, 2, "R", "K", "S", ("x", "")),))
    assert answer_in(line_of(answer)) == answer


def test_what_lies_outside_of_the_sentence_is_no_problem(command: tuple[str, ...]) -> None:
    checker = Checker("british", command)
    assert [one.rule for one in checker.check("A sentence.")] == ["First"]
    assert checker.check("  ") == checker.check("x" * 3000) == ()
    checker.close()


def test_a_sentence_that_kills_it_costs_itself_alone(command: tuple[str, ...]) -> None:
    checker = Checker("british", command)
    for bad in ("die", "noise"):
        assert checker.check(bad) == ()
        assert checker.check("A sentence.") != ()
    checker.close()


def test_a_process_that_dies_again_and_again_is_given_up(command: tuple[str, ...]) -> None:
    checker = Checker("british", command)
    assert checker.check("die") == checker.check("die too") == ()
    with pytest.raises(CheckerError):
        checker.check("die again")


def test_a_process_that_does_not_begin_is_told() -> None:
    failed: list[CowriteError] = []
    told = threading.Event()
    checker = Checker("british", (sys.executable, "-c", "pass"))

    def fail(error: CowriteError) -> None:
        failed.append(error)
        told.set()

    grammar = Grammar(checker, told=lambda: None, failed=fail)
    grammar.want(["A sentence."])
    assert told.wait(60)
    assert "cowrite[grammar]" in failed[0].hint
    grammar.close()


def test_what_is_wanted_later_takes_the_place_of_what_waits(command: tuple[str, ...]) -> None:
    begin, all_told = threading.Event(), threading.Event()
    checker = Checker("british", command)
    grammar = Grammar(checker, told=all_told.set, failed=lambda error: None)
    grammar.search(lambda judge: begin.wait(60))
    grammar.want(["dropped"])
    grammar.want(["wanted"])
    begin.set()
    assert all_told.wait(60)
    assert grammar.known("wanted")
    assert grammar.known("dropped") is None
    grammar.close()


def test_closing_ends_a_search_in_the_middle(command: tuple[str, ...]) -> None:
    begun, ended = threading.Event(), threading.Event()
    grammar = Grammar(Checker("british", command), told=lambda: None, failed=lambda error: None)

    def look(judge: object) -> None:
        try:
            for number in range(10**9):
                judge(f"Sentence {number}.")  # type: ignore[operator]
                begun.set()
        finally:
            ended.set()

    grammar.search(look)
    assert begun.wait(60)
    grammar.close()
    assert ended.wait(60)


@pytest.mark.skipif(not is_there(), reason="the extra cowrite[grammar] is not installed")
def test_harper_s_places_are_code_points() -> None:
    from cowrite.prose.harper import QUIET, Harper

    harper = Harper("british")
    for before in ("", "😀😀 ", "她说 ", "e\u0301 ", "שלום ", "a\u2028b "):
        text = f"{before}We saw an test\nof the the thing."
        assert [text[p.start : p.end].split() for p in harper.check(text)] == [["an"], ["the"] * 2]
    assert harper.check("Nothing is wrong with this.") == ()
    assert harper.check("") == harper.check("\ufffc\ufffc") == ()
    assert set(harper._linter.get_default_lint_config()) >= QUIET
