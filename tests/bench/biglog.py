"""Makes a log of N events, as months of writing would: `python tests/bench/biglog.py HOME [N [EACH]]`.

The same arguments give the same events. A session is some hours: typing with corrections, moves, a
suggestion about every forty keys with all that can become of it, a save now and then.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cowrite.core.document import Document
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import (
    Body,
    Closed,
    Edited,
    Ended,
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
from cowrite.core.provenance import FILE, WRITER, Author, Provenance, Source, one_run
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.paths import private_folder, user_paths
from cowrite.session.logbook import Choice
from cowrite.session.statistics import read_figures
from cowrite.store import Store

TEXT = (
    "the old river ran slowly under a bridge of stone and nobody in town could say who had built it "
    "when morning came she walked along its bank with her brother whose coat was wet from dew"
)
WORDS = TEXT.split()
STARTED = 1_767_225_600_000
MODELS = (("gemma-3-270m", "a5" * 32), ("smollm2-135m-instruct", "b1" * 32))


class Writer:
    """One session's writer, at random."""

    def __init__(self, number: int, events: int, drafts: int, seed: int) -> None:
        self.random = random.Random(f"{seed}-{number}")
        self.number = number
        self.limit = events
        self.draft = f"/drafts/chapter-{number % drafts}.md"
        self.document = Document("The beginning.\n\n" * 20)
        self.provenance = Provenance(one_run(len(self.document), FILE))
        self.cursor = len(self.document)
        self.now = 0
        self.seq = 0
        self.asked = 0
        self.started = STARTED + number * 86_400_000 // 2

    @property
    def info(self) -> SessionInfo:
        return SessionInfo(
            f"{self.number:032x}", f"draft-{self.draft}", self.draft, self.started, None, "0.1.0"
        )

    def stamp(self, body: Body, wait: int = 0) -> Stamped:
        self.now += wait
        self.seq += 1
        return Stamped(self.seq, self.now, self.started + self.now, body)

    def edit(self, start: int, end: int, text: str, wait: int = 90, **more: object) -> Stamped:
        origin = more.pop("origin", Origin.TYPED)
        source = more.pop("source", WRITER)
        deleted, *_ = self.document.replace(start, end, text)
        runs = one_run(len(text), source)  # type: ignore[arg-type]
        gone = self.provenance.replace(start, end, runs)
        self.cursor = start + len(text)
        return self.stamp(Edited(Edit(start, deleted, text, origin, runs, gone, **more)), wait)  # type: ignore[arg-type]

    def events(self) -> Iterator[Stamped]:
        text = self.document.text
        yield self.stamp(Opened(text, one_run(len(text), FILE), self.draft))
        while self.seq < self.limit - 20:
            yield from self.passage()
            roll = self.random.random()
            if roll < 0.06:
                yield self.stamp(Saved(self.draft, "cd" * 32, len(self.document)), 500)
            elif roll < 0.2:
                place = self.random.randrange(len(self.document))
                self.cursor = place
                yield self.stamp(Moved(place, place), 400)
            elif roll < 0.5:
                self.cursor = len(self.document)
                yield self.stamp(Moved(self.cursor, self.cursor), 400)
            yield from self.suggestion()
        yield self.stamp(Saved(self.draft, "cd" * 32, len(self.document)), 500)
        yield self.stamp(Ended(len(self.document), True), 500)

    def passage(self) -> Iterator[Stamped]:
        for _ in range(self.random.randrange(4, 12)):
            for character in self.random.choice(WORDS) + self.random.choice("        .\n"):
                yield self.edit(self.cursor, self.cursor, character)
            if self.random.random() < 0.2:
                for _ in range(min(self.cursor, self.random.randrange(1, 6))):
                    yield self.edit(self.cursor - 1, self.cursor, "")

    def suggestion(self) -> Iterator[Stamped]:
        self.asked += 1
        name = f"{self.number:016x}{self.asked:016x}"
        place = self.cursor
        model, sha = MODELS[self.number % len(MODELS)]
        end = min(len(self.document), place + 600)
        params = Params(seed=self.random.randrange(2**31))
        yield self.stamp(Requested(name, place, max(0, place - 3000), end, params, model, sha), 300)
        texts = [" " + " ".join(self.random.choices(WORDS, k=12)) + "." for _ in range(3)]
        candidates = tuple(
            Candidate(
                text,
                tuple(Token(" " + word, -2.0 - len(word) / 8) for word in text.split()),
                StopReason.SENTENCE,
            )
            for text in texts
        )
        first = self.random.choice((80.0, 200.0, 400.0, 900.0, 3000.0))
        yield self.stamp(
            Generated(name, candidates, Timings(50, first, 400), 700, 650, first, first + 400), 500
        )
        yield self.stamp(Shown(name, 0), 0)
        index = 0
        if self.random.random() < 0.3:
            index = 1
            yield self.stamp(Shown(name, 1), 900)
        roll = self.random.random()
        self.now += self.random.randrange(300, 3000)
        if roll < 0.5:
            text = texts[index]
            parts = [(text, Part.ALL)]
            if roll < 0.2:
                cut = text.index(" ", 1)
                parts = [(text[:cut], Part.WORD), (text[cut:], Part.ALL)]
            for piece, part in parts:
                yield self.edit(
                    self.cursor,
                    self.cursor,
                    piece,
                    origin=Origin.SUGGESTION,
                    source=Source(Author.MODEL, name),
                    suggestion_id=name,
                    candidate=index,
                    part=part,
                )
            yield self.stamp(Closed(name, Closing.TAKEN, index), 0)
            if roll < 0.15:
                start = place + self.random.randrange(len(text) - 5)
                yield self.edit(start, start + 5, "other", 700)
                self.cursor = len(self.document)
        elif roll < 0.65:
            yield self.stamp(Closed(name, Closing.REJECTED, index), 0)
        else:
            yield self.stamp(Closed(name, Closing.TYPED, index), 0)


def make(path: Path, events: int = 1_000_000, *, each: int = 20_000, seed: int = 1) -> int:
    """Write a log of about `events` events; returns how many."""
    total = 0
    with Store.open(path) as store:
        number = 0
        while total < events:
            number += 1
            writer = Writer(number, min(each, max(100, events - total)), 12, seed)
            store.add_session(writer.info, writer.events())
            total += writer.seq
    return total


def settle(home: Path) -> float:
    """Make all figures, as the program does session by session; returns the seconds that it took."""
    began = time.perf_counter()
    os.environ["COWRITE_HOME"] = str(home)
    with Store.open(user_paths().log_file, read_only=True) as store:
        read_figures(store, user_paths(), Choice())
    return time.perf_counter() - began


if __name__ == "__main__":
    began = time.perf_counter()
    home = Path(sys.argv[1])
    made = make(
        private_folder(home / "data") / "log.sqlite3",
        int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000,
        each=int(sys.argv[3]) if len(sys.argv) > 3 else 20_000,
    )
    print(f"{made} events in {time.perf_counter() - began:.1f} s; figures in {settle(home):.1f} s")
