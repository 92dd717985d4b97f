"""The speed that docs/performance.md promises, on a real terminal, against a bare TextArea in the same run.

Left out of the everyday run: `pytest -m slow tests/bench/test_latency.py`, on a machine that does nothing else.
"""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from nasty_lines import LARGE, LINES, SMALL, growth, measured
from pty_latency import SIZES, Timing, measure

pytestmark = [pytest.mark.slow, pytest.mark.pty, pytest.mark.timeout(300)]


def both(size: str, program: str) -> tuple[Timing, Timing]:
    bare, ours = measure(["bare", program], SIZES[size]())
    return bare, ours


@pytest.mark.parametrize("program", ["editor", "cowrite"])
def test_a_key_in_a_short_draft(program: str) -> None:
    bare, ours = both("6 kB", program)
    assert ours.median <= 1.15 * bare.median
    assert ours.p95 <= 1.3 * bare.p95
    assert ours.first_paint <= 1.5 * bare.first_paint


@pytest.mark.parametrize("program", ["editor", "cowrite"])
def test_a_key_in_a_draft_of_a_megabyte(program: str) -> None:
    bare, ours = both("1 MB", program)
    assert ours.median <= 0.6 * bare.median
    assert ours.p95 <= 0.6 * bare.p95
    assert ours.first_paint <= 2 * bare.first_paint


@pytest.mark.parametrize("program", ["editor", "cowrite"])
def test_a_key_in_one_very_long_paragraph(program: str) -> None:
    (ours,) = measure([program], SIZES["one paragraph of 100,000"]())
    assert ours.median <= 50


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("line", LINES)
def test_q1_no_key_and_no_action_is_slow_on_any_line(line: str, size: int) -> None:
    cost = measured(line, size)
    assert cost.is_kept, cost


def test_q1_memory_is_flat_over_keys_in_a_long_line() -> None:
    before, after = growth()
    assert after - before <= 8
