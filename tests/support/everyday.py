"""What of a matrix is tested every day: each value of both sides, in turns. The rest is for the slow run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def in_turns(one: Sequence[Any], other: Sequence[Any], *, always: Sequence[Any] = ()) -> list[Any]:
    """All pairs, for `parametrize` with two names. Slow are those with which nothing comes for the first time.

    Every day there are the pairs along the diagonals of the matrix, so that each value is there, and those with
    a value of `other` that is in `always`.
    """
    size = min(len(one), len(other))
    return [
        pytest.param(a, b, marks=() if b in always or i % size == j % size else pytest.mark.slow)
        for i, a in enumerate(one)
        for j, b in enumerate(other)
    ]
