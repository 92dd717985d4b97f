"""Figures over the log: made once a session, kept, and added up in any grouping."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

import msgspec

from cowrite.core.events import SERVED
from cowrite.core.figures import LATENCY_EDGES_MS, Figures, Kept, PlaceFigures, SessionFigures, Text
from cowrite.core.outcome import Outcome
from cowrite.core.places import Place
from cowrite.errors import CowriteError
from cowrite.feedback.summary import VERSION
from cowrite.feedback.survival import CHECKPOINTS_S
from cowrite.logbook.making import make, make_all
from cowrite.logbook.scratch import counted_sessions
from cowrite.logbook.source import Choice
from cowrite.paths import Paths
from cowrite.store import LogReader
from cowrite.store.derived import Derived

EVENTS_A_SECOND = 120_000
"""How fast figures are made, roughly: 180,000 events a second on an idle core of a common machine."""

_DECODER = msgspec.json.Decoder(SessionFigures)


@dataclass(slots=True)
class Summary:
    """Figures of a part of the log. `drafts`: the shares of each draft as its last session left it."""

    label: str
    sessions: int = 0
    events: int = 0
    figures: Figures = field(default_factory=Figures)
    text: Text = field(default_factory=Text)
    drafts: dict[str, tuple[int, dict[str, int]]] = field(default_factory=dict)
    openers: dict[str, dict[str, int]] = field(default_factory=dict)
    """By draft: how many of its sentences each author began, as its last session left it."""
    quiet: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    instructed: dict[str, int] = field(default_factory=dict)
    obeyed: dict[str, int] = field(default_factory=dict)
    served: int = 0
    """Requests of other programs, by `cowrite serve`; nothing of them is in the other figures."""

    def add(self, session: SessionFigures, *, whole: bool) -> None:
        """Count a session; its text too where this is of whole sessions."""
        self.sessions += 1
        self.events += session.events
        if whole:
            self.text.add(session.text)
            _count(self.quiet, session.quiet)
            _count(self.reasons, session.reasons)
            _count(self.instructed, session.instructed)
            _count(self.obeyed, session.obeyed)
            before = self.drafts.get(session.document_id)
            if before is None or before[0] <= session.started_ms:
                self.drafts[session.document_id] = (session.started_ms, session.shares)
                self.openers[session.document_id] = session.openers

    @property
    def shares(self) -> dict[str, int]:
        """Characters of the drafts by author."""
        out: dict[str, int] = {}
        for _, shares in self.drafts.values():
            for author, count in shares.items():
                out[author] = out.get(author, 0) + count
        return out


def read_figures(
    log: LogReader,
    paths: Paths,
    choice: Choice,
    progress: Callable[[int, int], None] | None = None,
    scratch: Collection[str] = (),
) -> list[SessionFigures]:
    """The figures of the chosen sessions; only those not known yet are made from their events.

    scratch: patterns of drafts that are left out, as the tour is, unless the choice names a draft.
    """
    kept = Derived(paths.cache / "figures.sqlite3", VERSION)
    try:
        known, counts = kept.all(), log.event_counts()
        kept.forget(known.keys() - counts.keys())
        chosen = counted_sessions(log, choice, paths, scratch)
        missing = [
            (session, counts.get(session.session_id, 0))
            for session in chosen
            if known.get(session.session_id, (-1, b""))[0] != counts.get(session.session_id, 0)
        ]
        for session_id, data in make_all(log, missing):
            kept.put(session_id, counts.get(session_id, 0), data)
            known[session_id] = (0, data)
            missing.pop()
            if progress is not None:
                progress(len(chosen) - len(missing), len(chosen))
        # A draft may have got its name later than its figures.
        return [
            replace(
                _DECODER.decode(known[session.session_id][1]),
                document=session.document,
                document_id=session.document_id,
                origin=session.origin,
            )
            for session in chosen
        ]
    finally:
        kept.close()


def keep_figures(paths: Paths, seconds: float = 0.5) -> int:
    """Make the figures of the newest sessions that have none, so that `stats` finds them; returns of how many.

    Also of those that were killed. At most `seconds` are spent, sessions that would take longer are left
    to `stats`. A log that can't be read is no trouble here.
    """
    until = time.monotonic() + seconds
    made = 0
    with contextlib.suppress(CowriteError), LogReader.open(paths.log_file) as log:
        kept = Derived(paths.cache / "figures.sqlite3", VERSION)
        try:
            known, counts, running = kept.all(), log.event_counts(), log.running()
            for session in reversed(list(log.sessions())):
                events = counts.get(session.session_id, 0)
                have = known.get(session.session_id, (-1, b""))[0]
                left = until - time.monotonic()
                if left <= 0:
                    break
                if have == events or events > left * EVENTS_A_SECOND:
                    continue
                if session.session_id not in running:
                    kept.put(session.session_id, events, make(log, session))
                    made += 1
        finally:
            kept.close()
    return made


def summed_up(sessions: Iterable[SessionFigures], models: Collection[str] | None = None) -> Summary:
    """All sessions added up; of the suggestions, those of the models where any are named.

    What other programs asked for is counted by itself: nobody saw it, so that it would water every share.
    """
    total = Summary("all")
    for session in sessions:
        if session.origin == SERVED:
            total.served += session.requests
            continue
        total.add(session, whole=True)
        for name, _, figures in session.groups:
            if models is None or name in models:
                total.figures.add(figures)
    return total


def short_label(label: str) -> str:
    """A draft's path as its name; any other label as it is."""
    return PurePath(label).name if label.startswith("/") else label


def report(summary: Summary) -> dict[str, Any]:
    """The summary as a JSON object. Shares are 0 to 1, and null where there is nothing to divide by."""
    figures, text, shares = summary.figures, summary.text, summary.shares
    length = sum(shares.values())
    given = figures.kept - figures.by_hand
    written = text.typed + text.model
    return {
        "label": summary.label,
        "sessions": summary.sessions,
        "drafts": len(summary.drafts),
        "events": summary.events,
        "requests": figures.requests,
        "served": summary.served,
        "auto": figures.auto,
        "shown": figures.shown,
        "seen": figures.seen,
        "outcomes": {one.value: figures.outcomes.get(one.value, 0) for one in Outcome},
        "instructions": {
            "given": sum(summary.instructed.values()),
            "taken": sum(summary.obeyed.values()),
        },
        "acceptance": {
            "plain": _share(figures.took, figures.requests),
            "seen": _share(figures.took_seen, figures.seen),
            "characters": _share(figures.taken, figures.offered),
        },
        "characters": {
            "inserted": figures.inserted,
            "by_hand": figures.by_hand,
            "kept": round(figures.kept),
            "kept_share": _share(figures.kept, figures.inserted),
        },
        "draft": {
            "length": length,
            "by": shares,
            "model_share": _share(shares.get("model", 0), length),
        },
        "written": {
            "typed": text.typed,
            "pasted": text.pasted,
            "model": text.model,
            "deleted": text.deleted,
        },
        "keystrokes": {
            "spent": figures.keys,
            "saved": round(given - figures.keys),
            "saved_share": _share(given - figures.keys, written),
        },
        "kept": _kept(summary),
        "quiet": _sorted(summary.quiet),
        "reasons": _sorted(summary.reasons),
        "retention": _retention(figures),
        "latency": _latency(figures),
    }


def _kept(summary: Summary) -> dict[str, Any]:
    """What stands of what was taken and whether what was shown was worth it, in all and by kind of place."""
    total, places = PlaceFigures(), summary.figures.places
    for one in places.values():
        total.add(one)
    taken, standing = summary.text.model, summary.shares.get("model", 0)
    opened: dict[str, int] = {}
    for of_draft in summary.openers.values():
        _count(opened, of_draft)
    return {
        **_of_place(total),
        "now": None if not taken else min(1.0, round(standing / taken, 4)),
        "openers": opened,
        "places": [
            {"place": place.value, **_of_place(places[place.value])}
            for place in Place
            if place.value in places
        ],
    }


def _of_place(figures: PlaceFigures) -> dict[str, Any]:
    return {
        "asked": figures.asked,
        "seen": figures.seen,
        "took": figures.took,
        "inserted": figures.inserted,
        "rest": _share(figures.standing_rest, figures.rested),
        "end": _share(figures.standing, figures.inserted),
        "wrong_show": _share(figures.wrong, figures.seen),
        "wrong_show_unasked": _share(figures.wrong_auto, figures.seen_auto),
        "refused": figures.compared,
        "refused_overlap": _share(figures.overlap, figures.compared),
    }


def _count(here: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        here[name] = here.get(name, 0) + count


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _retention(figures: Figures) -> list[dict[str, Any]]:
    out = []
    for at in (*(f"{seconds}s" for seconds in CHECKPOINTS_S), "end"):
        kept = figures.survival.get(at, Kept())
        out.append(
            {
                "at": at,
                "texts": kept.texts,
                "kept": _share(kept.kept, kept.inserted),
                "persisting": _share(kept.persisting, kept.texts),
                "unchanged": _share(kept.unchanged, kept.texts),
                "modification": _share(kept.distance, kept.inserted),
            }
        )
    return out


def _latency(figures: Figures) -> list[dict[str, Any]]:
    out = []
    for index in range(len(LATENCY_EDGES_MS) + 1):
        requests, seen, took = figures.latency.get(index, (0, 0, 0))
        out.append(
            {
                "from_ms": LATENCY_EDGES_MS[index - 1] if index else 0,
                "below_ms": LATENCY_EDGES_MS[index] if index < len(LATENCY_EDGES_MS) else None,
                "requests": requests,
                "seen": seen,
                "acceptance": _share(took, seen),
            }
        )
    return out


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
