"""One run of the benchmark: cowrite and its baselines in turn, round by round, on the same text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cowrite.core.suggestion import Params, StopAt
from cowrite.engine.bench.baselines import Answered, Baseline, HighLevel, Server
from cowrite.engine.bench.figures import Figure, middle
from cowrite.engine.bench.probe import Probe
from cowrite.engine.bench.text import Text, words_of
from cowrite.engine.client import EngineOptions, ModelFile, RunAhead
from cowrite.engine.protocol import Loaded

TOKENS = 24
LONG = 64
PAUSE = 2.0


def run(
    model: ModelFile,
    options: EngineOptions,
    text: str,
    rounds: int,
    log_path: Path,
    against: str | None = None,
    progress: Callable[[str], None] = lambda _what: None,
) -> tuple[Loaded, list[Figure]]:
    """Measure everything. Raises EngineError, UsageError."""
    source = Text.cut(text, rounds)
    server = Server(against) if against is not None else None
    with TemporaryDirectory(prefix="cowrite-bench-") as folder:
        options = replace(options, kv_folder=Path(folder) / "kv", nice=0)
        if options.run_ahead is RunAhead.OFF:
            options = replace(options, run_ahead=RunAhead.GENTLE)
        probe = Probe(model, options, log_path)
        high = None
        try:
            progress("loading")
            loaded = probe.start()
            high = HighLevel(model.path, loaded)
            figures = Bench(probe, high, server, source, rounds, progress).figures()
        finally:
            probe.client.close()
            if high is not None:
                high.close()
    return loaded, figures


@dataclass(slots=True)
class Bench:
    """The measurements of one run, in an order in which each leaves the caches as the next expects."""

    probe: Probe
    high: HighLevel
    server: Server | None
    text: Text
    rounds: int
    progress: Callable[[str], None]
    cold: float = 0.0
    step: float = 0.0

    def figures(self) -> list[Figure]:
        self.progress("cold prefill")
        answered, _ = self.probe.ask(
            self.text.prefix, Params(n=1, max_tokens=1, stop=StopAt.NONE, seed=1)
        )
        self.cold = answered.first
        rate = self._decode_rate()
        figures = [*self._typed_and_asked(), rate, self._cancel(), self._ghost(), self._edit()]
        figures += [self._memory(), self._reopen()]
        return figures

    def _typed_and_asked(self) -> list[Figure]:
        """Rounds of twelve typed words, then three candidates of 24 tokens."""
        baselines: list[tuple[str, Baseline, float, float, float, float]] = [
            ("create_completion", self.high, 0.35, 0.2, 0.62, 0.5)
        ]
        if self.server is not None:
            baselines.append(("llama-server", self.server, 0.35, 0.2, 0.8, 0.7))
        mine: list[Answered] = []
        theirs: list[list[Answered]] = [[] for _ in baselines]
        self.probe.rest()
        for _, baseline, *_ in baselines:
            self.progress("warming the baselines' caches")
            baseline.answer(self.text.prefix, 1, 3)
        before = self.text.prefix
        for number in range(self.rounds):
            self.progress(f"typing and asking, round {number + 1} of {self.rounds}")
            before = self.probe.type_on(before, self.text.round(number))
            params = Params(n=3, max_tokens=TOKENS, stop=StopAt.NONE, seed=number + 1)
            mine.append(self.probe.ask(before, params)[0])
            self.probe.rest()
            for answers, (_, baseline, *_) in zip(theirs, baselines, strict=True):
                answers.append(baseline.answer(before, TOKENS, 3))
        first = middle([a.first for a in mine]) * 1000
        whole = middle([a.whole for a in mine]) * 1000
        figures = []
        for answers, (name, _, must, reach, must_all, reach_all) in zip(
            theirs, baselines, strict=True
        ):
            other_first = middle([a.first for a in answers]) * 1000
            other_whole = middle([a.whole for a in answers]) * 1000
            figures += [
                Figure(
                    "first text, typed then asked", first, "ms", other_first, name, must, reach,
                    rounds=self.rounds,
                ),
                Figure(
                    f"3 candidates of {TOKENS} tokens", whole, "ms", other_whole, name, must_all, reach_all,
                    rounds=self.rounds,
                ),
            ]  # fmt: skip
        return figures

    def _decode_rate(self) -> Figure:
        """One candidate's tokens a second against a loop that only evaluates, in turn."""
        mine, bare = [], []
        for number in range(self.rounds):
            self.progress(f"decode rate, round {number + 1} of {self.rounds}")
            params = Params(n=1, max_tokens=LONG, stop=StopAt.NONE, seed=number + 1)
            done = self.probe.ask(self.text.prefix, params)[1]
            tokens = len(done.candidates[0].tokens)
            spent = done.timings.total - (done.timings.first or 0.0)
            if tokens > LONG // 2:
                mine.append((tokens - 1) / spent * 1000)
            self.probe.rest()
            bare.append(self.high.bare_rate(self.text.prefix, LONG))
        self.step = 1 / middle(bare)
        return Figure(
            "decode rate, 1 candidate", middle(mine), "tokens/s", middle(bare), "bare loop", 0.95, 0.98,
            more=True, rounds=len(mine),
        )  # fmt: skip

    def _cancel(self) -> Figure:
        """Half of the rounds are cancelled while they read, half while they write."""
        taken = []
        for number in range(self.rounds):
            self.progress(f"cancel, round {number + 1} of {self.rounds}")
            reading = number % 2 == 0
            start = f"Chapter {number}. " if reading else ""
            self.probe.begin(
                start + self.text.prefix, Params(n=3, max_tokens=200, stop=StopAt.NONE, seed=1)
            )
            if not reading:
                self.probe.wait_first()
            taken.append(self.probe.cancel_after(0.1 + 0.037 * number) * 1000)
        return Figure(
            "cancel to idle",
            max(taken),
            "ms",
            None,
            "",
            60,
            35,
            rounds=self.rounds,
            note="the slowest",
        )

    def _ghost(self) -> Figure:
        """A ghost is shown, two seconds later it is accepted, and the next one asked for."""
        taken = []
        before = self.text.prefix
        for number in range(self.rounds):
            self.progress(f"accepted ghost, round {number + 1} of {self.rounds}")
            done = self.probe.ask(before, Params(n=3))[1]
            time.sleep(PAUSE)
            texts = [candidate.text for candidate in done.candidates if candidate.text]
            before += texts[0] if texts else " And"
            taken.append(self.probe.ask(before, Params(n=3))[0].first * 1000)
        limit = self.step * 1000 + 10
        return Figure(
            "next ghost's first text after accepting", middle(taken), "ms", None, "", limit, 10.0,
            rounds=self.rounds, note=f"a decode step takes {self.step * 1000:.1f} ms",
        )  # fmt: skip

    def _edit(self) -> Figure:
        """A word some 200 tokens back is another one now."""
        taken = []
        params = Params(n=3, max_tokens=1, stop=StopAt.NONE, seed=1)
        words = words_of(self.text.prefix)
        self.probe.ask(self.text.prefix, params)
        for number in range(self.rounds):
            self.progress(f"edit 200 tokens back, round {number + 1} of {self.rounds}")
            edited = [*words[:-170], f"{words[-170]}{number}", *words[-169:]]
            taken.append(self.probe.ask("".join(edited), params)[0].first * 1000)
        return Figure(
            "edit a word 200 tokens back, ask", middle(taken), "ms", self.cold * 1000, "cold prefill",
            0.25, None, rounds=self.rounds,
        )  # fmt: skip

    def _memory(self) -> Figure:
        loaded = self.probe.loaded
        assert loaded is not None
        over = self.probe.resident() - loaded.model_bytes - loaded.context * loaded.kv_token_bytes
        return Figure("memory over file and KV", over / 1e6, "MB", None, "", 200, 100)

    def _reopen(self) -> Figure:
        """Close the draft, open it again, ask."""
        taken = []
        params = Params(n=3, max_tokens=TOKENS, stop=StopAt.SENTENCE, seed=1)
        self.probe.ask(self.text.prefix, params)
        for number in range(self.rounds):
            self.progress(f"reopen, round {number + 1} of {self.rounds}")
            self.probe.client.close(10.0)
            old = self.probe
            self.probe = Probe(old.model, old.options, old.log_path)
            self.probe.start()
            try:
                taken.append(self.probe.ask(self.text.prefix, params)[0].first * 1000)
            finally:
                if number == self.rounds - 1:
                    self.probe.client.close()
        return Figure(
            "reopen a 1,500-token draft, first text", middle(taken), "ms", self.cold * 1000, "cold prefill",
            0.15, 0.05, rounds=self.rounds,
        )  # fmt: skip
