"""One session -> its figures, in one pass over its events."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Burst, Edited, Opened, Quieted, Reasoned, SessionInfo, Stamped
from cowrite.core.figures import Figures, Kept, PlaceFigures, SessionFigures, Text, latency_class
from cowrite.core.outcome import SEEN_MS, TOOK, Outcome
from cowrite.core.provenance import WRITER, Author, Provenance, Runs, one_run
from cowrite.core.replay import ReplayError
from cowrite.core.rows import CONTINUE, SuggestionRow
from cowrite.core.suggestion import Params
from cowrite.feedback.kept import openers, was_wrong
from cowrite.feedback.outcomes import OutcomeReader

VERSION = 5
"""Goes up whenever the same events give other figures."""

PERSISTS = 0.67
"""An accepted text persists while this share of its characters is still there: what Ziegler et al. (2022) call
mostly unchanged is an edit distance below a third of its length."""


def session_figures(session: SessionInfo, events: Iterable[Stamped | Burst]) -> SessionFigures:
    """The figures of one session; holds no text of the draft. A damaged one is read up to the damage."""
    figures = SessionFigures(
        session.session_id, session.document_id, session.document, session.started_ms
    )
    shares = dict.fromkeys(Author, 0)
    reader, authors = OutcomeReader(texts=False), _Authors()
    try:
        with contextlib.suppress(ReplayError):
            for event in events:
                if isinstance(event, Burst):
                    reader.feed_burst(event)
                    figures.events += len(event.texts)
                    length = sum(map(len, event.texts))
                    _count_burst(figures.text, shares, length, back=event.back)
                    authors.replace_burst(event, length)
                    continue
                reader.feed(event)
                figures.events += 1
                body = event.body
                if isinstance(body, Edited):
                    _count_edit(figures.text, shares, body.edit)
                    authors.replace(body.edit)
                elif isinstance(body, Quieted):
                    _one_more(figures.quiet, body.reason.value)
                elif isinstance(body, Reasoned):
                    _one_more(figures.reasons, body.reason.value)
                elif isinstance(body, Opened):
                    authors = _Authors(body)
                    shares.update(dict.fromkeys(Author, 0))
                    _count_runs(shares, body.runs, len(body.text), 1)
        groups: dict[tuple[str, str], Figures] = {}
        for row in reader.rows(session, {}):
            if row.task != CONTINUE:
                # An instruction is no suggestion: its share that is taken says another thing.
                _one_more(figures.instructed, row.model.name)
                if row.outcome in TOOK:
                    _one_more(figures.obeyed, row.model.name)
                continue
            key = (row.model.name, params_label(row.params))
            count_row(groups.setdefault(key, Figures()), row)
        figures.length = len(reader.document)
        if shares[Author.MODEL] > 0:
            figures.openers = openers(reader.document.text, authors.runs())
    finally:
        reader.close()
    figures.shares = {author.value: count for author, count in shares.items()}
    figures.groups = [(model, params, group) for (model, params), group in groups.items()]
    return figures


class _Authors:
    """Who wrote what of the draft, followed through a session.

    Typing that goes on where it was is one change, whatever is taken back and typed anew in between.
    """

    __slots__ = ("_at", "_fresh", "_gone", "_provenance")

    def __init__(self, opened: Opened | None = None) -> None:
        runs = () if opened is None else opened.runs
        length = 0 if opened is None else len(opened.text)
        known = sum(size for size, _ in runs)
        self._provenance = Provenance([*runs, (length - known, WRITER)])
        self._at = self._gone = self._fresh = 0
        """What is typed just now: from where on, in the place of how much, and how much."""

    def replace(self, edit: Edit) -> None:
        """An edit was made."""
        self._settle()
        fresh = edit.runs or one_run(len(edit.inserted), WRITER)
        self._provenance.replace(edit.start, edit.start + len(edit.deleted), fresh)

    def replace_burst(self, burst: Burst, length: int) -> None:
        """Plain typing of so many characters went on."""
        if burst.start != self._at + self._fresh:
            self._settle()
            self._at = burst.start
        if not burst.back:
            self._fresh += length
            return
        anew = min(length, self._fresh)
        self._fresh -= anew
        self._at -= length - anew
        self._gone += length - anew

    def _settle(self) -> None:
        if self._gone or self._fresh:
            end = self._at + self._gone
            self._provenance.replace(self._at, end, one_run(self._fresh, WRITER))
        self._gone = self._fresh = 0

    def runs(self) -> Iterator[tuple[int, Author]]:
        """The runs of the whole draft, by author."""
        self._settle()
        return ((size, source.author) for size, source in self._provenance)


def _one_more(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


def params_label(params: Params) -> str:
    """The parameters that matter most, in words: `n 3, 48 tokens, sentence, temperature 0.8`."""
    return (
        f"n {params.n}, {params.max_tokens} tokens, {params.stop}, "
        f"temperature {params.sampling.temperature:g}"
    )


def _count_edit(text: Text, shares: dict[Author, int], edit: Edit) -> None:
    fresh = len(edit.inserted)
    if edit.origin is Origin.SUGGESTION:
        text.model += fresh
    elif edit.origin is Origin.PASTE:
        text.pasted += fresh
    elif edit.origin is Origin.TYPED:
        text.typed += fresh
    text.deleted += len(edit.deleted)
    if fresh:
        _count_runs(shares, edit.runs, fresh, 1)
    if edit.deleted:
        _count_runs(shares, edit.gone, len(edit.deleted), -1)


def _count_burst(text: Text, shares: dict[Author, int], length: int, *, back: bool) -> None:
    if back:
        text.deleted += length
    else:
        text.typed += length
    shares[Author.WRITER] += -length if back else length


def _count_runs(shares: dict[Author, int], runs: Runs, length: int, sign: int) -> None:
    for size, source in runs:
        shares[source.author] += sign * size
        length -= size
    if length > 0:
        shares[Author.WRITER] += sign * length


def count_row(figures: Figures, row: SuggestionRow) -> None:
    """Add one suggestion."""
    took, seen = row.outcome in TOOK, row.shown_ms >= SEEN_MS
    figures.requests += 1
    figures.auto += row.auto
    figures.shown += bool(row.shown)
    figures.seen += seen
    figures.took += took
    figures.took_seen += took and seen
    figures.shown_ms += row.shown_ms
    figures.outcomes[row.outcome.value] = figures.outcomes.get(row.outcome.value, 0) + 1
    if seen:
        figures.offered += max(len(row.offered), len(row.inserted_text))
        figures.taken += len(row.inserted_text)
    if row.latency_ms.first is not None:
        index = latency_class(row.latency_ms.first)
        requests, seen_before, took_before = figures.latency.get(index, (0, 0, 0))
        figures.latency[index] = (
            requests + 1,
            seen_before + seen,
            took_before + (took and seen),
        )
    _count_place(figures.places.setdefault(row.place, PlaceFigures()), row)
    keys = (not row.auto) + max(0, len(row.shown) - 1) + (row.outcome is Outcome.REJECTED)
    if took:
        figures.inserted += len(row.inserted_text)
        figures.by_hand += row.by_hand
        figures.kept += row.survival[-1].kept * len(row.inserted_text)
        # Correcting costs about a key for each character that differs.
        keys += sum(part != "typed" for part in row.parts) + row.survival[-1].characters
        for state in row.survival:
            if state.at != "save":
                _count_state(
                    figures.survival.setdefault(state.at, Kept()), row, state.kept, state.characters
                )
    figures.keys += keys


def _count_place(place: PlaceFigures, row: SuggestionRow) -> None:
    """Count whether a suggestion was worth its look."""
    seen, wrong = row.shown_ms >= SEEN_MS, was_wrong(row)
    place.asked += 1
    place.seen += seen
    place.wrong += wrong
    place.seen_auto += seen and row.auto
    place.wrong_auto += wrong and row.auto
    if row.outcome in TOOK:
        place.took += 1
        place.inserted += len(row.inserted_text)
        place.standing += row.standing_end or 0
        if row.standing_rest is not None:
            place.rested += len(row.inserted_text)
            place.standing_rest += row.standing_rest
    if seen and row.overlap is not None:
        place.compared += 1
        place.overlap += row.overlap


def _count_state(kept: Kept, row: SuggestionRow, share: float, distance: int) -> None:
    kept.texts += 1
    kept.inserted += len(row.inserted_text)
    kept.kept += share * len(row.inserted_text)
    kept.persisting += share >= PERSISTS
    kept.unchanged += distance == 0
    kept.distance += distance
