"""`cowrite snapshot`: drafts as they are get a name; listed, compared with what is there now, gone back to."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.core

from cowrite.errors import CowriteError, UsageError
from cowrite.paths import expanded

if TYPE_CHECKING:
    from cowrite.logbook.snapshots import Snapshot
    from cowrite.store import LogReader

_COMMANDS = ("take", "list", "compare", "back")
_OPTIONS = ("-h", "--help")


class _Group(typer.core.TyperGroup):
    """`cowrite snapshot NAME` means `cowrite snapshot take NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in (*_COMMANDS, *_OPTIONS):
            args = ["take", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    add_completion=False,
    help="""Keep drafts as they are under a name, compare them, and go back.

    \b
    cowrite snapshot "first draft"                 # the chapters of the project in this folder
    cowrite snapshot "before the cut" 03.md        # one chapter
    cowrite snapshot list
    cowrite snapshot compare "first draft" 03.md
    cowrite snapshot back "first draft" 03.md

    A snapshot names a place in the log, so it costs next to nothing, and any number can be had. Cowrite takes
    one by itself before it replaces in many chapters, and before it goes back. What purging removes from the
    log is gone from snapshots too. A snapshot that is called like a command: cowrite snapshot take list.
    """,
)
snapshot = app

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR|FILES]", help="A project, or drafts; the project here otherwise."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called, or its id.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.command()
def take(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="What to call it; the time otherwise.")
    ] = None,
    files: Files = None,
    json: Json = False,
) -> None:
    """Keep drafts as they are in their files under a name.

    Text that another program has written since you wrote is kept as it is there now.
    """
    from cowrite.cli import output
    from cowrite.core.wording import counted
    from cowrite.paths import user_paths
    from cowrite.session.snapshotting import a_name, taking
    from cowrite.session.snapshotting import take as keep
    from cowrite.store import Store

    wanted = list(files or [])
    if name is not None and _is_there(name):
        wanted, name = [Path(name), *wanted], None
    said = taking(a_name(name or "") or _now())
    paths = _drafts(wanted)
    with Store.open(user_paths().log_file) as store:
        elsewhere = [path for path in paths if store.reader.open_elsewhere(str(path))]
        done = keep(store, paths, said)
    for path, error in done.troubles:
        output.note(f"cowrite: {path.name} was not kept: {error.message}")
    for path in elsewhere:
        output.note(f"cowrite: {path.name} is open in a window: what is saved of it was kept.")
    if not done.done:
        raise CowriteError("Nothing was kept.", "Name drafts that are there.")
    if json:
        output.as_json(
            {"id": said.snapshot_id, "name": said.name, "drafts": [*map(str, done.done)]}
        )
    else:
        output.note(f"Kept {counted(len(done.done), 'draft')} as “{said.name}”.")


def _is_there(name: str) -> bool:
    """Whether a file is called so. Most names of snapshots could be none of a file."""
    try:
        return expanded(name).exists()
    except (OSError, UsageError, ValueError):  # too long, of the home of nobody
        return False


@app.command("list")
def list_(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DIR|FILES]", help="Only those of these drafts."),
    ] = None,
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=0, metavar="N", help="List so many; 0 for all.")
    ] = 20,
    json: Json = False,
) -> None:
    """List the snapshots, newest first."""
    from cowrite.cli import output
    from cowrite.core.dates import minute
    from cowrite.logbook.snapshots import snapshots
    from cowrite.logbook.source import reading
    from cowrite.paths import user_paths

    wanted = _drafts(files) if files else None
    with reading(user_paths()) as log:
        found = snapshots(log, wanted)
    found = found[: limit or None]
    if json:
        output.as_json([_told(one) for one in found])
        return
    rows = [
        (
            one.short,
            minute(one.when_ms),
            one.drafts[0].name if len(one.drafts) == 1 else f"{len(one.drafts):,} drafts",
            "cowrite" if one.automatic else "you",
            one.name,
        )
        for one in found
    ]
    output.columns(rows, ("ID", "WHEN", "OF", "BY", "NAME"))


@app.command()
def compare(name: Name, files: Files = None, json: Json = False) -> None:
    """Show what is different now, as a diff from the snapshot to the files."""
    from cowrite.cli import output
    from cowrite.core.counting import draft_word_count
    from cowrite.logbook.source import reading
    from cowrite.paths import user_paths

    with reading(user_paths()) as log:
        found, paths = _chosen(log, name, files)
        changed = list(_changed(log, found, paths))
    if json:
        rows = [
            {
                "draft": str(path),
                "words_then": draft_word_count(then),
                "words_now": draft_word_count(now),
                "diff": "".join(_diff(found, path, then, now)),
            }
            for path, then, now in changed
        ]
        output.as_json({**_told(found), "changed": rows})
        return
    for path, then, now in changed:
        for line in _diff(found, path, then, now):
            output.data(line.rstrip("\r\n"))
    if not changed:
        output.note(f"Nothing is different from {found.called}.")


@app.command()
def back(name: Name, files: Files = None, json: Json = False) -> None:
    """Make drafts what they were in a snapshot, with every author.

    What they are now is kept as a snapshot of its own first. A draft that is open in a window, can't be
    written, or has words that were never saved stays as it is, and that is told; the end is 1 then.
    """
    from cowrite.cli import output
    from cowrite.config import load
    from cowrite.core.wording import counted
    from cowrite.logbook.snapshots import there
    from cowrite.paths import user_paths
    from cowrite.session.snapshotting import go_back_in_file, taking
    from cowrite.session.snapshotting import take as keep
    from cowrite.store import Store

    paths, gone, troubles = user_paths(), [], []
    if not paths.log_file.exists():
        raise UsageError("There is no log yet.", "It begins with the first draft: cowrite draft.md")
    with Store.open(paths.log_file) as store:
        found, drafts = _chosen(store.reader, name, files)
        before = taking(f"before going back to “{found.name}”", automatic=True)
        keep(store, [path for path in drafts if path.exists()], before)
        for path in drafts:
            feedback = load(paths, path).log.enabled
            try:
                then = there(store.reader, found, path)
                if go_back_in_file(path, then, store=store, feedback=feedback):
                    gone.append(path)
            except CowriteError as error:
                troubles.append((path, error.message))
    for path, why in troubles:
        output.note(f"cowrite: {path.name} stays as it is: {why}")
    if json:
        stay = [{"draft": str(path), "why": why} for path, why in troubles]
        output.as_json(
            {**_told(found), "back": [*map(str, gone)], "before": before.snapshot_id, "stay": stay}
        )
    else:
        drafts_said = counted(len(gone), "draft")
        output.note(f"Went back to {found.called} in {drafts_said}.")
        if gone:
            output.note(f"And forth again: cowrite snapshot back {before.snapshot_id[:8]}")
    if troubles:
        raise typer.Exit(1)


def _now() -> str:
    from datetime import datetime

    return f"{datetime.now():%Y-%m-%d %H:%M}"


def _told(one: Snapshot) -> dict[str, object]:
    return {
        "id": one.identity,
        "name": one.name,
        "when_ms": one.when_ms,
        "automatic": one.automatic,
        "drafts": [*map(str, one.drafts)],
    }


def _drafts(files: list[Path] | None) -> list[Path]:
    """The drafts that are meant: files, a project's chapters, a folder's texts. Raises UsageError."""
    from cowrite.files import checked
    from cowrite.memory.project import chapter_files, find_project, texts_in

    out: dict[Path, None] = {}
    for given in files or [Path()]:
        path = checked(expanded(given))
        if not path.is_dir():
            out.setdefault(path)
            continue
        project = find_project(path / "draft.md")
        if project is not None:
            out.update(dict.fromkeys(chapter_files(project)))
        elif files:
            out.update(dict.fromkeys(texts_in(path)))
        else:
            hint = "For instance: cowrite snapshot “first draft” chapter.md"
            raise UsageError("Which drafts? There is no project here.", hint)
    return list(out)


def _chosen(log: LogReader, name: str, files: list[Path] | None) -> tuple[Snapshot, list[Path]]:
    """A snapshot by its name, and its drafts, or those of them that are meant. Raises UsageError."""
    from cowrite.logbook.snapshots import found, snapshots

    wanted = _drafts(files) if files else None
    one = found(snapshots(log, wanted), name)
    if wanted is None:
        return one, list(one.drafts)
    kept = [path for path in wanted if one.place_of(path) is not None]
    return one, kept


def _changed(log: LogReader, found: Snapshot, paths: list[Path]) -> Iterator[tuple[Path, str, str]]:
    from cowrite import files
    from cowrite.cli.output import note
    from cowrite.logbook.snapshots import differing

    now = []
    for path in paths:
        try:
            now.append((path, files.load(path).text))
        except CowriteError as error:
            note(f"cowrite: {path.name} can't be compared: {error.message}")
    return differing(log, found, now)


def _diff(found: Snapshot, path: Path, then: str, now: str) -> Iterator[str]:
    lines = (then.splitlines(keepends=True), now.splitlines(keepends=True))
    names = (f"{path.name} ({found.name})", f"{path.name} (now)")
    for line in difflib.unified_diff(*lines, *names):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
