"""Undo and redo: back to every earlier state and forth again, in the steps a writer expects."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cowrite.core.edits import Edit, History, Origin, Part, Step, Steps
from cowrite.core.provenance import WRITER, Author, Source


class Sheet:
    """The least that edits a text with a history."""

    def __init__(self, text: str = "") -> None:
        self.text, self.history, self.selection = text, History(), (len(text), len(text))

    def edit(self, start: int, end: int, inserted: str, origin: Origin = Origin.TYPED) -> None:
        edit = Edit(start, self.text[start:end], inserted, origin)
        before, self.selection = self.selection, (edit.end, edit.end)
        self._apply(edit.start, edit.deleted, edit.inserted)
        self.history.record(edit, before, self.selection)

    def type(self, text: str) -> None:
        for sign in text:
            self.edit(self.selection[1], self.selection[1], sign)

    def backspace(self, count: int = 1) -> None:
        for _ in range(count):
            self.edit(self.selection[1] - 1, self.selection[1], "")

    def _apply(self, start: int, gone: str, come: str) -> None:
        assert self.text[start : start + len(gone)] == gone
        self.text = self.text[:start] + come + self.text[start + len(gone) :]

    def undo(self) -> bool:
        step = self.history.undo()
        if step is not None:
            for edit in reversed(step.edits):
                self._apply(edit.start, edit.inserted, edit.deleted)
            self.selection = step.before
        return step is not None

    def redo(self) -> bool:
        step = self.history.redo()
        if step is not None:
            for edit in step.edits:
                self._apply(edit.start, edit.deleted, edit.inserted)
            self.selection = step.after
        return step is not None

    def steps_back(self) -> list[str]:
        out = []
        while self.undo():
            out.append(self.text)
        return out


TEXT = st.text(alphabet="ab \n", max_size=3)
EDIT = st.tuples(st.integers(0, 60), st.integers(0, 3), TEXT, st.sampled_from(list(Origin)))


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(EDIT | st.sampled_from(["undo", "redo", "close"]), max_size=40))
def test_every_earlier_state_comes_back(start: str, actions: list[object]) -> None:
    sheet = Sheet(start)
    states: list[tuple[str, tuple[int, int]]] = [(sheet.text, sheet.selection)]
    undone: list[tuple[str, tuple[int, int]]] = []
    for action in actions:
        before = (sheet.text, sheet.selection)
        if action == "undo":
            assert sheet.undo() is (len(states) > 1)
            if len(states) > 1:
                undone.append(states.pop())
        elif action == "redo":
            assert sheet.redo() is bool(undone)
            if undone:
                states.append(undone.pop())
        elif action == "close":
            sheet.history.close()
        else:
            assert isinstance(action, tuple)
            place, length, inserted, origin = action
            low = place % (len(sheet.text) + 1)
            last = sheet.history.last
            sheet.edit(low, min(len(sheet.text), low + length), inserted, origin)
            if (
                last is not None and sheet.history.last is last
            ):  # it is in one step with what was before
                states.pop()
            elif states[-1] != before:
                # The selection was where this edit left it, not where an undo had put it.
                states[-1] = before
            states.append((sheet.text, sheet.selection))
            undone.clear()
        assert sheet.history.can_undo is (len(states) > 1)
        assert sheet.history.can_redo is bool(undone)
        assert sheet.text == states[-1][0]
    for text, selection in reversed(states[:-1]):
        assert sheet.undo()
        assert (sheet.text, sheet.selection) == (text, selection)
    while sheet.redo():
        pass
    assert sheet.text == (undone[0][0] if undone else states[-1][0])


def test_typing_is_taken_back_by_words() -> None:
    sheet = Sheet()
    sheet.type("One two  three")
    assert sheet.steps_back() == ["One two  ", "One ", ""]


def test_letters_of_a_step_are_one_edit_with_their_authors() -> None:
    history, other = History(), Source(Author.PASTE)
    for place, sign in enumerate("abc"):
        history.record(Edit(place, "", sign, Origin.TYPED, ((1, WRITER),)), (0, 0), (0, 0))
    assert history.last is not None
    assert history.last.edits == [Edit(0, "", "abc", Origin.TYPED, ((3, WRITER),))]
    history.close()
    for place, source in ((2, WRITER), (1, WRITER), (0, other)):
        gone = Edit(place, "abc"[place], "", Origin.TYPED, (), ((1, source),))
        history.record(gone, (0, 0), (0, 0))
    taken = Edit(0, "abc", "", Origin.TYPED, (), ((1, other), (2, WRITER)))
    assert history.last.edits == [taken]


def test_letters_taken_from_a_ghost_stay_edits_of_their_own() -> None:
    history = History()
    for place, sign in enumerate("ab"):
        edit = Edit(place, "", sign, Origin.TYPED, suggestion_id="one", part=Part.TYPED)
        history.record(edit, (0, 0), (0, 0))
    assert history.last is not None
    assert [edit.inserted for edit in history.last.edits] == ["a", "b"]


def test_a_new_line_is_a_step() -> None:
    sheet = Sheet()
    sheet.type("ab\ncd")
    assert sheet.steps_back() == ["ab\n", "ab", ""]


def test_deleting_is_one_step_in_each_direction() -> None:
    sheet = Sheet("one two")
    sheet.backspace(3)
    sheet.selection = (0, 0)
    for _ in range(3):
        sheet.edit(0, 1, "")
    sheet.type("x")
    sheet.backspace()
    assert sheet.steps_back() == ["x ", " ", "one ", "one two"]


def test_typing_over_a_selection_comes_back_in_one_step() -> None:
    sheet = Sheet("the old word")
    sheet.edit(4, 7, "n")
    sheet.type("ew")
    assert sheet.text == "the new word"
    assert sheet.steps_back() == ["the old word"]


def test_typing_elsewhere_is_another_step() -> None:
    sheet = Sheet("ab")
    sheet.type("c")
    sheet.selection = (0, 0)
    sheet.type("x")
    assert sheet.steps_back() == ["abc", "ab"]


def test_a_pause_or_a_save_ends_the_group() -> None:
    sheet = Sheet()
    sheet.type("ab")
    sheet.history.close()
    sheet.type("cd")
    assert sheet.steps_back() == ["ab", ""]


def test_suggestions_pastes_and_cuts_are_steps_of_their_own() -> None:
    sheet = Sheet()
    sheet.type("a")
    for origin in (Origin.SUGGESTION, Origin.SUGGESTION, Origin.PASTE):
        sheet.edit(len(sheet.text), len(sheet.text), "bc", origin)
    sheet.type("d")
    sheet.edit(0, 2, "", Origin.CUT)
    assert sheet.steps_back() == ["abcbcbcd", "abcbcbc", "abcbc", "abc", "a", ""]


def test_typing_after_an_undo_begins_anew_and_forgets_what_was_undone() -> None:
    sheet = Sheet()
    sheet.type("one two")
    sheet.undo()
    sheet.type("six")
    assert not sheet.redo()
    assert sheet.steps_back() == ["one ", ""]


def test_many_edits_in_one_step() -> None:
    sheet = Sheet("a a a")
    edits = [Edit(4, "a", "b", Origin.REPLACE), Edit(0, "a", "b", Origin.REPLACE)]
    sheet.text = "b a b"
    sheet.history.record_step(edits, (0, 0), (1, 1))
    sheet.history.record_step([], (0, 0), (1, 1))
    assert sheet.steps_back() == ["a a a"]
    assert sheet.redo()
    assert (sheet.text, sheet.selection) == ("b a b", (1, 1))


def test_the_oldest_steps_are_forgotten() -> None:
    sheet = Sheet()
    sheet.history.limit = 3
    for number in range(5):
        sheet.edit(number, number, str(number), Origin.PASTE)
    assert sheet.steps_back() == ["0123", "012", "01"]
    sheet = Sheet("x")
    sheet.history.limit = 1
    for _ in range(3):
        sheet.history.record_step([Edit(0, "x", "x", Origin.REPLACE)], (0, 0), (0, 0))
    assert len(sheet.steps_back()) == 1


STEPS = st.builds(
    lambda text, at: Step(
        [
            Edit(
                at,
                "",
                text,
                Origin.SUGGESTION,
                ((len(text), Source(Author.MODEL, "s1")),),
                part=Part.WORD,
            )
        ],
        (0, at),
        (at, at),
    ),
    st.text(min_size=1, max_size=5) | st.just("\ud800"),
    st.integers(0, 99),
)


@given(st.lists(STEPS | st.sampled_from(["pop", "last", "forget"]), max_size=60), st.integers(1, 3))
@example([Step([], (n, n), (n, n)) for n in range(3)] + ["pop", "pop", "last"], 1)
def test_packed_steps_come_back_as_they_were(actions: list[Step | str], recent: int) -> None:
    steps, plain = Steps(recent), list[Step]()
    for action in actions:
        if isinstance(action, Step):
            steps.push(action)
            plain.append(action)
        elif action == "last":
            assert steps.last == (plain[-1] if plain else None)
        elif action == "forget":
            steps.forget(min(2, len(plain)))
            del plain[:2]
        elif plain:
            assert steps.pop() == plain.pop()
        assert len(steps) == len(plain)
    while plain:
        assert steps.pop() == plain.pop()
