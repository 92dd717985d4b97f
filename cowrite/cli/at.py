"""`cowrite at FILE --time T`: a draft as it was at a moment, from the log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.errors import UsageError

if TYPE_CHECKING:
    from cowrite.logbook.past import Known


def at(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A draft that the log knows.")],
    time: Annotated[
        str | None,
        typer.Option("--time", "-t", metavar="T", help="When; a date alone is that day's end."),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List when it was opened, saved, kept as a snapshot.")
    ] = False,
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=0, metavar="N", help="List so many; 0 for all.")
    ] = 20,
    json: Annotated[bool, typer.Option("--json", help="The list as JSON.")] = False,
) -> None:
    """Print a draft as it was at a moment. The draft itself stays as it is.

    \b
    cowrite at chapter.md --list
    cowrite at chapter.md --time "2026-01-31 18:30"
    cowrite at chapter.md --time "yesterday 9:30" > then.md
    cowrite at chapter.md --time -2h | diff - chapter.md

    Every edit is in the log, so any moment of writing can be had, to the letter. Between two sessions the
    draft is as it was saved. Times are local: 14:00, yesterday, -90m, -2h, -3d, "2 weeks ago", now.
    """
    from datetime import datetime
    from itertools import islice

    from cowrite.cli import output
    from cowrite.cli.streams import data_stream
    from cowrite.core.dates import minute
    from cowrite.logbook.past import draft_at, known_moments, wanted_ms
    from cowrite.logbook.source import reading
    from cowrite.paths import user_paths

    if (time is None) == (not (list_ or json)):
        raise UsageError(
            "Say --time T for the text, or --list for the moments there are.",
            f"For instance: cowrite at {file} --time -2h",
        )
    with reading(user_paths()) as log:
        if time is None:
            found = list(islice(known_moments(log, file), limit or None))
            if json:
                output.as_json(found)
                return
            rows = [
                (minute(one.when_ms), _what(one), f"{one.words:,}", one.session_id[:8])
                for one in found
            ]
            output.columns(rows, ("WHEN", "WHAT", "WORDS", "SESSION"))
            return
        past = draft_at(log, file, wanted_ms(time, datetime.now().astimezone()))
    out = data_stream()
    out.write(past.text.encode("utf-8", "replace"))
    if sys.stdout.isatty() and not past.text.endswith("\n"):
        out.write(b"\n")
    out.flush()
    if past.note:
        output.note(f"cowrite: {past.note}")


def _what(one: Known) -> str:
    return f"{one.what} “{one.name}”" if one.name else one.what
