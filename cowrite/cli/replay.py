"""`cowrite replay`: play a session as it was written, or print the draft as it was at a moment."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.streams import has_terminal
from cowrite.core.dates import minute
from cowrite.errors import UsageError

if TYPE_CHECKING:
    from cowrite.core.events import SessionInfo
    from cowrite.logbook.replay.lookup import Listed
    from cowrite.store import LogReader

SLOWEST, FASTEST = 0.5, 64.0


def replay(
    session: Annotated[
        str | None,
        typer.Argument(
            metavar="SESSION", help="A session's id or its beginning, last, or a draft's path."
        ),
    ] = None,
    speed: Annotated[
        float,
        typer.Option(metavar="X", min=SLOWEST, max=FASTEST, help="How many times as fast."),
    ] = 1.0,
    text_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Print the draft as it was: 90, 1:30, 1:02:03, end, or 2026-01-31T18:30.",
        ),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List the latest sessions; with SESSION, those it names.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=0, metavar="N", help="List so many; 0 for all.")
    ] = 20,
) -> None:
    """Play a session again, as it was written; without SESSION, list the latest ones.

    space pauses, left and right go 5 seconds, shift+left and shift+right go from event to event, q leaves.
    Nothing is written, and no model is started.
    """
    from cowrite.logbook.source import reading
    from cowrite.paths import user_paths

    listing = list_ or json or session is None
    if text_at is not None and listing:
        raise UsageError(
            "--text-at needs a session and no list.", "cowrite replay last --text-at end"
        )
    if not listing and text_at is None:
        _need_terminal(session or "last")
    with reading(user_paths()) as log:
        if listing:
            _list(log, session, limit, as_json=json)
            return
        from cowrite.logbook.replay.lookup import find

        found = find(log, session or "")
        if text_at is not None:
            _print_text(log, found, text_at)
        else:
            _play(log, found, speed)


def _need_terminal(session: str) -> None:
    if has_terminal():
        return
    raise UsageError(
        "Playing needs a terminal, and this is none; --text-at prints the draft without one.",
        f"cowrite replay {session} --text-at end",
    )


def _list(log: LogReader, word: str | None, limit: int, *, as_json: bool) -> None:
    from cowrite.cli import output
    from cowrite.logbook.replay.lookup import find, listed

    rows, count = listed(log, word, limit)
    if word is not None and not rows:
        find(log, word)  # says what is wrong with the word
    if as_json:
        output.as_json(rows)
        return
    if not rows:
        output.note("The log holds no session yet. It begins with: cowrite draft.md")
        return
    header = ("SESSION", "BEGUN", "LENGTH", "REQUESTS", "DRAFT")
    output.columns([_row(one) for one in rows], header)
    if count > len(rows):
        output.note(f"{count - len(rows)} earlier ones: cowrite replay --list --limit 0")
    if sys.stdout.isatty():
        output.note("Play one: cowrite replay SESSION, or cowrite replay last")


def _row(one: Listed) -> tuple[str, ...]:
    from cowrite.logbook.replay.playtime import clock

    begun = minute(one.started_ms)
    draft = PurePath(one.draft).name or one.draft
    if one.origin != "cowrite":
        draft += f"  (from {one.origin})"
    return one.name, begun, clock(one.length_ms), f"{one.requests:,}", draft


def _print_text(log: LogReader, found: SessionInfo, when: str) -> None:
    """The draft on stdout as it was, byte for byte where that is no terminal."""
    from cowrite.cli.output import note
    from cowrite.cli.streams import data_stream
    from cowrite.logbook.replay.lookup import text_at

    moment = text_at(found, log.events(found.session_id), when)
    out = data_stream()
    out.write(moment.text.encode("utf-8", "replace"))
    if sys.stdout.isatty() and not moment.text.endswith("\n"):
        out.write(b"\n")
    out.flush()
    if moment.note:
        note(f"cowrite: {moment.note}")


def _play(log: LogReader, found: SessionInfo, speed: float) -> None:
    from cowrite.config import load
    from cowrite.logbook.replay.player import Player
    from cowrite.paths import user_paths

    paths = user_paths()
    settings = load(paths, None)
    player = Player(log.events(found.session_id))
    player.speed = speed

    from cowrite.tui.replay.app import run

    code = run(player, found, settings=settings, paths=paths)
    if code:
        raise typer.Exit(code)
