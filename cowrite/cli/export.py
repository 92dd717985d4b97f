"""`cowrite export`: the log, or a part of it, in a format for people, trainers or researchers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.choosing import DraftOption, ModelOption, SinceOption, UntilOption
from cowrite.errors import UsageError
from cowrite.paths import expanded

if TYPE_CHECKING:
    from cowrite.export import Format, Redactor
    from cowrite.logbook.source import Choice, LogSource


def export(
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="suggestions, events, sft, preference, kto, messages, csv, parquet, coauthor or dataset.",
        ),
    ] = "suggestions",
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="PATH|-", help="Where to; - is standard output."),
    ] = "-",
    document: DraftOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="OUTCOME", help="Only these outcomes, as accepted,edited."),
    ] = None,
    min_shown_ms: Annotated[
        int, typer.Option(min=0, metavar="MS", help="Only suggestions on screen for so long.")
    ] = 0,
    redact: Annotated[
        bool, typer.Option("--redact", help="Take out secrets, addresses, numbers and your words.")
    ] = False,
    redact_words: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Your words to take out, one a line; redact.txt of the settings."
        ),
    ] = None,
    split: Annotated[
        float | None,
        typer.Option(
            min=0.01, max=0.99, metavar="SHARE", help="Keep this share of drafts to test."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Draw another split.")] = 0,
    language: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="The drafts' language, for a data set's card."),
    ] = None,
    code_points: Annotated[
        bool,
        typer.Option("--code-points", help="In coauthor: offsets as Python counts, not browsers."),
    ] = False,
    excel: Annotated[
        bool,
        typer.Option("--excel", help="In csv: a mark in front, so that Excel reads it as UTF-8."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
) -> None:
    """Write what the log knows: JSON Lines to standard output, or a file, or a folder.

    \b
    cowrite export -o rows.jsonl
    cowrite export -f preference --split 0.1 -o pairs.jsonl
    cowrite export -f dataset --redact -o data
    cowrite export -f csv --excel -o rows.csv

    The same log gives the same bytes.
    """
    from cowrite.cli.output import note
    from cowrite.export import find_format
    from cowrite.logbook import source as logbook
    from cowrite.logbook.renaming import draft_called
    from cowrite.logbook.splitting import Split
    from cowrite.paths import user_paths

    form = find_format(format_)
    form = form.for_excel() if excel else form
    choice = logbook.Choice(
        document,
        logbook.moment(since) if since else None,
        logbook.moment(until) if until else None,
        model,
        logbook.outcomes_named(outcome or []),
        min_shown_ms,
    )
    _check(form, choice, output, split)
    paths = user_paths()
    redactor = logbook.make_redactor(paths, redact_words) if redact or redact_words else None
    with logbook.reading(paths) as log, _counting(output) as progress:
        if document is not None:
            choice = replace(choice, document=draft_called(log, document))
        if model is not None:
            logbook.models_called(log, model)
        source = logbook.LogSource(
            log,
            choice,
            redactor=redactor,
            split=Split(split, seed) if split else None,
            language=language,
            code_points=code_points,
            cards=logbook.known_cards(paths),
            progress=progress,
        )
        written = _write(source, form, output, force=force, split=split is not None)
    _report(written, form, redactor)
    for trouble in sorted(set(source.troubles)):
        note(f"cowrite: {trouble}")
    if source.troubles:
        raise typer.Exit(1)


def _counting(output: str) -> AbstractContextManager[Callable[[int, int], None] | None]:
    from cowrite.cli.streams import counting

    return counting("sessions", quiet=output == "-" and sys.stdout.isatty())


def _check(form: Format, choice: Choice, output: str, split: float | None) -> None:
    """Refuse options that this format can't heed: none is ever passed over in silence."""
    from cowrite.export import FORMATS, Shape

    filters = choice.model or choice.outcomes or choice.min_shown_ms
    if filters and not form.suggestions:
        rows_only = ", ".join(one.name for one in FORMATS.values() if not one.sessions)
        raise UsageError(
            f"--model, --outcome and --min-shown-ms choose suggestions, and {form.name} has whole sessions.",
            f"They work with {rows_only}.",
        )
    if output == "-" and form.shape is not Shape.LINES:
        raise UsageError(f"{form.name} is written to {form.shape.value}.", "Name it with -o.")
    if split is not None and (not form.splits or output == "-"):
        raise UsageError("--split makes two files.", "Name them with -o, in another format.")


def _write(
    source: LogSource, form: Format, output: str, *, force: bool, split: bool
) -> dict[str, int]:
    from cowrite.cli.streams import data_stream
    from cowrite.logbook import source as logbook

    if output == "-":
        written = logbook.write_export(source, form, data_stream(), force=force, split=False)
        sys.stdout.buffer.flush()
        return written
    return logbook.write_export(source, form, expanded(output), force=force, split=split)


def _report(written: dict[str, int], form: Format, redactor: Redactor | None) -> None:
    """Say what was written and what was replaced, on stderr."""
    from cowrite.cli.output import note

    for name, count in written.items():
        if name != "-":
            note(f"{count} rows in {name}")
    if redactor is None:
        return
    if form.sessions:
        note("Texts of events were masked to their shape.")
    lines = redactor.report.lines()
    if lines:
        note("Replaced:")
        for line in lines:
            note(f"  {line}")
    elif form.suggestions:
        note("Replaced: nothing was found.")
