"""Whether what follows tells which sentence stands in a gap: a book's own sentence beside sampled ones.

    python tests/bench/gaps.py BOOK... [--model PATH|gemma|smollm2] [--gaps 100] [--judged 8] [--json]

One sentence is taken out of a paragraph's middle, and `SAMPLED` others are drawn for its place, as the engine
draws candidates. All eight are put in order by how likely the following text is behind them
(`cowrite.engine.generation.following`), by their own mean likelihood, and by chance. Counted is how often the
book's is first, and how often what was put first says four words in a row of what follows.

Gaps come in runs of five in one chapter, so that most of the prompt is evaluated already. Intervals are 95 %
bootstrap intervals over the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cowrite.core.chapters import chapters
from cowrite.core.context import Context, context_at, sentences
from cowrite.core.document import Document
from cowrite.core.suggestion import Sampling, StopAt
from cowrite.engine.backend import Decoded
from cowrite.engine.generation.following import Following, likelihoods, plain_tokens
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt, Tokenizer, build_prompt
from cowrite.engine.generation.repetition import Copying
from cowrite.engine.generation.sampling import Scratch, choose, shortlist, wide
from cowrite.engine.generation.stopping import Stopping
from cowrite.engine.process import SPINS
from cowrite.learning.gate import mean_interval

if TYPE_CHECKING:
    from cowrite.engine.llama.model import LlamaModel

SAMPLED = 7
BUDGET = 1500
"""Characters before a gap that the model is shown."""
_RUN = 5
_WORDS = range(4, 41)
"""Of a sentence that is taken out."""
_LONGEST = 32
"""Tokens of a sampled sentence."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where a sentence was: what stands around it, and the sentence."""

    run: int
    context: Context
    sentence: str


@dataclass(frozen=True, slots=True)
class Way:
    """A sentence for a gap. own: its log-probability a token. fits: of each token of what follows."""

    text: str
    own: float
    fits: tuple[float, ...]
    repeats: bool


def gaps(book: str, count: int, seed: int) -> Iterator[Gap]:
    """Gaps in a book's chapters, in runs. All choices follow from the seed."""
    rng = random.Random(seed)
    parts = [book[one.start : one.end] for one in chapters(book)]
    for run in range(-(-count // _RUN)):
        found: list[Gap] = []
        while len(found) < _RUN:
            part = rng.choice(parts)
            start = rng.randrange(max(1, len(part) - 6000))
            found = list(_gaps_of(part, start, run))[:_RUN]
        yield from found


def _gaps_of(part: str, start: int, run: int) -> Iterator[Gap]:
    """The gaps in the paragraphs behind a place: sentences with another one before and behind them."""
    at = 0
    for paragraph in part.split("\n\n"):
        if at >= start:
            found = list(sentences(paragraph))
            for low, high in found[1:-1:2]:
                sentence = paragraph[low:high].rstrip()
                if len(sentence.split()) in _WORDS:
                    whole = part[: at + low].rstrip(" ") + part[at + low + len(sentence) :]
                    place = len(part[: at + low].rstrip(" "))
                    context = context_at(Document(whole), place, budget=BUDGET)
                    yield Gap(run, context, " " + " ".join(sentence.split()))
        at += len(paragraph) + 2


class Filler:
    """Fills gaps with sampled sentences, and judges them beside the true one."""

    def __init__(self, model: LlamaModel, judged: int) -> None:
        self._model, self._judged = model, judged
        self._kv = KvCache(model)
        self._tokenizer = Tokenizer(model)
        self._scratch = Scratch(model.facts.vocabulary)

    def ways(self, gap: Gap, seed: int) -> list[Way]:
        """The true sentence, and then the sampled ones."""
        model, kv = self._model, self._kv
        prompt = build_prompt(gap.context, self._tokenizer, model, 1024, healing=False)
        kv.drop_branches()
        while not kv.ready(prompt):
            assert kv.advance(prompt) is Decoded.DONE
        drawn = self._sampled(gap, prompt, seed)
        following = Following.of(gap.context, model, self._judged)
        assert following is not None
        true = plain_tokens(model, gap.sentence)
        texts = [true, *(tokens for tokens, _ in drawn)]
        whole = [(*prompt.tokens, *tokens) for tokens in texts]
        fits = likelihoods(following, whole, model, kv, self._scratch)
        assert not isinstance(fits, Decoded)
        owns = [self._own(prompt, true), *(own for _, own in drawn)]
        copying = Copying(gap.context.after, 4)
        said = ["".join(map(self._text, tokens)) for tokens in texts]
        return [
            Way(text, own, tuple(fit), _repeats(text, copying))
            for text, own, fit in zip(said, owns, fits, strict=True)
        ]

    def _text(self, token: int) -> str:
        return self._model.piece(token).decode("utf-8", "replace")

    def _own(self, prompt: Prompt, tokens: list[int]) -> float:
        own = likelihoods(Following(tuple(tokens)), [prompt.tokens], *self._with)
        assert not isinstance(own, Decoded)
        return sum(own[0]) / len(tokens)

    @property
    def _with(self) -> tuple[LlamaModel, KvCache, Scratch]:
        return self._model, self._kv, self._scratch

    def _sampled(self, gap: Gap, prompt: Prompt, seed: int) -> list[tuple[list[int], float]]:
        """Sentences drawn side by side, each in tokens and with its log-probability a token."""
        model, kv, sampling = self._model, self._kv, Sampling()
        stopping = Stopping(gap.context.text, gap.context.after, StopAt.SENTENCE)
        rngs = [random.Random(f"{seed}/{number}") for number in range(SAMPLED)]
        rows = [kv.rows(prompt)[-1]] * SAMPLED
        sequences = kv.claim(SAMPLED)
        for sequence in sequences:
            kv.fork(sequence, len(prompt.tokens))
        drawn: list[list[int]] = [[] for _ in rngs]
        owns = [0.0] * SAMPLED
        active = list(range(SAMPLED))
        while active:
            for number, row in zip(list(active), rows, strict=True):
                best = shortlist(row, wide(sampling), self._scratch)
                place = choose(best.ids, best.logprobs, sampling, {}, rngs[number])
                assert place is not None
                token = int(best.ids[place])
                over = model.ends(token) or len(drawn[number]) >= _LONGEST
                if not over:
                    drawn[number].append(token)
                    owns[number] += float(best.logprobs[place])
                    text = "".join(map(self._text, drawn[number]))
                    over = stopping.judge(text) is not None
                if over:
                    active.remove(number)
            if active:
                last = [drawn[number][-1] for number in active]
                at = [len(prompt.tokens) + len(drawn[number]) - 1 for number in active]
                used = [sequences[number] for number in active]
                assert model.decode(last, at, used, [True] * len(last)) is Decoded.DONE
                for token, sequence in zip(last, used, strict=True):
                    kv.grow(sequence, token)
                rows = [model.row(place).copy() for place in range(len(active))]
        trimmed = [self._trimmed(stopping, tokens) for tokens in drawn]
        return [
            (kept, own / max(1, len(full)))
            for kept, own, full in zip(trimmed, owns, drawn, strict=True)
        ]

    def _trimmed(self, stopping: Stopping, tokens: list[int]) -> list[int]:
        """The tokens of a sentence, without what was drawn of the next one."""
        text = "".join(map(self._text, tokens))
        verdict = stopping.judge(text)
        text = text if verdict is None else verdict.text
        return plain_tokens(self._model, text.rstrip()) or tokens


def _repeats(text: str, copying: Copying) -> bool:
    return any(copying.at(text[:end], final=True) is not None for end in range(1, len(text) + 1))


ORDERS = {
    "what follows": lambda way: sum(way.fits),
    "own likelihood": lambda way: way.own,
    "both": lambda way: sum(way.fits) / len(way.fits) + way.own,
}


def figures(found: list[tuple[int, list[Way]]]) -> dict[str, Any]:
    """How often the true sentence is first, for each order, with an interval."""
    told: dict[str, Any] = {"gaps": len(found)}
    for name, key in ORDERS.items():
        firsts = [(run, max(ways, key=key)) for run, ways in found]
        hits = [
            (run, float(first is ways[0]))
            for (run, first), (_, ways) in zip(firsts, found, strict=True)
        ]
        told[name] = {
            "first": sum(hit for _, hit in hits) / len(hits),
            "interval": list(mean_interval(hits)),
            "repeats": sum(first.repeats for _, first in firsts) / len(firsts),
        }
    return told


def run(
    book: str, model: Path, count: int, judged: int, seed: int, threads: int, out: Path | None
) -> dict[str, Any]:
    """All figures of one book with one model."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    from cowrite.engine.llama.model import LlamaModel

    llama = LlamaModel(model)
    llama.open(2048, threads, outputs=64)
    filler = Filler(llama, judged)
    found = []
    for number, gap in enumerate(gaps(book, count, seed)):
        ways = filler.ways(gap, seed * 1000 + number)
        found.append((gap.run, ways))
        if out is not None:
            row = [(way.text, way.own, way.fits, way.repeats) for way in ways]
            with out.open("a") as file:
                file.write(json.dumps([gap.run, gap.context.after[:200], row]) + "\n")
    llama.close()
    return figures(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("books", type=Path, nargs="+")
    parser.add_argument("--model", default="gemma")
    parser.add_argument("--gaps", type=int, default=100, help="in each book")
    parser.add_argument("--judged", type=int, default=8, help="tokens of what follows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="a file that gets a line of JSON for each gap")
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.support.real_models import NAMES, model_file

    model = model_file(asked.model).path if asked.model in NAMES else Path(asked.model)
    for book in asked.books:
        told = run(
            book.read_text("utf-8"),
            model,
            asked.gaps,
            asked.judged,
            asked.seed,
            asked.threads,
            asked.out,
        )
        if asked.json:
            print(json.dumps({"book": book.name, "model": asked.model, **told}))
            continue
        print(f"{book.name}, {asked.model}: {told['gaps']} gaps")
        for name in ORDERS:
            low, high = told[name]["interval"]
            first, repeats = told[name]["first"], told[name]["repeats"]
            print(f"  by {name}: {first:.0%} [{low:.0%}, {high:.0%}], repeating {repeats:.1%}")


if __name__ == "__main__":
    main()
