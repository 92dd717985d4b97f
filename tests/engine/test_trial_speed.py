"""Our kernel is left out on a processor where the library is quicker without it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from toy_backend import ToyBackend

from cowrite.engine.backend import Decoded, Row
from cowrite.engine.host.trial import FAR, MUCH, SlowerError, WrongNumbersError, agree, compare


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Timed(ToyBackend):
    """Takes so many seconds for a step of one sequence and of three, and at times longer."""

    def __init__(self, clock: Clock, one: float, three: float) -> None:
        super().__init__()
        self.clock, self.seconds, self.steps = clock, {1: one, 3: three}, 0
        self.answer = Decoded.DONE

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        self.steps += 1
        self.clock.now += self.seconds[len(tokens)] * (1 if self.steps % 3 == 2 else 4)
        super().decode(tokens, positions, sequences, wanted)
        return self.answer


@pytest.mark.parametrize(
    ("one", "three", "slower"),
    [
        pytest.param(1.0, 1.0, False, id="much quicker"),
        pytest.param(MUCH - 0.01, 1.0, False, id="as quick, for what can be told"),
        pytest.param(MUCH + 0.01, 1.0, True, id="one candidate is slower"),
        pytest.param(0.5, 2 * MUCH + 0.02, True, id="three are"),
    ],
)
def test_a_kernel_that_is_slower_is_found_out(one: float, three: float, slower: bool):
    """By its quickest steps: all others were held up by something."""
    clock = Clock()
    ours, theirs = Timed(clock, one, three), Timed(clock, 1.0, 2.0)
    if slower:
        with pytest.raises(SlowerError):
            compare(ours, theirs, clock=clock)
    else:
        compare(ours, theirs, clock=clock)
        assert ours.steps == theirs.steps


def test_a_step_that_is_not_done_is_no_measure():
    clock = Clock()
    broken = Timed(clock, 1.0, 1.0)
    broken.answer = Decoded.FULL
    with pytest.raises(WrongNumbersError):
        compare(broken, Timed(clock, 1.0, 1.0), clock=clock)


class Rounded(ToyBackend):
    """Says what the other one says, but for some of the likelihood, which it gives to other tokens."""

    def __init__(self, moved: float) -> None:
        super().__init__()
        self.moved = moved

    def row(self, index: int) -> Row:
        row = super().row(index).astype(np.float64)
        likely = np.exp(row - row.max())
        likely /= likely.sum()
        return np.log(likely * (1 - self.moved) + self.moved * likely[::-1] + 1e-30).astype(
            np.float32
        )


@pytest.mark.parametrize(("moved", "wrong"), [(0.0, False), (FAR / 2, False), (1.0, True)])
def test_a_device_that_thinks_of_other_words_is_found_out(moved: float, wrong: bool):
    if wrong:
        with pytest.raises(WrongNumbersError):
            agree(Rounded(moved), ToyBackend())
    else:
        agree(Rounded(moved), ToyBackend())
