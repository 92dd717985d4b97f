"""The page of keys is the table of actions."""

from __future__ import annotations

from pathlib import Path

from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.keys_doc import page
from cowrite.tui.commands.labels import label

PAGE = Path(__file__).parents[3] / "docs" / "keys.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "python -m cowrite.tui.commands.keys_doc > docs/keys.md"


def test_every_action_and_key_is_on_it() -> None:
    text = page()
    for action in ACTIONS:
        assert text.count(f"`{action.id}` |") == 1
        for key in action.keys:
            assert f"`{label(key)}`" in text
