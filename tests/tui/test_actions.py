"""The table of actions: one owner for each key, and remapping that tells mistakes."""

import pytest

from cowrite.errors import UsageError
from cowrite.tui.commands.action import Group, When
from cowrite.tui.commands.actions import ACTIONS, BY_ID
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.commands.labels import canonical, label


def test_every_key_has_one_owner_in_each_situation() -> None:
    for ghost in (True, False):
        owners: dict[str, str] = {}
        for action in ACTIONS:
            if action.when in (When.NO_GHOST if ghost else When.GHOST, When.DIFF):
                continue
            for key in map(canonical, action.keys):
                assert key not in owners, f"{key}: {owners[key]} and {action.id}"
                owners[key] = action.id


def test_every_key_of_a_rewrite_has_one_owner() -> None:
    keys = [canonical(key) for action in ACTIONS if action.when is When.DIFF for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("tab", "take-hunk"),
        ("enter", "take-all-hunks"),
        ("escape", "refuse-all-hunks"),
        ("ctrl+@", "try-again"),
        ("ctrl+k", "instruct"),
        ("ctrl+z", "undo"),
        ("left", "move-left"),
    ],
)
def test_in_a_rewrite_its_keys_come_first_and_then_the_usual_ones(key: str, expected: str) -> None:
    action = Keymap().find(key, ghost=False, diff=True)
    assert action is not None
    assert action.id == expected


def test_a_key_that_is_chosen_is_no_key_of_a_rewrite() -> None:
    keymap = Keymap({"save": "f8"})
    found = keymap.find("f8", ghost=False, diff=True)
    assert found is not None
    assert found.id == "save"


def test_ids_are_unique_and_have_help() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert all(action.help and action.title for action in ACTIONS)


@pytest.mark.parametrize(
    ("key", "ghost", "expected"),
    [
        ("ctrl+@", False, "ask"),
        ("ctrl+space", True, "ask"),
        ("tab", True, "accept"),
        ("tab", False, "insert-tab"),
        ("ctrl+right", True, "accept-word"),
        ("ctrl+right", False, "move-word-right"),
        ("escape", False, None),
        ("escape", True, "reject"),
        ("ctrl+n", False, None),
    ],
)
def test_a_key_means_what_the_situation_says(key: str, ghost: bool, expected: str | None) -> None:
    action = Keymap().find(key, ghost=ghost)
    assert (action.id if action else None) == expected


def test_a_chosen_key_is_taken_from_its_old_owner() -> None:
    keymap = Keymap({"save": "ctrl+d, f2"})
    assert keymap.keys("save") == ("ctrl+d", "f2")
    found = keymap.find("ctrl+d", ghost=False)
    assert found is not None
    assert found.id == "save"
    assert "ctrl+d" not in keymap.keys("delete-right")
    assert keymap.keys("ask") == ("ctrl+space",)


def test_mistakes_are_told() -> None:
    with pytest.raises(UsageError, match="no action 'sav'") as caught:
        Keymap({"sav": "ctrl+s"})
    assert "'save'" in caught.value.hint
    with pytest.raises(UsageError, match="chosen for"):
        Keymap({"save": "f2", "open": "f2"})


def test_footer_says_what_the_keys_do_now() -> None:
    with_ghost = [action.id for _, action in Keymap().footer(ghost=True)]
    assert with_ghost[:3] == ["accept", "reject", "accept-word"]
    assert "save" not in with_ghost
    without = [action.id for _, action in Keymap().footer(ghost=False)]
    assert "accept" not in without
    assert {"ask", "save", "quit", "help"} <= set(without)


def test_labels() -> None:
    assert label("ctrl+@") == "Ctrl+Space"
    assert label("shift+f3") == "Shift+F3"
    assert Keymap({"save": ""}).label("save") == ""


VITAL = (
    "ask", "accept", "accept-word", "accept-sentence", "accept-paragraph", "next-candidate",
    "previous-candidate", "reject", "edit-ghost", "save", "quit", "find", "help", "palette", "undo", "redo",
    "cut", "copy", "paste", "new-line",
)  # fmt: skip


@pytest.mark.parametrize("action_id", VITAL)
def test_k2_vital_actions_have_a_key_that_is_no_letter(action_id: str) -> None:
    """On a keyboard that isn't Latin, terminals may send nothing for Ctrl or Alt with a letter."""
    names = [key.split("+")[-1] for key in BY_ID[action_id].keys]
    assert any(len(name) > 1 for name in names)


def test_keys_with_f_and_a_number_are_ones_that_terminals_have() -> None:
    for action in ACTIONS:
        for key in action.keys:
            *held, name = key.split("+")
            if name[0] == "f" and name[1:].isdecimal():
                assert 1 <= int(name[1:]) <= 12
                assert held in ([], ["shift"]), "few terminals tell more of them apart"
                assert not held or int(name[1:]) <= 9


@pytest.mark.parametrize(
    ("chosen", "one"),
    [
        ("ctrl+ы", "ctrl+s"),
        ("shift+ctrl+k", "ctrl+shift+k"),
        ("Ctrl+ALT+ф", "alt+ctrl+a"),
        ("ы", "ы"),
        ("f2", "f2"),
    ],
)
def test_k2_a_chosen_key_of_another_keyboard_is_the_same_key(chosen: str, one: str) -> None:
    assert canonical(chosen) == one


def test_every_action_has_a_key_that_all_terminals_can_send() -> None:
    """Shift+F3 is the report of a cursor's place; Ctrl+Shift and a letter is Ctrl and the letter. Alt+F and
    Alt+B are what some terminals send for the arrows with Option or Ctrl."""
    for action in ACTIONS:
        if action.group is Group.SELECT or not action.keys:
            continue
        assert any(_goes_everywhere(key) for key in action.keys), action.id


def _goes_everywhere(key: str) -> bool:
    *held, name = key.split("+")
    if name == "f3" and held == ["shift"]:
        return False
    if name in ("f", "b") and held == ["alt"]:
        return False
    if held in (["ctrl", "shift"], ["ctrl"], ["shift"]) and name in (
        "enter",
        "backspace",
        "delete",
    ):
        return False
    return held != ["ctrl", "shift"]
