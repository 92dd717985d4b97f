"""What a model is asked for and answers."""

from __future__ import annotations

from cowrite.core.suggestion import PRESETS, Candidate, Params, Sampling, Token


def test_the_mean_log_probability() -> None:
    assert Candidate("a").mean_logprob is None
    assert Candidate("ab", (Token("a", -1.0), Token("b", -2.0))).mean_logprob == -1.5


def test_presets_are_told_apart_and_balanced_is_the_default() -> None:
    assert PRESETS["balanced"] == Sampling() == Params().sampling
    assert PRESETS["precise"].temperature < Sampling().temperature < PRESETS["wild"].temperature
