"""What may not be written again."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.suggestion import Sampling
from cowrite.engine.generation.repetition import (
    OWN_RUN,
    PROMPT_RUN,
    Repetition,
    half_repeated,
    repeated_words,
)


def never(_token: int) -> bool:
    return False


def test_the_longer_the_run_the_higher_the_penalty():
    kept = Repetition([1, 2, 3, 4, 9, 8, 1, 2], never)
    short = kept.penalties(Sampling())[3]
    kept.push(3)
    long = kept.penalties(Sampling())[4]
    assert 0 < short < long < math.inf


def test_a_breaker_ends_a_run():
    tokens = [1, 2, 3, 4, 5, 9, 1, 2, 3, 4]
    assert 5 in Repetition(tokens, never).penalties(Sampling())
    broken = Repetition(tokens, lambda token: token == 3).penalties(Sampling())
    assert broken.get(5, 0.0) < 1.0


def test_nothing_is_held_back_when_it_is_switched_off():
    kept = Repetition([1, 2, 3, 4] * 5, never)
    assert kept.penalties(Sampling(dry_multiplier=0.0)) == {}
    assert set(kept.penalties(Sampling(dry_multiplier=0.0, repeat_penalty=1.2))) == {1, 2, 3, 4}


@given(st.lists(st.integers(0, 4), max_size=40), st.lists(st.integers(0, 4), max_size=40))
def test_runs_are_barred_as_a_plain_search_says(prompt: list[int], own: list[int]):
    kept = Repetition(prompt, never)
    for token in own:
        kept.push(token)
    barred = {t for t, p in kept.penalties(Sampling()).items() if math.isinf(p)}
    everything = prompt + own
    for token in range(5):
        ahead = [*everything, token]
        mine = [*own, token]
        in_own = len(mine) >= OWN_RUN and _again(mine, OWN_RUN)
        in_all = len(ahead) >= PROMPT_RUN and _again(ahead, PROMPT_RUN)
        assert (token in barred) == (in_own or in_all)


def _again(tokens: list[int], size: int) -> bool:
    """Whether the last `size` tokens stand somewhere before."""
    end = tokens[-size:]
    return any(tokens[i : i + size] == end for i in range(len(tokens) - size))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20), st.integers(0, 20))
def test_taking_tokens_back(tokens: list[int], count: int):
    count = min(count, len(tokens))
    kept, fresh = Repetition([1, 2, 3], never), Repetition([1, 2, 3], never)
    for token in tokens:
        kept.push(token)
    kept.pop(count)
    for token in tokens[: len(tokens) - count]:
        fresh.push(token)
    assert kept.penalties(Sampling()) == fresh.penalties(Sampling())


def test_four_words_are_a_repeat_in_any_dress():
    text = "He went down to the river. \u201cHe went,\u201d she said; HE WENT\nDOWN, to"
    assert repeated_words(text + " the", final=False) == text.rindex("to")
    assert repeated_words(text, final=False) is None
    assert repeated_words(text, final=True) == text.rindex("to")
    assert repeated_words(text + "wn.", final=True) is None
    assert half_repeated("one two three four, one two three f") == 1
    assert half_repeated("one two three four, one two three fi") == 0
    assert half_repeated("one two three four, one two three ") == 0


@given(st.lists(st.sampled_from("abc"), max_size=24), st.booleans())
def test_repeats_of_words_are_found_as_a_plain_search_says(words: list[str], final: bool):
    text = " ".join(words)
    whole = words if final else words[:-1]
    found = repeated_words(text, final=final)
    expected = len(whole) > 4 and _again([ord(word) for word in whole], 4)
    assert (found is not None) == expected
    if found is not None:
        assert found == 2 * (len(whole) - 1)
