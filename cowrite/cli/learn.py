"""`cowrite learn`: what is learned from the writer, what it brought, and the way back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.cli.learn_evaluate import evaluate
from cowrite.cli.output import as_json, columns, data, note
from cowrite.core.dates import day
from cowrite.core.wording import counted
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import Paths, user_paths

if TYPE_CHECKING:
    from cowrite.learning.choices import Choices
    from cowrite.learning.overview import Overview, Text
    from cowrite.learning.registry import Version

app = typer.Typer(
    add_completion=False,
    help="Learn from what you wrote, on this machine alone. Without a command: do what is due.",
)
learn = app

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Model = Annotated[
    str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="For this model.")
]
Document = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="Its path, name or id, as `status` lists it.")
]


@app.callback(invoke_without_command=True)
def round_of_learning(
    context: typer.Context,
    now: Annotated[
        bool, typer.Option("--now", help="Train on what is new, though it is little.")
    ] = False,
    minutes: Annotated[
        float,
        typer.Option("--minutes", min=0, help="Train for so long at most. 0: until all is read."),
    ] = 0,
    model: Model = None,
    json: Json = False,
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
) -> None:
    """Learn from what you wrote, on this machine alone: what is due, or with --now what there is.

    Passages and the order of candidates are brought up to date at once. An adapter is trained where there is
    enough new text (it needs the extra: pip install 'cowrite[learn]'), judged on text that it has not seen,
    and used only where it is better. Stop it with ctrl+c at any time: the next run goes on from there.
    """
    if context.invoked_subcommand is None:
        from cowrite.cli.learn_round import run, run_beside

        if beside:
            run_beside(user_paths(), model, now=now)
            return
        run(user_paths(), model, now=now, minutes=minutes, json=json)


app.command()(evaluate)


@app.command()
def add(
    named: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of them.")
    ],
    as_named: Annotated[
        bool, typer.Option("--as-named", help="Oldest first as they are named, not by their dates.")
    ] = False,
    json: Json = False,
) -> None:
    """Take earlier works of yours in: Markdown and text. They are copied, and never leave this machine.

    The order says what is newest: a date in the front matter or the file's name, else the file's time.
    """
    from cowrite.cli.streams import counting
    from cowrite.learning import corpus
    from cowrite.learning.cycle import only_one
    from cowrite.learning.library import Library

    paths = user_paths()
    with only_one(paths), Library.open(paths.learning) as library, counting("files") as progress:
        done = corpus.add(library, named, paths, as_named=as_named, progress=progress)
    for trouble in done.troubles:
        note(f"cowrite: {trouble}")
    size = sum(len(work.screened.text) for work in done.works)
    if json:
        as_json(
            {
                "added": [work.path for work in done.works],
                "characters": size,
                "known": done.known,
                "troubles": done.troubles,
            }
        )
    else:
        said = f"{counted(len(done.works), 'text')} taken in, {counted(size, 'character')}"
        note(said + (f"; {done.known} known already." if done.known else "."))
    if done.troubles:
        raise typer.Exit(1)


@app.command()
def status(model: Model = None, json: Json = False) -> None:
    """Show what was learned from, what was left out and why, what it brought, and what is in use."""
    from cowrite.cli.learn_round import found_model
    from cowrite.config import load
    from cowrite.learning.choices import choices
    from cowrite.learning.overview import overview

    paths = user_paths()
    file = found_model(paths, model).file
    found = overview(paths, file.sha256)
    chosen = choices(paths, load(paths).sampling.banned or ())
    if json:
        as_json(_facts(found, chosen))
        return
    _print_status(found, file.name, file.sha256)
    data(chosen.sentence)
    for proposal in chosen.proposals:
        often = f"{proposal.struck} of {proposal.struck + proposal.kept} times"
        data(f"Struck out {often}: “{proposal.phrase}”. To ban it: sampling.banned")
    if chosen.trouble is not None:
        note(f"cowrite: {chosen.trouble}")


@app.command()
def exclude(document: Document) -> None:
    """Never learn from a text, until it is included again. What was learned from it stays: see forget."""
    from cowrite.learning.overview import find_work
    from cowrite.learning.renewing import forget_derived, renewed_library

    paths = user_paths()
    with renewed_library(paths) as (library, _):
        document_id, path = find_work(library, document)
        library.exclude(document_id, path)
        forget_derived(paths, document_id)
    note(f"{path} is not learned from any more.")
    note(f"What was learned from it goes with: cowrite learn forget --document {Path(path).name}")


@app.command()
def include(document: Document) -> None:
    """Learn from a text again."""
    from cowrite.learning.overview import find_work
    from cowrite.learning.renewing import renewed_library

    with renewed_library(user_paths()) as (library, _):
        document_id, path = find_work(library, document)
        library.include(document_id)
    note(f"{path} is learned from again.")


@app.command()
def rollback(
    version: Annotated[
        int | None, typer.Argument(metavar="VERSION", help="0 is the model as it came.")
    ] = None,
    model: Model = None,
) -> None:
    """Go back to an earlier version of what was learned, by default to the one before."""
    from cowrite.cli.learn_round import found_model
    from cowrite.learning.cycle import only_one, roll_back

    paths = user_paths()
    file = found_model(paths, model).file
    with only_one(paths):
        before, after = roll_back(paths, file.sha256, version)
    if before == after:
        note(f"{_named(after)} was in use before, too.")
    else:
        note(f"From the next start on, {file.name} writes with {_named(after)}.")


@app.command()
def forget(
    document: Annotated[
        str | None, typer.Option(metavar="DOCUMENT", help="What was learned from this text.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that was learned.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Delete what was learned: texts, passages, and every adapter that saw them, overwritten.

    Your drafts, their log and the files that were added are not touched; the text is excluded from now on.
    """
    from cowrite.learning.cycle import only_one

    if everything == (document is not None):
        raise UsageError("Say what to forget.", "Give --document DOCUMENT or --all.")
    paths = user_paths()
    with only_one(paths):
        if not yes:
            _confirm(document or "all that was learned")
        gone = _forget_all(paths) if document is None else _forget_one(paths, document)
    note(f"Forgotten, with {counted(len(gone), 'adapter')}.")


def _forget_one(paths: Paths, document: str) -> list[Version]:
    from cowrite.learning import cycle
    from cowrite.learning.overview import find_work
    from cowrite.learning.renewing import forget_derived, renewed_library

    with renewed_library(paths) as (library, _):
        document_id, path = find_work(library, document)
        library.exclude(document_id, path)
        forget_derived(paths, document_id)
        return cycle.forget(paths, library, document_id)


def _forget_all(paths: Paths) -> list[Version]:
    """Everything, from a library that can't be read too."""
    from cowrite.learning import cycle
    from cowrite.learning.library import Library
    from cowrite.learning.registry import overwrite
    from cowrite.learning.renewing import forget_derived

    forget_derived(paths, None)
    try:
        with Library.open(paths.learning) as library:
            return cycle.forget(paths, library, None)
    except CowriteError:
        overwrite(paths.learning / "library.sqlite3")
        with Library.open(paths.learning) as library:
            return cycle.forget(paths, library, None)


def _confirm(what: str) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("Forgetting has to be confirmed.", "Give --yes where nobody can be asked.")
    typer.confirm(f"Forget {what}, for good?", abort=True, err=True)


# What `status` prints


def _print_status(found: Overview, model: str, sha256: str) -> None:
    from cowrite.learning.training import COMMAND

    if not found.texts:
        note(
            "Nothing was learned from yet. Write on, or take earlier works in: cowrite learn add PATH"
        )
    else:
        rows = [_row(text) for text in found.texts]
        columns(rows, header=("TEXT", "DATE", "WORDS", "JUDGES", "FROM", "LEFT OUT"))
        judging = sum(text.held_out for text in found.texts)
        data(f"\n{found.words:,} words to learn from; {judging:,}, the newest, judge.")
    for path in found.excluded:
        data(f"Excluded: {path}")
    data(found.need.sentence + (" cowrite learn trains on them." if found.due else ""))
    if not found.can_train:
        data(f"No adapter can be trained here without the extra: {COMMAND}")
    versions = found.versions_for(sha256)
    used = found.in_use.get(sha256, 0)
    data(f"\n{model} writes with {_named(used)}.")
    if versions:
        rows = [_version_row(v, used) for v in versions]
        columns(rows, header=("  VERSION", "MADE", "FROM", "TOKENS", "WHAT THE GATE SAID"))
    for trouble in found.troubles:
        note(f"cowrite: {trouble}")


def _row(text: Text) -> tuple[str, ...]:
    left = ", ".join(f"{reason} {size:,}" for reason, size in text.left_out.items())
    return (
        text.title,
        day(text.when_ms),
        f"{text.words:,}",
        f"{text.held_out:,}" if text.held_out else "",
        "added" if text.added else "log",
        left,
    )


def _version_row(version: Version, used: int) -> tuple[str, ...]:
    mark = "* " if version.number == used else "  "
    came = str(version.parent) if version.parent else "the model"
    number = f"{mark}{version.number}"
    return (number, day(version.made_ms), came, f"{version.tokens:,}", version.reason)


def _named(number: int) -> str:
    return f"version {number} of what was learned" if number else "nothing learned"


def _facts(found: Overview, chosen: Choices) -> dict[str, Any]:
    """All of it, but for the marks of paragraphs."""
    import msgspec

    facts: dict[str, Any] = msgspec.to_builtins(found)
    for version in facts["versions"]:
        del version["seen"]
    facts["words"] = found.words
    facts["order"] = msgspec.to_builtins(chosen)
    facts["need"]["sentence"] = found.need.sentence
    return facts
