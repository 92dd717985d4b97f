"""The bounds that docs/performance.md promises of what is learned of the writer's choices, on real books.

    COWRITE_DECISIONS=FILE pytest -m slow tests/bench/test_shown_and_wrong.py

FILE is what `auto_decisions.py` wrote, which takes an hour for 1,000 places of two books with both models.
"""

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from shown_and_wrong import Place, Together, measure, paired

DECISIONS = os.environ.get("COWRITE_DECISIONS", "")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not DECISIONS, reason="COWRITE_DECISIONS names no file"),
]


def test_a_quarter_less_is_wrong_and_the_probabilities_hold(tmp_path: Path) -> None:
    places = [Place(json.loads(line)) for line in Path(DECISIONS).read_text("utf-8").splitlines()]
    together = Together()
    for model, book in sorted({place.run[:2] for place in places}):
        own = [place for place in places if place.run[:2] == (model, book)]
        folder = tmp_path / f"{model}-{book}"
        folder.mkdir()
        measure(own, folder, ask=True, together=together)
    assert len(together.likely) >= 300
    assert paired(together.usual, together.same).relative <= -0.25
    assert together.facts()["calibration error"] <= 0.07
    assert together.facts()["of the likeliest of each place"] <= 0.1
