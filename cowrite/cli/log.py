"""`cowrite log`: what the log holds and how large it is, tidying it, purging from it, and its off switch."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.output import as_json, columns, note, size
from cowrite.core.dates import day, minute
from cowrite.core.wording import counted
from cowrite.errors import StoreError, UsageError
from cowrite.paths import expanded, user_paths

_TELLING = 20_000
"""Characters written, from which on bytes for each say something: an empty log has a hundred kilobytes."""

if TYPE_CHECKING:
    from cowrite.store import LogReader, Store

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="The log of your sessions: its size, tidying, purging. It never leaves this machine by itself.",
)
log = app

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Draft = Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's path.")]


def _path() -> Path:
    """The user's log. Raises UsageError where there is none, so that looking never makes one."""
    path = user_paths().log_file
    if not path.exists():
        raise UsageError("There is no log yet.", "It begins with the first draft: cowrite draft.md")
    return path


def _reading() -> LogReader:
    from cowrite.store import LogReader

    return LogReader.open(_path())


@contextmanager
def _writing() -> Iterator[Store]:
    from cowrite.store import Store

    with Store.open(_path()) as store:
        if store.notice:
            note(f"cowrite: {store.notice}")
        yield store


@app.command()
def stats(json: Json = False) -> None:
    """Show what the log holds and how much room it takes."""
    with _reading() as reader:
        found = reader.stats()
    if json:
        as_json(found)
        return
    events = sum(found.events.values())
    per_key = ""
    if found.inserted_characters >= _TELLING:
        share = found.bytes / found.inserted_characters
        per_key = f", {share:.0f} bytes for each character written"
    rows = [
        ("Log", found.path),
        ("Size", _room(found.bytes) + per_key),
        ("Unused", f"{_room(found.free_bytes)} of it (cowrite log vacuum gives it back)"),
        ("Drafts", f"{found.documents:,}"),
        ("Sessions", f"{found.sessions:,}, {found.live_sessions} being written now"),
        ("From", f"{_day(found.first_ms)} to {_day(found.last_ms)}"),
        ("Events", f"{events:,}"),
        *((f"  {name}", f"{count:,}") for name, count in found.events.items()),
        ("Candidates", f"{found.candidates:,}"),
        ("Kept texts", f"{found.snapshots:,}, {_room(found.snapshot_bytes)}"),
        ("SQLite", f"{found.sqlite}, {found.journal}, schema {found.schema}"),
    ]
    columns(rows)


@app.command()
def sessions(
    document: Annotated[
        str | None, typer.Option(metavar="DRAFT", help="Only those of this draft.")
    ] = None,
    json: Json = False,
) -> None:
    """List the sessions, newest first, by the names that `cowrite replay` knows them by."""
    from cowrite.logbook.renaming import known_again
    from cowrite.logbook.replay.lookup import short_names
    from cowrite.logbook.replay.playtime import clock

    wanted = None if document is None else str(expanded(document).absolute())
    with _reading() as reader:
        if wanted is not None:
            known_again(reader, Path(wanted))
        found = list(reader.sessions(document=wanted))
        found.reverse()
        if json:
            as_json(found)
            return
        names = short_names([info.session_id for info in reader.sessions()])
        lengths = [clock(reader.extent(info.session_id).length_ms) for info in found]
    columns(
        [
            (
                names[info.session_id],
                minute(info.started_ms),
                length,
                info.origin,
                info.document,
            )
            for info, length in zip(found, lengths, strict=True)
        ],
        header=("SESSION", "BEGUN", "LENGTH", "FROM", "DRAFT"),
    )


@app.command()
def vacuum() -> None:
    """Give unused space in the log back to the disk."""
    with _writing() as store:
        before, after = store.vacuum()
    note(f"The log takes {_room(after)}; before, it took {_room(before)}.")


@app.command()
def purge(
    document: Annotated[
        str | None, typer.Option(metavar="DRAFT", help="The sessions of this draft.")
    ] = None,
    before: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The sessions begun before it, as 2026-01-31."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All sessions.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Remove sessions for good, and overwrite what they held. There is no way back.

    Your drafts' files are not touched. --document and --before together: what both say. A draft goes with
    all that was written in it under the names it had before.
    """
    from cowrite.logbook.renaming import take_along
    from cowrite.logbook.source import moment

    if not everything and document is None and before is None:
        raise UsageError(
            "Say what to purge.", "Give --document DRAFT, --before DATE, both, or --all."
        )
    if everything and (document is not None or before is not None):
        raise UsageError("--all does not go with --document or --before.", "Leave one of them out.")
    path = None if document is None else str(expanded(document).absolute())
    before_ms = None if before is None else moment(before)
    with _writing() as store:
        if path is not None:
            take_along(store, Path(path))
        count = sum(1 for _ in store.reader.sessions(document=path, until_ms=before_ms))
        if not count:
            note("There is no such session in the log; nothing was purged.")
            return
        if not yes:
            _ask_twice(count)
        purged = store.purge(document=path, before_ms=before_ms, everything=everything)
    note(f"Purged {counted(purged.sessions, 'session')} with {counted(purged.events, 'event')}.")
    if purged.open:
        note(
            f"{counted(purged.open, 'session')} stayed: a window is writing. Close it and purge again."
        )


@app.command()
def move(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The path that the log knows.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Where the file is now.")],
) -> None:
    """Tell the log that a draft has another name now, or a folder of drafts another place.

    For what can't be known: a draft that was moved is known again by its text, so this is needed only where
    it was changed much as well. Its history, authors, recovery and statistics go along. No file is touched.
    """
    from cowrite.logbook import renaming

    with _writing() as store:
        for was, now in renaming.move(store, Path(old), Path(new)):
            note(f"{was} is {now} from now on.")


@app.command()
def off(draft: Draft) -> None:
    """Keep no suggestions and decisions of this draft, from its next session on.

    Edits are still kept while a session lasts, so that a draft comes back after a crash; they are
    forgotten when it ends with everything saved.
    """
    _switch(draft, on=False)


@app.command()
def on(draft: Draft) -> None:
    """Keep suggestions and decisions of this draft again."""
    _switch(draft, on=True)


@app.command()
def scratch(
    draft: Draft,
    off: Annotated[bool, typer.Option("--off", help="Count it again.")] = False,
) -> None:
    """Leave a draft out of figures: what is tried there is no work. Its sessions are logged as ever.

    It is kept in the setting log.scratch, whose paths may have * in them. Where the draft's file is moved, or
    gets another name, the mark goes along.
    """
    from cowrite.config import load
    from cowrite.config.saving import save_user
    from cowrite.logbook.scratch import followed

    paths = user_paths()
    path = expanded(draft).absolute()
    known = load(paths, None).log.scratch
    meant = dict(zip(known, known, strict=True))
    if paths.log_file.exists():
        with _reading() as reader:
            meant = followed(reader, known)
    others = tuple(one for one in known if str(path) not in (one, meant[one]))
    kept = others if off else (*others, str(path))
    save_user(paths, "log.scratch", kept or None)
    note(f"{path.name} is {'counted again' if off else 'not counted'} by figures.")


def _switch(draft: str, *, on: bool) -> None:
    from cowrite.logbook.renaming import take_along
    from cowrite.store import Store

    path = expanded(draft).absolute()
    with Store.open(user_paths().log_file) as store:
        take_along(store, path)
        store.set_feedback(str(path), on)
    note(f"From the next session on, {path.name} is {'logged' if on else 'not logged'}.")


def _ask_twice(count: int) -> None:
    """Two questions with different answers, so that no habit answers both."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("Purging has to be confirmed.", "Give --yes where nobody can be asked.")
    typer.confirm(
        f"Remove {counted(count, 'session')} from the log, for good?", abort=True, err=True
    )
    answer = typer.prompt("Type purge to do it", default="", show_default=False, err=True)
    if answer.strip() != "purge":
        raise StoreError("Nothing was purged.", "The word to type was: purge")


def _day(when_ms: int | None) -> str:
    return "-" if when_ms is None else day(when_ms)


def _room(count: int) -> str:
    """Bytes for people, small logs too."""
    return f"{count / 1e3:.0f} kB" if count < 1e6 else size(count)
