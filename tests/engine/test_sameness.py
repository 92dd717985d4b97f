"""What keeps candidates from saying the same again."""

from __future__ import annotations

import pytest

from cowrite.core.suggestion import StopAt
from cowrite.engine.generation.sameness import is_content, same_simile, worn_words
from cowrite.engine.generation.stopping import Stopping


@pytest.mark.parametrize(
    ("lead", "text", "at"),
    [
        ("Along the wall a gull walked like a", " gull.", 1),
        ("Along the wall a gull walked like a", " young gull.", 7),
        ("Along the wall a gull walked like a", " gul", None),
        ("The gulls walked", " like a gull on ice.", 8),
        ("The wind was as cold as the", " wind,", 1),
        ("A gull sat there. He walked like a", " gull.", None),
        ("Along the wall a gull walked like a", " king.", None),
    ],
)
def test_a_simile_does_not_come_back_to_its_noun(lead: str, text: str, at: int | None) -> None:
    assert same_simile(lead, text) == at
    assert Stopping(lead, "", StopAt.SENTENCE).banned_at(text, final=False) == at


def test_a_word_is_worn_out_by_the_third_time() -> None:
    twice = "The lighthouse was dark. Nobody lit the lighthouse. "
    assert worn_words(twice) == {}
    assert list(worn_words(twice + "The lighthouse stood there.")) == ["lighthouse"]
    assert worn_words("Marta saw Marta and Marta. There there there.") == {}


def test_what_says_something() -> None:
    assert [word for word in ("boat", "this", "the", "lamp", "3000") if is_content(word)] == [
        "boat",
        "lamp",
    ]
