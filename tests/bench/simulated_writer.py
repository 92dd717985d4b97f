"""A simulated writer: what suggestions are worth to somebody who knows the next words already.

    python tests/bench/simulated_writer.py BOOK [--model PATH|gemma|smollm2] [--points 300] [--json]

The book's chapters are the documents. At each point the engine is asked, as the program would ask it, and the
writer, who is about to write what the book says next, does what saves the most keys: accept words of a
candidate while they are the right ones (a key a word, or one for the whole candidate where it is the true
sentence), after cycling to it (a key each), or nothing. A word is right when it is the book's word with the
punctuation behind it. Keys for asking are not counted: they are the same for all.

Points come in runs of ten, some words apart, so that most of the prompt is evaluated already. Every third
point is at the end of a word, behind its space, or inside of it. All choices follow from the seed. Intervals
are 95 % bootstrap intervals over the runs, since points of one run are not independent.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

from cowrite.core import segmentation
from cowrite.core.document import Document
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.core.window import context_at
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Done, RunAhead, Suggest

if TYPE_CHECKING:
    from cowrite.engine.llama.model import LlamaModel

RUN = 10
BUDGET = 4000
TOKENS = 12
KINDS = ("word end", "behind the space", "inside a word")


@dataclass(frozen=True)
class Point:
    """A place in a chapter: what was written, what comes next, and what kind of place it is."""

    chapter: Document
    offset: int
    kind: str
    run: int

    @property
    def coming(self) -> str:
        return self.chapter.slice(self.offset, min(len(self.chapter), self.offset + 400))


def chapters(book: str) -> list[str]:
    parts = re.split(r"(?m)^(?=CHAPTER [IVXLC]+)", book)
    return [part.strip() for part in parts if len(part) > 4000]


def points(book: str, count: int, seed: int) -> list[Point]:
    """Runs of points, each run in one place of one chapter."""
    rng = random.Random(seed)
    documents = [Document(text) for text in chapters(book)]
    found: list[Point] = []
    run = 0
    while len(found) < count:
        document = documents[run % len(documents)]
        text = document.text
        ends = [m.end() for m in re.finditer(r"\w+(?= \w)", text)]
        at = rng.randrange(250, max(251, len(ends) - RUN * 12))
        for number in range(RUN):
            at += rng.randint(4, 12)
            if at + 2 >= len(ends):
                break
            kind = KINDS[number % 3]
            offset = ends[at]
            if kind == KINDS[1]:
                offset += 1
            elif kind == KINDS[2]:
                word = re.match(r"\w+", text[offset + 1 :])
                size = len(word.group()) if word else 0
                if size < 4:
                    kind = KINDS[0]
                else:
                    offset += 1 + rng.randint(2, size - 2)
            found.append(Point(document, offset, kind, run))
        run += 1
    return found[:count]


class Asked:
    """The engine, in this process, with or without healing."""

    def __init__(self, model: LlamaModel, index: PieceIndex, *, healing: bool) -> None:
        self._sent: list[Any] = []
        self._engine = Engine(
            model, lambda: index, self._sent.append, run_ahead=RunAhead.OFF, healing=healing
        )

    def texts(self, point: Point, params: Params) -> Done:
        """The candidates at a point; the book's following text is not shown to the model."""
        whole = Document(point.chapter.slice(0, point.offset))
        context = context_at(whole, point.offset, budget=BUDGET)
        self._sent.clear()
        self._engine.suggest(Suggest("p", context, params), time.perf_counter())
        while self._engine.writing:
            self._engine.step()
        done = self._sent[-1]
        assert isinstance(done, Done), done
        return done


def saved(candidates: list[str], coming: str) -> int:
    """Keys saved by the best that the writer can do with these candidates."""
    best = 0
    for cycles, text in enumerate(candidates):
        at = keys = 0
        while at < len(text):
            end = segmentation.word_end(text, at)
            piece = text[:end]
            right = coming.startswith(piece) and not coming[end : end + 1].isalnum()
            if not right or end == at:
                break
            at, keys = end, keys + 1
            best = max(best, at - keys - cycles)
        if text and coming.startswith(text) and not coming[len(text) : len(text) + 1].isalnum():
            best = max(best, len(text) - 1 - cycles)
    return best


def next_word_right(text: str, coming: str) -> bool:
    """Whether the rest of the begun word is the book's."""
    return _rest(text) == _rest(coming)


def _rest(text: str) -> str:
    match = re.match(r"\w*", text)
    return match.group() if match else ""


def interval(
    values: list[tuple[int, float]], of: Callable[[list[float]], float] = mean
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a statistic, runs drawn with replacement."""
    runs: dict[int, list[float]] = {}
    for run, value in values:
        runs.setdefault(run, []).append(value)
    rng = random.Random(1)
    groups = list(runs.values())
    drawn = sorted(
        of([value for group in rng.choices(groups, k=len(groups)) for value in group])
        for _ in range(2000)
    )
    return drawn[50], drawn[1949]


def gain_interval(
    base: list[tuple[int, float]], other: list[tuple[int, float]]
) -> tuple[float, float]:
    """The interval of `other`'s relative gain over `base`, the same runs drawn for both."""
    pairs: dict[int, list[tuple[float, float]]] = {}
    for (run, first), (_, second) in zip(base, other, strict=True):
        pairs.setdefault(run, []).append((first, second))
    rng = random.Random(1)
    groups = list(pairs.values())
    gains = []
    for _ in range(2000):
        chosen = [pair for group in rng.choices(groups, k=len(groups)) for pair in group]
        total = sum(pair[0] for pair in chosen)
        gains.append(sum(pair[1] for pair in chosen) / total - 1 if total else 0.0)
    gains.sort()
    return gains[50], gains[1949]


GREEDY = Sampling(temperature=0.0)
MODES: dict[str, tuple[bool, Params]] = {
    "n=1 greedy, no healing": (False, Params(n=1, max_tokens=TOKENS, sampling=GREEDY)),
    "n=1": (True, Params(n=1, max_tokens=TOKENS)),
    "n=3": (True, Params(n=3, max_tokens=TOKENS)),
}


def keystrokes(
    asked: dict[bool, Asked], places: list[Point], tell: Callable[[str], None]
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
        low, high = interval(values)
        rows[name] = {"keys_saved": mean(v for _, v in values), "interval": [low, high]}
        for kind in KINDS:
            own = [v for (_, v), point in zip(values, places, strict=True) if point.kind == kind]
            rows[name][kind] = mean(own) if own else None
        if name != "n=1 greedy, no healing":
            total = sum(v for _, v in base)
            rows[name]["gain"] = sum(v for _, v in values) / total - 1 if total else None
            rows[name]["gain_interval"] = list(gain_interval(base, values))
            ends = [i for i, point in enumerate(places) if point.kind == KINDS[0]]
            ground = sum(base[i][1] for i in ends)
            rows[name]["gain_at_word_ends"] = (
                sum(values[i][1] for i in ends) / ground - 1 if ground else None
            )
    return rows


def healing(
    asked: dict[bool, Asked], places: list[Point], tell: Callable[[str], None]
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
            "interval": list(interval(hit)),
        }
        for way, hit in hits.items()
    }


def loops(
    asked: dict[bool, Asked], places: list[Point], tell: Callable[[str], None]
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
    places = points(book, count, seed)
    told: dict[str, Any] = {
        "points": len(places),
        "runs": len({p.run for p in places}),
        "seed": seed,
    }
    # Two engines can't share one context: each is made for a part of its own, the cache begins empty.
    plain, healed = _Switch(llama, index, healing=False), _Switch(llama, index, healing=True)
    asked: dict[bool, Asked] = {False: plain, True: healed}
    if "keys" in parts:
        told["keystrokes"] = keystrokes(asked, places, tell)
    if "healing" in parts:
        told["healing"] = healing(asked, places, tell)
    if "loops" in parts:
        told["loops"] = loops(asked, places[: max(30, count // 3)], tell)
    llama.close()
    return told


class _Switch(Asked):
    """Engines that take turns on one context share its cache's keeper, so that none is wrong about it."""

    _kv: Any = None

    def __init__(self, model: LlamaModel, index: PieceIndex, *, healing: bool) -> None:
        super().__init__(model, index, healing=healing)
        if _Switch._kv is None:
            _Switch._kv = self._engine.kv
        self._engine.kv = _Switch._kv


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
