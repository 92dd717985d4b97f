"""The text that the benchmark types."""

from __future__ import annotations

from importlib import resources

import pytest

from cowrite.engine.bench.text import PREFIX_WORDS, ROUND_WORDS, Text, words_of
from cowrite.errors import UsageError

STORY = resources.files("cowrite.engine.bench").joinpath("story.txt").read_text(encoding="utf-8")


def test_our_own_story_is_enough_for_the_usual_rounds():
    text = Text.cut(STORY, 8)
    assert len(text.words) == 8 * ROUND_WORDS
    assert STORY.startswith(text.prefix + "".join(text.words))


def test_words_joined_are_the_text():
    assert "".join(words_of(STORY)) == STORY.rstrip()
    assert words_of("One two.\n\nThree") == ["One", " two.", "\n\nThree"]


def test_a_short_text_is_refused_in_a_sentence():
    with pytest.raises(UsageError, match=str(PREFIX_WORDS + ROUND_WORDS)):
        Text.cut("Too short.", 1)
