"""What the writer did with a suggestion, read from hand-written sessions."""

import pytest
from scripted import Scripted

from cowrite.core.edits import Part
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.rows import SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows

GHOST = " walked down to the river."


def rows_of(script: Scripted) -> list[SuggestionRow]:
    return list(suggestion_rows(script.end().info, script.events))


def only(script: Scripted) -> SuggestionRow:
    (row,) = rows_of(script)
    return row


def test_word_then_rest_then_a_changed_word_is_one_edited_suggestion() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST, " slept.").show("a", seconds=0.4)
    script.take("a", " walked", Part.WORD)
    script.wait(1)
    script.take("a", " down to the river.", Part.ALL)
    script.close("a", Closing.TAKEN).type(" It was cold.").change("river", "lake")
    row = only(script)
    assert row.outcome is Outcome.EDITED
    assert row.inserted_text == GHOST
    assert row.final_text == " walked down to the lake."
    assert row.parts == ("word", "all")
    assert row.chosen == 0
    assert row.prefix == "The old man"
    assert row.suffix == ""
    assert row.shown_ms == 1400
    assert script.document.text == "The old man walked down to the lake. It was cold."


def test_escape_is_rejected_and_what_was_typed_instead_is_kept_to_the_sentence() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a", seconds=0.2).close("a", Closing.REJECTED)
    script.type(" sat. Then he left.")
    row = only(script)
    assert row.outcome is Outcome.REJECTED
    assert row.typed_instead == " sat."
    assert row.inserted_text == ""
    assert row.final_text is None
    assert row.survival == ()


@pytest.mark.parametrize(("seconds", "outcome"), [(0.75, Outcome.IGNORED), (0.749, Outcome.UNSEEN)])
def test_typing_on_is_ignored_only_if_it_was_seen(seconds: float, outcome: Outcome) -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a", seconds=seconds).close("a", Closing.TYPED).type(" sat")
    row = only(script)
    assert row.outcome is outcome
    assert row.typed_instead == " sat"


def test_what_was_typed_instead_ends_after_thirty_seconds() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED).type(" sat")
    script.wait(31).type(" and slept")
    assert only(script).typed_instead == " sat"


def test_what_was_typed_instead_follows_corrections_and_ends_elsewhere() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED)
    script.type(" stood").backspace(3).type("ared")
    script.type("Once. ", at=0).type("!")
    assert only(script).typed_instead == " stared"


def test_another_acceptance_is_not_typed_instead() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a").close("a", Closing.REJECTED)
    script.ask("b", " slept.", parent="a").accept("b")
    first, second = rows_of(script)
    assert first.typed_instead == ""
    assert second.outcome is Outcome.ACCEPTED
    assert second.parent_id == "a"


def test_typing_through_the_whole_ghost_is_accepted_by_hand() -> None:
    script = Scripted("He")
    script.ask("a", " slept.").show("a", seconds=0.3)
    for character in " slept.":
        script.take("a", character, Part.TYPED)
    script.close("a", Closing.TAKEN)
    row = only(script)
    assert row.outcome is Outcome.ACCEPTED
    assert row.by_hand == len(" slept.")
    assert row.parts == ("typed",)


def test_the_same_first_letter_is_no_acceptance_but_part_of_what_was_typed() -> None:
    script = Scripted("He")
    script.ask("a", " slept.").show("a", seconds=1)
    for character in " s":
        script.take("a", character, Part.TYPED)
    script.close("a", Closing.TYPED).type("at.")
    row = only(script)
    assert row.outcome is Outcome.IGNORED
    assert row.inserted_text == ""
    assert row.typed_instead == " sat."


def test_a_word_of_it_and_something_else_is_partial() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked", Part.WORD)
    script.close("a", Closing.TYPED).type(" home.")
    row = only(script)
    assert row.outcome is Outcome.ACCEPTED_PARTIAL
    assert (row.inserted_text, row.final_text, row.typed_instead) == (
        " walked",
        " walked",
        " home.",
    )


def test_changed_in_the_pane_is_edited_and_unchanged_in_the_pane_is_accepted() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked up.", Part.PANE)
    script.close("a", Closing.TAKEN)
    script.ask("b", " So.").show("b")
    script.take("b", " So.", Part.PANE)
    script.close("b", Closing.TAKEN)
    first, second = rows_of(script)
    assert (first.outcome, first.in_pane) == (Outcome.EDITED, True)
    assert (first.inserted_text, first.final_text) == (" walked up.", " walked up.")
    assert (second.outcome, second.in_pane) == (Outcome.ACCEPTED, False)


def test_accepting_all_while_the_model_still_writes_is_accepted() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked down", Part.ALL)
    script.close("a", Closing.TAKEN)
    assert only(script).outcome is Outcome.ACCEPTED


def test_an_acceptance_that_is_undone_is_rejected_and_redone_is_accepted() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST)
    edit = script.accept("a")
    script.undo(edit)
    row = only(script)
    assert row.outcome is Outcome.REJECTED
    assert (row.inserted_text, row.final_text) == ("", None)
    script.events.pop()
    script.redo(edit)
    row = only(script)
    assert row.outcome is Outcome.ACCEPTED
    assert row.final_text == GHOST


def test_undoing_the_last_part_leaves_the_parts_before() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked", Part.WORD)
    second = script.take("a", " down", Part.WORD)
    script.undo(second)
    script.close("a", Closing.MOVED)
    row = only(script)
    assert row.outcome is Outcome.ACCEPTED_PARTIAL
    assert (row.inserted_text, row.final_text) == (" walked", " walked")


def test_what_is_deleted_back_into_the_open_ghost_was_not_taken() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a")
    script.take("a", " walked", Part.WORD)
    script.backspace(7)
    script.place["a"] -= 7
    script.close("a", Closing.REJECTED)
    row = only(script)
    assert row.outcome is Outcome.REJECTED
    assert row.inserted_text == ""


def test_each_candidate_has_its_own_time_on_screen() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST, " sat.", " slept.")
    script.show("a", 0, 1).show("a", 2, 2).show("a", 0, 0.5)
    script.take("a")
    script.close("a", Closing.TAKEN)
    row = only(script)
    assert row.shown == (0, 2)
    assert [one.shown_ms for one in row.candidates] == [1500, 0, 2000]
    assert row.shown_ms == 3500


def test_the_pane_shows_several_at_once() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST, " sat.").show("a", 0, 1)
    script.show("a", 0, 0, where="pane").show("a", 1, 2, where="pane").close("a", Closing.MOVED)
    row = only(script)
    assert [one.shown_ms for one in row.candidates] == [3000, 2000]
    assert row.shown_ms == 3000


def test_nothing_is_seen_behind_another_window() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a", seconds=0.3).focus(False).wait(60).focus(True).wait(0.3)
    script.close("a", Closing.TYPED)
    row = only(script)
    assert row.shown_ms == 600
    assert row.outcome is Outcome.UNSEEN


def test_what_comes_behind_another_window_is_seen_when_the_writer_is_back() -> None:
    script = Scripted("The old man")
    script.focus(False).ask("a", GHOST).show("a", seconds=5).focus(True).wait(2)
    script.close("a", Closing.TYPED)
    row = only(script)
    assert (row.shown, row.shown_ms) == ((0,), 2000)
    assert row.outcome is Outcome.IGNORED


def test_the_pane_s_others_are_seen_no_more_when_the_ghost_is_alone_again() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST, " sat.").show("a", 0, 0)
    script.show("a", 0, 0, where="pane").show("a", 1, 1, where="pane")
    script.show("a", 0, 3).close("a", Closing.MOVED)
    row = only(script)
    assert [one.shown_ms for one in row.candidates] == [4000, 1000]


def test_a_session_that_was_killed_still_gives_its_rows() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST)
    script.accept("a")
    script.ask("b", " Then").show("b", seconds=2).close("b", Closing.TYPED).type(" So")
    first, second = suggestion_rows(script.info, script.events[:-1])
    assert first.outcome is Outcome.ACCEPTED
    assert second.outcome is Outcome.IGNORED
    assert second.candidates[0].text == " Then"


def test_what_is_still_open_has_no_outcome_and_no_row() -> None:
    script = Scripted("The old man")
    script.ask("a", GHOST).show("a", seconds=2)
    script.take("a", " walked", Part.WORD)
    script.ask("b", " Then").show("b", seconds=60).type("x", at=0)
    (row,) = suggestion_rows(script.info, script.events)
    assert (row.suggestion_id, row.outcome) == ("a", Outcome.ACCEPTED_PARTIAL)
    both = [row.outcome for row in rows_of(script)]
    assert both == [Outcome.ACCEPTED_PARTIAL, Outcome.IGNORED]


def test_prefix_and_suffix_are_the_draft_at_the_request_not_later() -> None:
    script = Scripted("One two three")
    script.ask("a", " x", at=7).show("a", seconds=1).close("a", Closing.MOVED)
    script.change("One", "Uno")
    row = only(script)
    assert (row.prefix, row.suffix, row.position) == ("One two", " three", 7)


def test_carriage_returns_are_shown_to_trainers_as_models_write() -> None:
    script = Scripted("One\r\n")
    script.ask("a", "two\nthree").show("a")
    script.take("a", "two\r\nthree")
    script.close("a", Closing.TAKEN)
    row = only(script)
    assert row.prefix == "One\n"
    assert row.inserted_text == row.final_text == "two\nthree"
    assert row.outcome is Outcome.ACCEPTED


def test_model_parameters_times_and_versions_are_in_the_row() -> None:
    script = Scripted("One")
    script.wait(1.234).ask("a", " two").accept("a")
    script.end()
    (row,) = suggestion_rows(script.info, script.events, quantisations={"ab" * 32: "Q4_K_M"})
    assert row.requested_at == "2026-01-01T00:00:01.234Z"
    assert (row.model.name, row.model.sha256, row.model.quantisation) == (
        "small",
        "ab" * 32,
        "Q4_K_M",
    )
    assert row.params.seed == 7
    assert (row.latency_ms.first, row.latency_ms.total) == (100.0, 200.0)
    assert row.candidates[0].mean_logprob == -1.5
    assert row.candidates[0].stop == "sentence"
    assert (row.app_version, row.session_id) == ("0.1.0", "session-1")


def test_undoing_what_was_typed_like_the_suggestion_takes_nothing_of_it_back() -> None:
    script = Scripted("He")
    script.ask("a", " slept.").accept("a")
    script.backspace(1)
    script.undo(script.edit(8 - 1, 8 - 1, "."))
    row = only(script)
    assert row.outcome is Outcome.EDITED
    assert (row.inserted_text, row.final_text) == (" slept.", " slept")


def test_typing_through_is_undone_and_redone() -> None:
    script = Scripted("He")
    script.ask("a", " slept.").show("a")
    edits = [script.take("a", character, Part.TYPED) for character in " slept."]
    script.close("a", Closing.TAKEN)
    for edit in reversed(edits):
        script.undo(edit)
    assert only(script).inserted_text == ""
    script.events.pop()
    for edit in edits:
        script.redo(edit)
    row = only(script)
    assert (row.outcome, row.by_hand) == (Outcome.ACCEPTED, 7)
