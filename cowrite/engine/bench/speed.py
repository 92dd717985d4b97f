"""How fast one model writes here, in some ten seconds: a short form of the benchmark, without baselines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

from cowrite.core.suggestion import Params, StopAt
from cowrite.engine.bench.figures import middle
from cowrite.engine.bench.probe import Probe
from cowrite.engine.bench.text import ROUND_WORDS, words_of
from cowrite.engine.client import EngineOptions, ModelFile
from cowrite.errors import EngineError

_BEFORE = 300
"""Words of a draft that the model is shown: a chapter's beginning, so that a large model needs no minute."""

_ROUNDS = 3
_TOKENS = 48


def measure(
    model: ModelFile,
    options: EngineOptions,
    log_path: Path,
    progress: Callable[[str], None] = lambda _what: None,
) -> tuple[float, float]:
    """Milliseconds from asking to the first text, and words a second after it; the medians of some rounds.

    In a round twelve words are typed, the engine looking on, and one suggestion is asked for.
    Raises EngineError.
    """
    words = words_of(
        resources.files("cowrite.engine.bench").joinpath("story.txt").read_text(encoding="utf-8")
    )
    before, rest = "".join(words[:_BEFORE]), words[_BEFORE:]
    probe = Probe(model, replace(options, kv_folder=None, nice=0), log_path)
    firsts, rates = [], []
    try:
        progress("loading")
        probe.start()
        progress("reading")
        probe.ask(before, Params(n=1, max_tokens=1, stop=StopAt.NONE, seed=1))
        for number in range(_ROUNDS):
            progress(f"writing, {number + 1} of {_ROUNDS}")
            typed = rest[number * ROUND_WORDS : (number + 1) * ROUND_WORDS]
            before = probe.type_on(before, typed)
            params = Params(n=1, max_tokens=_TOKENS, stop=StopAt.NONE, seed=number + 1)
            answered, done = probe.ask(before, params)
            firsts.append(answered.first)
            texts = [candidate.text for candidate in done.candidates]
            spent = answered.whole - answered.first
            if texts and spent > 0 and len(texts[0].split()) > 1:
                rates.append((len(texts[0].split()) - 1) / spent)
    finally:
        probe.client.close()
    if not rates:
        raise EngineError("The model wrote nothing that could be measured.")
    return middle(firsts) * 1000, middle(rates)
