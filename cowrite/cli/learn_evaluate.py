"""`cowrite learn evaluate`: what is learned, measured on texts that it has not seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.errors import DraftError, UsageError

if TYPE_CHECKING:
    from cowrite.learning.evaluation.evaluating import Condition, Outcome, Report, Text
    from cowrite.learning.gate import Difference
    from cowrite.paths import Paths

MOST_POINTS = 1_000_000


def evaluate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Texts that nothing was learned from.")
    ],
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--earlier", metavar="FILE", help="What was written before; may be repeated."),
    ] = None,
    last: Annotated[
        int,
        typer.Option(
            "--last", metavar="N", help="Judge the last N chapters of each book. 0: all of them."
        ),
    ] = 0,
    adapter: Annotated[
        Path | None,
        typer.Option("--adapter", metavar="PATH", help="An adapter of this model, as GGUF."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")
    ] = None,
    points: Annotated[
        int, typer.Option("--points", metavar="N", help="Places at which keys are measured.")
    ] = 2000,
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="M", help="At most so long. 0: no limit.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure what earlier passages and an adapter bring, on texts that nothing was learned from.

    For the model alone, with passages, with the adapter and with both: nats a character (fewer is better),
    the keys that three suggestions save a simulated writer at a place, and both on general prose. The adapter
    is the one in use, or --adapter. A text with chapters is read as a book: those before a chapter, and
    --earlier (else what was learned from), are what passages come from.
    """
    _check(points, minutes, last)
    from cowrite.cli.output import as_json as print_json
    from cowrite.cli.output import progress
    from cowrite.cli.streams import counting
    from cowrite.config import load
    from cowrite.learning.evaluation.evaluating import PASSAGES, Effort
    from cowrite.learning.evaluation.evaluating import evaluate as measured
    from cowrite.paths import user_paths
    from cowrite.session.blocking_engine import way_here
    from cowrite.session.found_model import find_model
    from cowrite.session.options import request_options

    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    texts = _texts(files, _before(earlier, files, paths), last)
    with progress("Preparing the model") as advance:
        found = find_model(settings, paths, model, advance)
    ways = _ways(texts, adapter or found.file.adapter)
    way = way_here(found, paths.engine_log)
    tokens = settings.learn.passages or PASSAGES
    effort = Effort(points, minutes, tokens, settings.engine.threads, way)
    params = request_options(settings).params_with(found.advice)
    with counting("places") as tell:
        report = measured(
            found.file.path,
            texts,
            ways,
            effort,
            sampling=params.sampling,
            tell=tell or (lambda _done, _all: None),
        )
    if as_json:
        print_json(
            {"model": {"name": found.file.name, "sha256": found.file.sha256}, **facts(report)}
        )
    else:
        _print(report, found.file.name)


def _check(points: int, minutes: float, last: int) -> None:
    if not 1 <= points <= MOST_POINTS:
        raise UsageError(
            f"--points must be 1 to {MOST_POINTS:,}, not {points}.", "The usual is 2000."
        )
    if not 0 <= minutes < 1e6:
        raise UsageError(f"--minutes must be 0 or more, not {minutes:g}.", "0 is no limit.")
    if last < 0:
        raise UsageError(f"--last must be 0 or more, not {last}.", "0 judges all chapters.")


def _before(earlier: list[Path] | None, files: list[Path], paths: Paths) -> list[tuple[str, str]]:
    """What was written before: the files that are named; else what was learned from, but what is judged."""
    if earlier is not None:
        return [(str(path), _read(path)) for path in earlier]
    from cowrite.learning.library import Library

    if not paths.learning.exists():
        return []
    judged = {str(path.absolute()) for path in files}
    with Library.open(paths.learning) as library:
        return [(w.path, w.screened.text) for w in library.works() if w.path not in judged]


def _texts(files: list[Path], before: list[tuple[str, str]], last: int) -> list[Text]:
    """The texts to judge, chapter by chapter, each with what was written before it."""
    from cowrite.core.chapters import chapters
    from cowrite.learning.evaluation.evaluating import Text

    out: list[Text] = []
    for path in files:
        text = _read(path)
        known = list(before)
        found = chapters(text)
        for number, chapter in enumerate(found):
            body = text[chapter.start : chapter.end]
            name = f"{path.name}: {chapter.title}" if len(found) > 1 else path.name
            if not last or number >= len(found) - last:
                out.append(Text(name, body, tuple(known)))
            if not last or number < len(found) - last:
                known.append((name, body))
    if not any(text.text.strip() for text in out):
        raise UsageError("There is no text to judge.", "Name files with some pages of prose.")
    return out


def _read(path: Path) -> str:
    from cowrite.files import load

    if not path.exists():
        raise DraftError(f"There is no file {path}")
    draft = load(path)
    if draft.read_only is not None and draft.read_only.startswith("it is not text"):
        raise DraftError(f"{path} can't be judged: {draft.read_only}.", draft.advice or "")
    return draft.text


def _ways(texts: list[Text], adapter: Path | None) -> list[Condition]:
    from cowrite.learning.evaluation.evaluating import Condition

    if adapter is not None and not adapter.is_file():
        raise UsageError(f"There is no adapter {adapter}", "Give the path of a GGUF file.")
    ways = [Condition("base")]
    passages = any(text.earlier for text in texts)
    if passages:
        ways.append(Condition("passages", passages=True))
    if adapter is not None:
        ways.append(Condition("adapter", adapter))
    if passages and adapter is not None:
        ways.append(Condition("both", adapter, passages=True))
    if len(ways) == 1:
        raise UsageError(
            "There is nothing to compare with the model alone.",
            "Give --adapter PATH, or --earlier FILE with what was written before.",
        )
    return ways


def facts(report: Report) -> dict[str, Any]:
    """A report as plain values, for JSON."""
    return {
        "texts": report.texts,
        "characters": report.chars,
        "places": report.places,
        "seconds": round(report.seconds, 1),
        "whole": report.whole,
        "ways": {outcome.name: _outcome(outcome) for outcome in report.outcomes},
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    verdict = outcome.verdict
    return {
        "nats_per_character": round(outcome.nats_per_char, 5),
        "nats_difference": _difference(outcome.nats_difference),
        "keys_saved": round(outcome.keys, 4),
        "keys_interval": [round(value, 4) for value in outcome.keys_interval],
        "keys_difference": _difference(outcome.keys_difference),
        "general_nats_per_character": round(outcome.general_per_char, 5),
        "general_difference": _difference(outcome.general_difference),
        "promote": verdict.promote,
        "reason": verdict.reason,
    }


def _difference(found: Difference) -> dict[str, float | None]:
    """JSON has no word for what is unknown or without bounds but null."""
    from math import isfinite

    return {
        name: round(value, 5) if isfinite(value) else None
        for name, value in (("relative", found.relative), ("low", found.low), ("high", found.high))
    }


def _print(report: Report, model: str) -> None:
    from cowrite.cli.output import columns, data, note
    from cowrite.core.wording import counted

    data(
        f"{model}, {counted(report.texts, 'text')}, {report.chars:,} characters, "
        f"{counted(report.places, 'place')}"
    )
    rows = [
        (
            outcome.name,
            f"{outcome.nats_per_char:.4f}",
            _shown(outcome.nats_difference),
            f"{outcome.keys:.3f}",
            _shown(outcome.keys_difference),
            _shown(outcome.general_difference),
        )
        for outcome in report.outcomes
    ]
    columns(rows, ("", "nats/char", "to base", "keys saved", "to base", "general prose"))
    for outcome in report.outcomes[1:]:
        data(f"{outcome.name}: {outcome.verdict.reason}")
    if not report.whole and sys.stderr.isatty():
        note("Not all of the text was needed or read: --points and --minutes say how much is.")


def _shown(found: Difference) -> str:
    """A difference with its interval, short enough for a table."""
    if not found.known:
        return "?"
    if found.relative == found.low == found.high == 0:
        return "-"
    return f"{found.relative:+.1%} [{found.low:+.1%}, {found.high:+.1%}]"
