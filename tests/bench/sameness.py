"""Sameness: do candidates say different things, and nothing that the draft has worn out?

    python tests/bench/sameness.py BOOK [BOOK ...] [--model gemma|smollm2|PATH] [--asks 40] [--seed 1]
        [--out FILE] [--against FILE]

Asks at places drawn in the books' paragraphs, three candidates each, seeds fixed. `--out` keeps the figures
of each ask, `--against` compares with those that another tree has kept: differences are paired, with 95 %
bootstrap intervals over asks.

distinct: share of the three whose first content words differ. overlap: shared content words of two candidates
(Jaccard, mean of pairs). worn: share of candidates with a word that stands three times in the last 600
characters. logprob: mean natural log-probability of the candidates' tokens. keys: keys saved for a writer
who writes the book. first, total: milliseconds in the engine.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from statistics import mean

from engine_here import opened

from cowrite.core.context import context_at
from cowrite.core.document import Document
from cowrite.core.suggestion import Params
from cowrite.learning.evaluation.places import saved

Figures = dict[str, float]
_SMALL = (
    "about after again also always another around back because been before being between both could down"
    " each even every first from going good have having here into just know last like little long made"
    " make many more most much must never next nothing only other over said same several shall should some"
    " something still such than that their them then there these they thing things this those though"
    " thought through time under until upon very want well went were what when where which while whole"
    " will with within without would your"
)
SMALL = frozenset(str(_SMALL).split())


def content(text: str) -> list[str]:
    """The words that say something: four letters or more, no small word."""
    return [w for w in re.findall(r"[a-z]{4,}", text.lower()) if w not in SMALL]


def places(book: str, count: int, draw: random.Random) -> list[tuple[str, int]]:
    """Texts and offsets: behind a word, in a paragraph that is long enough."""
    body = re.sub(r"(?<!\n)\n(?!\n)", " ", book)
    spaces = [m.start() for m in re.finditer(r"(?<=[a-z,]) (?=\w)", body) if m.start() > 4000]
    return [(body, at) for at in sorted(draw.sample(spaces, count))]


def figures(before: str, texts: list[str], coming: str) -> Figures:
    """The figures of one ask but for those that the engine tells."""
    firsts = [next(iter(content(text)), "") for text in texts]
    near = Counter(re.findall(r"\b[a-z]{5,}\b", before[-600:]))
    worn = {word for word, times in near.items() if times >= 3 and word not in SMALL}
    sets = [set(content(text)) for text in texts]
    shared = [len(a & b) / max(1, len(a | b)) for a, b in combinations(sets, 2)]
    told = {
        "distinct": len(set(firsts)) / max(1, len(firsts)),
        "overlap": mean(shared) if shared else 0.0,
        "keys": float(saved(texts, coming)),
    }
    if worn:
        told["worn"] = mean(float(bool(words & worn)) for words in sets)
    return told


def interval(values: list[float], seed: int = 1) -> tuple[float, float, float]:
    """The mean, and a 95 % bootstrap interval."""
    draw = random.Random(seed)
    means = sorted(mean(draw.choices(values, k=len(values))) for _ in range(1000))
    return mean(values), means[25], means[974]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", type=Path, nargs="+")
    parser.add_argument("--model", default="gemma")
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    rows: list[Figures] = []
    with opened(given.model) as engine:
        for path in given.books:
            draw = random.Random(given.seed)
            for number, (text, at) in enumerate(places(path.read_text("utf-8"), given.asks, draw)):
                context = context_at(Document(text[:at]), at, budget=1500)
                done = engine.ask(context, Params(seed=number))
                texts = [one.text for one in done.candidates]
                row = figures(text[:at], texts, text[at : at + 300])
                known = [c.mean_logprob for c in done.candidates if c.mean_logprob is not None]
                row["logprob"] = mean(known) if known else 0.0
                behind = done.timings.prefill
                row["first"] = (done.timings.first or 0.0) - behind
                row["total"] = done.timings.total - behind
                rows.append(row)
    if given.out:
        given.out.write_text(json.dumps(rows), "utf-8")
    for name in ("distinct", "overlap", "worn", "keys", "logprob", "first", "total"):
        mine = [row[name] for row in rows if name in row]
        if mine:
            print(f"{name:9} {'{:.3f} [{:.3f}, {:.3f}]'.format(*interval(mine))}")
    if given.against:
        others: list[Figures] = json.loads(given.against.read_text("utf-8"))
        for name in ("distinct", "overlap", "worn", "keys", "logprob"):
            pairs = zip(rows, others, strict=True)
            values = [a[name] - b[name] for a, b in pairs if name in a and name in b]
            if values:
                print(f"{name:9} change {'{:+.3f} [{:+.3f}, {:+.3f}]'.format(*interval(values))}")


if __name__ == "__main__":
    main()
