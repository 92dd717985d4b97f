"""How often a whole candidate is there at once when a writer asks, and what that costs: a simulated session.

    python tests/bench/ahead.py BOOK [--model PATH|gemma|smollm2] [--asks 40] [--budget eager,gentle] [--json]

The writer types a book's chapter, and the engine (`cowrite.engine.host`, with its pace) works in between as in
the model's process. Keys come as mixtures of two log-normal distributions do, fluent ones and hesitations: the
form that Roeser, De Maeyer, Leijten and Van Waes found for typing ("Modelling typing disfluencies as finite
mixture process", Reading and Writing 37, 2024). The numbers are ours: fluent keys make 60 words a minute,
hesitations are as `HESITATIONS` says, longer and more frequent between sentences, as studies have it. In half
of the hesitations the writer asks when it would be over, reads, and takes the first candidate or writes on by
turns; who has taken one asks at times again for what follows.

The clock is virtual: it is moved by what the writer waits for, and by the processor time of each evaluation
divided by the threads, so that other programs on the machine do not count. Of fluent typing only each word's
end is evaluated, where the program evaluates nearly each key; that is told as `reading`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cowrite.core.chapters import chapters
from cowrite.core.context import Context, context_at
from cowrite.core.document import Document
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Params
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.host.engine import Engine
from cowrite.engine.host.pace import Pace
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Done, Finished, HostMessage, RunAhead, Suggest

FLUENT = (0.18, 0.35)
"""Median in seconds and log deviation of a fluent key's interval: five keys a second on the average."""

HESITATIONS = {"word": (0.12, 1.2, 0.8), "sentence": (0.6, 2.2, 0.8)}
"""Where: their share of the intervals there, median in seconds, log deviation."""

ASKS, TAKES, ASKS_ON = 0.5, 0.5, 0.3
READING = 230 / 60
"""Words that are read in a second."""

REST, TICK = 0.1, 0.1
"""Seconds without a key that make a pause, and between two looks: as `cowrite.session.pauses` has them."""

AT_ONCE = 0.010
WIDTH = 1500
"""Characters of the chapter that are there already."""


@dataclass
class Session:
    """One session on the virtual clock. Times are seconds; `spent` is processor time by kind of work."""

    engine: Engine
    sent: list[HostMessage]
    budget: RunAhead
    threads: int
    now: float = 0.0
    pace: Pace = field(default_factory=Pace)
    spent: dict[str, float] = field(
        default_factory=lambda: {"reading": 0.0, "ahead": 0.0, "asked": 0.0}
    )

    def step(self) -> None:
        """One evaluation; the clock moves by what it took."""
        engine, began, cpu = self.engine, self.now, time.process_time()
        kind = "asked" if engine.writing else "reading" if engine.warming else "ahead"
        engine.step()
        cpu = time.process_time() - cpu
        self.spent[kind] += cpu
        self.now += cpu / self.threads
        if kind == "ahead":
            self.pace.stepped(began, self.now)

    def pass_time(self, until: float) -> None:
        """Let the engine work until then."""
        while not self.engine.idle:
            wait = self.pace.wait(self.now, self.budget, reading=self.engine.warming)
            if self.now + wait >= until:
                break
            self.now += wait
            self.step()
        self.now = max(self.now, until)

    def rest(self, context: Context, params: Params) -> None:
        """The session has seen that the writer rests."""
        self.engine.warm(context, params)
        self.pace.heard(self.now)

    def ask(self, context: Context, params: Params) -> tuple[float, str]:
        """Seconds until a whole candidate is there, and what the first one says."""
        self.sent.clear()
        asked, whole = self.now, None
        self.engine.ask(Suggest("a", context, params), time.perf_counter())
        while self.engine.writing:
            self.step()
            if whole is None and any(isinstance(message, Finished) for message in self.sent):
                whole = self.now - asked
        done = self.sent[-1]
        assert isinstance(done, Done)
        return math.inf if whole is None else whole, done.candidates[0].text


def session(book: str, on: Session, count: int, seed: int) -> list[tuple[str, float]]:
    """The asks of a session: where, and seconds until a whole candidate is there."""
    rng = random.Random(seed)
    parts = [book[one.start : one.end] for one in chapters(book)]
    part = rng.choice([part for part in parts if len(part) > 3 * WIDTH])
    at = WIDTH
    draft = part[:at]
    found: list[tuple[str, float]] = []

    def expected() -> tuple[Context, Params]:
        context = context_at(Document(draft), len(draft), budget=4000)
        return context, Params(seed=place_seed(context))

    def wait(seconds: float) -> None:
        seen = on.now + REST + rng.uniform(0, TICK)
        if seconds > seen - on.now:
            until = on.now + seconds
            on.pass_time(seen)
            on.rest(*expected())
            on.pass_time(until)
        else:
            on.pass_time(on.now + seconds)

    def read(text: str) -> None:
        on.pass_time(on.now + 0.3 + len(text.split()) / READING)

    while len(found) < count and at < len(part) - 1:
        key = part[at]
        at += 1
        draft += key
        if not key.isspace():
            on.now += rng.lognormvariate(math.log(FLUENT[0]), FLUENT[1])
            continue
        where = "sentence" if draft.rstrip()[-1:] in ".!?\u201d" else "word"
        share, median, deviation = HESITATIONS[where]
        if rng.random() >= share:
            wait(rng.lognormvariate(math.log(FLUENT[0]), FLUENT[1]))
            continue
        wait(rng.lognormvariate(math.log(median), deviation))
        asks = rng.random() < ASKS
        while asks and len(found) < count:
            seconds, text = on.ask(*expected())
            found.append((where, seconds))
            if sys.stderr.isatty():
                sys.stderr.write(f"\r\x1b[K{len(found)} of {count} asks ...")
            read(text)
            takes = rng.random() < TAKES
            draft += text if takes else ""
            asks = takes and rng.random() < ASKS_ON
            where = "after taking"
    return found


def run(
    book: str, model: Path, budget: RunAhead, count: int, seed: int, threads: int
) -> dict[str, Any]:
    """The figures of one budget."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    from cowrite.engine.llama.model import LlamaModel

    llama = LlamaModel(model)
    llama.open(2560, threads)
    sent: list[HostMessage] = []
    index = PieceIndex.build(llama)
    on = Session(Engine(llama, lambda: index, sent.append, run_ahead=budget), sent, budget, threads)
    found = session(book, on, count, seed)
    llama.close()
    waits = sorted(seconds for _, seconds in found)
    hits = sum(seconds <= AT_ONCE for seconds in waits)
    return {
        "budget": str(budget),
        "asks": len(found),
        "at once": hits / len(found),
        "interval": wilson(hits, len(found)),
        "median wait": waits[len(waits) // 2],
        "by place": {
            where: [
                sum(s <= AT_ONCE for w, s in found if w == where),
                sum(w == where for w, _ in found),
            ]
            for where in ("word", "sentence", "after taking")
        },
        "session": on.now,
        "processor": on.spent,
        "load": {kind: seconds / threads / on.now for kind, seconds in on.spent.items()},
    }


def wilson(hits: int, count: int) -> list[float]:
    """The 95 % interval of a share (Wilson, 1927)."""
    z = 1.96
    middle = (hits + z * z / 2) / (count + z * z)
    half = z * math.sqrt(hits * (count - hits) / count + z * z / 4) / (count + z * z)
    return [middle - half, middle + half]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path)
    parser.add_argument("--model", default="gemma")
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--budget", default="eager,gentle")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.support.real_models import NAMES, model_file

    model = model_file(asked.model).path if asked.model in NAMES else Path(asked.model)
    for name in asked.budget.split(","):
        text, how = asked.book.read_text("utf-8"), (asked.asks, asked.seed, asked.threads)
        told = run(text, model, RunAhead(name), *how)
        if asked.json:
            print(json.dumps({"model": asked.model, **told}), flush=True)
            continue
        low, high = told["interval"]
        print(
            f"{name}: at once {told['at once']:.0%} [{low:.0%}, {high:.0%}] of {told['asks']},"
            f" median wait {told['median wait'] * 1000:.0f} ms, {told['by place']},"
            f" processor {told['load']}",
            flush=True,
        )


if __name__ == "__main__":
    main()
