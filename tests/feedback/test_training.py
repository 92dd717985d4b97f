"""Training rows, rule by rule of the table in docs/feedback.md."""

from scripted import Scripted

from cowrite.core.edits import Part
from cowrite.core.outcome import Closing
from cowrite.core.rows import KtoRow, PreferenceRow, SftRow, SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.training import kto_rows, preference_rows, sft_rows

GHOST = " walked down."


def first_row(script: Scripted) -> SuggestionRow:
    return next(iter(suggestion_rows(script.end().info, script.events)))


def sft(row: SuggestionRow) -> list[str]:
    return [one.completion for one in sft_rows(row)]


def pairs(row: SuggestionRow) -> list[tuple[str, str]]:
    return [(one.chosen, one.rejected) for one in preference_rows(row)]


def wanted(row: SuggestionRow) -> list[tuple[str, bool, float]]:
    return [(one.completion, one.label, one.about.weight) for one in kto_rows(row)]


def test_kept_is_a_completion_that_was_wanted() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).accept("a")
    row = first_row(script)
    assert (sft(row), pairs(row), wanted(row)) == ([GHOST], [], [(GHOST, True, 1.0)])


def test_edited_prefers_what_it_was_changed_to() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).accept("a")
    script.change("down", "up")
    row = first_row(script)
    assert (sft(row), pairs(row), wanted(row)) == ([" walked up."], [(" walked up.", GHOST)], [])


def test_edited_in_the_pane_prefers_it_to_what_was_offered() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a")
    script.take("a", " ran.", Part.PANE)
    script.close("a", Closing.TAKEN)
    assert pairs(first_row(script)) == [(" ran.", GHOST)]


def test_deleted_again_was_not_wanted() -> None:
    script = Scripted("He")
    script.ask("a", GHOST)
    edit = script.accept("a")
    script.type(" So").edit(edit.start - 1, edit.end, "")
    row = first_row(script)
    assert (sft(row), pairs(row), wanted(row)) == ([], [], [(GHOST, False, 1.0)])


def test_a_part_and_what_was_typed_then_is_preferred_to_the_whole() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked", Part.WORD)
    script.close("a", Closing.TYPED).type(" home.")
    row = first_row(script)
    assert sft(row) == [" walked"]
    assert pairs(row) == [(" walked home.", GHOST)]
    assert wanted(row) == []


def test_rejected_then_typed() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED).type(" sat. Then")
    row = first_row(script)
    assert (sft(row), pairs(row)) == ([], [(" sat.", GHOST)])
    assert wanted(row) == [(GHOST, False, 1.0)]


def test_rejected_with_nothing_typed_is_a_no_alone() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED)
    row = first_row(script)
    assert (sft(row), pairs(row), wanted(row)) == ([], [], [(GHOST, False, 1.0)])


def test_regenerated_is_a_weak_no() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a").close("a", Closing.REGENERATED)
    row = first_row(script)
    assert (sft(row), pairs(row), wanted(row)) == ([], [], [(GHOST, False, 0.5)])


def test_ignored_and_unseen_make_no_rows() -> None:
    for seconds in (2, 0.1):
        script = Scripted("He")
        script.ask("a", GHOST).show("a", seconds=seconds).close("a", Closing.TYPED).type(" sat.")
        row = first_row(script)
        assert (sft(row), pairs(row), wanted(row)) == ([], [], [])


def test_the_taken_is_preferred_to_those_seen_and_passed_over() -> None:
    script = Scripted("He")
    script.ask("a", GHOST, " sat.", " slept.", " ran.")
    script.show("a", 1, 1).show("a", 2, 0.2).show("a", 0, 1)
    script.take("a")
    script.close("a", Closing.TAKEN)
    assert pairs(first_row(script)) == [(GHOST, " sat.")]


def test_what_was_taken_and_deleted_again_is_not_preferred_to_anything() -> None:
    script = Scripted("He")
    script.ask("a", GHOST, " sat.").show("a", 1, 1).show("a", 0, 1)
    script.take("a")
    script.close("a", Closing.TAKEN).wait(60).change(GHOST, "")
    assert pairs(first_row(script)) == []


def test_rows_keep_the_leading_space_the_prompt_and_where_they_are_from() -> None:
    script = Scripted("He")
    script.ask("a", GHOST, at=2).accept("a")
    (row,) = sft_rows(first_row(script))
    assert isinstance(row, SftRow)
    assert (row.prompt, row.completion[0]) == ("He", " ")
    about = row.about
    assert (about.suggestion_id, about.session_id, about.reason) == ("a", "session-1", "kept")
    assert (about.model, about.model_sha256, about.app_version) == ("small", "ab" * 32, "0.1.0")


def test_the_kinds_are_told_apart_by_type() -> None:
    script = Scripted("He")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED).type(" sat. Then")
    row = first_row(script)
    assert all(isinstance(one, PreferenceRow) for one in preference_rows(row))
    assert all(isinstance(one, KtoRow) for one in kto_rows(row))
