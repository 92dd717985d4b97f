"""Where candidates end, what of them may be shown, and what must not be in them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cowrite.core.suggestion import StopAt, StopReason
from cowrite.engine.generation.stopping import Stopping, alike, first_word


def ending(
    before: str = "He went", after: str = "", stop: StopAt = StopAt.SENTENCE, *banned: str
) -> Stopping:
    return Stopping(before, after, stop, banned)


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("He went", " home. Then", " home."),
        ("He went", " home.", None),
        ("He saw Mr", ". Smith there. Then", ". Smith there."),
        ("He left", ". Then he came back. She", ". Then he came back."),
        ("He said, ", '"Go away." She', '"Go away."'),
        ("He left.", "\n\nThe morning was cold. It", "\n\nThe morning was cold."),
        ("He left", " for the river\n\nThe", " for the river"),
        (
            "\u5f7c\u306f",
            "\u5ddd\u3078\u884c\u3063\u305f\u3002\u305d",
            "\u5ddd\u3078\u884c\u3063\u305f\u3002",
        ),
    ],
)
def test_a_sentence_ends(before: str, text: str, expected: str | None):
    verdict = ending(before).judge(text)
    assert (verdict.text if verdict else None) == expected
    if verdict:
        assert verdict.stop is StopReason.SENTENCE


def test_a_paragraph_ends_at_a_line_break_behind_words():
    rule = ending(stop=StopAt.PARAGRAPH)
    assert rule.judge("\n\nOne. Two.") is None
    verdict = rule.judge("\n\nOne. Two.\nThree")
    assert verdict is not None
    assert verdict.text == "\n\nOne. Two."


def test_running_into_the_following_text_ends_it():
    rule = ending("The", " fox jumped over it.", StopAt.NONE)
    verdict = rule.judge(" quick brown fox jumped high")
    assert verdict is not None
    assert (verdict.text, verdict.stop) == (" quick brown ", StopReason.SUFFIX)
    assert rule.finish(verdict.text) == " quick brown"


@pytest.mark.parametrize(
    ("before", "text", "after", "expected"),
    [
        ("the ", "quick brown", "fox", "quick brown "),
        ("the", " quick brown", " fox", " quick brown"),
        ("the", " quick ", "", " quick"),
        ("the", " fox.", ". Then", " fox"),
        ("won", "der", "ful", "der"),
        ("the", " quick", "\nNext", " quick"),
    ],
)
def test_no_space_is_doubled_or_missing(before: str, text: str, after: str, expected: str):
    assert ending(before, after).finish(text) == expected


def test_a_banned_phrase_is_found_as_words():
    rule = ending("He walked a", "", StopAt.NONE, "tapestry", "a testament to")
    assert rule.banned_at(" rich tapestry of", final=False) == 6
    assert rule.banned_at(" rich tapestry", final=False) is None
    assert rule.banned_at(" rich tapestry", final=True) == 6
    assert rule.banned_at(" tapestrylike cloth", final=True) is None
    assert rule.banned_at(" Testament  to life", final=False) == 0
    assert ending("a tapestry", "", StopAt.NONE, "tapestry").banned_at(" of", final=True) is None


WORDS = st.sampled_from(
    [" fox", " jumped", " over", " it", ".", " the", " rich", " tapestry", "\n", "!", " "]
)


@settings(deadline=None)  # the first one reads a word list
@example([" fox", "!", " ", ".", " fox"], "")
@given(
    st.lists(WORDS, max_size=30),
    st.sampled_from(["", " fox jumped over it.", "fox", ". Then", "\n"]),
)
def test_what_is_shown_only_grows_and_stays(words: list[str], after: str):
    for stop in StopAt:
        rule = ending("He saw", after, stop, "rich tapestry")
        text = shown = ""
        for word in words:
            text += word
            if rule.banned_at(text, final=False) is not None:
                return
            verdict = rule.judge(text)
            if verdict is not None:
                assert rule.finish(verdict.text).startswith(shown)
                break
            assert rule.shown(text).startswith(shown)
            shown = rule.shown(text)
        else:
            assert rule.finish(text).startswith(shown)


def test_repeating_the_following_text_is_seen():
    rule = ending(after=" The boat was old. She went home.")
    assert rule.repeats_after(" the boat was OLD")
    assert not rule.repeats_after(" the boat was new")
    assert not rule.repeats_after(" home")


def test_likeness():
    assert first_word("  \u201cThe boat") == "the"
    assert first_word(" ...") == "..."
    assert alike(" The boat sank.", " the house fell.")
    assert alike(" a boat was on the river", " one boat was on the river")
    assert not alike(" a boat was on the river", " no light came from the house")


def test_a_draft_without_tags_gets_none():
    plain = Stopping("The sea was", "", StopAt.SENTENCE)
    assert plain.banned_at(" <em>calm", final=False) is not None
    page = Stopping("<p>The sea was", "", StopAt.SENTENCE)
    assert page.banned_at(" <em>calm", final=False) is None
