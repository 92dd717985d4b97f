"""Our kernel is left out on a processor where the library is quicker without it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from toy_backend import ToyBackend

from cowrite.engine.backend import Decoded
from cowrite.engine.host.trial import MUCH, SlowerError, WrongNumbersError, compare


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
