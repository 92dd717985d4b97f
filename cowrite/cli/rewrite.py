"""`cowrite rewrite` and `cowrite translate`: a text by an instruction, paragraph by paragraph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.instructor import (
    Answer,
    Instructor,
    checked_count,
    checked_words,
    instructor,
)
from cowrite.cli.rewrite_job import Job
from cowrite.cli.rewrite_output import Output
from cowrite.cli.texts import draft_path, given_text
from cowrite.core import presets
from cowrite.core.pieces import Piece
from cowrite.core.task import TaskKind
from cowrite.errors import UsageError

if TYPE_CHECKING:
    from cowrite.config import Settings

File = Annotated[
    str, typer.Argument(metavar="FILE|-", help="The text's file; - is standard input.")
]
Range = Annotated[
    str | None,
    typer.Option(
        "--range",
        metavar="A:B",
        help="Only characters A to B, or lines: L3:L7. Either may be left out.",
    ),
]
Count = Annotated[int, typer.Option("-n", metavar="N", help="How many versions.")]
Seed = Annotated[
    int | None,
    typer.Option("--seed", metavar="S", help="The same seed gives the same text again."),
]
Model = Annotated[
    str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Print the change as a diff, for `patch`.")]
Json = Annotated[
    bool, typer.Option("--json", help="One JSON object, with what is wrong if anything.")
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Print answers that are no good too, and say so.")
]


def rewrite(
    file: File,
    instruction: Annotated[
        str,
        typer.Option(
            "--instruction",
            "-i",
            metavar="T",
            help="What to do, in words, or a preset's name: shorten, grammar, past …",
        ),
    ],
    span: Range = None,
    n: Count = 1,
    seed: Seed = None,
    model: Model = None,
    diff: Diff = False,
    as_json: Json = False,
    anyway: Anyway = False,
) -> None:
    """Rewrite a text, or a part of it, by an instruction, and print what it has become.

    It goes paragraph by paragraph; headings, code and the like stay as they are. What the model gets wrong (it
    loses a name, repeats itself, …) is tried again once; then the paragraph stays as it was, which is said, and
    the exit code is 1. With -n, versions are divided by a line `---`.
    In a project, notes and lore are told too.
    """
    from cowrite.config import load
    from cowrite.paths import user_paths

    words = checked_words("--instruction", instruction)
    draft = draft_path(file)
    settings = load(user_paths(), draft, flags={"model.name": model})
    preset = presets.find(words, presets.all_presets(settings.presets))
    if preset is not None and preset.kind is not TaskKind.REWRITE:
        raise UsageError(
            f"'{preset.name}' does not rewrite a text.",
            "cowrite complete, ask and summarise do other things.",
        )
    job = Job(given_text(file, "rewrite", "rewritten"), span, words, preset)
    _run(job, settings, model, draft, n=n, seed=seed, diff=diff, as_json=as_json, anyway=anyway)


def translate(
    file: File,
    to: Annotated[
        str, typer.Option("--to", metavar="LANG", help="Into which language: de, German, Welsh …")
    ],
    span: Range = None,
    n: Count = 1,
    seed: Seed = None,
    model: Model = None,
    diff: Diff = False,
    as_json: Json = False,
    anyway: Anyway = False,
) -> None:
    """Translate a text, paragraph by paragraph, and print it.

    Small models do this badly: docs/instructions.md says how badly.
    """
    from cowrite.config import load
    from cowrite.paths import user_paths

    language = checked_words("--to", to)
    if len(language) > 40 or not language.isprintable():
        raise UsageError("--to is no language's name.", "For instance: --to de, or --to German")
    draft = draft_path(file)
    settings = load(user_paths(), draft, flags={"model.name": model})
    preset = presets.translation(language)
    job = Job(given_text(file, "translate", "translated"), span, preset.instruction, preset)
    _run(job, settings, model, draft, n=n, seed=seed, diff=diff, as_json=as_json, anyway=anyway)


def _run(
    job: Job,
    settings: Settings,
    model: str | None,
    draft: Path | None,
    *,
    n: int,
    seed: int | None,
    diff: bool,
    as_json: bool,
    anyway: bool,
) -> None:
    """Do it and print it. Raises EngineError where something was not done."""
    from cowrite.cli.streams import counting
    from cowrite.paths import user_paths

    checked_count(n)
    if diff and as_json:
        raise UsageError("--diff and --json were given; one of them is enough.")
    plain = not diff and not as_json
    single = sum(piece.prose for piece in job.parts) == 1
    out = Output(job, n, single=single, anyway=anyway, stream=plain and n == 1)
    live = plain and n == 1 and single
    with (
        instructor(settings, user_paths(), model, draft, live=live) as who,
        counting("Paragraphs", quiet=plain and sys.stdout.isatty()) as count,
    ):
        total, done = sum(piece.prose for piece in job.parts), 0
        for piece in job.parts:
            out.take(piece, _answers(job, who, piece, n, seed) if piece.prose else [])
            done += piece.prose
            if count is not None and piece.prose:
                count(done, total)
        if as_json:
            out.print_json(who)
        elif diff:
            out.print_diffs()
        else:
            out.print_rest()
    out.raise_if_not_done()


def _answers(job: Job, who: Instructor, piece: Piece, n: int, seed: int | None) -> list[Answer]:
    if not job.of(piece).strip():
        return []
    return who.answers(job.task(piece, who.notes), n, seed, live=n == 1)
