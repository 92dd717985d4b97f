"""A simulated writer: what suggestions are worth to somebody who knows the next words already.

    python tests/bench/simulated_writer.py BOOK [--model PATH|gemma|smollm2] [--points 300] [--json]

The book's chapters are the documents. At each point the engine is asked, as the program would ask it, and the
writer does what `cowrite.learning.evaluation.places` says.

Points come in runs of ten, some words apart, so that most of the prompt is evaluated already. Every third
point is at the end of a word, behind its space, or inside of it. All choices follow from the seed. Intervals
are 95 % bootstrap intervals over the runs, since points of one run are not independent.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from cowrite.core.chapters import chapters
from cowrite.core.context import context_at
from cowrite.core.document import Document
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.host.engine import Engine
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Done, RunAhead, Suggest
from cowrite.learning.evaluation.places import KINDS, TOKENS, Place, drawn_places, saved
from cowrite.learning.gate import Unit, difference, mean_interval

if TYPE_CHECKING:
    from cowrite.engine.llama.model import LlamaModel

BUDGET = 4000


class Asked:
    """The engine, in this process, with or without healing."""

    def __init__(self, model: LlamaModel, index: PieceIndex, kv: KvCache, *, healing: bool) -> None:
        """kv: engines that take turns on one context share its cache's keeper, so that none is wrong of it."""
        self._sent: list[Any] = []
        self._engine = Engine(
            model, lambda: index, self._sent.append, run_ahead=RunAhead.OFF, healing=healing, kv=kv
        )

    def texts(self, point: Place, params: Params) -> Done:
        """The candidates at a point; the book's following text is not shown to the model."""
        whole = Document(point.chapter.slice(0, point.offset))
        context = context_at(whole, point.offset, budget=BUDGET)
        self._sent.clear()
        self._engine.ask(Suggest("p", context, params), time.perf_counter())
        while self._engine.writing:
            self._engine.step()
        done = self._sent[-1]
        assert isinstance(done, Done), done
        return done


def next_word_right(text: str, coming: str) -> bool:
    """Whether the rest of the begun word is the book's."""
    return _rest(text) == _rest(coming)


def _rest(text: str) -> str:
    match = re.match(r"\w*", text)
    return match.group() if match else ""


GREEDY = Sampling(temperature=0.0)
MODES: dict[str, tuple[bool, Params]] = {
    "n=1 greedy, no healing": (False, Params(n=1, max_tokens=TOKENS, sampling=GREEDY)),
    "n=1": (True, Params(n=1, max_tokens=TOKENS)),
    "n=3": (True, Params(n=3, max_tokens=TOKENS)),
}


def keystrokes(
    asked: dict[bool, Asked], places: list[Place], tell: Callable[[str], None]
) -> dict[str, Any]:
    """Keys saved a request, for each way to ask."""
    per_mode: dict[str, list[tuple[int, float]]] = {name: [] for name in MODES}
    for number, point in enumerate(places):
        tell(f"keys, point {number + 1} of {len(places)}")
        for name, (healing, params) in MODES.items():
            done = asked[healing].texts(point, replace(params, seed=number))
            keys = saved([c.text for c in done.candidates], point.coming)
            per_mode[name].append((point.run, float(keys)))
    rows: dict[str, Any] = {}
    base = per_mode["n=1 greedy, no healing"]
    for name, values in per_mode.items():
        low, high = mean_interval(values)
        rows[name] = {"keys_saved": mean(v for _, v in values), "interval": [low, high]}
        for kind in KINDS:
            own = [v for (_, v), point in zip(values, places, strict=True) if point.kind == kind]
            rows[name][kind] = mean(own) if own else None
        if name != "n=1 greedy, no healing":
            pairs = zip(base, values, strict=True)
            gain = difference(Unit(run, first, second) for (run, first), (_, second) in pairs)
            rows[name]["gain"] = gain.relative if gain.known else None
            rows[name]["gain_interval"] = [gain.low, gain.high]
            ends = [i for i, point in enumerate(places) if point.kind == KINDS[0]]
            ground = sum(base[i][1] for i in ends)
            rows[name]["gain_at_word_ends"] = (
                sum(values[i][1] for i in ends) / ground - 1 if ground else None
            )
    return rows


def healing(
    asked: dict[bool, Asked], places: list[Place], tell: Callable[[str], None]
) -> dict[str, Any]:
    """How often a word that was begun is ended as in the book, with and without healing."""
    inside = [point for point in places if point.kind == KINDS[2]]
    hits: dict[bool, list[tuple[int, float]]] = {True: [], False: []}
    params = Params(n=1, max_tokens=6, stop=StopAt.NONE, seed=1, sampling=GREEDY)
    for number, point in enumerate(inside):
        tell(f"healing, point {number + 1} of {len(inside)}")
        for way, hit in hits.items():
            text = asked[way].texts(point, params).candidates[0].text
            hit.append((point.run, float(next_word_right(text, point.coming))))
    return {
        ("with" if way else "without"): {
            "match": mean(v for _, v in hit),
            "interval": list(mean_interval(hit)),
        }
        for way, hit in hits.items()
    }


def loops(
    asked: dict[bool, Asked], places: list[Place], tell: Callable[[str], None]
) -> dict[str, Any]:
    """Shares of 40-token candidates that repeat themselves, or the text before."""
    own = prefix = count = 0
    params = Params(n=3, max_tokens=40, stop=StopAt.NONE)
    for number, point in enumerate(places):
        tell(f"loops, point {number + 1} of {len(places)}")
        before = _words(point.chapter.slice(max(0, point.offset - BUDGET), point.offset))
        known = set(_grams(before, 8))
        for candidate in asked[True].texts(point, replace(params, seed=number)).candidates:
            if not candidate.text:
                continue
            words = _words(candidate.text)
            fours = list(_grams(words, 4))
            count += 1
            own += len(fours) != len(set(fours))
            prefix += any(gram in known for gram in _grams(words, 8))
    return {
        "candidates": count,
        "repeated_4_gram": own / count,
        "repeated_prefix_8_gram": prefix / count,
    }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _grams(words: list[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def run(book: str, model: Path, count: int, seed: int, parts: list[str]) -> dict[str, Any]:
    """All figures for one model."""

    def tell(what: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{what} ...")
            sys.stderr.flush()

    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    from cowrite.engine.llama.model import LlamaModel

    llama = LlamaModel(model)
    llama.open(2048, 2)
    index = PieceIndex.build(llama)
    parts_of_book = [book[chapter.start : chapter.end] for chapter in chapters(book)]
    places = drawn_places(parts_of_book, count, seed)
    told: dict[str, Any] = {
        "points": len(places),
        "runs": len({p.run for p in places}),
        "seed": seed,
    }
    kv = KvCache(llama)
    asked = {healing: Asked(llama, index, kv, healing=healing) for healing in (False, True)}
    if "keys" in parts:
        told["keystrokes"] = keystrokes(asked, places, tell)
    if "healing" in parts:
        told["healing"] = healing(asked, places, tell)
    if "loops" in parts:
        told["loops"] = loops(asked, places[: max(30, count // 3)], tell)
    llama.close()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("book", type=Path)
    parser.add_argument("--model", default="gemma", help="gemma, smollm2 or a path")
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parts", default="keys,healing,loops")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
    from real_models import model_file

    path = (
        model_file(given.model).path if given.model in ("gemma", "smollm2") else Path(given.model)
    )
    book = given.book.read_text(encoding="utf-8")
    told = run(book, path, given.points, given.seed, given.parts.split(","))
    print(json.dumps(told, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
