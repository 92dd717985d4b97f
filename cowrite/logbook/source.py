"""Reads the log for people and programs: joins the store with what feedback and export make of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import BinaryIO

from cowrite import __version__, catalog, export
from cowrite.core.events import SessionInfo, Stamped
from cowrite.core.outcome import Outcome
from cowrite.core.rows import SuggestionRow, TrainingRow
from cowrite.errors import ModelError, UsageError, unknown
from cowrite.export.own_words import listed_words
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.training import kto_rows, preference_rows, sft_rows
from cowrite.logbook.lately import Lately
from cowrite.logbook.splitting import Split, drafts_for_testing
from cowrite.paths import Paths, expanded
from cowrite.store import LogReader

_QUANTISED = re.compile(r"(?i)(?:^|[-._])(i?q\d\w*|b?f16|f32)(?=[-.]|$)")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of the log is wanted; None (or empty) stands for all of it.

    document: a draft's path or title. since_ms, until_ms: when sessions began, in milliseconds since 1970.
    model: a name or the beginning of a sha256. session: an id or its beginning.
    """

    document: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    model: str | None = None
    outcomes: frozenset[Outcome] = frozenset()
    min_shown_ms: int = 0
    session: str | None = None


@contextmanager
def reading(paths: Paths) -> Iterator[LogReader]:
    """The log, opened for reading. Raises UsageError where there is none yet."""
    if not paths.log_file.exists():
        raise UsageError("There is no log yet.", "It begins with the first draft: cowrite draft.md")
    with LogReader.open(paths.log_file) as log:
        yield log


class LogSource:
    """The chosen rows of a log, as the export room asks for them (`export.ExportSource`).

    progress: called with the sessions read so far and their number. part: one side of the split alone.
    """

    def __init__(
        self,
        log: LogReader,
        choice: Choice,
        *,
        redactor: export.Redactor | None = None,
        split: Split | None = None,
        language: str | None = None,
        code_points: bool = False,
        cards: dict[str, catalog.Card] | None = None,
        progress: Callable[[int, int], None] | None = None,
        part: export.Part | None = None,
        troubles: list[str] | None = None,
    ) -> None:
        self._log = log
        self._choice = choice
        self._redactor = redactor
        self._split = split
        self._language = language
        self._code_points = code_points
        self._cards = cards or {}
        self._progress = progress
        self._part = part
        self._test: frozenset[str] | None = None
        self._lately = Lately(log)
        self.troubles: list[str] = [] if troubles is None else troubles
        """A sentence for each session that was read up to a damage only."""

    def sessions(self) -> Iterator[SessionInfo]:
        for session in self._chosen():
            if self._redactor is not None:
                name = self._redactor.name(session.document)
                yield replace(session, document=name, extra={})
            else:
                yield session

    def _chosen(self) -> Iterator[SessionInfo]:
        choice = self._choice
        found = [
            session
            for session in self._log.sessions(since_ms=choice.since_ms, until_ms=choice.until_ms)
            if (choice.session is None or session.session_id.startswith(choice.session))
            and (choice.document is None or is_draft(session, choice.document))
        ]
        if self._part is not None:
            wanted = self._part == "test"
            found = [one for one in found if (one.document_id in self._testing()) is wanted]
        for number, session in enumerate(found):
            if self._progress is not None:
                self._progress(number, len(found))
            yield session
        if self._progress is not None:
            self._progress(len(found), len(found))

    def events(self, session: SessionInfo) -> Iterator[Stamped]:
        events = self._log.events(session.session_id)
        redactor = self._redactor
        if redactor is None:
            return events
        return (export.mask_event(event, redactor) for event in events)

    def suggestions(self) -> Iterator[SuggestionRow]:
        quantisations = {sha: _quantisation(card.file) or "" for sha, card in self._cards.items()}
        for session in self._chosen():
            events = self._log.bursts(session.session_id)
            rows = suggestion_rows(
                session, events, quantisations=quantisations, troubles=self.troubles
            )
            for row in rows:
                if self._wanted(row):
                    yield self._redacted(_with_quantisation(self._lately.row(row)))

    def _wanted(self, row: SuggestionRow) -> bool:
        choice = self._choice
        if choice.outcomes and row.outcome not in choice.outcomes:
            return False
        if row.shown_ms < choice.min_shown_ms:
            return False
        model = choice.model
        return model is None or row.model.name == model or _is_hash(row.model.sha256, model)

    def _redacted(self, row: SuggestionRow) -> SuggestionRow:
        return row if self._redactor is None else export.redact_suggestion(row, self._redactor)

    def training(self) -> Iterator[tuple[SuggestionRow, list[TrainingRow]]]:
        for row in self.suggestions():
            yield row, [*sft_rows(row), *preference_rows(row), *kto_rows(row)]

    def part(self, part: export.Part) -> LogSource:
        if self._split is None:
            return self
        return LogSource(
            self._log,
            self._choice,
            redactor=self._redactor,
            split=self._split,
            language=self._language,
            code_points=self._code_points,
            cards=self._cards,
            progress=self._progress,
            part=part,
            troubles=self.troubles,
        )

    def _testing(self) -> frozenset[str]:
        """The ids of the drafts that are for testing."""
        if self._test is None:
            assert self._split is not None
            self._test = drafts_for_testing(self._log, self._split)
        return self._test

    def about(self) -> export.About:
        licences = {
            sha: export.ModelLicence(card.name, sha, card.licence, card.terms)
            for sha, card in self._cards.items()
        }
        split = self._split
        return export.About(
            app_version=__version__,
            parts=("train", "test") if split else ("train",),
            seed=split.seed if split else None,
            share=split.share if split else None,
            models=licences,
            language=self._language,
            code_points=self._code_points,
        )

    def redaction(self) -> dict[str, int] | None:
        return None if self._redactor is None else dict(self._redactor.report.counts)


def is_draft(session: SessionInfo, wanted: str) -> bool:
    """Whether a session is of the draft that is called so: by path, by file name or by id."""
    path = session.document
    return (
        wanted in (path, session.document_id, PurePath(path).name)
        or os.path.realpath(expanded(wanted)) == path
    )


def models_called(log: LogReader, wanted: str) -> frozenset[str]:
    """The names of the models that are called so, by name or by the beginning of their sha256.

    Raises UsageError, with the nearest name, where the log has nothing of such a model.
    """
    known = log.model_names()
    found = frozenset(name for name, sha256 in known if wanted == name or _is_hash(sha256, wanted))
    if not found:
        raise unknown("model in the log called", wanted, {name for name, _ in known})
    return found


def known_cards(paths: Paths) -> dict[str, catalog.Card]:
    """The cards of all known models by sha256: rows and data sets say their quantisation and licence."""
    try:
        return {card.sha256: card for card in catalog.cards(paths).values()}
    except ModelError:
        return {}


def _quantisation(name: str) -> str | None:
    """From a file's name, where GGUF files say it by custom: `...-Q4_K_M.gguf`."""
    found = _QUANTISED.search(name.removesuffix(".gguf"))
    return found.group(1).upper() if found else None


def _with_quantisation(row: SuggestionRow) -> SuggestionRow:
    """The row; of a model without a card, what its name says of it."""
    said = None if row.model.quantisation else _quantisation(row.model.name)
    return row if said is None else replace(row, model=replace(row.model, quantisation=said))


def _is_hash(sha256: str, beginning: str) -> bool:
    return len(beginning) >= 6 and sha256.startswith(beginning.lower())


def outcomes_named(names: list[str]) -> frozenset[Outcome]:
    """Outcomes by name. Raises UsageError with the nearest name."""
    known = {one.value: one for one in Outcome}
    out = set()
    for name in (part.strip() for word in names for part in word.split(",")):
        if name not in known:
            raise unknown("outcome", name, known)
        out.add(known[name])
    return frozenset(out)


def moment(text: str) -> int:
    """A day (`2026-01-31`) or a time (ISO 8601; local where no zone is said) in milliseconds since 1970.

    Raises UsageError.
    """
    try:
        found = datetime.fromisoformat(text)
        return int(found.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError) as error:  # a year that has no time elsewhere is a date, too
        raise UsageError(
            f"'{text}' is no date.", "Write it as 2026-01-31 or 2026-01-31T18:30."
        ) from error


def write_export(
    source: LogSource, form: export.Format, out: Path | BinaryIO, *, force: bool, split: bool
) -> dict[str, int]:
    """Write an export to a path or a stream; returns the number of rows by the name of what was written.

    split: for formats of one file, write `NAME.train.EXT` and `NAME.test.EXT`.
    """
    if not isinstance(out, Path):
        return {"-": form.to_stream(source, out)}
    if form.shape is export.Shape.FOLDER:
        with export.whole_folder(out, force=force) as folder:
            return {str(out): form.to_folder(source, folder)}
    if not split:
        with export.whole_file(out, force=force) as file:
            return {str(out): form.to_stream(source, file)}
    written: dict[str, int] = {}
    parts: tuple[export.Part, ...] = ("train", "test")
    for part in parts:
        path = out.with_name(f"{out.stem}.{part}{out.suffix}")
        with export.whole_file(path, force=force) as file:
            written[str(path)] = form.to_stream(source.part(part), file)
    return written


def make_redactor(paths: Paths, words: Path | None) -> export.Redactor:
    """A redactor with the writer's own words: those of the file, or of `redact.txt` beside the settings.

    One word or phrase a line; lines that begin with `#` are notes. Raises UsageError.
    """
    own = paths.config / "redact.txt"
    source = words or (own if own.exists() else None)
    if source is None:
        return export.Redactor()
    return export.Redactor(listed_words(source))
