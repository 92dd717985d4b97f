"""What the real engine offers at pauses of a book, kept as lines of JSON, to compare gates on.

    python tests/bench/auto_decisions.py OUT.jsonl --books FOLDER [--models gemma,smollm2] [--points 900]

The writer of these places is about to write what the book says next. Pauses come in runs of twenty, some words
apart, spread evenly over the chapters in order: at the end of a word, behind its space, inside of it, and
behind a sentence. The engine is asked as suggestions.auto asks it, with the settings as they come, save for
24 tokens in the place of 48, since most sentences end there. A run
that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cowrite.core.context import context_at
from cowrite.core.document import Document
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Params
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Done, Finished, RunAhead, Suggest

RUN = 20
BUDGET = 2000
COMING = 400
TOKENS = 24
KINDS = (
    "word end",
    "behind the space",
    "inside a word",
    "behind the space",
    "word end",
    "sentence",
)


def chapters(book: str) -> list[str]:
    """The chapters of a book that begin with a line of their own, without the short ones."""
    parts = re.split(r"(?m)^(?=CHAPTER [IVXLC\d]+)", book)
    return [part.strip() for part in parts if len(part) > 4000]


def pauses(text: str, rng: random.Random) -> Iterator[tuple[int, str]]:
    """A run of twenty places of one chapter, each with its kind."""
    ends = [m.end() for m in re.finditer(r"\w+(?= \w)", text)]
    stops = [m.end() for m in re.finditer(r"\w[.!?] (?=[A-Z])", text)]
    at = rng.randrange(200, max(201, len(ends) - RUN * 12))
    for number in range(RUN):
        at += rng.randint(4, 12)
        if at >= len(ends) - 2:
            return
        offset, kind = ends[at], KINDS[number % len(KINDS)]
        if kind == "behind the space":
            offset += 1
        elif kind == "sentence":
            offset = next((stop for stop in stops if stop >= offset), offset)
            at = next((i for i, end in enumerate(ends) if end > offset), at)
        elif kind == "inside a word":
            word = re.match(r"\w+", text[offset + 1 :])
            size = len(word.group()) if word else 0
            if size < 4:
                kind = "word end"
            else:
                offset += 1 + rng.randint(2, size - 2)
        yield offset, kind


class Asked:
    """The engine in this process, asked as a pause asks it."""

    def __init__(self, model: Path, threads: int) -> None:
        from cowrite.engine.llama.model import LlamaModel

        llama = LlamaModel(model)
        llama.open(2048, threads)
        index = PieceIndex.build(llama)
        self._sent: list[tuple[float, Any]] = []
        self._engine = Engine(llama, lambda: index, self._hear, run_ahead=RunAhead.OFF)

    def _hear(self, message: Any) -> None:
        self._sent.append((time.perf_counter(), message))

    def answers(self, before: str) -> dict[str, Any]:
        """The candidates behind a text, and milliseconds to the first that ended and to the last."""
        whole = Document(before)
        context = context_at(whole, len(whole), budget=BUDGET)
        self._sent.clear()
        began = time.perf_counter()
        params = Params(max_tokens=TOKENS, seed=place_seed(context))
        self._engine.ask(Suggest("p", context, params), began)
        while self._engine.writing:
            self._engine.step()
        ended = [when for when, message in self._sent if isinstance(message, Finished)]
        last, done = self._sent[-1]
        assert isinstance(done, Done), done
        return {
            "first_ended_ms": round(1000 * (min(ended, default=last) - began), 1),
            "done_ms": round(1000 * (last - began), 1),
            "candidates": [
                {
                    "text": candidate.text,
                    "tokens": [[token.text, round(token.logprob, 4)] for token in candidate.tokens],
                    "stop": candidate.stop,
                }
                for candidate in done.candidates
            ],
        }


def places(book: str, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """The places of a book in rounds: each round has one run in every chapter."""
    found = chapters(book)
    number = 0
    for round_number in range(1 + count // (RUN * len(found))):
        rng = random.Random(seed * 1000 + round_number)
        for chapter, text in enumerate(found):
            for offset, kind in pauses(text, rng):
                yield {
                    "chapter": chapter,
                    "chapters": len(found),
                    "run": round_number * len(found) + chapter,
                    "offset": offset,
                    "kind": kind,
                    "before": text[:offset],
                    "coming": text[offset : offset + COMING],
                }
                number += 1
                if number >= count:
                    return


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--books", type=Path, required=True, help="a folder with .txt files")
    parser.add_argument("--models", default="gemma,smollm2")
    parser.add_argument("--points", type=int, default=900, help="for each book and model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--from-chapter", type=float, default=0.0, help="only behind this share of the chapters"
    )
    given = parser.parse_args()
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
    from real_models import model_file

    there = set()
    if given.out.exists():
        for line in given.out.read_text(encoding="utf-8").splitlines():
            known = json.loads(line)
            there.add((known["model"], known["book"], known["number"]))
    asked = {name: Asked(model_file(name).path, given.threads) for name in given.models.split(",")}
    books = {path.stem: path.read_text(encoding="utf-8") for path in given.books.glob("*.txt")}
    todo = {
        name: [
            (number, place)
            for number, place in enumerate(places(text, given.points, given.seed))
            if place["chapter"] >= given.from_chapter * place["chapters"]
        ]
        for name, text in books.items()
    }
    with given.out.open("a", encoding="utf-8") as out:
        # In turns, so that what is there when it is stopped says as much of each.
        for begin in range(0, given.points, RUN):
            for model, engine in asked.items():
                for book, found in todo.items():
                    for number, place in found[begin : begin + RUN]:
                        if (model, book, number) in there:
                            continue
                        before = place["before"]
                        row = {"model": model, "book": book, "number": number, **place}
                        row["before"] = before[-BUDGET:]
                        row.update(engine.answers(before))
                        out.write(json.dumps(row) + "\n")
                        out.flush()


if __name__ == "__main__":
    main()
