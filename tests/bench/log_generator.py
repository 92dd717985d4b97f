"""Makes a log as months of writing would: sessions of typing, corrections, requests, decisions and saves.

    python tests/bench/log_generator.py LOG [--events 1000000] [--seed 1] [--each 5000]

The same seed gives the same sessions.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    Body,
    Closed,
    Edited,
    Ended,
    Focused,
    Generated,
    Moved,
    Opened,
    Requested,
    Saved,
    SessionInfo,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, one_run
from cowrite.core.replay import Replay, usual_runs
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.store import Store

WORDS = [
    "the",
    "of",
    "a",
    "to",
    "and",
    "in",
    "it",
    "was",
    "he",
    "she",
    "sea",
    "light",
    "over",
    "under",
    "house",
    "said",
    "that",
    "with",
    "grey",
    "morning",
]
START_MS = 1_750_000_000_000


class Typist:
    """One session's events, one after the other, as a writer and a model would cause them."""

    def __init__(self, draw: random.Random, number: int, text: str, started_ms: int) -> None:
        self.draw = draw
        self.name = f"{number:08x}"
        self.started_ms = started_ms
        self.replay = Replay(text, one_run(len(text), FILE))
        self.seq = self.mono = self.asked = 0

    def stamp(self, body: Body, after_ms: int) -> Stamped:
        self.seq += 1
        self.mono += after_ms
        self.replay.apply(body)
        return Stamped(self.seq, self.mono, self.started_ms + self.mono, body)

    def edit(
        self, start: int, deleted: int, inserted: str, origin: Origin, **more: object
    ) -> Edited:
        replay = self.replay
        edit = Edit(
            start,
            replay.document.slice(start, start + deleted),
            inserted,
            origin,
            gone=replay.provenance.slice(start, start + deleted),
            **more,  # type: ignore[arg-type]
        )
        return Edited(
            Edit(start, edit.deleted, inserted, origin, usual_runs(edit), edit.gone, **more)
        )  # type: ignore[arg-type]

    def events(self, count: int, path: str) -> Iterator[Stamped]:
        """About `count` events: opened, written, asked, saved, ended."""
        draw, replay = self.draw, self.replay
        yield self.stamp(Opened(replay.text, replay.runs, path), 0)
        yield self.stamp(Moved(len(replay.document), len(replay.document)), 800)
        while self.seq < count:
            chance = draw.random()
            if chance < 0.04 and self.asked * 60 < self.seq:
                yield from self.ask()
            elif chance < 0.06:
                place = draw.randrange(len(replay.document) + 1)
                yield self.stamp(Moved(place, place), draw.randrange(300, 4000))
            elif chance < 0.065:
                yield self.stamp(Saved(path, "ab" * 32, len(replay.document)), 500)
            elif chance < 0.07:
                yield self.stamp(Focused(draw.random() < 0.5), 5000)
            else:
                yield from self.word()
        yield self.stamp(Saved(path, "ab" * 32, len(replay.document)), 500)
        yield self.stamp(Ended(len(replay.document), True), 100)

    def word(self) -> Iterator[Stamped]:
        for character in self.draw.choice(WORDS) + self.draw.choice([" ", " ", " ", ", ", ".\n"]):
            at = self.replay.selection[1]
            yield self.stamp(
                self.edit(at, 0, character, Origin.TYPED), int(self.draw.lognormvariate(5, 0.5))
            )
        if self.draw.random() < 0.15:
            for _ in range(self.draw.randrange(1, 6)):
                at = self.replay.selection[1]
                if at:
                    yield self.stamp(
                        self.edit(at - 1, 1, "", Origin.TYPED), self.draw.randrange(60, 160)
                    )

    def ask(self) -> Iterator[Stamped]:
        draw, at = self.draw, self.replay.selection[1]
        self.asked += 1
        name = f"{self.name}-{self.asked}"
        candidates = tuple(self.candidate() for _ in range(3))
        model = draw.choice([("gemma-3-270m", "aa" * 32), ("smollm2-135m", "bb" * 32)])
        yield self.stamp(Requested(name, at, max(0, at - 6000), at, Params(), *model), 400)
        yield self.stamp(Shown(name, 0), 350)
        generated = Generated(name, candidates, Timings(80, 120, 900), 900, 850, 350.0, 980.0)
        yield self.stamp(generated, 600)
        chosen = 0
        if draw.random() < 0.3:
            chosen = 1
            yield self.stamp(Shown(name, 1), 700)
        closing = draw.choice([Closing.TAKEN, Closing.TAKEN, Closing.REJECTED, Closing.TYPED])
        if closing is Closing.TAKEN:
            taken = self.edit(
                at,
                0,
                candidates[chosen].text,
                Origin.SUGGESTION,
                suggestion_id=name,
                candidate=chosen,
                part=Part.ALL,
            )
            yield self.stamp(taken, 900)
        yield self.stamp(Closed(name, closing, chosen), 1)

    def candidate(self) -> Candidate:
        pieces = [" " + self.draw.choice(WORDS) for _ in range(self.draw.randrange(8, 25))] + ["."]
        tokens = tuple(Token(piece, round(-self.draw.expovariate(0.7), 3)) for piece in pieces)
        return Candidate("".join(pieces), tokens, StopReason.SENTENCE)


def fill(store: Store, events: int, seed: int = 1, *, session_events: int = 5_000) -> int:
    """Add sessions with `events` events in all (a little more); returns how many there are."""
    draw = random.Random(seed)
    texts: dict[str, str] = {}
    written, number, when = 0, 0, START_MS
    while written < events:
        number += 1
        path = f"/drafts/{draw.randrange(12)}.md"
        text = texts.get(path, "")
        # A new chapter now and then, as a draft of a million characters is rare.
        typist = Typist(draw, seed << 20 | number, text if len(text) < 150_000 else "", when)
        size = min(events - written, draw.randrange(session_events // 2, session_events * 3 // 2))
        name = f"{seed:04x}-{number:08x}"
        info = SessionInfo(name, f"document-{path}", path, when, None, "1.0")
        store.add_session(info, typist.events(size, path))
        texts[path] = typist.replay.text
        written += typist.seq
        when += typist.mono + 3_600_000
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=5_000, help="events of a session, about")
    chosen = parser.parse_args()
    began = time.perf_counter()
    with Store.open(chosen.log) as store:
        count = fill(store, chosen.events, chosen.seed, session_events=chosen.each)
        path = store.path
    took = time.perf_counter() - began
    print(
        f"{count:,} events, {path.stat().st_size / 1e6:.1f} MB, {count / took:,.0f} events/s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
