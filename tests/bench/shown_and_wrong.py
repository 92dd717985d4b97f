"""Auto-suggest in a simulated writer: how much of what it shows is wrong, with what was learned and without.

    python tests/bench/shown_and_wrong.py DECISIONS.jsonl [--log asked|auto] [--json]

DECISIONS.jsonl is what `auto_decisions.py` wrote: what the real engine offers at pauses of a book. The writer
goes through them in sessions of the program itself, with its log, its features and its gate; only the engine's
answers come from the file. At a pause they read the ghost for a second, take its words while they are the
book's, and type on. *Kept* are the characters taken, *wrong* is a ghost of which nothing was.

The first two thirds of a book's chapters make a log: of pauses with the usual threshold (`auto`), or of places
where the writer asked and read all three candidates (`asked`). What `cowrite learn` makes of it is judged on
the other chapters: wrong ghosts at the same kept characters as with the usual threshold, whether the
probabilities hold, and keys saved where the writer asks. Intervals are 95 %, drawn by runs of places.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "support"), str(Path(__file__).parent)]

from simulated_writer import saved  # noqa: E402
from timed_desk import START_MS, TimedDesk  # noqa: E402

from cowrite.core import segmentation  # noqa: E402
from cowrite.core.edits import Part  # noqa: E402
from cowrite.core.events import SessionInfo  # noqa: E402
from cowrite.core.suggestion import Candidate, StopReason, Token  # noqa: E402
from cowrite.learning.decisions import decisions  # noqa: E402
from cowrite.learning.gate import Difference, Unit, difference  # noqa: E402
from cowrite.learning.order import Order, OrderFile  # noqa: E402
from cowrite.learning.ranking import calibration_error, learned_from  # noqa: E402
from cowrite.session.options import RequestOptions  # noqa: E402
from cowrite.store import LogReader, Store  # noqa: E402

USUAL = RequestOptions(auto=True, auto_threshold=math.log(0.2), timing=False)
EARLY = 2 / 3


@dataclass(frozen=True)
class Place:
    """A pause in the book, with what the engine offered there."""

    row: dict[str, Any]

    @property
    def run(self) -> tuple[str, str, int]:
        return (self.row["model"], self.row["book"], self.row["run"])

    @property
    def early(self) -> bool:
        return bool(self.row["chapter"] < EARLY * self.row["chapters"])

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(
            Candidate(
                one["text"],
                tuple(Token(text, logprob) for text, logprob in one["tokens"]),
                StopReason(one["stop"]) if one["stop"] else None,
            )
            for one in self.row["candidates"]
        )


def right(text: str, coming: str) -> int:
    """How many characters of a text are whole words of what comes."""
    at = 0
    while at < len(text):
        end = segmentation.word_end(text, at)
        ends_there = coming.startswith(text[:end]) and not coming[end : end + 1].isalnum()
        if not ends_there or end == at:
            break
        at = end
    return at


@dataclass
class Told:
    """What came of some places: of each, characters kept, whether it was wrong, and P of its first."""

    kept: list[tuple[tuple[str, str, int], int]] = field(default_factory=list)
    wrong: list[tuple[tuple[str, str, int], bool]] = field(default_factory=list)
    likely: list[tuple[float, bool]] = field(default_factory=list)
    shown: int = 0

    @property
    def characters(self) -> int:
        return sum(kept for _, kept in self.kept)

    @property
    def mistakes(self) -> int:
        return sum(wrong for _, wrong in self.wrong)


def runs(places: Iterable[Place]) -> list[list[Place]]:
    """Places that one session can go through: of one run, none farther from the one before than is known."""
    out: list[list[Place]] = []
    for place in sorted(places, key=lambda one: (one.row["chapter"], one.run, one.row["offset"])):
        last = out[-1][-1] if out else None
        near = last is not None and place.run == last.run
        if near and 0 < place.row["offset"] - last.row["offset"] < len(last.row["coming"]):
            out[-1].append(place)
        else:
            out.append([place])
    return out


def written(
    places: list[Place], options: RequestOptions, order: Order | None, told: Told, *, ask: bool
) -> TimedDesk:
    """One session: the writer writes from the first place to the last."""
    desk = TimedDesk(places[0].row["before"], options=options, order=order)
    session = desk.session
    for number, place in enumerate(places):
        coming = place.row["coming"]
        session.requests.ask(auto=not ask)
        desk.answer(*place.candidates)
        suggestion = session.suggestion
        if suggestion is not None and session.suggestions._likely:
            first = suggestion.choices[0]
            p = session.suggestions._likely.get(first)
            if p is not None:
                told.likely.append((p, right(suggestion.texts[first], coming) > 0))
        kept = 0
        if session.ghost:
            told.shown += 1
            kept = read(desk, coming, all_of_them=ask)
            told.wrong.append((place.run, kept == 0))
        else:
            told.wrong.append((place.run, False))
        told.kept.append((place.run, kept))
        if number + 1 < len(places):
            ahead = places[number + 1].row["offset"] - place.row["offset"]
            desk.now += 2.0
            session.type(coming[kept:ahead] if kept < ahead else "")
            if kept > ahead:  # the next pause is in what was taken: the writer came past it
                session.suggestions.leave_if_taken()
                break
    session.close()
    return desk


def read(desk: TimedDesk, coming: str, *, all_of_them: bool) -> int:
    """Look at the ghost (and the others), take what is right; returns how many characters."""
    session = desk.session
    desk.now += 1.0
    suggestion = session.suggestion
    assert suggestion is not None
    if all_of_them:
        worth = {index: right(suggestion.texts[index], coming) for index in suggestion.choices}
        for _ in suggestion.choices[1:]:
            if worth[suggestion.index] == max(worth.values()) > 0:
                break
            session.suggestions.cycle(1)
            desk.now += 1.0
    kept = right(session.ghost, coming)
    taken = 0
    while taken < kept and session.ghost:
        taken += len(session.accepting.accept(Part.WORD))
    return taken


def log_of(desks: Iterable[TimedDesk], path: Path) -> None:
    """The sessions as a log on the disk, an hour apart."""
    with Store.open(path) as store:
        for number, desk in enumerate(desks):
            later = number * 3_600_000
            info = SessionInfo(
                f"s{number}", f"d{number}", f"draft {number}", START_MS + later, None, "1"
            )
            events = [replace(one, wall_ms=one.wall_ms + later) for one in desk._events]
            store.add_session(info, events)


def judged(places: list[Place], options: RequestOptions, order: Order | None) -> Told:
    """What came of auto-suggest at these places."""
    told = Told()
    for run in runs(places):
        written(run, options, order, told, ask=False)
    return told


def at_the_same_kept(places: list[Place], order: Order, usual: Told) -> tuple[float, Told]:
    """The highest threshold at which as many characters are kept as with the usual one, and what came of it."""
    low, high = 0.0, 1.0
    best = judged(places, replace(USUAL, likely=low), order)
    for _ in range(9):
        middle = (low + high) / 2
        told = judged(places, replace(USUAL, likely=middle), order)
        if told.characters >= usual.characters:
            low, best = middle, told
        else:
            high = middle
    return low, best


def paired(one: list[tuple[Any, float]], other: list[tuple[Any, float]]) -> Difference:
    sums: dict[Any, list[float]] = {}
    for at, values in enumerate((one, other)):
        for run, value in values:
            sums.setdefault(run, [0.0, 0.0])[at] += value
    return difference(Unit(run, base, own) for run, (base, own) in sums.items())


def keys(places: list[Place], order: Order) -> dict[str, list[tuple[Any, float]]]:
    """Keys saved where the writer asks: as they come, in order behind the first, and all in order."""
    from cowrite.learning.features import Recent, vectors

    values: dict[str, list[tuple[Any, float]]] = {"as they come": [], "behind": [], "all": []}
    for place in places:
        texts = [one.text for one in place.candidates]
        found = vectors(place.candidates, place.row["before"], auto=False, recent=Recent(), now=0.0)
        p = [order.probability(one) if one else -1.0 for one in found]
        ranked = sorted(range(len(texts)), key=lambda index: -p[index])
        behind = [0, *(index for index in ranked if index)] if texts else []
        for name, indexes in (
            ("as they come", range(len(texts))),
            ("behind", behind),
            ("all", ranked),
        ):
            own = saved([texts[index] for index in indexes], place.row["coming"])
            values[name].append((place.run, float(own)))
    return values


@dataclass
class Together:
    """What came of all models and books."""

    usual: list[tuple[Any, float]] = field(default_factory=list)
    same: list[tuple[Any, float]] = field(default_factory=list)
    likely: list[tuple[float, bool]] = field(default_factory=list)
    decided: list[tuple[float, bool]] = field(default_factory=list)
    keys: dict[str, list[tuple[Any, float]]] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Wrong ghosts at the same kept characters, calibration, and keys where the writer asks."""
        base = self.keys.get("as they come", [])
        return {
            "places": len(self.likely),
            "decisions": len(self.decided),
            "wrong ghosts at the same kept characters": str(paired(self.usual, self.same)),
            "calibration error": off(self.decided),
            "of the likeliest of each place": off(self.likely),
            "keys saved where asked": {
                name: str(paired(base, self.keys[name])) for name in ("behind", "all") if base
            },
        }


def off(pairs: list[tuple[float, bool]]) -> float:
    """The calibration error of probabilities and what came."""
    return round(calibration_error([p for p, _ in pairs], [took for _, took in pairs]), 3)


def decided(places: list[Place], order: Order) -> list[tuple[float, bool]]:
    """P of each candidate that a writer who asks and reads all of them decides on, and whether it was taken."""
    found: list[tuple[float, bool]] = []
    for run in runs(places):
        rows = written(run, USUAL, None, Told(), ask=True).rows()
        found += [(order.probability(one.features), one.took) for one in decisions(rows)]
    return found


def measure(
    places: list[Place], folder: Path, *, ask: bool, together: Together | None = None
) -> dict[str, Any]:
    """Learn from the early places, and judge on the later ones."""
    early = [place for place in places if place.early]
    late = [place for place in places if not place.early]
    desks = [written(run, USUAL, None, Told(), ask=ask) for run in runs(early)]
    log_of(desks, folder / "log.sqlite3")
    with LogReader.open(folder / "log.sqlite3") as log:
        made = learned_from(log, OrderFile(folder / "ranking"))
    told: dict[str, Any] = {"early": len(early), "late": len(late), "learned": made.says}
    if made.order is None:
        return told
    usual = judged(late, USUAL, None)
    threshold, same = at_the_same_kept(late, made.order, usual)
    default = judged(late, USUAL, made.order)
    everything = judged(late, replace(USUAL, likely=0.0), made.order)
    values = keys(late, made.order)
    held_out = decided(late, made.order)
    if together is not None:
        together.usual += usual.wrong
        together.same += same.wrong
        together.likely += everything.likely
        together.decided += held_out
        for name, found in values.items():
            together.keys.setdefault(name, []).extend(found)
    base = values["as they come"]
    told |= {
        "usual": {"shown": usual.shown, "wrong": usual.mistakes, "kept": usual.characters},
        "same kept": {
            "threshold": round(threshold, 3),
            "shown": same.shown,
            "wrong": same.mistakes,
            "kept": same.characters,
            "wrong ghosts": str(paired(usual.wrong, same.wrong)),
        },
        "at 0.25": {"shown": default.shown, "wrong": default.mistakes, "kept": default.characters},
        "calibration error": off(held_out),
        "of the likeliest of each place": off(everything.likely),
        "keys saved where asked": {
            "as they come": round(sum(saved for _, saved in base) / len(base), 3),
            **{name: str(paired(base, values[name])) for name in ("behind", "all")},
        },
    }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("decisions", type=Path)
    parser.add_argument("--log", choices=("asked", "auto"), default="asked")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with given.decisions.open(encoding="utf-8") as lines:
        places = [Place(json.loads(line)) for line in lines]
    told: dict[str, Any] = {}
    together = Together()
    for model, book in sorted({place.run[:2] for place in places}):
        own = [place for place in places if place.run[:2] == (model, book)]
        with tempfile.TemporaryDirectory() as folder:
            told[f"{model}, {book}"] = measure(
                own, Path(folder), ask=given.log == "asked", together=together
            )
    told["together"] = together.facts()
    print(json.dumps(told, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
