"""A simulated writer in auto-suggest, on candidates made by chance: less of what is shown is wrong."""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import shown_and_wrong as bench

from cowrite.learning import ranking

WORDS = [
    "river",
    "bridge",
    "lantern",
    "harbour",
    "garden",
    "window",
    "morning",
    "letter",
    "captain",
    "shadow",
]


def places(count: int, seed: int) -> list[bench.Place]:
    """Pauses at which the first word's likelihood tells whether it is right, and the rest tells nothing."""
    rng = random.Random(seed)
    text = " ".join(rng.choice(WORDS) for _ in range(count * 8))
    found = []
    at = 40
    for number in range(count):
        at = text.index(" ", at + 30)
        coming = text[at : at + 200]
        rows: list[dict[str, Any]] = []
        for _ in range(3):
            p = rng.choice((0.05, 0.2, 0.5, 0.9))
            first = coming.split()[0] if rng.random() < p else "nothing"
            rest = [" of", " the", " kind"]
            tokens = [[f" {first}", math.log(p)], *([word, rng.uniform(-4, -0.1)] for word in rest)]
            rows.append({"text": f" {first} of the kind", "tokens": tokens, "stop": "sentence"})
        found.append(
            bench.Place(
                {
                    "model": "chance",
                    "book": "none",
                    "run": number // 20,
                    "chapter": number * 30 // count,
                    "chapters": 30,
                    "offset": at,
                    "before": text[max(0, at - 300) : at],
                    "coming": coming,
                    "candidates": rows,
                }
            )
        )
    return found


def test_a_quarter_less_is_wrong_at_the_same_kept_characters(tmp_path: Path) -> None:
    told = bench.measure(places(450, 1), tmp_path, ask=True)
    assert "usual" in told, told
    assert told["same kept"]["kept"] >= told["usual"]["kept"]
    assert told["same kept"]["wrong"] <= 0.75 * told["usual"]["wrong"]
    assert told["calibration error"] <= ranking.MOST_ERROR


def test_the_writer_takes_whole_words_alone() -> None:
    assert bench.right(" river bank", " river banks") == 6
    assert bench.right(" river", " river bank") == 6
    assert bench.right(" riv", " river") == 0
    assert bench.right("", " river") == 0
