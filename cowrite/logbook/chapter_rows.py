"""A project's chapters at a glance: words, goals, who wrote them, and the words of each day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cowrite import files
from cowrite.core.edits import Origin
from cowrite.core.events import Edited, Stamped
from cowrite.core.provenance import Author, Runs
from cowrite.core.scenes import ChapterOutline, outline_of
from cowrite.errors import CowriteError, StoreError
from cowrite.logbook.streak import local_day
from cowrite.memory.project import NO_PLAN, ChapterPlan, Project, chapter_files
from cowrite.store import LogReader, Store
from cowrite.store.names import draft_key

WEEKS = 4
"""Weeks whose days are counted, this one with them."""

Open = Mapping[Path, tuple[str, Runs]]
"""Drafts that are open: their texts and authors as they are now, saved or not."""

_NOTHING = outline_of("")


@dataclass(frozen=True, slots=True)
class ChapterRow:
    """A chapter. changed_ms: of its file, 0 where there is none. shares: characters by author, none where the
    log doesn't know it. trouble: why it could not be read, or an empty text. plan: what the project says."""

    path: Path
    outline: ChapterOutline
    changed_ms: int = 0
    shares: Mapping[Author, int] = field(default_factory=dict)
    trouble: str = ""
    plan: ChapterPlan = NO_PLAN

    @property
    def goal(self) -> int:
        """Words that it is to have, as the project says, or else its own front matter; 0 for none."""
        return self.plan.goal or self.outline.goal

    @property
    def status(self) -> str:
        """How far it is, likewise."""
        return self.plan.status or self.outline.status

    @property
    def title(self) -> str:
        """What it is called; without a heading, as its file."""
        return self.outline.title or self.path.stem


@dataclass(frozen=True, slots=True)
class ChapterTable:
    """A project's chapters in order, and the words that were typed in them on each day of the last weeks."""

    project: Project
    rows: tuple[ChapterRow, ...]
    days: Mapping[datetime.date, int]
    today: datetime.date


class ChapterReader:
    """Reads a project's chapters; what has not changed is read once. For one thread at a time.

    store: the window's log, None where there is none; what was written in the window a moment ago is in it.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._rows: dict[Path, tuple[tuple[int, int], ChapterRow]] = {}
        self._days: dict[str, tuple[int, dict[datetime.date, int]]] = {}

    def read(self, project: Project, drafts: Open, today: datetime.date) -> ChapterTable:
        """The chapters as they are now. Raises CowriteError where nobody can tell which they are."""
        paths = chapter_files(project)
        if self._store is not None:
            try:
                with self._store.beside().reader as log:
                    rows = tuple(self._row(project, path, drafts, log) for path in paths)
                    return ChapterTable(project, rows, self._typed(log, paths, today), today)
            except StoreError:  # the chapters are there without it
                pass
        rows = tuple(self._row(project, path, drafts, None) for path in paths)
        return ChapterTable(project, rows, {}, today)

    def _row(self, project: Project, path: Path, drafts: Open, log: LogReader | None) -> ChapterRow:
        return replace(self._read_or_known(path, drafts, log), plan=project.plan_of(path))

    def _read_or_known(self, path: Path, drafts: Open, log: LogReader | None) -> ChapterRow:
        try:
            facts = path.stat()
        except OSError:
            facts = None
        changed_ms = facts.st_mtime_ns // 1_000_000 if facts is not None else 0
        if path in drafts:
            text, runs = drafts[path]
            return ChapterRow(path, outline_of(text), changed_ms, _shares(runs))
        if facts is None:
            return ChapterRow(path, _NOTHING, trouble="is not there")
        state = (facts.st_size, facts.st_mtime_ns)
        known, row = self._rows.get(path, ((-1, -1), None))
        if row is None or known != state:
            row = self._read_row(path, changed_ms, log)
            if log is not None:
                self._rows[path] = (state, row)
        return row

    def _read_row(self, path: Path, changed_ms: int, log: LogReader | None) -> ChapterRow:
        try:
            text = files.load(path).text
        except CowriteError as error:
            return ChapterRow(path, _NOTHING, changed_ms, trouble=error.message)
        runs = log.provenance_for(str(path), text) if log is not None else None
        return ChapterRow(path, outline_of(text), changed_ms, _shares(runs or ()))

    def _typed(
        self, log: LogReader, paths: Iterable[Path], today: datetime.date
    ) -> dict[datetime.date, int]:
        first = first_day(today)
        names, counts = {draft_key(str(path)) for path in paths}, log.event_counts()
        out: dict[datetime.date, int] = {}
        for session in log.sessions(origin="cowrite"):
            ended = session.ended_ms
            if session.document not in names or (ended is not None and local_day(ended) < first):
                continue
            events = counts.get(session.session_id, 0)
            known, days = self._days.get(session.session_id, (-1, {}))
            if known != events:
                days = typed_words(log.events(session.session_id))
                self._days[session.session_id] = (events, days)
            for day, words in days.items():
                if day >= first:
                    out[day] = out.get(day, 0) + words
        return out


def first_day(today: datetime.date) -> datetime.date:
    """The Monday with which the weeks that are counted begin."""
    return today - datetime.timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def typed_words(events: Iterable[Stamped]) -> dict[datetime.date, int]:
    """How many words were begun by typing on each day; letters that go on with one begin none."""
    out: dict[datetime.date, int] = {}
    place, in_word = -1, False
    for event in events:
        body = event.body
        if not isinstance(body, Edited):
            continue
        edit = body.edit
        if edit.origin is Origin.TYPED:
            if edit.start != place and edit.inserted:
                in_word = False
            begun = 0
            for sign in edit.inserted:
                letter = sign.isalnum() or (in_word and sign in "'’-")
                begun += letter and not in_word
                in_word = letter
            if begun:
                day = local_day(event.wall_ms)
                out[day] = out.get(day, 0) + begun
        place = edit.end
    return out


def _shares(runs: Runs) -> dict[Author, int]:
    out: dict[Author, int] = {}
    for length, source in runs:
        out[source.author] = out.get(source.author, 0) + length
    return out
