"""A begun word is finished as a word."""

from __future__ import annotations

import pytest

from cowrite.core.suggestion import StopAt
from cowrite.engine.generation.mid_word import MidWord
from cowrite.engine.generation.stopping import Stopping


@pytest.mark.parametrize(
    ("before", "text", "final", "at"),
    [
        ("It was the most wond", "erful day", False, None),
        ("It was the most wond", "erf", False, None),
        ("It was the most wond", "erfil", False, 4),
        ("It was the most wond", " and", False, 0),
        ("It was the most wond", "erfu", True, 3),
        ("It was the most wonder", " and", False, None),
        ("Down the mountains of Switz", "ersdorf.", False, 6),
        ("Down the mountains of Switz", "erland.", False, None),
        ("Margarethe slept. When it came, Marg", "arethe saw", False, None),
        ("Zzyzxa met Zzyzx", "olf today", False, 2),
        ("He met Zzyzx", "olf today", False, None),
        ("We do", "n't know", False, None),
        ("", "Any", False, None),
        ("Der Mann und die Frau sind nicht im Haust", "xyz", True, None),
    ],
)
def test_what_finishes_a_word(before: str, text: str, final: bool, at: int | None) -> None:
    assert MidWord(before, "").wrong_at(text, final=final) == at
    found = Stopping(before, "", StopAt.SENTENCE).banned_at(text, final=final)
    assert found == at
