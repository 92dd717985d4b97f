"""The draft in numbers."""

from __future__ import annotations

from cowrite.tui.draft.counts import reading_minutes


def test_reading_time() -> None:
    assert [reading_minutes(words) for words in (0, 1, 230, 231, 2300)] == [0, 1, 1, 2, 10]
