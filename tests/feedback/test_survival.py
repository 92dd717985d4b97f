"""Accepted text followed through what the writer did later."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Scripted

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.rows import SuggestionRow
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.regions import Region, Regions

GHOST = " the red house."


def accepted(before: str = "She saw", after: str = "") -> Scripted:
    script = Scripted(before + after)
    script.ask("a", GHOST, at=len(before))
    script.accept("a")
    return script


def row_of(script: Scripted) -> SuggestionRow:
    return next(iter(suggestion_rows(script.end().info, script.events)))


def final(script: Scripted) -> str | None:
    return row_of(script).final_text


def test_text_before_and_behind_changes_nothing() -> None:
    script = accepted(after=" END")
    script.type("Then. ", at=0).type(" more", at=script.document.text.index(" END"))
    script.change("END", "Z")
    row = row_of(script)
    assert row.final_text == GHOST
    assert row.outcome is Outcome.ACCEPTED


def test_what_is_typed_inside_belongs_to_it() -> None:
    script = accepted()
    script.type("old ", at=script.document.text.index("house"))
    assert final(script) == " the red old house."


@pytest.mark.parametrize(
    ("deleted", "typed", "expected"),
    [
        (6, "barn. And", " the red barn."),  # one word again, not the next
        (6, "house. And", " the red house."),  # typed as it was
        (1, "!", " the red house!"),
        (1, ", which was", " the red house,"),
        (10, "blue barn and a stable", " the blue barn"),  # two words for two
        (6, "", " the red "),
        (6, "barm", " the red barm"),
    ],
)
def test_a_tail_that_is_written_anew_belongs_to_it(deleted: int, typed: str, expected: str) -> None:
    script = accepted()
    script.backspace(deleted).type(typed)
    assert final(script) == expected


def test_a_typing_mistake_in_the_new_tail_gives_no_more_words() -> None:
    script = accepted()
    script.backspace(6).type("brn").backspace(2).type("arn. And more")
    assert final(script) == " the red barn."


def test_text_at_the_end_is_not_part_of_it_after_a_pause_or_an_edit_elsewhere() -> None:
    script = accepted()
    script.backspace(1).wait(31).type("!")
    assert final(script) == " the red house"
    script = accepted()
    script.backspace(1).type("x", at=0).type("!")
    assert final(script) == " the red house"


def test_ideographs_are_words_of_their_own() -> None:
    script = Scripted("他")
    script.ask("a", "去了河边")
    script.accept("a")
    script.backspace(2).type("山上玩儿")
    assert final(script) == "去了山上"


def test_a_new_beginning_belongs_to_it() -> None:
    script = accepted()
    place = script.document.text.index(" the red")
    script.edit(place, place + 4, "")
    script.type(" a", at=place)
    assert script.document.text == "She saw a red house."
    assert final(script) == " a red house."


def test_a_whole_replacement_is_bounded_by_its_words() -> None:
    script = accepted()
    place = script.document.text.index(" the red")
    script.edit(place, place + len(GHOST), "")
    script.type(" a big barn. Then she went on and on.")
    assert final(script) == " a big barn."


def test_deleted_with_what_is_around_it() -> None:
    script = accepted(after=" END")
    script.edit(2, len(script.document) - 1, "")
    row = row_of(script)
    assert row.final_text == ""
    assert row.outcome is Outcome.EDITED
    assert row.survival[-1].kept == 0.0


def test_cut_and_pasted_elsewhere_it_moves_along() -> None:
    script = accepted(after=" END")
    start = script.document.text.index(" red")
    script.edit(start, start + 4, "")
    whole = script.document.text.index(" the")
    cut = script.edit(whole - 1, whole + 12, "", Origin.CUT)
    script.type("Start. ", at=0)
    script.edit(3, 3, cut.deleted, Origin.PASTE)
    script.type("big ", at=script.document.text.index("house"))
    assert final(script) == " the big house."


def test_a_copy_of_it_is_not_it() -> None:
    script = accepted()
    script.edit(0, 0, GHOST, Origin.PASTE)
    assert final(script) == GHOST


def test_a_deletion_across_its_border_is_undone() -> None:
    script = accepted(after=" END")
    place = script.document.text.index("house")
    edit = script.edit(place, place + 8, "")
    script.undo(edit)
    row = row_of(script)
    assert row.final_text == GHOST
    assert row.outcome is Outcome.ACCEPTED


def test_backspaces_are_undone_one_by_one() -> None:
    script = accepted()
    edits = [
        script.edit(len(script.document) - 1, len(script.document), "")
        for _ in range(len(GHOST) + 3)
    ]
    for edit in reversed(edits):
        script.undo(edit)
    assert final(script) == GHOST


def test_a_reload_that_changes_one_word_inside() -> None:
    script = accepted(after=" END")
    place = script.document.text.index("red")
    script.edit(place, place + 3, "blue", Origin.RELOAD)
    assert final(script) == " the blue house."


def test_states_are_read_at_their_time() -> None:
    script = accepted()
    script.wait(20).change("red", "blue").wait(20)
    script.change("house", "barn").save().wait(100).save().change("blue", "old").save()
    row = row_of(script)
    texts = [(state.at, state.text) for state in row.survival]
    assert texts == [
        ("15s", GHOST),
        ("30s", " the blue house."),
        ("save", " the blue barn."),
        ("120s", " the blue barn."),
        ("save", " the old barn."),
        ("end", " the old barn."),
    ]
    first, end = row.survival[0], row.survival[-1]
    assert (first.characters, first.words, first.kept, first.after_ms) == (0, 0, 1.0, 15_000)
    assert end.words == 2
    assert 0 < end.kept < 1


def test_the_clock_begins_at_the_last_acceptance() -> None:
    script = Scripted("She saw")
    script.ask("a", GHOST).show("a")
    script.take("a", " the", Part.WORD)
    script.wait(20)
    script.take("a", " red house.", Part.ALL)
    script.close("a", Closing.TAKEN).wait(16)
    assert [state.at for state in row_of(script).survival] == ["15s", "end"]


def test_a_suggestion_inside_another_changes_the_outer() -> None:
    script = accepted()
    place = script.document.text.index(" house")
    script.ask("b", " brick", at=place)
    script.accept("b")
    outer, inner = suggestion_rows(script.end().info, script.events)
    assert outer.final_text == " the red brick house."
    assert inner.final_text == " brick"


def test_a_suggestion_behind_another_is_not_part_of_it() -> None:
    script = accepted()
    script.backspace(1)
    script.ask("b", "s and barns.")
    script.accept("b")
    first, second = suggestion_rows(script.end().info, script.events)
    assert first.final_text == " the red house"
    assert second.final_text == "s and barns."


ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 12),
        st.text(alphabet="ab ", max_size=6),
        st.sampled_from([Origin.TYPED, Origin.PASTE, Origin.CUT, Origin.RELOAD, Origin.REPLACE]),
        st.booleans(),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(ACTIONS)
def test_many_regions_are_shifted_as_each_alone(
    actions: list[tuple[int, int, str, Origin, bool]],
) -> None:
    """The grouped list gives for each region what a list of that region alone gives."""
    document = Document("x" * 40)
    together = Regions(40)
    alone: list[tuple[Region, Region, Regions]] = []
    for now, (place, size, text, origin, follow) in enumerate(actions):
        start = place % (len(document) + 1)
        end = min(len(document), start + size)
        if follow:
            mine, other, single = Region(start, end), Region(start, end), Regions(len(document))
            together.add(mine)
            single.add(other)
            alone.append((mine, other, single))
            continue
        edit = Edit(start, document.slice(start, end), text, origin)
        document.replace(start, end, text)
        together.apply(edit, now)
        for _, _, single in alone:
            single.apply(edit, now)
        for mine, other, single in alone:
            low, high = together.bounds(mine)
            assert (low, high) == single.bounds(other)
            assert 0 <= low <= high <= len(document)


@settings(max_examples=150, deadline=None)
@given(ACTIONS)
def test_undoing_everything_brings_every_region_back(
    actions: list[tuple[int, int, str, Origin, bool]],
) -> None:
    document = Document("x" * 40)
    spans = Regions(40)
    regions = [Region(5, 15), Region(10, 12), Region(15, 30), Region(35, 40)]
    for span in regions:
        spans.add(span)
    done: list[Edit] = []
    for place, size, text, _, _ in actions:
        start = place % (len(document) + 1)
        end = min(len(document), start + size)
        edit = Edit(start, document.slice(start, end), text, Origin.TYPED)
        document.replace(start, end, text)
        spans.apply(edit, len(done))
        done.append(edit)
    for edit in reversed(done):
        document.replace(edit.start, edit.end, edit.deleted)
        spans.apply(Edit(edit.start, edit.inserted, edit.deleted, Origin.UNDO), 10_000)
    assert [spans.bounds(span) for span in regions] == [(5, 15), (10, 12), (15, 30), (35, 40)]
